/** Files nobody wants to get, each with what an import must make of it. */
import { gzipSync } from 'node:zlib';
import { recordBody } from './witness-process.ts';

export interface BadFile {
  readonly name: string;
  readonly bytes: Uint8Array | string;
  /** Events taken in: new records and rejected ones. */
  readonly good?: number;
  readonly rejected?: number;
  /** Unreadable places. */
  readonly damage?: number;
  /** Reason of the damage, as printed; or of the rejection, as searched for. */
  readonly says?: RegExp;
}

/** xorshift: bytes that look like nothing, the same every time. */
export const noise = (length: number, seed = 1): Buffer => {
  const bytes = Buffer.alloc(length);
  let state = seed | 0 || 1;
  for (let index = 0; index < length; index += 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[index] = state & 0xff;
  }
  return bytes;
};

const line = (what: string, more: Readonly<Record<string, unknown>> = {}): string =>
  `${JSON.stringify(recordBody(what, more))}\n`;

const without = (member: string): string =>
  `${JSON.stringify({ ...recordBody(`without ${member}`), [member]: undefined })}\n`;

const utf16 = (text: string, isBigEndian = false): Buffer => {
  const bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
  return isBigEndian ? bytes.swap16() : bytes;
};

const HUGE = 17 * 1024 * 1024;
const DEEP = 100_000;

const lineFiles: readonly BadFile[] = [
  { name: 'empty.ndjson', bytes: '' },
  { name: 'blank.ndjson', bytes: '\n \n\t\n\r\n' },
  { name: 'text.ndjson', bytes: 'hello\n', rejected: 1, says: /not well-formed JSON/ },
  { name: 'number.ndjson', bytes: '5\n', rejected: 1 },
  { name: 'string.ndjson', bytes: '"text"\n', rejected: 1 },
  { name: 'null.ndjson', bytes: 'null\n', rejected: 1 },
  { name: 'list-in-list.ndjson', bytes: '[[]]\n', rejected: 1 },
  { name: 'empty-object.ndjson', bytes: '{}\n', rejected: 1, says: /is missing/ },
  ...['Who', 'Action', 'What', 'When', 'Where', 'ObjectType'].map((member) => ({
    name: `without-${member}.ndjson`,
    bytes: without(member),
    rejected: 1,
    says: new RegExp(`${member} is missing`),
  })),
  {
    name: 'date.ndjson',
    bytes: line('bad date', { When: '06.05.2024' }),
    rejected: 1,
    says: /is not a date and time .*\/When/,
  },
  {
    name: 'long-who.ndjson',
    bytes: line('long', { Who: 'w'.repeat(256) }),
    rejected: 1,
    says: /255/,
  },
  {
    name: 'unknown-member.ndjson',
    bytes: line('more', { Colour: 'red' }),
    rejected: 1,
    says: /Colour/,
  },
  {
    name: 'nameless-detail.ndjson',
    bytes: line('detail', { DetailList: [{ After: 'x' }] }),
    rejected: 1,
    says: /PropertyName is missing/,
  },
  { name: 'details-object.ndjson', bytes: line('details', { DetailList: { a: 1 } }), rejected: 1 },
  {
    name: 'who-object.ndjson',
    bytes: line('who', { Who: { name: 'x' } }),
    rejected: 1,
    says: /Who/,
  },
  { name: 'proto.ndjson', bytes: line('proto').replace('{', '{"__proto__":{"a":1},'), rejected: 1 },
  { name: 'comma.ndjson', bytes: line('comma').replace('}', ',}'), rejected: 1 },
  { name: 'comment.ndjson', bytes: `// a comment\n${line('comment')}`, good: 1, rejected: 1 },
  { name: 'two-on-a-line.ndjson', bytes: `${line('two a').trim()} ${line('two b')}`, rejected: 1 },
  {
    name: 'pretty.ndjson',
    bytes: `${JSON.stringify(recordBody('pretty'), null, 1)}\n`,
    rejected: 8,
  },
  {
    name: 'cut-off.ndjson',
    bytes: line('before') + line('cut').slice(0, 40),
    good: 1,
    rejected: 1,
  },
  { name: 'between.ndjson', bytes: `x1\n${line('between')}x2\n`, good: 1, rejected: 2 },
  {
    name: 'not-utf8.ndjson',
    bytes: Buffer.from(line('caf\u00e9'), 'latin1'),
    rejected: 1,
    says: /UTF-8/,
  },
  {
    name: 'utf16.ndjson',
    bytes: utf16(line('wide')),
    damage: 1,
    says: /UTF-16; write it as UTF-8/,
  },
  { name: 'utf16-big.ndjson', bytes: utf16(line('wide'), true), damage: 1, says: /UTF-16/ },
  { name: 'nul.ndjson', bytes: `\0\0\0\n${line('after nul')}`, good: 1, rejected: 1 },
  { name: 'noise.ndjson', bytes: noise(200).map((byte) => (byte === 10 ? 11 : byte)), rejected: 1 },
  {
    name: 'gzip.ndjson',
    bytes: gzipSync(line('packed')).map((byte) => (byte === 10 ? 11 : byte)),
    rejected: 1,
  },
  {
    name: 'deep.ndjson',
    bytes: `${'['.repeat(DEEP)}${']'.repeat(DEEP)}\n${line('after deep')}`,
    good: 1,
    rejected: 1,
  },
  {
    name: 'huge-line.ndjson',
    bytes: `${'{'.padEnd(HUGE, 'x')}\n${line('after huge')}`,
    good: 1,
    damage: 1,
    says: /offset 0: The line is longer than/,
  },
  { name: 'surrogate.ndjson', bytes: line('lone').replace('lone', '\\ud800 lone'), good: 1 },
  { name: 'windows.ndjson', bytes: `\ufeff${line('crlf')}`.replaceAll('\n', '\r\n'), good: 1 },
];

const SYSTEM =
  '<System><Provider Name="Microsoft-Windows-Security-Auditing" Guid="{54849625-5478-4994-A5BA-3E3B0328C30D}"/>' +
  '<EventID>4720</EventID><Version>0</Version><Level>0</Level><TimeCreated SystemTime="2025-05-06T07:08:09.123Z"/>' +
  '<EventRecordID>1</EventRecordID><Channel>Security</Channel><Computer>dc1.contoso.test</Computer></System>';

export const eventXml = (user: string, system = SYSTEM, inside = ''): string =>
  `<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event">${system}<EventData>` +
  `<Data Name="TargetUserName">${user}</Data><Data Name="TargetDomainName">CONTOSO</Data>` +
  '<Data Name="TargetSid">S-1-5-21-1-2-3-1105</Data><Data Name="SubjectUserName">admin</Data>' +
  `<Data Name="SubjectDomainName">CONTOSO</Data>${inside}</EventData></Event>`;

const LAUGHS = `<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>`;

const xmlFiles: readonly BadFile[] = [
  {
    name: 'dtd.xml',
    bytes: `${LAUGHS}<Events>${eventXml('&b;')}</Events>`,
    damage: 1,
    says: /DTD|DOCTYPE/i,
  },
  {
    name: 'external.xml',
    bytes: `<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><Events>${eventXml('&f;')}</Events>`,
    damage: 1,
    says: /DTD|DOCTYPE/i,
  },
  {
    name: 'dtd-inside.xml',
    damage: 1,
    bytes: `<Events>${eventXml('x', `${SYSTEM}${LAUGHS}`)}</Events>`,
    says: /DTD|DOCTYPE/i,
  },
  { name: 'entity.xml', bytes: `<Events>${eventXml('&undefined;')}</Events>`, rejected: 1 },
  { name: 'html.xml', bytes: '<html><body>no events</body></html>' },
  { name: 'declaration.xml', bytes: '<?xml version="1.0"?>' },
  { name: 'only-less-than.xml', damage: 1, bytes: '<' },
  { name: 'no-system.xml', bytes: '<Events><Event><EventData/></Event></Events>', rejected: 1 },
  { name: 'empty-event.xml', bytes: '<Events><Event/></Events>', rejected: 1 },
  {
    name: 'bad-id.xml',
    bytes: `<Events>${eventXml('bad-id', SYSTEM.replace('4720', 'many'))}</Events>`,
    rejected: 1,
  },
  {
    name: 'bad-time.xml',
    bytes: `<Events>${eventXml('bad-time', SYSTEM.replace('2025-05-06T07', 'noon'))}</Events>`,
    rejected: 1,
  },
  {
    name: 'mismatch.xml',
    bytes: `<Events>${eventXml('mismatch').replace('</EventData>', '</EventDate>')}</Events>`,
    rejected: 1,
  },
  {
    name: 'twice.xml',
    bytes: `<Events>${eventXml('twice', SYSTEM, '<Data Name="a" Name="b"/>')}</Events>`,
    rejected: 1,
  },
  { name: 'nul.xml', bytes: `<Events>${eventXml('a&#0;b')}</Events>`, rejected: 1 },
  {
    name: 'cut-off.xml',
    bytes: `<Events>${eventXml('whole')}${eventXml('cut').slice(0, 200)}`,
    good: 1,
    damage: 1,
  },
  { name: 'after.xml', bytes: `<Events>${eventXml('then')}</Events> and more`, good: 1 },
  {
    name: 'deep.xml',
    rejected: 1,
    bytes: `<Events>${eventXml('deep', SYSTEM, '<a>'.repeat(DEEP) + '</a>'.repeat(DEEP))}</Events>`,
  },
  { name: 'huge-event.xml', bytes: `<Events>${eventXml('x'.repeat(HUGE))}</Events>`, damage: 1 },
  {
    name: 'latin1.xml',
    damage: 1,
    bytes: Buffer.from(`<Events>${eventXml('caf\u00e9')}</Events>`, 'latin1'),
    says: /valid utf-8/i,
  },
  { name: 'utf16.xml', bytes: utf16(`<Events>${eventXml('wide')}</Events>`), good: 1 },
  {
    name: 'utf16-big.xml',
    bytes: utf16(`<Events>${eventXml('wide-big')}</Events>`, true),
    good: 1,
  },
  {
    name: 'good-among-bad.xml',
    bytes: `<Events><Event><!-- no one --></Event>${eventXml('among')}</Events>`,
    good: 1,
    rejected: 1,
  },
];

/** From a real event log. */
const logFiles = (log: Buffer): readonly BadFile[] => {
  const HEADER = 4096;
  const changed = (at: number, bytes: Uint8Array): Buffer => {
    const copy = Buffer.from(log);
    copy.set(bytes, at);
    return copy;
  };
  return [
    { name: 'empty.evtx', bytes: '', damage: 1 },
    { name: 'signature.evtx', bytes: log.subarray(0, 8), damage: 1 },
    { name: 'header.evtx', bytes: log.subarray(0, HEADER), damage: 1 },
    { name: 'half.evtx', bytes: log.subarray(0, HEADER + 700), damage: 3 },
    { name: 'cut-off.evtx', damage: 1, bytes: log.subarray(0, HEADER + 30_000), good: 1 },
    { name: 'zeros.evtx', bytes: Buffer.alloc(69_632), damage: 1 },
    { name: 'noise.evtx', bytes: noise(200_000), damage: 1 },
    {
      name: 'text.evtx',
      bytes: 'these are not the bytes you are looking for\n'.repeat(200),
      damage: 1,
    },
    {
      name: 'chunk-signature.evtx',
      bytes: changed(HEADER, Buffer.from('Broken!!')),
      good: 1,
      damage: 1,
    },
    { name: 'header-noise.evtx', bytes: changed(8, noise(100)), good: 1 },
    { name: 'record-noise.evtx', bytes: changed(HEADER + 600, noise(300)), damage: 1 },
    { name: 'records-noise.evtx', bytes: changed(HEADER + 512, noise(60_000)), damage: 2 },
    { name: 'no-extension', bytes: log, good: 1 },
    { name: 'named-otherwise.xml', bytes: log, good: 1 },
    { name: 'xml.evtx', bytes: `<Events>${eventXml('misnamed')}</Events>`, damage: 1 },
    { name: 'noise-after.evtx', bytes: Buffer.concat([log, noise(70_000)]), good: 1 },
  ];
};

export const badFiles = (log: Buffer | undefined): readonly BadFile[] => [
  ...lineFiles,
  ...xmlFiles,
  ...(log ? logFiles(log) : []),
];
