/** Requests that are wrong, broken, too large, too slow or hostile: a proper answer, nothing lost, nobody else disturbed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connect, type TLSSocket } from 'node:tls';
import { buildEvents, buildHeartbeat, compressAsWindows } from '../../codecs/testing.ts';
import { eventXml, eventXmls } from './testing/event-xml.ts';
import {
  authorities,
  openTestForwarding,
  SUBSCRIPTION,
  type TestForwarding,
} from './testing/open-test-forwarding.ts';
import { pipelineErrorOf } from './testing/pipeline-error.ts';
import { createRecordingSink } from './testing/recording-sink.ts';
import {
  DELIVERY_PATH,
  MANAGER_PATH,
  nextMessageId,
  openWindowsClient,
} from './testing/windows-client.ts';

const delivery = () => ({
  to: DELIVERY_PATH,
  machineId: 'pc1.example.org',
  messageId: nextMessageId(),
  identifier: SUBSCRIPTION.id,
});
const heartbeat = () => buildHeartbeat(delivery());
const utf16 = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le');
const SLDC = { 'Content-Encoding': 'SLDC' };

interface Expected {
  readonly status: number;
  readonly fault?: RegExp;
}

type Case = readonly [
  title: string,
  body: () => Uint8Array,
  expected: Expected,
  how?: { path?: string; method?: string; headers?: Record<string, string> },
];

const INVALID: Expected = { status: 500, fault: /e:InvalidMessage/ };

const CASES: readonly Case[] = [
  [
    'no XML',
    () => Buffer.from('hello'),
    { status: 500, fault: /UnsupportedFeature|InvalidMessage/ },
  ],
  ['no SOAP', () => utf16('<a/>'), INVALID],
  ['half an envelope', () => heartbeat().subarray(0, 800), INVALID],
  ['a document type', () => utf16(`<!DOCTYPE a><a/>`), INVALID],
  ['two envelopes', () => Buffer.concat([heartbeat(), heartbeat().subarray(2)]), INVALID],
  [
    'no MessageID',
    () =>
      Buffer.from(
        Buffer.from(heartbeat())
          .toString('utf16le')
          .replace(/<a:MessageID>.*?<\/a:MessageID>/, ''),
        'utf16le',
      ),
    { status: 500, fault: /a:MessageInformationHeaderRequired/ },
  ],
  [
    'a header nobody understands',
    () =>
      buildHeartbeat({
        ...delivery(),
        extraHeaderXml: '<x:y xmlns:x="z" s:mustUnderstand="true"/>',
      }),
    { status: 500, fault: /s:MustUnderstand/ },
  ],
  [
    'an unknown action',
    () =>
      utf16(
        Buffer.from(heartbeat())
          .toString('utf16le')
          .slice(1)
          .replace('wsman/Heartbeat', 'wsman/Dance'),
      ),
    { status: 500, fault: /a:ActionNotSupported/ },
  ],
  [
    'another subscription',
    () => buildHeartbeat({ ...delivery(), identifier: '319C5353-5F3D-4CD7-A644-F6B69E57C1C1' }),
    { status: 500, fault: /a:DestinationUnreachable/ },
  ],
  [
    'a subscription that is gone',
    () => buildHeartbeat({ ...delivery(), identifier: '319C5353-5F3D-4CD7-A644-F6B69E57C1C1' }),
    { status: 500, fault: /a:DestinationUnreachable/ },
    { path: '/wsman/subscriptions/319C5353-5F3D-4CD7-A644-F6B69E57C1C1/1' },
  ],
  [
    'events for the manager',
    () => buildEvents({ ...delivery(), events: eventXmls(1) }),
    { status: 500, fault: /a:DestinationUnreachable/ },
    { path: MANAGER_PATH },
  ],
  [
    'damaged compression',
    () => {
      const bytes = Buffer.from(compressAsWindows(heartbeat()));
      bytes.fill(0xff, 40, 60);
      return bytes;
    },
    { status: 500, fault: /UnsupportedFeature|InvalidMessage/ },
    { headers: SLDC },
  ],
  [
    'another compression',
    heartbeat,
    { status: 500, fault: /w:UnsupportedFeature/ },
    { headers: { 'Content-Encoding': 'gzip' } },
  ],
  [
    'a compression bomb',
    () => compressAsWindows(utf16('<a>'.repeat(100_000))),
    { status: 500, fault: /w:EncodingLimit/ },
    { headers: SLDC },
  ],
  [
    'an oversize envelope',
    () => Buffer.alloc(300_000, 32),
    { status: 413, fault: /w:EncodingLimit/ },
  ],
  [
    'an oversize envelope in chunks',
    () => Buffer.alloc(300_000, 32),
    { status: 413, fault: /w:EncodingLimit/ },
    { headers: { 'Transfer-Encoding': 'chunked' } },
  ],
  [
    'a length beside chunks',
    heartbeat,
    { status: 400 },
    { headers: { 'Transfer-Encoding': 'chunked', 'Content-Length': '7' } },
  ],
  [
    'encrypted on the wrong port',
    () => Buffer.from('--Encrypted Boundary\r\n'),
    { status: 500, fault: /s:Fault/ },
    { headers: { 'Content-Type': 'multipart/encrypted' } },
  ],
  ['GET', () => Buffer.alloc(0), { status: 405 }, { method: 'GET' }],
  ['the wrong path', heartbeat, { status: 404 }, { path: '/wsman/other' }],
  [
    'the path of another product',
    heartbeat,
    { status: 404 },
    { path: '/netwrix/api/v1/activity_records/' },
  ],
];

test('each wrong request has its answer, and the connection stays good', async () => {
  const sink = createRecordingSink();
  await using server = await openTestForwarding({
    sink,
    settings: { envelopeBytesMax: 100_000, limits: { bodyBytesMax: 200_000 } },
  });
  using client = await openWindowsClient(server);
  for (const [title, body, { status, fault }, how] of CASES) {
    const answer = await client.post(body(), how);
    assert.equal(answer.status, status, title);
    if (fault) assert.match(answer.text, fault, title);
    assert.equal((await client.heartbeat()).status, 200, `after ${title}`);
  }
  assert.deepEqual(sink.batches, []);
  assert.deepEqual(
    server.events.filter(({ level }) => level === 'error' || level === 'warn'),
    [],
  );
});

test('a fault answers the message it is about, in its encoding', async () => {
  await using server = await openTestForwarding({ sink: createRecordingSink() });
  using client = await openWindowsClient(server);
  const { text, bytes } = await client.post(
    buildHeartbeat({
      ...delivery(),
      encoding: 'utf-8',
      messageId: 'uuid:xY',
      identifier: '319C5353-5F3D-4CD7-A644-F6B69E57C1C1',
    }),
    { headers: { 'Content-Type': 'application/soap+xml' } },
  );
  assert.match(text, /<a:RelatesTo>uuid:xY<\/a:RelatesTo>/);
  assert.equal(bytes[0], '<'.charCodeAt(0));
});

const BUSY: readonly [
  code: Parameters<typeof pipelineErrorOf>[0],
  status: number,
  level: string,
][] = [
  ['PIPELINE_BUSY', 503, 'warn'],
  ['PIPELINE_DISK_FULL', 503, 'warn'],
  ['PIPELINE_CLOSED', 503, 'warn'],
  ['PIPELINE_BATCH_INVALID', 500, 'error'],
];

for (const [code, status, level] of BUSY) {
  test(`${code}: not acknowledged, no bookmark, and sent again`, async () => {
    const sink = createRecordingSink();
    await using server = await openTestForwarding({ sink });
    using client = await openWindowsClient(server);
    sink.before = () => {
      throw pipelineErrorOf(code);
    };
    const bookmarkXml =
      '<BookmarkList><Bookmark Channel="Application" RecordId="1"/></BookmarkList>';
    const refused = await client.send(eventXmls(1), { bookmarkXml });
    assert.equal(refused.status, status);
    assert.equal(refused.headers['retry-after'], status === 503 ? '30' : undefined);
    assert.match(refused.text, status === 503 ? /w:QuotaLimit/ : /w:InternalError/);
    assert.doesNotMatch(refused.text, /spool|disk/i);
    assert.ok(
      server.events.some(
        (event) => event.name === 'event-forwarding.request' && event.level === level,
      ),
    );
    assert.match((await client.enumerate()).text, /bookmark\/earliest/);
    sink.before = () => {};
    assert.equal((await client.send(eventXmls(1), { bookmarkXml })).status, 200);
    assert.ok((await client.enumerate()).text.includes(bookmarkXml));
  });
}

test('bodies beyond the bound for all of them are told to come again', async () => {
  const sink = createRecordingSink();
  let release = (): void => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  let arrived = (): void => {};
  const arrival = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  sink.before = async () => {
    arrived();
    await held;
  };
  await using server = await openTestForwarding({
    sink,
    settings: { limits: { bodiesBytesMax: 100_000 } },
  });
  using first = await openWindowsClient(server);
  using second = await openWindowsClient({ ...server, machine: 'pc2.example.org' });
  const waiting = first.send(eventXmls(12));
  await arrival;
  assert.equal((await second.send(eventXmls(12))).status, 503);
  release();
  assert.equal((await waiting).status, 200);
  assert.equal((await second.send(eventXmls(12, 1, 'pc2'))).status, 200);
});

test('subscriptions that do not fit into what the computer takes are a fault, not a torn answer', async () => {
  const selections = Array.from({ length: 50 }, (_, index) => ({ channel: `Channel-${index}` }));
  await using server = await openTestForwarding({
    sink: createRecordingSink(),
    subscriptions: () => [{ ...SUBSCRIPTION, selections }],
  });
  using client = await openWindowsClient(server);
  const { buildEnumerate } = await import('../../codecs/testing.ts');
  const ask = (maxEnvelopeBytes: number) =>
    client.post(buildEnumerate({ ...delivery(), maxEnvelopeBytes }), { path: MANAGER_PATH });
  assert.equal((await ask(512_000)).status, 200);
  const small = await ask(8192);
  assert.equal(small.status, 500);
  assert.match(small.text, /w:EncodingLimit/);
});

test('a definition that is wrong is our fault, and says nothing of it outside', async () => {
  await using server = await openTestForwarding({
    sink: createRecordingSink(),
    subscriptions: () => [{ ...SUBSCRIPTION, id: 'first' }],
  });
  using client = await openWindowsClient(server);
  const { status, text } = await client.enumerate();
  assert.equal(status, 500);
  assert.match(text, /w:InternalError/);
  const told = server.events.find(({ level }) => level === 'error');
  assert.equal(told?.fields?.code, 'FORWARDING_SUBSCRIPTION_INVALID');
});

/** A connection that sends exactly what it is told. */
const openRaw = async (server: TestForwarding): Promise<TLSSocket> => {
  const { ca } = await authorities();
  const { key, cert } = await ca.issue({ dnsNames: ['pc1.example.org'] });
  return await new Promise((resolve, reject) => {
    const socket = connect(
      { host: '127.0.0.1', port: server.port, servername: 'localhost', ca: ca.pem, key, cert },
      () => resolve(socket),
    );
    socket.on('error', reject);
  });
};

/** All bytes until `until` has come or the connection ends. */
const readUntil = (socket: TLSSocket, until: string): Promise<string> =>
  new Promise((resolve) => {
    let text = '';
    const done = () => resolve(text);
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      if (text.includes(until)) done();
    });
    socket.on('close', done).on('error', done);
  });

const headOf = (length: number, more = ''): string =>
  `POST ${DELIVERY_PATH} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/soap+xml;charset=UTF-16\r\nContent-Length: ${length}\r\n${more}\r\n`;

test('Expect: 100-continue is answered before the body is sent', async () => {
  const sink = createRecordingSink();
  await using server = await openTestForwarding({ sink });
  const socket = await openRaw(server);
  const body = buildEvents({ ...delivery(), events: eventXmls(1) });
  socket.write(headOf(body.length, 'Expect: 100-continue\r\n'));
  assert.match(await readUntil(socket, '\r\n\r\n'), /^HTTP\/1\.1 100 Continue\r\n\r\n$/);
  assert.equal(sink.batches.length, 0);
  socket.write(body);
  assert.match(await readUntil(socket, '\r\n\r\n'), /HTTP\/1\.1 200 OK/);
  assert.equal(sink.batches.length, 1);
  socket.destroy();
});

test('Expect: 100-continue for what is refused is told so without the body', async () => {
  await using server = await openTestForwarding({ sink: createRecordingSink() });
  const socket = await openRaw(server);
  socket.write(headOf(1e9, 'Expect: 100-continue\r\n'));
  assert.match(await readUntil(socket, '\r\n\r\n'), /^HTTP\/1\.1 413 /);
  socket.destroy();
});

test('half a body is not taken, whether the connection ends or waits', async () => {
  const sink = createRecordingSink();
  await using server = await openTestForwarding({
    sink,
    settings: { limits: { requestTimeoutMs: 300, headersTimeoutMs: 300, idleTimeoutMs: 5000 } },
  });
  const body = buildEvents({ ...delivery(), events: eventXmls(20) });
  const gone = await openRaw(server);
  gone.write(headOf(body.length));
  gone.write(body.subarray(0, body.length / 2), () => gone.destroy());
  const slow = await openRaw(server);
  slow.write(headOf(body.length));
  slow.write(body.subarray(0, body.length / 2));
  await readUntil(slow, 'never');
  assert.deepEqual(sink.batches, []);
  using client = await openWindowsClient(server);
  assert.equal((await client.send(eventXmls(1))).status, 200);
});

test('a client that goes silent is cut off, one that waits for us is not', async () => {
  const sink = createRecordingSink();
  await using server = await openTestForwarding({
    sink,
    settings: { limits: { idleTimeoutMs: 150 } },
  });
  const silent = await openRaw(server);
  silent.write('POST /wsman');
  const [said] = await Promise.all([readUntil(silent, 'never')]);
  assert.doesNotMatch(said, /200 OK/);
  sink.before = () => new Promise((resolve) => setTimeout(resolve, 500));
  using client = await openWindowsClient(server);
  assert.equal((await client.send(eventXmls(1))).status, 200);
});

test('bytes that are no HTTP are 400, and connections beyond the bound are dropped', async () => {
  await using server = await openTestForwarding({
    sink: createRecordingSink(),
    settings: { limits: { connectionsMax: 2 } },
  });
  const first = await openRaw(server);
  first.write('\x16\x03\x01 nonsense\r\n\r\n');
  assert.match(await readUntil(first, '\r\n\r\n'), /^HTTP\/1\.1 400 /);
  first.destroy();
  const open = await openRaw(server);
  using client = await openWindowsClient(server);
  assert.equal((await client.heartbeat()).status, 200);
  await assert.rejects(openRaw(server));
  open.destroy();
});

test('closing lets what is under way finish', async () => {
  const sink = createRecordingSink();
  let arrived = (): void => {};
  const arrival = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  sink.before = async () => {
    arrived();
    await new Promise((resolve) => setTimeout(resolve, 100));
  };
  const server = await openTestForwarding({ sink });
  using client = await openWindowsClient(server);
  const sent = client.send([eventXml()]);
  await arrival;
  await server[Symbol.asyncDispose]();
  const { status, headers } = await sent;
  assert.deepEqual([status, headers.connection], [200, 'close']);
  await assert.rejects(client.heartbeat());
});
