import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { WindowsEvent } from '../../codecs/index.ts';
import { securityEvent } from '../../windows-events/testing.ts';
import type { RecordDraft } from '../source.ts';
import { type CmdletParameter, parseCmdletParameters } from './cmdlet-parameters.ts';
import { nounInWords } from './cmdlets.ts';
import { exchange } from './index.ts';

const cmdletEvent = (values: readonly string[], eventId = 1): WindowsEvent =>
  securityEvent(
    eventId,
    {},
    {
      provider: 'MSExchange CmdletLogs',
      channel: 'MSExchange Management',
      data: values.map((value) => ({ value })),
    },
  );

const recordOf = (values: readonly string[], eventId = 1): RecordDraft => {
  const record = exchange.interpretWindowsEvent?.(cmdletEvent(values, eventId)).drafts[0];
  assert.ok(record);
  return record;
};

const detailOf = (record: RecordDraft, property: string): string | undefined =>
  record.details.find((detail) => detail.property === property)?.after;

it('reads parameters as Exchange writes them', () => {
  const check = (text: string, ...expected: readonly CmdletParameter[]): void =>
    assert.deepEqual(parseCmdletParameters(text), expected, text);
  check('');
  check('-Force', { name: 'Force', value: undefined });
  check(
    '-Force -Identity "a b"',
    { name: 'Force', value: undefined },
    { name: 'Identity', value: 'a b' },
  );
  check('-Name "say "hi" now"', { name: 'Name', value: 'say "hi" now' });
  check('-Name "a -b c"', { name: 'Name', value: 'a -b c' });
  check('-Name ""', { name: 'Name', value: '' });
  check('-Name "open end', { name: 'Name', value: 'open end' });
  check(
    '-Rights ("Full", "Read") -User: x',
    { name: 'Rights', value: '("Full", "Read")' },
    { name: 'User', value: 'x' },
  );
  check('-Quota -1', { name: 'Quota', value: '-1' });
  check('no list', { name: 'Parameters', value: 'no list' });
});

it('stays quick with hostile parameters', () => {
  const quotes = parseCmdletParameters(`-A ${'"'.repeat(30_000)}`);
  assert.equal(quotes.length, 1);
  assert.equal(parseCmdletParameters('-a '.repeat(10_000)).length, 500);
});

it('tells by verb and noun what was done to what', () => {
  const check = (cmdlet: string, action: string, objectType: string): void => {
    const record = recordOf([cmdlet, '-Identity "x"', 'contoso.com/Users/admin']);
    assert.deepEqual([record.action, record.objectType], [action, objectType]);
  };
  check('New-TransportRule', 'Added', 'Transport Rule');
  check('Add-RoleGroupMember', 'Added', 'Role Group Member');
  check('Enable-Mailbox', 'Added', 'Mailbox');
  check('Enable-InboxRule', 'Modified', 'Inbox Rule');
  check('Disable-Mailbox', 'Removed', 'Mailbox');
  check('Disable-TransportRule', 'Modified', 'Transport Rule');
  check('Remove-ADPermission', 'Removed', 'AD Permission');
  check('Move-ActiveMailboxDatabase', 'Modified', 'Active Mailbox Database');
  check('Search-Mailbox', 'Read', 'Mailbox');
  check('Frobnicate-Thing', 'Modified', 'Thing');
  check('constructor-toString', 'Modified', 'to String');
  check('NoVerb', 'Modified', 'No Verb');
  check('New-', 'Added', 'Cmdlet');
});

it('puts nouns in words', () => {
  const check = (noun: string, words: string): void => assert.equal(nounInWords(noun), words);
  check('UMMailboxPolicy', 'UM Mailbox Policy');
  check('OabVirtualDirectory', 'Oab Virtual Directory');
  check('X400AuthoritativeDomain', 'X400 Authoritative Domain');
});

it('marks what failed', () => {
  const failed = recordOf(['Remove-Mailbox', '-Identity "x"', 'a'], 6);
  assert.equal(failed.action, 'Remove (Failed Attempt)');
});

it('hides secrets, not switches about them', () => {
  const parameters =
    '-Password "P4ss" -RemoteCredential "u:p" -Pin "1234" -ResetPasswordOnNextLogon "True" -Name "Pinboard"';
  const record = recordOf(['New-Mailbox', parameters, 'a']);
  const check = (property: string, expected: string): void =>
    assert.equal(detailOf(record, property), expected);
  check('Password', '******');
  check('RemoteCredential', '******');
  check('Pin', '******');
  check('ResetPasswordOnNextLogon', 'True');
  check('Name', 'Pinboard');
});

it('takes the object from the most telling parameter', () => {
  const check = (parameters: string, what: string): void =>
    assert.equal(recordOf(['New-Mailbox', parameters, 'a']).what, what);
  check('-Name "n" -Identity "i"', 'i');
  check('-Alias "a" -Name "n"', 'n');
  check('-Database "d"', 'd');
  check('-Force', 'Mailbox');
  check('-Identity ""', 'Mailbox');
});

it('knows the caller by name, else by SID', () => {
  const check = (caller: string, sid: string, who: string, whoSid?: string): void => {
    const record = recordOf(['Get-Mailbox', '', caller, sid]);
    assert.deepEqual([record.who, record.whoSid], [who, whoSid]);
  };
  check('contoso.com/Users/admin', 'S-1-5-21-1-2-3-1104', 'contoso.com/Users/admin');
  check('', 'S-1-5-21-1-2-3-1104', 'Unknown', 'S-1-5-21-1-2-3-1104');
  check('S-1-5-18', '', 'NT AUTHORITY\\SYSTEM');
  check('', '', 'Unknown');
  check('', 'no SID', 'Unknown');
});

it('refuses an event without a cmdlet', () => {
  assert.throws(() => recordOf([]), { code: 'WINDOWS_EVENT_FIELD_MISSING' });
});
