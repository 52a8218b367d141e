/** SQL Server, Oracle Database, VMware and Windows Server. */
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
import { createItems, DOMAIN, PLANS } from './organisation.ts';
import { weighted } from './random.ts';

const sqlItem = createItems('SQL Server instance');
const oracleItem = createItems('Oracle Database instance');
const vmwareItem = createItems('VMware ESX/ESXi/vCenter');
const computerItem = createItems('Computer');

const TABLES = [
  'Orders',
  'OrderLines',
  'Customers',
  'Invoices',
  'Payments',
  'StockLevels',
  'Prices',
  'Shipments',
];

interface Statement {
  readonly action: string;
  readonly text: (table: string, key: number, value: number) => string;
}

const drawStatement = weighted<Statement>([
  [50, { action: 'Read', text: (table, key) => `SELECT * FROM ${table} WHERE Id = ${key}` }],
  [
    30,
    {
      action: 'Modified',
      text: (table, key, value) => `UPDATE ${table} SET Amount = ${value} WHERE Id = ${key}`,
    },
  ],
  [
    15,
    {
      action: 'Added',
      text: (table, key, value) => `INSERT INTO ${table} (Id, Amount) VALUES (${key}, ${value})`,
    },
  ],
  [5, { action: 'Removed', text: (table, key) => `DELETE FROM ${table} WHERE Id = ${key}` }],
]);

type Actor = { readonly who: string; readonly workstation: string; readonly application: string };

const runSql = (scene: Scene, actor: Actor, when: number): RecordContent => {
  const { random, organisation } = scene;
  const instance = random.pick(organisation.sqlInstances);
  const table = random.pick(TABLES);
  const { action, text } = drawStatement(random);
  const value = random.below(5_000_000) / 100;
  const key = 100_000 + random.below(9_000_000);
  const details: Detail[] = [
    noted('Statement', text(`dbo.${table}`, key, value)),
    noted('Application name', actor.application),
  ];
  if (action === 'Modified')
    details.push(changed('Amount', String(random.below(5_000_000) / 100), String(value)));
  return {
    who: actor.who,
    whoKnownBy: 'event',
    action,
    what: `Databases\\${instance.endsWith('ERP') ? 'Erp' : 'Crm'}\\Tables\\dbo.${table}`,
    when,
    where: instance,
    objectType: 'Data',
    workstation: actor.workstation,
    dataSource: 'SQL Server',
    plan: PLANS.data,
    item: sqlItem(instance),
    details,
  };
};

const runOracle = (scene: Scene, actor: Actor, when: number): RecordContent => {
  const { random, organisation } = scene;
  const instance = random.pick(organisation.oracleInstances);
  const table = random.pick(TABLES).toUpperCase();
  const { action, text } = drawStatement(random);
  return {
    who: actor.who,
    whoKnownBy: 'event',
    action,
    what: `ERP.${table}`,
    when,
    where: instance,
    objectType: 'Table',
    workstation: actor.workstation,
    dataSource: 'Oracle Database',
    plan: PLANS.data,
    item: oracleItem(instance),
    details: [
      noted(
        'SQL text',
        text(`ERP.${table}`, random.below(90_000_000), random.below(5_000_000) / 100),
      ),
      noted('Session ID', String(random.below(4294967296))),
    ],
  };
};

export const querySql: PersonActivity = (scene, person, when) =>
  runSql(
    scene,
    { who: person.account, workstation: person.workstation, application: 'Northwind ERP' },
    when,
  );

export const queryOracle: PersonActivity = (scene, person, when) =>
  runOracle(
    scene,
    { who: person.login.toUpperCase(), workstation: person.workstation, application: 'JDBC' },
    when,
  );

export const batchSql: ServiceActivity = (scene, account, when) =>
  runSql(
    scene,
    { who: account, workstation: `ETL01.${DOMAIN}`, application: 'SQLAgent - TSQL JobStep' },
    when,
  );

export const batchOracle: ServiceActivity = (scene, account, when) =>
  runOracle(scene, { who: account, workstation: `ETL01.${DOMAIN}`, application: 'sqlldr' }, when);

const drawMachineChange = weighted<
  readonly [action: string, property: string, before: string, after: string]
>([
  [6, ['Modified', 'Power state', 'Powered off', 'Powered on']],
  [5, ['Modified', 'Power state', 'Powered on', 'Powered off']],
  [4, ['Modified', 'Memory', '8192 MB', '16384 MB']],
  [3, ['Modified', 'Number of virtual CPUs', '2', '4']],
  [2, ['Added', 'Guest OS', '', 'Microsoft Windows Server 2022 (64-bit)']],
  [1, ['Removed', 'Guest OS', 'Debian GNU/Linux 12 (64-bit)', '']],
]);

const machine = ({ random }: Scene): string =>
  `\\Northwind\\Munich\\VMs\\vm-${random.pick(['app', 'web', 'db', 'test'])}-${random.below(400)}`;

export const changeMachine: PersonActivity = (scene, person, when): RecordContent => {
  const administrator = administratorFor(scene, person);
  const host = scene.random.pick(scene.organisation.hosts);
  const [action, property, before, after] = drawMachineChange(scene.random);
  return {
    who: adminAccountOf(administrator),
    whoKnownBy: 'event',
    action,
    what: machine(scene),
    when,
    where: host,
    objectType: 'Virtual machine',
    workstation: administrator.address,
    dataSource: 'VMware',
    plan: PLANS.platform,
    item: vmwareItem(`vcenter.${DOMAIN}`),
    details: [changed(property, before, after)],
  };
};

export const snapshotMachine: ServiceActivity = (scene, account, when): RecordContent => ({
  who: account,
  whoKnownBy: 'event',
  action: 'Modified',
  what: machine(scene),
  when,
  where: scene.random.pick(scene.organisation.hosts),
  objectType: 'Virtual machine',
  workstation: `BKP01.${DOMAIN}`,
  dataSource: 'VMware',
  plan: PLANS.platform,
  item: vmwareItem(`vcenter.${DOMAIN}`),
  details: [noted('Snapshot', `backup-${scene.random.guid()}`)],
});

const drawServerChange = weighted<readonly [objectType: string, what: string, detail: Detail]>([
  [6, ['Service', 'Services\\Spooler', changed('Start mode', 'Automatic', 'Disabled')]],
  [5, ['Service', 'Services\\W32Time', changed('State', 'Stopped', 'Running')]],
  [
    4,
    [
      'Scheduled Task',
      'Scheduled Tasks\\Northwind\\Inventory',
      changed('Enabled', 'False', 'True'),
    ],
  ],
  [
    4,
    [
      'Local Group',
      'Local Users and Groups\\Groups\\Remote Desktop Users',
      noted('Members', 'NORTHWIND\\GG-Remote-Desktop'),
    ],
  ],
]);

export const changeServer: PersonActivity = (scene, person, when): RecordContent => {
  const administrator = administratorFor(scene, person);
  const server = scene.random.pick(scene.organisation.memberServers);
  const [objectType, what, detail] = drawServerChange(scene.random);
  return {
    who: adminAccountOf(administrator),
    whoKnownBy: 'event',
    action: 'Modified',
    what,
    when,
    where: server,
    objectType,
    workstation: administrator.workstation,
    dataSource: 'Windows Server',
    plan: PLANS.platform,
    item: computerItem(server),
    details: [detail],
  };
};
