/** Port 5985 against a real KDC, with an independent peer for HTTP and Kerberos. */
import assert from 'node:assert/strict';
import { copyFile } from 'node:fs/promises';
import { after, type TestContext, test } from 'node:test';
import { parseWsmanRequest } from '../../codecs/index.ts';
import {
  buildEnumerate,
  buildEvents,
  buildHeartbeat,
  compressAsWindows,
} from '../../codecs/testing.ts';
import { eventXmls } from './testing/event-xml.ts';
import { type Kdc, lacksKerberos, openKdc, REALM } from './testing/kdc.ts';
import { openKerberosClient } from './testing/kerberos-client.ts';
import {
  openTestForwarding,
  SUBSCRIPTION,
  type TestForwarding,
} from './testing/open-test-forwarding.ts';
import { createRecordingSink } from './testing/recording-sink.ts';
import {
  DELIVERY_PATH,
  MANAGER_PATH,
  nextMessageId,
  textOfAnswer,
} from './testing/windows-client.ts';

const SERVICE = 'HTTP/server.witness.test';
const OTHER_SERVICE = 'HTTP/other.witness.test';
const MACHINE = 'pc1.witness.test';

let kdc: Kdc | undefined;
let keytab = '';

const needKdc = async (t: TestContext): Promise<Kdc | undefined> => {
  if (lacksKerberos(t)) return undefined;
  if (!kdc) {
    kdc = await openKdc();
    keytab = await kdc.principal(SERVICE);
    for (const name of [OTHER_SERVICE, 'PC1$', 'pc2$', 'alice']) await kdc.principal(name);
    // The library of this process reads it when it is first used.
    process.env.KRB5_CONFIG = kdc.environment.KRB5_CONFIG;
  }
  return kdc;
};

after(() => kdc?.[Symbol.asyncDispose]());

const sink = createRecordingSink();
const openServer = (more: object = {}): Promise<TestForwarding> =>
  openTestForwarding({
    sink,
    https: false,
    settings: {
      http: { address: '127.0.0.1', port: 0, keytab, servicePrincipal: SERVICE, ...more },
    },
  });

const service = (name = SERVICE): string => `${name}@${REALM}`;
const base = () => ({ to: 'http://server/', machineId: MACHINE, messageId: nextMessageId() });
const delivery = () => ({ ...base(), identifier: SUBSCRIPTION.id });
const heartbeat = () => buildHeartbeat(delivery());

for (const scheme of ['Kerberos', 'Negotiate'] as const) {
  test(`a computer signs in by ${scheme}, and both sides encrypt`, async (t) => {
    const realm = await needKdc(t);
    if (!realm) return;
    sink.batches.length = 0;
    await using server = await openServer();
    await using client = openKerberosClient(realm, await realm.signIn('PC1$'));
    const signedIn = await client.connect({ port: server.httpPort, service: service(), scheme });
    assert.deepEqual(signedIn, { status: 200, isComplete: true });

    const given = await client.post(buildEnumerate(base()), { path: MANAGER_PATH });
    assert.deepEqual([given.status, given.isSealed], [200, true]);
    const name = scheme === 'Kerberos' ? 'Kerberos' : 'SPNEGO';
    assert.ok(
      given.headers['content-type']?.includes(`application/HTTP-${name}-session-encrypted`),
    );
    const text = textOfAnswer(given.bytes);
    assert.ok(
      text.includes(`<a:Address>http://localhost:${server.httpPort}${DELIVERY_PATH}</a:Address>`),
    );
    assert.ok(text.includes('secprofile/http/spnego-kerberos'));

    assert.equal((await client.post(heartbeat(), { path: DELIVERY_PATH })).status, 200);
    const events = eventXmls(40, 1, MACHINE);
    const sent = await client.post(compressAsWindows(buildEvents({ ...delivery(), events })), {
      path: DELIVERY_PATH,
      headers: { 'Content-Encoding': 'SLDC' },
    });
    assert.equal(parseWsmanRequest(sent.bytes).kind, 'ack');
    assert.equal(sink.recordIds(MACHINE).length, 40);
    assert.equal(sink.told().length, 0);
  });
}

test('events of other computers are not verified: other domains too', async (t) => {
  const realm = await needKdc(t);
  if (!realm) return;
  sink.batches.length = 0;
  await using server = await openServer({ dnsSuffixes: ['branch.example.org'] });
  await using client = openKerberosClient(realm, await realm.signIn('PC1$'));
  await client.connect({ port: server.httpPort, service: service() });
  const names = [
    'pc1',
    'PC1.Witness.Test',
    'pc1.branch.example.org',
    'pc1.elsewhere.example.org',
    'pc2.witness.test',
  ];
  const events = names.flatMap((computer, index) => eventXmls(1, index, computer));
  await client.post(buildEvents({ ...delivery(), events }), { path: DELIVERY_PATH });
  const marked = sink.batches.filter(({ item }) => item !== undefined);
  assert.equal(marked.length, 1);
  assert.equal(marked[0]?.events.length, 2);
  assert.equal(sink.told().length, 2);
});

test('faults are encrypted too, and the session goes on', async (t) => {
  const realm = await needKdc(t);
  if (!realm) return;
  await using server = await openServer();
  await using client = openKerberosClient(realm, await realm.signIn('PC1$'));
  await client.connect({ port: server.httpPort, service: service() });
  const refused = await client.post(Buffer.from('\ufeff<nonsense', 'utf16le'), {
    path: DELIVERY_PATH,
  });
  assert.deepEqual([refused.status, refused.isSealed], [500, true]);
  assert.match(textOfAnswer(refused.bytes), /e:InvalidMessage/);
  assert.equal((await client.post(heartbeat(), { path: DELIVERY_PATH })).status, 200);
});

type Mode = 'plain' | 'signed' | 'tampered' | 'replayed';
const HOSTILE: readonly [mode: Mode, status: number, reason: RegExp][] = [
  ['plain', 403, /encrypted bodies only/],
  ['signed', 401, /signed but not encrypted/],
  ['tampered', 401, /integrity|MIC|Message stream|checksum|signature/i],
  ['replayed', 401, /duplicate|replay|sequence/i],
];

for (const [mode, status, reason] of HOSTILE) {
  test(`a body that is ${mode} is refused, nothing of it is taken, and others go on`, async (t) => {
    const realm = await needKdc(t);
    if (!realm) return;
    sink.batches.length = 0;
    await using server = await openServer();
    await using bad = openKerberosClient(realm, await realm.signIn('PC1$'));
    await using good = openKerberosClient(realm, await realm.signIn('pc2$'));
    for (const one of [bad, good]) await one.connect({ port: server.httpPort, service: service() });
    const body = buildEvents({ ...delivery(), events: eventXmls(1, 1, MACHINE) });
    if (mode === 'replayed') {
      assert.equal((await bad.post(body, { path: DELIVERY_PATH })).status, 200);
      sink.batches.length = 0;
    }
    const refused = await bad.post(body, { path: DELIVERY_PATH, mode });
    assert.equal(refused.status, status);
    assert.deepEqual(sink.recordIds(), []);
    const told = server.events.find(({ fields }) => fields?.status === status);
    assert.equal(told?.level, 'debug');
    const request = server.audited.at(-1)?.details?.[0]?.message ?? textOfAnswer(refused.bytes);
    assert.match(request, reason);
    assert.equal((await good.post(heartbeat(), { path: DELIVERY_PATH })).status, 200);
    // The refused one signs in again.
    await bad.connect({ port: server.httpPort, service: service() });
    assert.equal((await bad.post(heartbeat(), { path: DELIVERY_PATH })).status, 200);
  });
}

test('a sign-in that is replayed gives no way to say anything', async (t) => {
  const realm = await needKdc(t);
  if (!realm) return;
  await using server = await openServer();
  await using client = openKerberosClient(realm, await realm.signIn('PC1$'));
  await client.connect({ port: server.httpPort, service: service() });
  assert.equal((await client.post(heartbeat(), { path: DELIVERY_PATH })).status, 200);
  // The token is good for a new connection, and its keys are of this side's choosing: the recorded body is not taken.
  assert.equal(await client.replayToken(), 200);
  const replayed = await client.post(heartbeat(), { path: DELIVERY_PATH, mode: 'replayed' });
  assert.equal(replayed.status, 401);
});

const REFUSED: readonly [title: string, principal: string, more: object, reason: RegExp][] = [
  [
    'a ticket for another service',
    'PC1$',
    { service: `${OTHER_SERVICE}@${REALM}` },
    /other\.witness\.test|wrong principal/i,
  ],
  ['no mutual authentication', 'PC1$', { mutual: false }, /mutual/],
  ['an account of a person', 'alice', {}, /alice@WITNESS.TEST is no computer account/],
];

for (const [title, principal, more, reason] of REFUSED) {
  test(`refused: ${title}`, async (t) => {
    const realm = await needKdc(t);
    if (!realm) return;
    await using server = await openServer();
    await using client = openKerberosClient(realm, await realm.signIn(principal));
    const { status } = await client.connect({ port: server.httpPort, service: service(), ...more });
    assert.ok([401, 403].includes(status), `${status}`);
    assert.match(server.audited.at(-1)?.details?.[0]?.message ?? '', reason);
  });
}

test('without a sign-in nothing is answered but Identify', async (t) => {
  if (!(await needKdc(t))) return;
  await using server = await openServer();
  const url = `http://127.0.0.1:${server.httpPort}`;
  const post = (path: string, body: string, headers: Record<string, string> = {}) =>
    fetch(`${url}${path}`, { method: 'POST', body, headers });
  const refused = await post(MANAGER_PATH, '<x/>');
  assert.equal(refused.status, 401);
  assert.equal(refused.headers.get('www-authenticate'), 'Negotiate, Kerberos');
  for (const authorization of [
    'Basic YTpi',
    'Negotiate',
    'Kerberos !',
    'Kerberos AAAA',
    `Negotiate ${'A'.repeat(60_000)}`,
  ]) {
    assert.equal((await post(MANAGER_PATH, '', { authorization })).status, 401, authorization);
  }
  const identify =
    '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Header/><s:Body><i:Identify xmlns:i="http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd"/></s:Body></s:Envelope>';
  assert.match(await (await post('/wsman-anon/identify', identify)).text(), /Witness/);
  assert.match(
    await (await post('/wsman', identify, { wsmanidentify: 'unauthenticated' })).text(),
    /Witness/,
  );
  assert.equal((await post('/wsman-anon/identify', '<x/>')).status, 500);
  assert.equal((await post('/wsman-anon/identify', 'x'.repeat(100_000))).status, 413);
  const beat = await fetch(`${url}/wsman-anon/identify`, { method: 'POST', body: heartbeat() });
  assert.equal(beat.status, 401);
});

test('a keytab that does not fit keeps the listener from starting', async (t) => {
  const realm = await needKdc(t);
  if (!realm) return;
  const expected = { code: 'FORWARDING_KERBEROS_KEYTAB' };
  await assert.rejects(openServer({ keytab: `${realm.folder}/absent.keytab` }), expected);
  await assert.rejects(openServer({ servicePrincipal: OTHER_SERVICE }), expected);
});

test('keys changed at the KDC: refused until the keytab has them, without a restart', async (t) => {
  const realm = await needKdc(t);
  if (!realm) return;
  await using server = await openServer();
  const newKeytab = await realm.changeKeys(SERVICE);
  await using client = openKerberosClient(realm, await realm.signIn('pc2$'));
  assert.equal((await client.connect({ port: server.httpPort, service: service() })).status, 401);
  const [detail] = server.audited.at(-1)?.details ?? [];
  assert.match(detail?.message ?? '', /kvno|key version|not found/i);
  await copyFile(newKeytab, keytab);
  assert.equal((await client.connect({ port: server.httpPort, service: service() })).status, 200);
});
