import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { eventToXml, parseEventXml, type WindowsEvent } from '../index.ts';

const NAMESPACE = 'http://schemas.microsoft.com/win/2004/08/events/event';
const SYSTEM =
  "<System><Provider Name='P'/><EventID>1</EventID><TimeCreated SystemTime='2025-01-31T09:12:33.1234567Z'/></System>";
const HEAD = {
  provider: 'P',
  eventId: 1,
  systemTime: '2025-01-31T09:12:33.1234567Z',
  when: Date.parse('2025-01-31T09:12:33.123Z'),
  recordId: 0,
  channel: '',
  computer: '',
  data: [],
} as const;

const check = (xml: string, expected: Partial<WindowsEvent>): void => {
  const event = parseEventXml(xml);
  assert.deepEqual(event, { ...HEAD, ...expected });
  assert.deepEqual(parseEventXml(eventToXml(event)), event);
};

/** `body` beside a System of the least. */
const checkBody = (body: string, expected: Partial<WindowsEvent>): void =>
  check(`<Event xmlns='${NAMESPACE}'>${SYSTEM}${body}</Event>`, expected);

const checkRefused = (xml: string, code: string, location?: string): void => {
  assert.throws(() => parseEventXml(xml), {
    name: 'WitnessError',
    code,
    ...(location ? { location } : {}),
  });
};

test('a whole event', () => {
  check(
    `<?xml version="1.0"?>
<Event xmlns="${NAMESPACE}">
  <System>
    <Provider Name="Microsoft-Windows-Security-Auditing" Guid="{54849625-5478-4994-a5ba-3e3b0328c30d}" EventSourceName="S" />
    <EventID Qualifiers="16384">4624</EventID>
    <Version>2</Version><Level>0</Level><Task>12544</Task><Opcode>0</Opcode>
    <Keywords>0x8020000000000000</Keywords>
    <TimeCreated SystemTime="2025-01-31T09:12:33.123456700Z" />
    <EventRecordID>9007199254740991</EventRecordID>
    <Correlation ActivityID="{a}" RelatedActivityID="{b}" />
    <Execution ProcessID="0" ThreadID="4" />
    <Channel>Security</Channel>
    <Computer>dc1.example.org</Computer>
    <Security UserID="S-1-5-18" />
  </System>
  <EventData>
    <Data Name="A">1</Data>
    <Data Name="B"></Data>
    <Data>two</Data>
    <Data Name="C"/>
    <Binary>00ff</Binary>
  </EventData>
  <RenderingInfo Culture="en-US"><Message>Hello</Message><Level>Information</Level></RenderingInfo>
</Event>
`,
    {
      provider: 'Microsoft-Windows-Security-Auditing',
      providerGuid: '{54849625-5478-4994-a5ba-3e3b0328c30d}',
      eventSourceName: 'S',
      eventId: 4624,
      qualifiers: 16_384,
      version: 2,
      level: 0,
      task: 12_544,
      opcode: 0,
      keywords: '0x8020000000000000',
      recordId: 9_007_199_254_740_991,
      activityId: '{a}',
      relatedActivityId: '{b}',
      processId: 0,
      threadId: 4,
      channel: 'Security',
      computer: 'dc1.example.org',
      userSid: 'S-1-5-18',
      data: [
        { name: 'A', value: '1' },
        { name: 'B', value: '' },
        { value: 'two' },
        { name: 'C', value: '' },
      ],
      binary: '00FF',
    },
  );
});

test('prefixes, no namespace, byte order mark, comments, other quotes', () => {
  const prefixed = SYSTEM.replaceAll(/<(\/?)(?=\w)/g, '<$1e:');
  check(`<e:Event xmlns:e="${NAMESPACE}">${prefixed}</e:Event>`, {});
  check(`<Event>${SYSTEM}</Event>`, {});
  check(`\ufeff <!-- c --><?pi?><Event>${SYSTEM}<!-- < --></Event >\n<!-- end -->`, {});
});

test('values: references, CDATA, line ends, control characters', () => {
  checkBody('<EventData><Data>a&lt;b&gt;&amp;&quot;&apos;&#65;&#x1F600;</Data></EventData>', {
    data: [{ value: 'a<b>&"\'A😀' }],
  });
  checkBody('<EventData><Data>x<![CDATA[<y>&amp;]]>z</Data></EventData>', {
    data: [{ value: 'x<y>&amp;z' }],
  });
  checkBody('<EventData><Data>a\r\nb\rc&#13;&#10;d</Data></EventData>', {
    data: [{ value: 'a\nb\nc\r\nd' }],
  });
  checkBody('<EventData><Data Name="a\tb&#9;c">  kept  </Data></EventData>', {
    data: [{ name: 'a b\tc', value: '  kept  ' }],
  });
  assert.equal(
    parseEventXml(`<Event>${SYSTEM}<EventData><Data>\u0003&#x1;</Data></EventData></Event>`).data[0]
      ?.value,
    '\u0003\u0001',
  );
});

test('other bodies', () => {
  checkBody(
    "<UserData><LogFileCleared xmlns='urn:m' a='1'><SubjectUserName>alice</SubjectUserName><Empty/>\n</LogFileCleared><Second/></UserData>",
    {
      userData: {
        name: 'LogFileCleared',
        attributes: { xmlns: 'urn:m', a: '1' },
        children: [{ name: 'SubjectUserName', text: 'alice' }, { name: 'Empty' }],
      },
    },
  );
  checkBody('<UserData/>', {});
  checkBody('<ProcessingErrorData><ErrorCode>15003</ErrorCode></ProcessingErrorData>', {
    userData: { name: 'ProcessingErrorData', children: [{ name: 'ErrorCode', text: '15003' }] },
  });
  checkBody('<EventData><Data>a</Data></EventData><UserData><X>mixed <b/></X></UserData>', {
    data: [{ value: 'a' }],
    userData: { name: 'X', children: [{ name: 'b' }], text: 'mixed ' },
  });
  checkBody(
    '<EventData><ComplexData Name="L"><I n="&lt;">1</I></ComplexData><Flag>x</Flag></EventData>',
    {
      data: [
        { name: 'L', value: '<I n="&lt;">1</I>' },
        { name: 'Flag', value: 'x' },
      ],
    },
  );
});

test('times: fractions of any length, no zone, offsets', () => {
  const time = (written: string, systemTime: string, when: string): void => {
    const xml = `<Event>${SYSTEM.replace('2025-01-31T09:12:33.1234567Z', written)}</Event>`;
    check(xml, { systemTime, when: Date.parse(when) });
  };
  time('2025-01-31T09:12:33Z', '2025-01-31T09:12:33Z', '2025-01-31T09:12:33.000Z');
  time('2025-01-31T09:12:33.5Z', '2025-01-31T09:12:33.5Z', '2025-01-31T09:12:33.500Z');
  time('2025-01-31T09:12:33.9999999', '2025-01-31T09:12:33.9999999Z', '2025-01-31T09:12:33.999Z');
  time('2025-01-31T09:12:33+01:00', '2025-01-31T09:12:33+01:00', '2025-01-31T08:12:33.000Z');
});

test('what is no event is refused', () => {
  const code = 'EVENT_XML_NOT_AN_EVENT';
  checkRefused('<Other/>', code);
  checkRefused('<Event/>', code);
  checkRefused(`<Event xmlns="urn:other">${SYSTEM}</Event>`, code);
  checkRefused(`<Event>${SYSTEM.replace('<EventID>1', '<EventID>x')}</Event>`, code);
  checkRefused(`<Event>${SYSTEM.replace('2025-01', '2025-13')}</Event>`, code);
  checkRefused(`<Event><constructor/><__proto__/></Event>`, code);
});

test('malformed XML is refused with its place', () => {
  const code = 'EVENT_XML_MALFORMED';
  checkRefused('', code, '1:1');
  checkRefused('text', code, '1:1');
  checkRefused('<Event>\n<a></b></Event>', code, '2:4');
  for (const xml of [
    '<Event',
    '<Event>',
    '<Event a>',
    '<Event a=1/>',
    '<Event a="1"b="2"/>',
    '<Event a="1" a="2"/>',
    '<Event a="<"/>',
    '<Event a="1/>',
    '<Event>&unknown;</Event>',
    '<Event>&#0;</Event>',
    '<Event>&#xD800;</Event>',
    '<Event>& </Event>',
    '<Event><![CDATA[</Event>',
    '<Event><!-- </Event>',
    '<Event><? </Event>',
    '<Event/><Event/>',
    '<1/>',
    '< Event/>',
    '<Event __proto__="1"/>',
  ]) {
    checkRefused(xml, code);
  }
});

test('hostile XML is refused', () => {
  checkRefused('<!DOCTYPE Event [<!ENTITY a "b">]><Event>&a;</Event>', 'EVENT_XML_DTD');
  checkRefused(`<Event>${'<a>'.repeat(100)}`, 'EVENT_XML_LIMIT');
  checkRefused(`<Event>${'<a/>'.repeat(100_001)}</Event>`, 'EVENT_XML_LIMIT');
  checkRefused(' '.repeat(4 * 1024 * 1024 + 1), 'EVENT_XML_LIMIT');
});

const CORPORA = process.env.WITNESS_CORPORA ?? '';
const isAbsent = CORPORA === '' || !existsSync(CORPORA);
const skip = isAbsent
  ? 'corpora absent: set WITNESS_CORPORA to the folder of public events'
  : false;

test('events as Windows forwards them', { skip }, () => {
  const paths = globSync(join(CORPORA, 'wef-transport/**/*.xml'));
  const texts = paths.flatMap((path) =>
    [...readFileSync(path, 'utf8').matchAll(/<!\[CDATA\[(<Event[\s\S]*?)\]\]>/g)].map(
      ([, xml]) => xml,
    ),
  );
  assert.ok(texts.length > 0);
  for (const xml of texts) {
    const event = parseEventXml(xml ?? '');
    assert.match(event.provider, /^Microsoft-Windows-/);
    assert.deepEqual(parseEventXml(eventToXml(event)), event);
  }
});
