/** The conversation over TLS: what a computer says and what it hears. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseWsmanRequest } from '../../codecs/index.ts';
import {
  buildEnd,
  buildEnumerate,
  buildHeartbeat,
  compressAsWindows,
  compressSldc,
} from '../../codecs/testing.ts';
import { eventXml, eventXmls } from './testing/event-xml.ts';
import { openTestForwarding, SUBSCRIPTION } from './testing/open-test-forwarding.ts';
import { createRecordingSink } from './testing/recording-sink.ts';
import {
  DELIVERY_PATH,
  MANAGER_PATH,
  nextMessageId,
  openWindowsClient,
} from './testing/windows-client.ts';

const BOOKMARK =
  '<BookmarkList><Bookmark Channel="Application" RecordId="3" IsCurrent="true"/></BookmarkList>';

test('a computer asks, is given its subscriptions, and sends', async () => {
  const sink = createRecordingSink();
  await using server = await openTestForwarding({ sink });
  using client = await openWindowsClient(server);

  const given = await client.enumerate();
  assert.equal(given.status, 200);
  assert.equal(given.headers['content-type'], 'application/soap+xml;charset=UTF-16');
  assert.match(
    given.text,
    new RegExp(`<a:Address>https://localhost:${server.port}${DELIVERY_PATH}</a:Address>`),
  );
  assert.match(given.text, /<Select Path="Application">\*<\/Select>/);
  assert.match(given.text, new RegExp(`<auth:Thumbprint Role="issuer">${server.ca.thumbprint}<`));
  assert.match(given.text, /bookmark\/earliest/);

  const beat = await client.heartbeat();
  assert.equal(beat.status, 200);
  assert.equal(parseWsmanRequest(beat.bytes).kind, 'ack');

  const sent = await client.send(eventXmls(3), { bookmarkXml: BOOKMARK, messageId: 'uuid:aBc' });
  assert.equal(sent.status, 200);
  const ack = parseWsmanRequest(sent.bytes);
  assert.deepEqual([ack.kind, ack.header.relatesTo], ['ack', 'uuid:aBc']);
  assert.deepEqual(sink.recordIds(), [1, 2, 3]);
  const [batch] = sink.batches;
  assert.equal(batch?.input, 'windows-event-xml');
  assert.deepEqual(batch?.origin, { listener: 'event-forwarding', sender: 'pc1.example.org' });
  assert.equal(batch?.item, undefined);

  const again = await client.enumerate();
  assert.ok(again.text.includes(`<w:Bookmark>${BOOKMARK}</w:Bookmark>`));
});

test('the version of a subscription changes with whatever changes in it, and with nothing else', async () => {
  let definition = SUBSCRIPTION;
  await using server = await openTestForwarding({
    sink: createRecordingSink(),
    subscriptions: () => [definition],
  });
  using client = await openWindowsClient(server);
  const version = async () => /<m:Version>(.*?)</.exec((await client.enumerate()).text)?.[1];
  const first = await version();
  await client.send(eventXmls(1), { bookmarkXml: BOOKMARK });
  assert.equal(await version(), first);
  definition = { ...SUBSCRIPTION, revision: '2' };
  const second = await version();
  definition = { ...SUBSCRIPTION, selections: [{ channel: 'System' }] };
  const third = await version();
  assert.equal(new Set([first, second, third]).size, 3);
  assert.match(first ?? '', /^uuid:[\dA-F]{8}(-[\dA-F]{4}){3}-[\dA-F]{12}$/);
});

const FORMS: readonly [title: string, more: object, events: readonly string[]][] = [
  ['UTF-8', { encoding: 'utf-8' }, eventXmls(2)],
  ['big-endian UTF-16', { encoding: 'utf-16be' }, eventXmls(2)],
  ['escaped events', { form: 'escaped' }, eventXmls(2)],
  ['events as elements', { form: 'elements' }, eventXmls(2)],
  [
    'rendered text',
    {},
    [1, 2].map((recordId) =>
      eventXml({ recordId }).replace(
        '</Event>',
        "<RenderingInfo Culture='de-DE'><Message>Ein Täter</Message></RenderingInfo></Event>",
      ),
    ),
  ],
  ['no acknowledgement asked for', { isAckRequested: false }, eventXmls(2)],
];

for (const [title, more, events] of FORMS) {
  test(`events come as ${title}`, async () => {
    const sink = createRecordingSink();
    await using server = await openTestForwarding({ sink });
    using client = await openWindowsClient(server);
    const { status } = await client.send(events, more);
    assert.equal(status, 'isAckRequested' in more ? 204 : 200);
    assert.deepEqual(
      sink.batches.flatMap((batch) => batch.events.map((bytes) => Buffer.from(bytes).toString())),
      events,
    );
  });
}

test('compressed bodies, and the one that is only called so', async () => {
  const sink = createRecordingSink();
  await using server = await openTestForwarding({ sink });
  using client = await openWindowsClient(server);
  const message = {
    to: DELIVERY_PATH,
    machineId: client.machine,
    messageId: nextMessageId(),
    identifier: SUBSCRIPTION.id,
  };
  const headers = { 'Content-Encoding': 'SLDC' };
  for (const compress of [compressAsWindows, compressSldc]) {
    const { status } = await client.post(compress(buildHeartbeat(message)), { headers });
    assert.equal(status, 200);
  }
  const end = await client.post(buildEnd({ messageId: nextMessageId() }), { headers });
  assert.deepEqual([end.status, end.bytes.length], [204, 0]);
});

test('a batch of many events is one batch', async () => {
  const sink = createRecordingSink();
  await using server = await openTestForwarding({ sink });
  using client = await openWindowsClient(server);
  assert.equal((await client.send(eventXmls(5000))).status, 200);
  assert.equal(sink.batches.length, 1);
  assert.equal(sink.recordIds().length, 5000);
});

test('what is dropped and what ends becomes a record before it is acknowledged', async () => {
  const sink = createRecordingSink();
  await using server = await openTestForwarding({ sink });
  using client = await openWindowsClient(server);
  assert.equal((await client.send(eventXmls(1), { droppedEvents: 12 })).status, 200);
  const ended = await client.endSubscription();
  assert.equal(parseWsmanRequest(ended.bytes).kind, 'ack');
  assert.deepEqual(
    sink.told().map(({ action, what }) => [action, what]),
    [
      ['Events dropped', 'pc1.example.org: the computer says it dropped 12 events'],
      ['Forwarding ended', 'pc1.example.org: the computer ended its subscription'],
    ],
  );
});

test('one connection carries the whole conversation', async () => {
  await using server = await openTestForwarding({ sink: createRecordingSink() });
  using client = await openWindowsClient(server);
  const connections = new Set<unknown>();
  for (let round = 0; round < 3; round += 1) {
    const { headers } = await client.heartbeat();
    connections.add(headers.connection);
  }
  assert.deepEqual([...connections], ['keep-alive']);
});

test('Identify says what this is', async () => {
  await using server = await openTestForwarding({ sink: createRecordingSink() });
  using client = await openWindowsClient(server);
  const body = Buffer.from(
    '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Header/><s:Body><i:Identify xmlns:i="http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd"/></s:Body></s:Envelope>',
  );
  for (const path of ['/wsman', '/wsman-anon/identify', MANAGER_PATH]) {
    const { status, text } = await client.post(body, {
      path,
      headers: { 'Content-Type': 'application/soap+xml' },
    });
    assert.equal(status, 200);
    assert.match(text, /<i:ProductVendor>Witness</);
  }
});

test('paths are read without letter case, with query and without number', async () => {
  await using server = await openTestForwarding({ sink: createRecordingSink() });
  using client = await openWindowsClient(server);
  const enumerate = () => buildEnumerate({ to: '', machineId: 'pc1', messageId: nextMessageId() });
  const heartbeat = () =>
    buildHeartbeat({
      to: '',
      machineId: 'pc1',
      messageId: nextMessageId(),
      identifier: SUBSCRIPTION.id.toLowerCase(),
    });
  const check = async (path: string, body: Uint8Array, expected: number) =>
    assert.equal((await client.post(body, { path })).status, expected, path);
  await check('/wsman/subscriptionmanager/wec', enumerate(), 200);
  await check('/WSMAN/SubscriptionManager/WEC/?PSVersion=5.1', enumerate(), 200);
  await check(`/wsman/subscriptions/${SUBSCRIPTION.id.toLowerCase()}/7`, heartbeat(), 200);
  await check(`/wsman/subscriptions/{${SUBSCRIPTION.id}}`, heartbeat(), 200);
  await check('/wsman/subscriptions', heartbeat(), 404);
  await check('/', heartbeat(), 404);
});

test('the recorded conversation of Windows is answered', async (t) => {
  const folder = join(process.env.WITNESS_CORPORA ?? '', 'wef-transport', 'openwec');
  if (!existsSync(folder)) return t.skip('corpora absent: wef-transport/openwec');
  const recorded = (name: string): Uint8Array => {
    const xml = readFileSync(join(folder, name), 'utf8');
    const unindented = xml
      .replace(/<[^!][^>]*>/g, (tag) => tag.replace(/\s+/g, ' '))
      .replace(/\s*(<[^>]*>)\s*/g, '$1');
    return Buffer.from(`\ufeff${unindented}`, 'utf16le');
  };
  const sink = createRecordingSink();
  const machine = 'win10.windomain.local';
  await using server = await openTestForwarding({ sink });
  using client = await openWindowsClient({ ...server, machine });
  const given = await client.post(recorded('01-enumerate.xml'), { path: MANAGER_PATH });
  assert.equal(given.status, 200);
  assert.equal((await client.post(recorded('03-end.xml'), { path: MANAGER_PATH })).status, 204);
  assert.equal((await client.post(recorded('04-heartbeat.xml'))).status, 200);
  assert.equal((await client.post(recorded('06-events.xml'))).status, 200);
  const ids = sink.recordIds(machine);
  assert.deepEqual([ids[0], ids.at(-1), sink.told().length], [149_141, 149_161, 0]);
  assert.match((await client.enumerate()).text, /RecordId="149161"/);
});
