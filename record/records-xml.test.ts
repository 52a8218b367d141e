import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type IncomingRecord, parseRecordsXml, WitnessError } from './index.ts';

const NAMESPACE = 'http://schemas.netwrix.com/api/v1/activity_records/';

const ELEMENTS: Readonly<Record<string, string>> = {
  Who: '<Who>NORTHWIND\\m.murray</Who>',
  ObjectType: '<ObjectType>Badge</ObjectType>',
  Action: '<Action>Added</Action>',
  What: '<What>Badges\\4711</What>',
  Where: '<Where>gatekeeper.example.test</Where>',
  When: '<When>2024-05-06T09:08:09+02:00</When>',
};

const RECORD: IncomingRecord = {
  who: 'NORTHWIND\\m.murray',
  whoKnownBy: 'client',
  action: 'Added',
  what: 'Badges\\4711',
  when: Date.parse('2024-05-06T07:08:09Z'),
  where: 'gatekeeper.example.test',
  objectType: 'Badge',
  isArchiveOnly: false,
  details: [],
};

/** One record with some of its elements replaced, and others behind them. */
const recordXml = (more = '', replaced: Readonly<Record<string, string>> = {}): string =>
  `<ActivityRecord>${Object.values({ ...ELEMENTS, ...replaced }).join('')}${more}</ActivityRecord>`;

const listXml = (records: string, attributes = `xmlns="${NAMESPACE}"`): string =>
  `<?xml version="1.0" encoding="utf-8"?>\n<ActivityRecordList ${attributes}>${records}</ActivityRecordList>`;

const check = (xml: string, ...expected: readonly Partial<IncomingRecord>[]): void =>
  assert.deepEqual(
    parseRecordsXml(xml),
    expected.map((record) => ({ ...RECORD, ...record })),
    xml,
  );

interface Refusal {
  readonly code: string;
  readonly message?: string;
  readonly location?: string;
}

const refuse = (xml: string, expected: Refusal): void =>
  assert.throws(
    () => parseRecordsXml(xml),
    (error) => {
      assert.ok(error instanceof WitnessError, `${xml.slice(0, 200)}: ${error}`);
      const { code, message, location } = error;
      assert.deepEqual(
        {
          code,
          ...(expected.message !== undefined && { message }),
          ...(expected.location !== undefined && { location }),
        },
        expected,
        xml.slice(0, 500),
      );
      return true;
    },
  );

/** Refuses the second record of a list. */
const refuseSecond = (second: string, expected: Refusal): void =>
  refuse(listXml(recordXml() + second), expected);

const SECOND = '/ActivityRecordList/ActivityRecord[2]';

test('the example of the contract', () => {
  check(listXml(`\n  ${recordXml('<Workstation>desk-3.example.test</Workstation>')}\n`), {
    workstation: 'desk-3.example.test',
  });
});

test('every optional element', () => {
  const more = `
    <MonitoringPlan>
      <Name>Doors</Name> <ID>{00112233-4455-6677-8899-AABBCCDDEEFF}</ID>
    </MonitoringPlan>
    <Item> <Name>Badge feed</Name> </Item>
    <DataSource>Mine</DataSource>
    <DetailList>
      <Detail> <Before>closed</Before> <After>open</After> <PropertyName>State</PropertyName> </Detail>
      <Detail><PropertyName/><After></After></Detail>
    </DetailList>
    <IsArchiveOnly/>`;
  check(listXml(recordXml(more)), {
    plan: { id: '{00112233-4455-6677-8899-AABBCCDDEEFF}', name: 'Doors' },
    item: { name: 'Badge feed' },
    dataSource: 'Mine',
    details: [
      { property: 'State', before: 'closed', after: 'open' },
      { property: '', after: '' },
    ],
    isArchiveOnly: true,
  });
});

test('elements come in any order', () => {
  const reversed = Object.values(ELEMENTS).reverse().join('');
  check(listXml(`<ActivityRecord>${reversed}</ActivityRecord>${recordXml()}`), {}, {});
});

test('an empty list is a list', () => {
  check(listXml(''));
  check(listXml(' \n '));
  check(`<ActivityRecordList xmlns="${NAMESPACE}"/>`);
});

test('what was read may be posted again', () => {
  const output = `<Message>m</Message>`;
  const read = recordXml(
    `<RID>20240506070809123</RID><DetailList><Detail><PropertyName>a</PropertyName>${output}</Detail></DetailList>`,
  );
  check(listXml(`<ContinuationMark>bWFyaw==</ContinuationMark>${read}`), {
    details: [{ property: 'a' }],
  });
});

test('namespaces: any prefix, none, and the misspelling of version 10.6', () => {
  check(listXml(recordXml(), ''), {});
  check(listXml(recordXml(), 'xmlns="http//schemas.netwrix.com/api/v1/activity_records/"'), {});
  const prefixed = listXml(recordXml(), `xmlns:n="${NAMESPACE}"`).replaceAll(
    /<(\/?)(?=[A-Z])/g,
    '<$1n:',
  );
  assert.match(prefixed, /<n:Who>/);
  check(prefixed, {});
  check(listXml(recordXml().replace('<Who>', '<Who xmlns="">')), {});
  const foreign = 'http://schemas.example.test/';
  refuse(listXml(recordXml(), `xmlns="${foreign}"`), {
    code: 'RECORD_ROOT_WRONG',
    location: '/ActivityRecordList',
  });
  refuse(listXml(recordXml(), 'xmlns="http://schemas.netwrix.com/api/v1/"'), {
    code: 'RECORD_ROOT_WRONG',
  });
  refuseSecond(recordXml(`<x:Workstation xmlns:x="${foreign}">a</x:Workstation>`), {
    code: 'RECORD_ELEMENT_UNKNOWN',
  });
  refuse(listXml('<n:ActivityRecord/>'), { code: 'XML_MALFORMED' });
});

test('a wrong root is refused, with and without children', () => {
  for (const root of ['ActivityRecordsList', 'ActivityRecord', 'ErrorList', 'activityrecordlist']) {
    const expected = {
      code: 'RECORD_ROOT_WRONG',
      message: `The root element is ${root} in the namespace "${NAMESPACE}", not ActivityRecordList`,
      location: `/${root}`,
    };
    refuse(`<${root} xmlns="${NAMESPACE}">${recordXml()}</${root}>`, expected);
    refuse(`<${root} xmlns="${NAMESPACE}"/>`, expected);
  }
});

test('attributes mean nothing, except xsi:nil', () => {
  check(listXml(recordXml('<Workstation unit="x">a</Workstation>'), 'version="1"'), {
    workstation: 'a',
  });
  const nil = 'xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil';
  check(listXml(recordXml(`<Workstation ${nil}="true"/><MonitoringPlan ${nil}="1"/>`)), {});
  check(listXml(recordXml(`<Workstation ${nil}="false"/>`)), { workstation: '' });
  check(listXml(recordXml(`<DetailList ${nil}="true"/>`)), {});
  refuseSecond(recordXml('', { Who: `<Who ${nil}="true"/>` }), {
    code: 'RECORD_ELEMENT_MISSING',
    message: 'Who is missing',
  });
});

test('values are kept exactly, as far as XML allows', () => {
  const checkWhat = (xml: string, what: string): void =>
    check(listXml(recordXml('', { What: `<What>${xml}</What>` })), { what });
  checkWhat(' trailing blank ', ' trailing blank ');
  checkWhat(' \n ', ' \n ');
  checkWhat('a\tb\nc', 'a\tb\nc');
  checkWhat('a\r\nb\rc', 'a\nb\nc');
  checkWhat('a&#13;&#10;b&#9;', 'a\r\nb\t');
  checkWhat('<![CDATA[<b> & ]]>c', '<b> & c');
  checkWhat('a<!-- b -->c', 'ac');
  checkWhat('&lt;&amp;&gt;&quot;&apos;&#x1D11E;', '<&>"\'𝄞');
  checkWhat('Grüße 漢字', 'Grüße 漢字');
});

test('blanks around When and IsArchiveOnly mean nothing', () => {
  const when = '<When>\n  2024-05-06T07:08:09Z\n</When>';
  check(listXml(recordXml('<IsArchiveOnly> true </IsArchiveOnly>', { When: when })), {
    isArchiveOnly: true,
  });
});

test('IsArchiveOnly in all its forms', () => {
  const flag = (value: string) => listXml(recordXml(`<IsArchiveOnly>${value}</IsArchiveOnly>`));
  for (const value of ['', 'true', '1']) check(flag(value), { isArchiveOnly: true });
  for (const value of ['false', '0']) check(flag(value), { isArchiveOnly: false });
  refuseSecond(recordXml('<IsArchiveOnly>yes</IsArchiveOnly>'), {
    code: 'RECORD_FLAG_INVALID',
    location: `${SECOND}/IsArchiveOnly`,
  });
});

test('an empty mandatory element is present', () => {
  check(listXml(recordXml('', { Who: '<Who/>', What: '<What></What>' })), { who: '', what: '' });
});

test('each mandatory element is asked for', () => {
  for (const element of Object.keys(ELEMENTS)) {
    refuseSecond(recordXml('', { [element]: '' }), {
      code: 'RECORD_ELEMENT_MISSING',
      message: `${element} is missing`,
      location: SECOND,
    });
  }
  refuseSecond('<ActivityRecord/>', {
    code: 'RECORD_ELEMENT_MISSING',
    message: 'Who is missing',
    location: SECOND,
  });
  refuseSecond(
    recordXml(
      '<DetailList><Detail><PropertyName>a</PropertyName></Detail><Detail><After>b</After></Detail></DetailList>',
    ),
    {
      code: 'RECORD_ELEMENT_MISSING',
      message: 'PropertyName is missing',
      location: `${SECOND}/DetailList/Detail[2]`,
    },
  );
  refuseSecond(recordXml('<MonitoringPlan/>'), {
    code: 'RECORD_ELEMENT_MISSING',
    message: 'Name is missing',
    location: `${SECOND}/MonitoringPlan`,
  });
});

test('unknown elements are refused', () => {
  const code = 'RECORD_ELEMENT_UNKNOWN';
  for (const element of [
    'AuditedSystem',
    'ManagedObject',
    'who',
    'Extra',
    'ActivityRecord',
    '__proto__',
  ]) {
    refuseSecond(recordXml(`<${element}/>`), {
      code,
      message: `${element} is not known in ActivityRecord`,
      location: SECOND,
    });
  }
  refuse(listXml('<Record/>'), {
    code,
    message: 'Record is not known in ActivityRecordList',
    location: '/ActivityRecordList',
  });
  refuseSecond(recordXml('<DetailList><Item/></DetailList>'), {
    code,
    message: 'Item is not known in DetailList',
    location: `${SECOND}/DetailList`,
  });
  refuseSecond(recordXml('<DetailList><Detail><Name/></Detail></DetailList>'), {
    code,
    location: `${SECOND}/DetailList/Detail[1]`,
  });
  refuseSecond(recordXml('<Item><Type/></Item>'), { code, location: `${SECOND}/Item` });
});

test('an element given twice is refused', () => {
  const code = 'RECORD_ELEMENT_REPEATED';
  refuseSecond(recordXml('<Who>other</Who>'), {
    code,
    message: 'Who is given more than once',
    location: SECOND,
  });
  refuseSecond(recordXml('<DetailList/><DetailList/>'), { code });
  refuseSecond(recordXml('<MonitoringPlan><Name>a</Name><Name>b</Name></MonitoringPlan>'), {
    code,
    location: `${SECOND}/MonitoringPlan`,
  });
  refuseSecond(
    recordXml('<DetailList><Detail><PropertyName/><After/><After/></Detail></DetailList>'),
    { code, location: `${SECOND}/DetailList/Detail[1]` },
  );
});

test('text where elements belong, and elements where text belongs, are refused', () => {
  const code = 'RECORD_ELEMENT_KIND';
  refuse(listXml(`x${recordXml()}`), {
    code,
    message: 'ActivityRecordList is not free of text',
    location: '/ActivityRecordList',
  });
  refuseSecond(recordXml('x'), { code, location: SECOND });
  refuseSecond(recordXml('<MonitoringPlan>Doors</MonitoringPlan>'), {
    code,
    location: `${SECOND}/MonitoringPlan`,
  });
  refuseSecond(recordXml('<DetailList>x</DetailList>'), { code, location: `${SECOND}/DetailList` });
  refuseSecond(recordXml('', { What: '<What>a<b/></What>' }), {
    code,
    message: 'What is not a text value',
    location: `${SECOND}/What`,
  });
  refuseSecond(recordXml('<Item><Name><b/></Name></Item>'), {
    code,
    location: `${SECOND}/Item/Name`,
  });
});

test('dates and lengths are held to the same rules as in JSON', () => {
  refuseSecond(recordXml('', { When: '<When>2024-05-06</When>' }), {
    code: 'RECORD_WHEN_INVALID',
    location: `${SECOND}/When`,
  });
  refuseSecond(recordXml('', { Who: `<Who>${'x'.repeat(256)}</Who>` }), {
    code: 'RECORD_VALUE_TOO_LONG',
    message: 'Who is longer than 255 characters',
    location: `${SECOND}/Who`,
  });
  check(listXml(recordXml('', { Who: `<Who>${'x'.repeat(255)}</Who>` })), { who: 'x'.repeat(255) });
});

test('XML that is none is told apart from XML that is wrong', () => {
  for (const xml of [
    '{"Who":"x"}',
    `[${'{}'}]`,
    listXml(recordXml()).slice(0, -5),
    listXml(recordXml()).replace('</Who>', '</Whom>'),
    listXml('<ActivityRecord>&nbsp;</ActivityRecord>'),
    `${listXml('')}${listXml('')}`,
  ]) {
    refuse(xml, { code: 'XML_MALFORMED' });
  }
  refuse(`<!DOCTYPE ActivityRecordList>${listXml('').replace(/^.*\n/, '')}`, {
    code: 'XML_DTD_REFUSED',
  });
  refuse(listXml('<a>'.repeat(100)), { code: 'XML_TOO_LARGE' });
  for (const xml of ['', ' \n', '\uFEFF']) refuse(xml, { code: 'RECORD_BODY_EMPTY' });
});

test('what one record may hold is bounded, not how many there are', () => {
  const details = (count: number): string =>
    `<DetailList>${'<Detail><PropertyName/><Before/><After/></Detail>'.repeat(count)}</DetailList>`;
  assert.equal(parseRecordsXml(listXml(recordXml(details(10_000))))[0]?.details.length, 10_000);
  refuseSecond(recordXml(details(10_001)), {
    code: 'RECORD_DETAILS_TOO_MANY',
    location: SECOND,
  });
  refuseSecond(`<ActivityRecord>${'<a/>'.repeat(1_000_000)}</ActivityRecord>`, {
    code: 'XML_TOO_LARGE',
    message: 'The XML has more than 100000 elements',
  });
});

test('more than a thousand records are taken, each with its own number', () => {
  const many = recordXml().repeat(2500);
  assert.equal(parseRecordsXml(listXml(many)).length, 2500);
  refuse(listXml(`${many}<ActivityRecord/>`), {
    code: 'RECORD_ELEMENT_MISSING',
    location: '/ActivityRecordList/ActivityRecord[2501]',
  });
});
