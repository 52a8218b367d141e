/** Exchange, Exchange Online, Entra ID and SharePoint Online. */
import type { Detail, RecordContent } from '@witness/record';
import { changed, NO_DETAILS, noted, type PersonActivity, type Scene } from './activity.ts';
import { drawFile, fileNameOf } from './file-names.ts';
import { DEPARTMENTS, ITEM_DOMAIN, ITEM_TENANT, PLANS, TENANT } from './organisation.ts';
import { weighted } from './random.ts';

const FOLDERS = ['Inbox', 'Sent Items', 'Archive', 'Projects', 'Deleted Items', 'Drafts'];

const subject = ({ random }: Scene): string => {
  const name = fileNameOf(random.below(4294967296));
  return `${random.chance(0.4) ? 'RE: ' : ''}${name.slice(0, name.lastIndexOf(' '))}`;
};

const drawMailAction = weighted<string>([
  [45, 'Sent'],
  [25, 'Read'],
  [14, 'Moved'],
  [10, 'Removed'],
  [6, 'Added'],
]);

export const useMail: PersonActivity = (scene, person, when): RecordContent => {
  const { random } = scene;
  return {
    who: person.upn,
    whoKnownBy: 'event',
    action: drawMailAction(random),
    what: `${person.upn}\\${random.pick(FOLDERS)}`,
    when,
    where: TENANT,
    objectType: 'Mailbox',
    workstation: random.chance(0.5) ? person.publicAddress : person.address,
    dataSource: 'Exchange Online',
    plan: PLANS.cloud,
    item: ITEM_TENANT,
    details: [
      noted('Subject', subject(scene)),
      noted('InternetMessageId', `<${random.hex8()}${random.hex8()}@${TENANT}>`),
    ],
  };
};

/** Somebody opens a mailbox that is not theirs: what the non-owner audit of Exchange tells. */
export const openOtherMailbox: PersonActivity = (scene, person, when): RecordContent => {
  const owner = scene.random.pick(scene.organisation.people);
  return {
    who: person.account,
    whoKnownBy: 'event',
    action: scene.random.chance(0.8) ? 'Read' : 'Sent',
    what: `${owner.upn}\\${scene.random.pick(FOLDERS)}`,
    when,
    where: 'EX01',
    objectType: 'Mailbox',
    workstation: person.workstation,
    dataSource: 'Exchange',
    plan: PLANS.directory,
    item: ITEM_DOMAIN,
    details: [noted('Access', 'Delegate'), noted('Subject', subject(scene))],
  };
};

const APPLICATIONS = [
  'Office 365 Exchange Online',
  'Microsoft Teams',
  'Office 365 SharePoint Online',
  'Azure Portal',
  'Salesforce',
];

export const signInToCloud: PersonActivity = (scene, person, when): RecordContent => {
  const { random } = scene;
  const isFailed = random.chance(0.04);
  const details: Detail[] = [
    noted('Application', random.pick(APPLICATIONS)),
    noted('Correlation ID', random.guid()),
    ...(isFailed ? [noted('Failure reason', 'Strong authentication is required')] : []),
  ];
  return {
    who: person.upn,
    whoKnownBy: 'event',
    action: isFailed ? 'Failed Logon' : 'Successful Logon',
    what: person.upn,
    when,
    where: TENANT,
    objectType: 'Logon',
    workstation: person.publicAddress,
    dataSource: 'Entra ID',
    plan: PLANS.cloud,
    item: ITEM_TENANT,
    details,
  };
};

const drawSiteAction = weighted<string>([
  [62, 'Read'],
  [22, 'Modified'],
  [8, 'Added'],
  [3, 'Removed'],
  [2, 'Renamed'],
  [1, 'Checked out'],
  [1, 'Checked in'],
  [1, 'Copied'],
]);

export const useSite: PersonActivity = (scene, person, when): RecordContent => {
  const { random } = scene;
  const site = `https://northwind.sharepoint.example/sites/${person.department.toLowerCase()}`;
  const departmentIndex = DEPARTMENTS.indexOf(person.department);
  const name = fileNameOf(drawFile(random, { index: person.index, departmentIndex }));
  const action = drawSiteAction(random);
  return {
    who: person.upn,
    whoKnownBy: 'event',
    action,
    what: `${site}/Shared Documents/${name.replaceAll(' ', '%20')}`,
    when,
    where: site,
    objectType: 'Document',
    workstation: random.chance(0.5) ? person.publicAddress : person.address,
    dataSource: 'SharePoint Online',
    plan: PLANS.cloud,
    item: ITEM_TENANT,
    details:
      action === 'Modified'
        ? [changed('Version', `${random.below(20)}.0`, `${random.below(20) + 1}.0`)]
        : NO_DETAILS,
  };
};
