import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Detail } from '@witness/record';
import type { WindowsEvent } from '../../codecs/index.ts';
import { EVENT_LOG_SERVICE, SERVICE_CONTROL_MANAGER } from '../../windows-events/index.ts';
import { securityEvent } from '../../windows-events/testing.ts';
import type { RecordDraft } from '../source.ts';
import { windowsServer } from './index.ts';

const recordOf = (event: WindowsEvent): RecordDraft => {
  const record = windowsServer.interpretWindowsEvent?.(event).drafts[0];
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
