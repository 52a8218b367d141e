import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventToXml, type WindowsEvent } from '../index.ts';

const LEAST: WindowsEvent = {
  provider: 'P',
  eventId: 1,
  systemTime: '2025-01-31T09:12:33Z',
  when: 1_738_314_753_000,
  recordId: 7,
  channel: 'Security',
  computer: 'dc1',
  data: [],
};

const HEAD =
  '<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System><Provider Name="P"/>' +
  '<EventID>1</EventID><TimeCreated SystemTime="2025-01-31T09:12:33Z"/><EventRecordID>7</EventRecordID>' +
  '<Channel>Security</Channel><Computer>dc1</Computer></System>';

const check = (change: Partial<WindowsEvent>, body: string): void =>
  assert.equal(eventToXml({ ...LEAST, ...change }), `${HEAD}${body}</Event>`);

test('canonical text', () => {
  check({}, '<EventData></EventData>');
  check(
    { data: [{ name: 'a"b', value: '<&>\r\n' }, { value: '' }], binary: 'FF' },
    '<EventData><Data Name="a&quot;b">&lt;&amp;&gt;&#13;\n</Data><Data></Data><Binary>FF</Binary></EventData>',
  );
  check({ userData: { name: 'X', text: 't' } }, '<UserData><X>t</X></UserData>');
  check({ userData: { name: 'DebugData' } }, '<DebugData/>');
  check({ data: [{ value: '\u0000\ud800' }] }, '<EventData><Data>\ufffd\ufffd</Data></EventData>');
});

test('members of System in the order of the schema', () => {
  const xml = eventToXml({
    ...LEAST,
    providerGuid: '{g}',
    qualifiers: 0,
    version: 1,
    keywords: '0x80',
    activityId: '{a}',
    threadId: 6,
    userSid: 'S-1-5-18',
  });
  assert.equal(
    xml.slice(xml.indexOf('<System>'), xml.indexOf('</System>')),
    '<System><Provider Name="P" Guid="{g}"/><EventID Qualifiers="0">1</EventID><Version>1</Version>' +
      '<Keywords>0x80</Keywords><TimeCreated SystemTime="2025-01-31T09:12:33Z"/><EventRecordID>7</EventRecordID>' +
      '<Correlation ActivityID="{a}"/><Execution ThreadID="6"/><Channel>Security</Channel>' +
      '<Computer>dc1</Computer><Security UserID="S-1-5-18"/>',
  );
});
