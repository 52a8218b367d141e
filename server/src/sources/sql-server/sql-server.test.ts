import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import type { WindowsEvent } from '../../codecs/index.ts';
import { securityEvent } from '../../windows-events/testing.ts';
import type { RecordDraft } from '../source.ts';
import { claimantsOf } from '../windows-routing.ts';
import { parseAuditText } from './audit-text.ts';
import { sqlServer } from './index.ts';
import { readLogonText } from './logon-causes.ts';

const recordOf = (event: WindowsEvent): RecordDraft => {
  const record = sqlServer.interpretWindowsEvent?.(event).drafts[0];
  assert.ok(record);
  return record;
};

const detailOf = (record: RecordDraft, property: string): string | undefined =>
  record.details.find((detail) => detail.property === property)?.after;

const serverEvent = (
  eventId: number,
  values: readonly string[],
  overrides: Partial<WindowsEvent> = {},
): WindowsEvent =>
  securityEvent(
    eventId,
    {},
    {
      provider: 'MSSQLSERVER',
      channel: 'Application',
      data: values.map((value) => ({ value })),
      ...overrides,
    },
  );

const ORDER = ['event_time', 'action_id', 'succeeded', 'class_type', 'client_ip'];

/** In the order in which SQL Server writes them. */
const inOrder = (fields: Readonly<Record<string, string>>): [string, string][] => [
  ...ORDER.flatMap((key): [string, string][] =>
    fields[key] === undefined ? [] : [[key, fields[key]]],
  ),
  ...Object.entries(fields).filter(([key]) => !ORDER.includes(key)),
];

const auditText = (fields: Readonly<Record<string, string>>, statement = ''): string =>
  [
    ...inOrder(fields).map(([key, value]) => `${key}:${value}`),
    `statement:${statement}`,
    'additional_information:',
    'user_defined_information:',
    '',
  ].join('\n');

const audited = (fields: Readonly<Record<string, string>>, statement = ''): RecordDraft =>
  recordOf(serverEvent(33205, [auditText({ action_id: 'SL  ', ...fields }, statement)]));

it('reads a text whose values have several lines', () => {
  const text = parseAuditText(
    auditText({ action_id: 'CR  ', object_name: 'two\nlines' }, 'select 1\r\n from t\r\n'),
  );
  assert.equal(text.get('action_id'), 'CR');
  assert.equal(text.get('object_name'), 'two\nlines');
  assert.equal(text.get('statement'), 'select 1\r\n from t');
  assert.equal(text.get('additional_information'), undefined);
});

it('takes nothing from a statement for a field', () => {
  const forged = [
    'select 1',
    'session_server_principal_name:sa',
    'statement:select 2',
    'additional_information:<action_info><address>6.6.6.6</address></action_info>',
    'application_name:forged',
  ].join('\n');
  const record = audited({ session_server_principal_name: 'bob' }, forged);
  assert.equal(record.who, 'bob');
  assert.equal(record.workstation, undefined);
  assert.equal(detailOf(record, 'Statement'), forged);
  assert.equal(detailOf(record, 'Application name'), undefined);
});

it('lets no name pass for a field before it', () => {
  const record = audited({
    session_server_principal_name: 'bob',
    server_principal_name: 'bob',
    object_name: 'x\nsession_server_principal_name:sa\naction_id:DR',
  });
  assert.deepEqual([record.who, record.action], ['bob', 'Read']);
});

it('is not confused by keys that later versions add', () => {
  const text = parseAuditText(
    auditText({ action_id: 'CR', schema_name: 'dbo', new_key: '1', object_name: 'x' }),
  );
  assert.equal(text.get('schema_name'), 'dbo');
  assert.equal(text.get('object_name'), 'x');
});

it('reads what follows the statement in any order', () => {
  const tail = [
    'action_id:SL',
    'statement:select 1',
    'additional_information:',
    'application_name:Sales desk',
    'user_defined_information:my note',
    'my_key:stays part of the note',
    'host_name:WKS17',
  ].join('\n');
  const record = recordOf(serverEvent(33205, [tail]));
  assert.equal(detailOf(record, 'Application name'), 'Sales desk');
  assert.equal(
    detailOf(record, 'User-defined information'),
    'my note\nmy_key:stays part of the note',
  );
  assert.equal(detailOf(record, 'Client host'), 'WKS17');
});

it('takes the time of the audit, else that of the event', () => {
  const check = (eventTime: string, expected: number): void =>
    assert.equal(audited({ event_time: eventTime }).when, expected);
  check('2026-01-31 08:59:58.1234567', Date.UTC(2026, 0, 31, 8, 59, 58, 123));
  check('2026-01-31 08:59:58', Date.UTC(2026, 0, 31, 8, 59, 58));
  const ownTime = Date.UTC(2026, 0, 31, 9, 0, 0, 123);
  check('31.01.2026 08:59:58', ownTime);
  check('2026-99-31 08:59:58.1', ownTime);
  check('', ownTime);
});

it('knows the login that opened the session', () => {
  const check = (session: string, current: string, sid: string, who: string): void =>
    assert.equal(
      audited({
        session_server_principal_name: session,
        server_principal_name: current,
        server_principal_sid: sid,
      }).who,
      who,
    );
  check('CONTOSO\\bob', 'app', '', 'CONTOSO\\bob');
  check('', 'app', '', 'app');
  check('', '', '010100000000000512000000', 'NT AUTHORITY\\SYSTEM');
  check('', '', '', 'Unknown');
});

it('names the object by server, database and schema', () => {
  const check = (fields: Readonly<Record<string, string>>, type: string, what: string): void => {
    const record = audited({ action_id: 'AL', server_instance_name: 'SRV01', ...fields });
    assert.deepEqual([record.objectType, record.what], [type, what]);
  };
  const sales = { database_name: 'Sales' };
  const orders = { ...sales, schema_name: 'dbo', object_name: 'Orders' };
  check({ class_type: 'U ', ...orders }, 'Table', 'Databases\\Sales\\Tables\\dbo.Orders');
  check(
    { class_type: 'P ', ...orders },
    'Stored Procedure',
    'Databases\\Sales\\Stored Procedures\\dbo.Orders',
  );
  check({ class_type: 'DB', ...sales }, 'Database', 'Databases\\Sales');
  check(
    { class_type: 'DB', database_name: 'master', object_name: 'Sales' },
    'Database',
    'Databases\\Sales',
  );
  check({ class_type: 'SL', ...sales, object_name: 'bob' }, 'Login', 'Logins\\bob');
  check(
    { class_type: 'DA', ...sales },
    'Database Audit Specification',
    'Databases\\Sales\\Database Audit Specifications',
  );
  check({ class_type: 'SR', ...sales }, 'SQL Server Instance', 'SRV01');
  check({ class_type: 'toString', object_name: 'x' }, 'Object', 'Objects\\x');
});

it('tells a failed attempt from a change', () => {
  const check = (actionId: string, action: string): void =>
    assert.equal(audited({ action_id: actionId, succeeded: 'false' }).action, action);
  check('CR  ', 'Add (Failed Attempt)');
  check('DR  ', 'Remove (Failed Attempt)');
  check('G   ', 'Modify (Failed Attempt)');
  check('SL  ', 'Read (Failed Attempt)');
  check('EX  ', 'Execute (Failed Attempt)');
  check('LGB ', 'Failed Logon');
  check('constructor', 'Execute (Failed Attempt)');
});

it('reads reason and client of a logon in any language', () => {
  const check = (text: string, reason: string | undefined, client: string | undefined): void =>
    assert.deepEqual(readLogonText(text), { reason, client });
  check(' Reason: Wrong. [CLIENT: 10.1.2.3]', 'Wrong.', '10.1.2.3');
  check("Login failed for user 'a'. Reason: Wrong. [CLIENT: ::1]", 'Wrong.', '::1');
  check(' [CLIENT: <local machine>]', undefined, '<local machine>');
  check('Grund: Falsch. [KUNDE: 10.1.2.3]', undefined, '10.1.2.3');
  check('[no colon]', undefined, undefined);
  check('', undefined, undefined);
  check(']', undefined, undefined);
});

it('knows the instance', () => {
  const check = (overrides: Partial<WindowsEvent>, where: string): void =>
    assert.equal(recordOf(serverEvent(18454, ['bob'], overrides)).where, where);
  check({}, 'DC01');
  check({ provider: 'MSSQL$SALES' }, 'DC01\\SALES');
  check({ provider: 'MSSQL$SALES$AUDIT' }, 'DC01\\SALES');
  const name = Buffer.from('SRV01\\SALES\0', 'utf16le').toString('hex');
  check({ binary: `164800000A0000000C000000${name}` }, 'SRV01\\SALES');
  check({ binary: '164800000A000000FFFFFFFF' }, 'DC01');
  check({ binary: 'zz' }, 'DC01');
});

it('claims every instance, and its audits in the Security log', () => {
  const check = (provider: string, expected: readonly string[]): void =>
    assert.deepEqual(
      claimantsOf(serverEvent(33205, [], { provider })).map(({ id }) => id),
      expected,
    );
  check('MSSQLSERVER', ['sql-server']);
  check('MSSQLSERVER$AUDIT', ['sql-server']);
  check('MSSQL$SALES', ['sql-server']);
  check('MSSQL$MICROSOFT##WID', ['sql-server']);
  check('MSSQLServerOLAPService', []);
});

it('refuses events that do not say what they are about', () => {
  for (const event of [serverEvent(33205, ['succeeded:true']), serverEvent(15457, [])]) {
    assert.throws(() => recordOf(event), { code: 'WINDOWS_EVENT_FIELD_MISSING' });
  }
});

interface RawJson {
  readonly Event: {
    readonly System: Record<string, unknown> & {
      readonly Provider: { readonly Name: string };
      readonly EventID: { readonly text: string };
      readonly Keywords: string;
      readonly TimeCreated: { readonly SystemTime: string };
      readonly Computer: string;
    };
    readonly EventData: { readonly Data: string | readonly string[] };
  };
}

const CORPUS = join(process.env.WITNESS_CORPORA ?? '', 'sql-server', 'open-xp-rules');

it('interprets published events of real servers', (t) => {
  if (!existsSync(CORPUS)) return t.skip(`corpora absent: ${CORPUS}`);
  const files = globSync('*.json', { cwd: CORPUS }).sort();
  const seen = new Map<string, number>();
  for (const file of files) {
    const { System, EventData } = (JSON.parse(readFileSync(join(CORPUS, file), 'utf8')) as RawJson)
      .Event;
    const record = recordOf(
      serverEvent(Number(System.EventID.text), [EventData.Data].flat(), {
        provider: System.Provider.Name,
        keywords: System.Keywords,
        computer: System.Computer,
        systemTime: System.TimeCreated.SystemTime,
      }),
    );
    assert.notEqual(record.objectType, 'Object', file);
    const key = `${record.action} / ${record.objectType}`;
    seen.set(key, (seen.get(key) ?? 0) + 1);
  }
  return assert.deepEqual(Object.fromEntries([...seen].sort()), {
    'Added / Backup': 3,
    'Added / Database Audit Specification': 1,
    'Added / Login': 1,
    'Added / Restore': 1,
    'Executed / Database': 1,
    'Executed / Extended Stored Procedure': 7,
    'Executed / Login': 1,
    'Executed / Stored Procedure': 5,
    'Executed / User': 1,
    'Failed Logon / Logon': 1,
    'Modified / Certificate': 1,
    'Modified / Database Role': 2,
    'Modified / Database': 1,
    'Modified / Login': 5,
    'Modified / SQL Server Instance': 3,
    'Modified / Server Audit Specification': 2,
    'Modified / Server Audit': 1,
    'Read / Data': 8,
    'Removed / Database Audit Specification': 1,
    'Removed / Database Role': 1,
    'Removed / Login': 1,
    'Successful Logon / Logon': 1,
  });
});
