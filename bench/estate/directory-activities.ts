/** Active Directory, Group Policy and Logon Activity. */
import type { Detail, RecordContent } from '@witness/record';
import {
  adminAccountOf,
  administratorFor,
  changed,
  noted,
  type PersonActivity,
  type Scene,
  type ServiceActivity,
} from './activity.ts';
import { DOMAIN, ITEM_DOMAIN, type Person, PLANS } from './organisation.ts';
import { weighted } from './random.ts';

/** `\example\northwind\corp\MUC\Sales\Anna Becker`: the path as Active Directory records show it. */
const directoryPath = (person: Person): string =>
  `\\example\\northwind\\corp\\${person.site.code}\\${person.department}\\${person.displayName}`;

const GROUPS = [
  'GG-FileAccess-Finance',
  'GG-FileAccess-Sales',
  'GG-VPN-Users',
  'GG-Project-Aster',
  'GG-Project-Kestrel',
  'DL-All-Staff',
  'GG-Printers-MUC',
  'GG-Remote-Desktop',
] as const;

interface DirectoryChange {
  readonly action: string;
  readonly objectType: string;
  readonly what: (scene: Scene, target: Person) => string;
  readonly details: (scene: Scene, target: Person) => readonly Detail[];
}

const ofUser = (action: string, details: DirectoryChange['details']): DirectoryChange => ({
  action,
  objectType: 'user',
  what: (_, target) => directoryPath(target),
  details,
});

const ofGroup = (details: DirectoryChange['details']): DirectoryChange => ({
  action: 'Modified',
  objectType: 'group',
  what: ({ random }) => `\\example\\northwind\\corp\\Groups\\${random.pick(GROUPS)}`,
  details,
});

const telephone = ({ random }: Scene): string => `+49 89 ${1_000_000 + random.below(8_999_999)}`;

const drawChange = weighted<DirectoryChange>([
  [
    20,
    ofUser('Modified', (scene) => [
      changed('Telephone-Number', telephone(scene), telephone(scene)),
    ]),
  ],
  [14, ofUser('Modified', () => [noted('Password', 'Reset')])],
  [8, ofUser('Modified', () => [changed('Lockout-Time', 'Locked', 'Unlocked')])],
  [
    4,
    ofUser('Modified', ({ random }) => [
      changed(
        'Account-Expires',
        'Never',
        `2027-${String(1 + random.below(12)).padStart(2, '0')}-28`,
      ),
    ]),
  ],
  [
    4,
    ofUser('Added', (_, target) => [
      noted('sAMAccountName', target.login),
      noted('userPrincipalName', target.upn),
    ]),
  ],
  [2, ofUser('Removed', (_, target) => [changed('sAMAccountName', target.login, '')])],
  [22, ofGroup((_, target) => [noted('Member', target.dn)])],
  [12, ofGroup((_, target) => [changed('Member', target.dn, '')])],
  [
    6,
    {
      action: 'Added',
      objectType: 'computer',
      what: ({ random }, target) =>
        `\\example\\northwind\\corp\\${target.site.code}\\Computers\\${target.site.code}-PC${random.below(100_000)}`,
      details: ({ random }) => [noted('objectGUID', `{${random.guid()}}`)],
    },
  ],
]);

export const changeDirectory: PersonActivity = (scene, person, when): RecordContent => {
  const administrator = administratorFor(scene, person);
  const target = scene.random.pick(scene.organisation.people);
  const change = drawChange(scene.random);
  return {
    who: adminAccountOf(administrator),
    whoKnownBy: 'event',
    action: change.action,
    what: change.what(scene, target),
    when,
    where: scene.random.pick(scene.organisation.domainControllers),
    objectType: change.objectType,
    workstation: administrator.workstation,
    dataSource: 'Active Directory',
    plan: PLANS.directory,
    item: ITEM_DOMAIN,
    details: change.details(scene, target),
  };
};

const POLICIES = [
  'Workstation baseline',
  'Browser settings',
  'Drive mappings',
  'Printer mappings',
  'Remote desktop',
];
const SETTINGS: readonly (readonly [property: string, before: string, after: string])[] = [
  [
    'User Configuration/Preferences/Windows Settings/Drive Maps/S:',
    '\\\\FS01\\Sales',
    '\\\\FS03\\Sales',
  ],
  [
    'Computer Configuration/Policies/Administrative Templates/Windows Components/Windows Update/Defer updates',
    '7',
    '14',
  ],
  [
    'Computer Configuration/Policies/Windows Settings/Security Settings/Local Policies/Allow log on locally',
    'Users',
    'Users, GG-Remote-Desktop',
  ],
  ['Links/OU=MUC', 'Disabled', 'Enabled'],
];

export const changePolicy: PersonActivity = (scene, person, when): RecordContent => {
  const administrator = administratorFor(scene, person);
  const [property, before, after] = scene.random.pick(SETTINGS);
  return {
    who: adminAccountOf(administrator),
    whoKnownBy: 'event',
    action: 'Modified',
    what: scene.random.pick(POLICIES),
    when,
    where: scene.random.pick(scene.organisation.domainControllers),
    objectType: 'GroupPolicy',
    workstation: administrator.workstation,
    dataSource: 'Group Policy',
    plan: PLANS.directory,
    item: ITEM_DOMAIN,
    details: [changed(property, before, after)],
  };
};

const FAILURES = [
  'Wrong password',
  'Wrong password',
  'Wrong password',
  'Account locked out',
  'Password expired',
];

const logon = (
  scene: Scene,
  actor: { readonly who: string; readonly workstation: string },
  rest: {
    readonly when: number;
    readonly action: string;
    readonly what: string;
    readonly details: readonly Detail[];
  },
): RecordContent => ({
  who: actor.who,
  whoKnownBy: 'event',
  action: rest.action,
  what: rest.what,
  when: rest.when,
  where: scene.random.pick(scene.organisation.domainControllers),
  objectType: 'Logon',
  workstation: actor.workstation,
  dataSource: 'Logon Activity',
  plan: PLANS.directory,
  item: ITEM_DOMAIN,
  details: rest.details,
});

export const logOn: PersonActivity = (scene, person, when) => {
  const { random, organisation } = scene;
  const isFailed = random.chance(0.035);
  const isInteractive = random.chance(0.2);
  const what = isInteractive
    ? person.workstation
    : random.chance(0.6)
      ? `${random.pick(organisation.fileServers)}.${DOMAIN}`
      : random.pick(organisation.memberServers);
  const details = isFailed
    ? [noted('Cause', random.pick(FAILURES)), noted('Source address', person.address)]
    : [
        noted('Logon type', isInteractive ? 'Interactive' : 'Network'),
        noted('Source address', person.address),
        noted('Session ID', `0x${random.hex8()}`),
      ];
  const actor = { who: person.account, workstation: person.workstation };
  const action = isFailed ? 'Failed Logon' : random.chance(0.1) ? 'Logoff' : 'Successful Logon';
  return logon(scene, actor, { when, action, what, details });
};

export const logOnService: ServiceActivity = (scene, account, when) => {
  const what = scene.random.pick(scene.organisation.memberServers);
  const details = [
    noted('Logon type', scene.random.chance(0.5) ? 'Service' : 'Batch'),
    noted('Session ID', `0x${scene.random.hex8()}`),
  ];
  return logon(
    scene,
    { who: account, workstation: what },
    { when, action: 'Successful Logon', what, details },
  );
};
