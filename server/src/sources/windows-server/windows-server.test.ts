import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Detail } from '@witness/record';
import type { WindowsEvent } from '../../codecs/index.ts';
import { EVENT_LOG_SERVICE, SERVICE_CONTROL_MANAGER } from '../../windows-events/index.ts';
import { securityEvent } from '../../windows-events/testing.ts';
import { interpretTogether } from '../interpret-together.ts';
import type { RecordDraft } from '../source.ts';
import { windowsServer } from './index.ts';

const recordsOf = (...events: readonly WindowsEvent[]): readonly RecordDraft[] =>
  interpretTogether(
    { interpret: windowsServer.interpretWindowsEvent, join: windowsServer.joinFragments },
    events,
  ).drafts;

const recordOf = (event: WindowsEvent): RecordDraft => {
  const [record] = recordsOf(event);
  assert.ok(record);
  return record;
};

const cleared = (eventId: number, channel: string, children: readonly string[][]): WindowsEvent =>
  securityEvent(
    eventId,
    {},
    {
      provider: EVENT_LOG_SERVICE,
      channel,
      userData: {
        name: 'LogFileCleared',
        children: children.map(([name = '', text = '']) => ({ name, text })),
      },
    },
  );

it('names the log that was cleared, not the one that tells of it', () => {
  const check = (event: WindowsEvent, what: string): void =>
    assert.equal(recordOf(event).what, what);
  check(cleared(1102, 'Security', []), 'Event Log\\Security');
  check(cleared(104, 'System', [['Channel', 'Application']]), 'Event Log\\Application');
  check(cleared(104, 'System', []), 'Event Log\\System');
});

it('follows the session of who cleared a log', () => {
  const check = (logonId: string, expected: string | undefined): void =>
    assert.equal(
      recordOf(cleared(1102, 'Security', [['SubjectLogonId', logonId]])).session?.logonId,
      expected,
    );
  check('0x00000000003A5F21', '0x3a5f21');
  check('0x3e7', undefined);
});

it('knows the installer of a service by SID only', () => {
  const check = (userSid: string | undefined, who: string, whoSid?: string): void => {
    const event = securityEvent(
      7045,
      { ServiceName: 'Agent' },
      { provider: SERVICE_CONTROL_MANAGER, ...(userSid !== undefined && { userSid }) },
    );
    assert.deepEqual([recordOf(event).who, recordOf(event).whoSid], [who, whoSid]);
  };
  check('S-1-5-21-1-2-3-1104', 'Unknown', 'S-1-5-21-1-2-3-1104');
  check('S-1-5-18', 'NT AUTHORITY\\SYSTEM');
  check(undefined, 'Unknown');
});

it('words what changed in the audit policy', () => {
  const check = (changes: string, expected: readonly Detail[]): void =>
    assert.deepEqual(
      recordOf(
        securityEvent(4719, {
          SubjectUserName: 'admin',
          SubcategoryGuid: '{0CCE9215-69AE-11D9-BED3-505054503030}',
          AuditPolicyChanges: changes,
        }),
      ).details,
      expected,
    );
  check('%%8448, %%8451', [
    { property: 'Audit success', before: 'Yes', after: 'No' },
    { property: 'Audit failure', before: 'No', after: 'Yes' },
  ]);
  check('%%8449', [{ property: 'Audit success', before: 'No', after: 'Yes' }]);
  check('%%9999', [{ property: 'Change', after: '%%9999' }]);
});

it('refuses events that do not name their object', () => {
  const events = [
    securityEvent(4697, {}),
    securityEvent(4698, {}),
    securityEvent(4719, {}),
    securityEvent(4720, {}),
    securityEvent(7040, {}, { provider: SERVICE_CONTROL_MANAGER }),
  ];
  for (const event of events) {
    assert.throws(() => recordOf(event), { code: 'WINDOWS_EVENT_FIELD_MISSING' });
  }
});

const FIREWALL = 'Microsoft-Windows-Windows Firewall With Advanced Security';

const detailOf = (record: RecordDraft, property: string): string | undefined =>
  record.details.find((detail) => detail.property === property)?.after;

it('names registry keys as people do', () => {
  const check = (object: string, what: string): void =>
    assert.equal(recordOf(securityEvent(4657, { ObjectName: object })).what, what);
  check('\\REGISTRY\\MACHINE\\SYSTEM\\Setup', 'HKLM\\SYSTEM\\Setup');
  check('\\Registry\\Machine', 'HKLM');
  check('\\REGISTRY\\USER\\.DEFAULT', 'HKU\\.DEFAULT');
  check('\\REGISTRY\\MACHINERY\\x', '\\REGISTRY\\MACHINERY\\x');
  check('\\REGISTRY\\A\\{1}', '\\REGISTRY\\A\\{1}');
});

it('shows a registry value before and after', () => {
  const check = (data: Readonly<Record<string, string>>, ...expected: readonly Detail[]): void => {
    const event = securityEvent(4657, { ObjectName: '\\REGISTRY\\MACHINE\\x', ...data });
    assert.deepEqual(
      recordOf(event).details.filter(({ property }) => property !== 'Who'),
      expected,
    );
  };
  const dword = '%%1876';
  check(
    {
      ObjectValueName: 'v',
      OldValueType: dword,
      OldValue: '1',
      NewValueType: dword,
      NewValue: '2',
    },
    { property: 'v', before: '1', after: '2' },
    { property: 'Value type', after: 'REG_DWORD' },
  );
  check(
    {
      ObjectValueName: 'v',
      OldValueType: '-',
      OldValue: '-',
      NewValueType: '%%1873',
      NewValue: '-',
    },
    { property: 'v', after: '-' },
    { property: 'Value type', after: 'REG_SZ' },
  );
  check({}, { property: '(Default)' });
});

it('words firewall rules', () => {
  const rule = (data: Readonly<Record<string, string>>): RecordDraft =>
    recordOf(securityEvent(2004, { RuleName: 'r', ...data }, { provider: FIREWALL }));
  const check = (name: string, value: string, property: string, expected: string): void =>
    assert.equal(detailOf(rule({ [name]: value }), property), expected, `${name} ${value}`);
  check('Profiles', '1', 'Profiles', 'Domain');
  check('Profiles', '6', 'Profiles', 'Private, Public');
  check('Profiles', '7', 'Profiles', 'all');
  check('Profiles', '2147483647', 'Profiles', 'all');
  check('Profiles', '8', 'Profiles', '8');
  check('Profiles', 'x', 'Profiles', 'x');
  check('Protocol', '17', 'Protocol', 'UDP');
  check('Protocol', '200', 'Protocol', '200');
  check('Protocol', 'constructor', 'Protocol', 'constructor');
  check('Direction', '2', 'Direction', 'outbound');
  check('Action', '2', 'Action', 'block');
  check('LocalPorts', '*', 'Local ports', 'any');
});

it('knows who changed the firewall by SID only', () => {
  const actorOf = (sid: string): readonly (string | undefined)[] => {
    const event = securityEvent(
      2006,
      { RuleName: 'r', ModifyingUser: sid },
      { provider: FIREWALL, userSid: 'S-1-5-19' },
    );
    const { who, whoSid } = recordOf(event);
    return [who, whoSid];
  };
  assert.deepEqual(actorOf('S-1-5-21-1-2-3-1104'), ['Unknown', 'S-1-5-21-1-2-3-1104']);
  assert.deepEqual(actorOf('S-1-5-18'), ['NT AUTHORITY\\SYSTEM', undefined]);
  assert.deepEqual(actorOf('-'), ['Unknown', undefined]);
});

it('tells removable media from other devices, and never blames the computer', () => {
  const check = (deviceId: string, type: string): void => {
    const data = { SubjectUserSid: 'S-1-5-18', SubjectUserName: 'PC$', DeviceId: deviceId };
    const record = recordOf(securityEvent(6416, data));
    assert.deepEqual([record.objectType, record.who], [type, 'Unknown'], deviceId);
  };
  check('USBSTOR\\Disk&Ven_A&Prod_B\\1', 'Removable Media');
  check('SWD\\WPDBUSENUM\\_??_USBSTOR#Disk', 'Removable Media');
  check('SCSI\\DISK&VEN_A\\1', 'Device');
  check('USB\\VID_046D&PID_C31C\\1', 'Device');
});

it('tells drivers from services', () => {
  const check = (type: string, what: string): void => {
    const event = securityEvent(
      7045,
      { ServiceName: 's', ServiceType: type },
      { provider: SERVICE_CONTROL_MANAGER },
    );
    assert.equal(recordOf(event).what, what);
  };
  check('kernel mode driver', 'Drivers\\s');
  check('0x2', 'Drivers\\s');
  check('user mode service', 'Services\\s');
  check('0x10', 'Services\\s');
  check('-', 'Services\\s');
});

const installerEvent = (eventId: number, ...values: readonly string[]): WindowsEvent =>
  securityEvent(
    eventId,
    {},
    { provider: 'MsiInstaller', channel: 'Application', data: values.map((value) => ({ value })) },
  );

const installer = (eventId: number, ...values: readonly string[]): RecordDraft =>
  recordOf(installerEvent(eventId, ...values));

it('tells of one installation once', () => {
  const check = (expected: readonly number[], ...events: readonly WindowsEvent[]): void => {
    const numbered = events.map((event, i) => ({ ...event, recordId: i }));
    assert.deepEqual(
      recordsOf(...numbered).map(({ identity }) => Number(identity.split('|')[2])),
      expected,
    );
  };
  const whole = installerEvent(1033, 'A', '1', '0', '0');
  const text = installerEvent(11707, 'Product: A -- Installation completed successfully.');
  check([1], text, whole);
  check([0], text);
  check([0, 1], installerEvent(11707, 'Product: B -- done.'), whole);
  check([0, 1], whole, installerEvent(11724, 'Product: A -- removed.'));
  check([0, 1], { ...text, when: whole.when - 3_600_000 }, whole);
  check([0, 1], { ...text, computer: 'other' }, whole);
});

it('reads programs of Windows Installer', () => {
  const check = (record: RecordDraft, action: string, what: string): void =>
    assert.deepEqual([record.action, record.what], [action, what]);
  check(installer(1033, 'A', '1', '0', '0'), 'Added', 'Programs\\A');
  check(installer(1033, 'A', '1', '0', '1603'), 'Add (Failed Attempt)', 'Programs\\A');
  check(installer(1034, 'A', '(NULL)', '0', '5'), 'Remove (Failed Attempt)', 'Programs\\A');
  check(installer(11707, 'Product: A -- B -- done'), 'Added', 'Programs\\A -- B');
  check(installer(11724, 'Produkt: A'), 'Removed', 'Programs\\Produkt: A');
});

const dnsRecord = (type: string, data: string): string | undefined =>
  detailOf(
    recordOf(
      securityEvent(
        515,
        { Type: type, NAME: 'n', TTL: '1', BufferSize: '4', RDATA: data, Zone: 'z' },
        { provider: 'Microsoft-Windows-DNSServer' },
      ),
    ),
    'Data',
  );

it('reads the data of DNS records, and keeps what does not fit its type', () => {
  const check = (type: string, data: string, expected: string): void =>
    assert.equal(dnsRecord(type, data), expected, `${type} ${data}`);
  check('1', '0x0A01020F', '10.1.2.15');
  check('A', '0x0a01020f', '10.1.2.15');
  check('1', '0x0A0102', '0x0A0102');
  check('28', `0x${'00'.repeat(15)}01`, '0:0:0:0:0:0:0:1');
  check('5', '0x036162630161036E657400', 'abc.a.net');
  check('5', '0x0B03036162630161036E657400', 'abc.a.net');
  check('5', '0x036162', '0x036162');
  check('5', '0x03610A6200', '0x03610A6200');
  check('2', '0x00', '.');
  check('15', '0x000A0161036E657400', '10 a.net');
  check('33', '0x00000064018501610162', '0x00000064018501610162');
  check('16', '0x0261620163', 'ab c');
  check('16', '0xFF61', '0xFF61');
  check('999', '0x0102', '0x0102');
  check('toString', '0x0102', '0x0102');
  check('1', 'text', 'text');
});

it('knows who administers the DNS server, and who does not', () => {
  const check = (
    eventId: number,
    userSid: string | undefined,
    whoSid: string | undefined,
  ): void => {
    const event = securityEvent(
      eventId,
      { Type: '1', NAME: 'n' },
      { provider: 'Microsoft-Windows-DNSServer', ...(userSid !== undefined && { userSid }) },
    );
    assert.deepEqual([recordOf(event).who, recordOf(event).whoSid], ['Unknown', whoSid]);
  };
  check(515, 'S-1-5-21-1-2-3-1104', 'S-1-5-21-1-2-3-1104');
  check(515, 'S-1-5-18', undefined);
  check(519, 'S-1-5-18', undefined);
  check(541, undefined, undefined);
});
