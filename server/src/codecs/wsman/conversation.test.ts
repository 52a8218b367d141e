/** The recorded conversation of a Windows 10 client with Microsoft's own collector, against what is read and written here. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import {
  decompressSldc,
  parseEventXml,
  parseWsmanRequest,
  type WsmanRequest,
  writeAck,
  writeEnumerateResponse,
} from '../index.ts';
import {
  buildEnd,
  buildEnumerate,
  buildEvents,
  buildHeartbeat,
  compressAsWindows,
} from './testing.ts';

const FOLDER = join(process.env.WITNESS_CORPORA ?? '', 'wef-transport', 'openwec');

const recorded = (name: string): string => readFileSync(join(FOLDER, name), 'utf8');

/** The recording is indented for print; on the wire there is no blank between tags, nor around values. */
const unindented = (xml: string): string =>
  xml.replace(/<[^!][^>]*>/g, (tag) => tag.replace(/\s+/g, ' ')).replace(/\s*(<[^>]*>)\s*/g, '$1');

const utf16 = (xml: string): Uint8Array => Buffer.from(`\ufeff${xml}`, 'utf16le');
const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf16le').slice(1);

const conversation = (title: string, run: () => void): void => {
  test(title, (t: TestContext) => {
    if (!existsSync(FOLDER)) return t.skip('corpora absent: wef-transport/openwec');
    return run();
  });
};

const parse = (name: string): WsmanRequest => parseWsmanRequest(utf16(unindented(recorded(name))));

const answerable = <Kind extends WsmanRequest['kind']>(
  name: string,
  kind: Kind,
): Extract<WsmanRequest, { kind: Kind }> => {
  const request = parse(name);
  assert.equal(request.kind, kind);
  return request as Extract<WsmanRequest, { kind: Kind }>;
};

conversation('the Enumerate of Windows is read, and is what the test client writes', () => {
  const request = answerable('01-enumerate.xml', 'enumerate');
  assert.equal(request.header.machineId, 'win10.windomain.local');
  const { to = '', machineId = '', messageId, operationId = '', sessionId = '' } = request.header;
  const built = buildEnumerate({ to, machineId, messageId, operationId, sessionId });
  assert.deepEqual(parseWsmanRequest(built), request);
});

conversation('the answer to it is what Microsoft answers, letter by letter', () => {
  const expected = unindented(recorded('02-enumerate-response.xml'));
  const take = (pattern: RegExp): string => pattern.exec(expected)?.[1] ?? '';
  const { header } = answerable('01-enumerate.xml', 'enumerate');
  const identifier = take(/<e:Identifier>(.*?)</);
  const answer = writeEnumerateResponse(
    { messageId: '45697184-34FA-4722-BF84-AF362DAF7832', to: header, encoding: 'utf-16le' },
    [
      {
        version: identifier,
        identifier,
        messageId: 'A666D835-B462-465E-ACEE-BA6354EA0E58',
        operationId: '24C4926E-F0EB-4F5A-A75F-5F1FA212F124',
        name: 'Toto',
        address: take(/<e:EndTo><a:Address>(.*?)</),
        authentication: { kind: 'kerberos' },
        contentFormat: 'RenderedText',
        contentEncoding: 'UTF-16',
        isCompressed: true,
        ignoresChannelErrors: true,
        heartbeatMs: 3_600_000,
        connectionRetry: { total: 5, intervalMs: 60_000 },
        maxTimeMs: 30_000,
        maxEnvelopeBytes: 512_000,
        locale: 'en-US',
        query: take(/(<QueryList>.*<\/QueryList>)/),
        start: { bookmarkXml: take(/(<BookmarkList>.*<\/BookmarkList>)/) },
      },
    ],
  );
  assert.equal(textOf(answer), expected);
});

conversation('the heartbeat is acknowledged as Microsoft does, letter by letter', () => {
  const request = answerable('04-heartbeat.xml', 'heartbeat');
  const {
    to = '',
    machineId = '',
    messageId,
    operationId = '',
    sessionId = '',
    identifier = '',
  } = request.header;
  const built = buildHeartbeat({ to, machineId, messageId, operationId, sessionId, identifier });
  assert.deepEqual(parseWsmanRequest(built), request);
  const ack = writeAck({
    messageId: '12AAFC00-5BB5-42B5-BE85-077D7C02B8E9',
    to: request.header,
    encoding: request.encoding,
  });
  assert.equal(textOf(ack), unindented(recorded('05-ack.xml')));
  assert.equal(parseWsmanRequest(ack).kind, 'ack');
});

conversation('the end of the conversation is read, and is what the test client writes', () => {
  const request = answerable('03-end.xml', 'end');
  const { messageId = '', operationId = '' } = request.header;
  assert.deepEqual(parseWsmanRequest(buildEnd({ messageId, operationId })), request);
});

conversation('the batch of events is sliced into whole events', () => {
  const request = answerable('06-events.xml', 'events');
  const text = recorded('06-events.xml');
  assert.equal(request.events.length, text.split('<w:Event ').length - 1);
  assert.equal(request.contentFormat, 'RenderedText');
  assert.equal(
    request.header.bookmarkXml,
    '<BookmarkList><Bookmark Channel="Microsoft-Windows-WinRM/Operational" RecordId="149161" IsCurrent="true"/></BookmarkList>',
  );
  const parsed = request.events.map(parseEventXml);
  assert.deepEqual(
    parsed.map(({ recordId }) => recordId),
    parsed.map((_, index) => 149_141 + index),
  );
  assert.ok(parsed.every(({ computer }) => computer === 'win10.windomain.local'));
});

conversation('the batch comes the same through compression and the test client', () => {
  const request = answerable('06-events.xml', 'events');
  const {
    to = '',
    machineId = '',
    messageId,
    operationId = '',
    sessionId = '',
    identifier = '',
  } = request.header;
  const bookmarkXml = request.header.bookmarkXml ?? '';
  const client = { to, machineId, messageId, operationId, sessionId, identifier, bookmarkXml };
  const compressed = compressAsWindows(buildEvents({ ...client, events: request.events }));
  const opened = decompressSldc(compressed, { bytesMax: 1_000_000 });
  assert.deepEqual(parseWsmanRequest(opened), request);
});

conversation('the indented recording reads the same', () => {
  for (const name of ['01-enumerate.xml', '03-end.xml', '04-heartbeat.xml']) {
    assert.deepEqual(parseWsmanRequest(utf16(recorded(name))), parse(name), name);
  }
});
