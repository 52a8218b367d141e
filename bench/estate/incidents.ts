/** Six things that should not have happened, planted among the ordinary records. */
import type { RecordContent } from '@witness/record';
import { adminAccountOf, changed, noted } from './activity.ts';
import { fileNameOf, folderOf } from './file-names.ts';
import {
  MINUTE_MS,
  type PlantedIncident,
  planted,
  type Stage,
  scaled,
  timeOf,
  timesFrom,
} from './incident-stage.ts';
import { createItems, DOMAIN, ITEM_DOMAIN, type Person, PLANS, SITES } from './organisation.ts';
import { mix } from './random.ts';

const shareItem = createItems('Windows file share');
const computerItem = createItems('Computer');

const personOf = (stage: Stage, department: string): Person => {
  const ofDepartment = stage.organisation.people.filter(
    (person) => person.department === department && person.site === SITES[0],
  );
  return ofDepartment[0] ?? (stage.organisation.people[0] as Person);
};

const fileRecord = (
  person: Person,
  rest: Pick<RecordContent, 'action' | 'what' | 'when' | 'details'> & { readonly server: string },
): RecordContent => ({
  who: person.account,
  whoKnownBy: 'event',
  action: rest.action,
  what: rest.what,
  when: rest.when,
  where: `${rest.server}.${DOMAIN}`,
  objectType: 'File',
  workstation: person.workstation,
  dataSource: 'File Servers',
  plan: PLANS.files,
  item: shareItem(`\\\\${rest.server}`),
  details: rest.details,
});

const massDeletion = (stage: Stage): PlantedIncident => {
  const person = personOf(stage, 'Engineering');
  const server = stage.organisation.fileServers[0] ?? '';
  const count = scaled(stage, 1840, 60);
  const start = timeOf(stage, 0.93, 17.35);
  const records = timesFrom(stage, start, { count, stepMs: 360 }).map((when, index) => {
    const hash = mix(0x0a0b0c ^ index);
    const what = `\\\\${server}\\Projects\\Aurora\\${folderOf('Engineering', hash)}\\${fileNameOf(hash)}`;
    return fileRecord(person, { action: 'Removed', what, when, server, details: [] });
  });
  return planted(
    {
      id: 'mass-deletion',
      title: 'A project folder is emptied within minutes',
      story: `${person.displayName} (${person.account}) removed ${count} files of the Aurora project from ${server} one after the other, shortly before leaving for the day. Nobody removes that many files by hand.`,
      search: `action=Removed what:"\\Projects\\Aurora\\" who=${person.account}`,
    },
    records,
  );
};

const groupChange = (stage: Stage): PlantedIncident => {
  const administrator = stage.organisation.administrators[0] as Person;
  const start = timeOf(stage, 0.8, 2.78);
  const controller = stage.organisation.domainControllers[0] ?? '';
  const intruder = 'CN=svc-print2,OU=Service Accounts,DC=corp,DC=northwind,DC=example';
  const base = {
    who: adminAccountOf(administrator),
    whoKnownBy: 'event',
    where: controller,
    workstation: `SRV01.${DOMAIN}`,
    dataSource: 'Active Directory',
    plan: PLANS.directory,
    item: ITEM_DOMAIN,
  } as const;
  const group = '\\example\\northwind\\corp\\Users\\Domain Admins';
  const records: RecordContent[] = [
    {
      ...base,
      action: 'Added',
      what: '\\example\\northwind\\corp\\Service Accounts\\svc-print2',
      when: start,
      objectType: 'user',
      details: [noted('sAMAccountName', 'svc-print2')],
    },
    {
      ...base,
      action: 'Modified',
      what: group,
      when: start + 2 * MINUTE_MS,
      objectType: 'group',
      details: [noted('Member', intruder)],
    },
    {
      ...base,
      action: 'Modified',
      what: group,
      when: start + 78 * MINUTE_MS,
      objectType: 'group',
      details: [changed('Member', intruder, '')],
    },
  ].map((record) => ({ ...record, when: Math.min(record.when, stage.endsAt - 1) }));
  return planted(
    {
      id: 'night-admin-group-change',
      title: 'A new account is a domain administrator for one night',
      story: `At night ${base.who} made the account svc-print2, put it into Domain Admins two minutes later and took it out again after little more than an hour. The administrator works by day and from another computer.`,
      search: 'type=group what:"Domain Admins" detail:svc-print2',
      found: 2,
    },
    records,
  );
};

/** Reserved for documentation (RFC 5737), so it belongs to nobody. */
const SPRAYING_ADDRESS = '203.0.113.77';

const passwordSpraying = (stage: Stage): PlantedIncident => {
  const { people, domainControllers } = stage.organisation;
  const count = Math.min(scaled(stage, 430, 30), people.length);
  const first = stage.random.below(people.length);
  const victim = people[(first + count - 1) % people.length] as Person;
  const times = timesFrom(stage, timeOf(stage, 0.6, 4.1), { count: count + 1, stepMs: 3500 });
  const records = times.map((when, index): RecordContent => {
    const person = people[(first + Math.min(index, count - 1)) % people.length] as Person;
    const isLast = index === count;
    return {
      who: person.account,
      whoKnownBy: 'event',
      action: isLast ? 'Successful Logon' : 'Failed Logon',
      what: `VPN01.${DOMAIN}`,
      when,
      where: domainControllers[0] ?? '',
      objectType: 'Logon',
      workstation: SPRAYING_ADDRESS,
      dataSource: 'Logon Activity',
      plan: PLANS.directory,
      item: ITEM_DOMAIN,
      details: isLast
        ? [noted('Logon type', 'Network'), noted('Source address', SPRAYING_ADDRESS)]
        : [noted('Cause', 'Wrong password'), noted('Source address', SPRAYING_ADDRESS)],
    };
  });
  return planted(
    {
      id: 'password-spraying',
      title: 'One address tries one password on everybody',
      story: `From ${SPRAYING_ADDRESS} somebody tried to log on once as each of ${count} people, too rarely per account to lock any. The last try worked: ${victim.account} must be considered taken over.`,
      search: `action="Failed Logon" from=${SPRAYING_ADDRESS}`,
      found: count,
    },
    records,
  );
};

const departingEmployee = (stage: Stage): PlantedIncident => {
  const person = personOf(stage, 'Sales');
  const server = stage.organisation.fileServers[0] ?? '';
  const perEvening = scaled(stage, 300, 14);
  const records = [0.3, 0.4, 0.5].flatMap((share, evening) =>
    timesFrom(stage, timeOf(stage, share, 19.2), { count: perEvening, stepMs: 9000 }).map(
      (when, index) => {
        const hash = mix(0x5a1e5 ^ (evening * 1000 + index));
        const name = fileNameOf(hash);
        const what = `\\\\${server}\\Sales\\${folderOf('Sales', hash)}\\${name}`;
        const details = [noted('Destination', `E:\\backup\\${name}`)];
        return fileRecord(person, { action: 'Copied', what, when, server, details });
      },
    ),
  );
  return planted(
    {
      id: 'departing-employee',
      title: 'Somebody copies the customer files before leaving',
      story: `${person.displayName} (${person.account}) gave notice this month. On three evenings, after the others had left, the account copied ${records.length} files of Sales to a removable drive.`,
      search: `action=Copied who=${person.account} detail(property=Destination after^=E:\\)`,
    },
    // Estates of a few hours have evenings that overlap.
    [...records].sort((a, b) => a.when - b.when),
  );
};

const AUDIT_POLICIES =
  'Computer Configuration/Policies/Windows Settings/Security Settings/Advanced Audit Policy Configuration/Audit Policies';

const disabledAuditPolicy = (stage: Stage): PlantedIncident => {
  const administrator = stage.organisation.administrators.at(-1) as Person;
  const when = Math.min(timeOf(stage, 0.86, 21.6), stage.endsAt - 1);
  const record: RecordContent = {
    who: adminAccountOf(administrator),
    whoKnownBy: 'event',
    action: 'Modified',
    what: 'Default Domain Controllers Policy',
    when,
    where: stage.organisation.domainControllers[0] ?? '',
    objectType: 'GroupPolicy',
    workstation: administrator.workstation,
    dataSource: 'Group Policy',
    plan: PLANS.directory,
    item: ITEM_DOMAIN,
    details: [
      changed(
        `${AUDIT_POLICIES}/Object Access/Audit File System`,
        'Success, Failure',
        'No Auditing',
      ),
      changed(
        `${AUDIT_POLICIES}/Account Management/Audit Security Group Management`,
        'Success',
        'No Auditing',
      ),
    ],
  };
  return planted(
    {
      id: 'disabled-audit-policy',
      title: 'Auditing is switched off on the domain controllers',
      story: `In the evening ${record.who} changed the Default Domain Controllers Policy: files and security groups are no longer audited. What happens afterwards leaves fewer traces.`,
      search: 'source="Group Policy" detail(property:Audit after="No Auditing")',
    },
    [record],
  );
};

const clearedLog = (stage: Stage): PlantedIncident => {
  const administrator = stage.organisation.administrators[0] as Person;
  const server = stage.organisation.memberServers[0] ?? '';
  const record: RecordContent = {
    who: adminAccountOf(administrator),
    whoKnownBy: 'event',
    action: 'Modified',
    what: 'Event Log\\Security',
    when: Math.min(timeOf(stage, 0.8, 4.2), stage.endsAt - 1),
    where: server,
    objectType: 'Event Log',
    workstation: server,
    dataSource: 'Windows Server',
    plan: PLANS.platform,
    item: computerItem(server),
    details: [noted('State', 'Cleared')],
  };
  return planted(
    {
      id: 'cleared-log',
      title: 'A security log is cleared',
      story: `${record.who} cleared the Security log of ${server}, in the same night in which a new account was a domain administrator.`,
      search: 'type="Event Log" what:Security detail(property=State after=Cleared)',
    },
    [record],
  );
};

export const plantIncidents = (stage: Stage): PlantedIncident[] => [
  massDeletion(stage),
  groupChange(stage),
  passwordSpraying(stage),
  departingEmployee(stage),
  disabledAuditPolicy(stage),
  clearedLog(stage),
];
