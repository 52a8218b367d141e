/** Port 5986: which certificates are let in, as whom, and what the others meet. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Authority,
  createAuthority,
  type LeafRequest,
  type TestCertificate,
} from './testing/authority.ts';
import { eventXmls } from './testing/event-xml.ts';
import { authorities, openTestForwarding } from './testing/open-test-forwarding.ts';
import { createRecordingSink } from './testing/recording-sink.ts';
import { openWindowsClient } from './testing/windows-client.ts';

/** What the client's side of TLS calls it, depending on who is first to give up. */
const REFUSED = { code: /ECONNRESET|EPIPE|ERR_SSL/ };

const refusedByTls = async (leaf: LeafRequest | null, by?: Authority): Promise<void> => {
  const { ca } = await authorities();
  const sink = createRecordingSink();
  await using server = await openTestForwarding({ sink });
  const certificate = leaf && (await (by ?? ca).issue(leaf));
  using client = await openWindowsClient({ port: server.port, certificate });
  await assert.rejects(client.send(eventXmls(1)), REFUSED);
  assert.equal(sink.batches.length, 0);
  assert.ok(server.events.some(({ name }) => name === 'event-forwarding.tls-refused'));
  using good = await openWindowsClient(server);
  assert.equal((await good.heartbeat()).status, 200);
};

const PC1 = { dnsNames: ['pc1.example.org'] };

test('no certificate', () => refusedByTls(null));
test('an expired certificate', () => refusedByTls({ ...PC1, validDays: [-9, -2] }));
test('a certificate of tomorrow', () => refusedByTls({ ...PC1, validDays: [1, 2] }));
test('a certificate for servers only', () => refusedByTls({ ...PC1, usage: 'server' }));
test('a certificate of a stranger', async () =>
  refusedByTls(PC1, await createAuthority('Stranger')));
test('a stranger that bears the name of the authority', async () =>
  refusedByTls(PC1, await createAuthority('Test clients')));

test('a revoked certificate', async () => {
  const { ca } = await authorities();
  const revoked = await ca.issue(PC1);
  const sink = createRecordingSink();
  await using server = await openTestForwarding({
    sink,
    https: { crl: await ca.revoke([revoked.serialNumber]) },
  });
  using client = await openWindowsClient({ port: server.port, certificate: revoked });
  await assert.rejects(client.heartbeat(), REFUSED);
  using other = await openWindowsClient(server);
  assert.equal((await other.heartbeat()).status, 200);
});

test('a revocation list that is out of date lets nobody in, until it is renewed', async () => {
  const { ca, server: own } = await authorities();
  const sink = createRecordingSink();
  await using server = await openTestForwarding({
    sink,
    https: { crl: await ca.revoke([], -0.5) },
  });
  using client = await openWindowsClient(server);
  await assert.rejects(client.heartbeat(), REFUSED);
  server.forwarding.renewTls({ ...own, clientCa: ca.pem, crl: await ca.revoke([]) });
  assert.equal((await client.heartbeat()).status, 200);
});

test('a certificate that is good for TLS but not for us is 403, with a fault and a word in self-audit', async () => {
  const { ca } = await authorities();
  const other = await createAuthority('Other department');
  await using server = await openTestForwarding({
    sink: createRecordingSink(),
    https: { clientCa: ca.pem + other.pem },
  });
  const check = async (certificate: TestCertificate, reason: RegExp): Promise<void> => {
    using client = await openWindowsClient({ port: server.port, certificate });
    for (let round = 0; round < 2; round += 1) {
      const { status, text } = await client.send(eventXmls(1));
      assert.equal(status, 403);
      assert.match(text, /w:AccessDenied/);
    }
    assert.match(server.audited.at(-1)?.details?.[0]?.message ?? '', reason);
  };
  await check(await other.issue(PC1), /issuer that is not accepted/);
  await check(await ca.issue({ commonName: 'Alice Example' }), /names no computer/);
  await check(await ca.issue({ dnsNames: ['*.example.org'] }), /names no computer/);
  assert.equal(server.audited.length, 2);
});

test('authorities in a row: any of them may be the accepted one', async () => {
  const root = await createAuthority('Root');
  const below = await root.subordinate('Below');
  const beside = await root.subordinate('Beside');
  const sink = createRecordingSink();
  const clientCa = root.pem + below.pem + beside.pem;
  const check = async (thumbprint: string, issuer: typeof below, status: number) => {
    const issuerThumbprints = [thumbprint.toLowerCase().replace(/..(?=.)/g, '$& ')];
    await using server = await openTestForwarding({ sink, https: { clientCa, issuerThumbprints } });
    using client = await openWindowsClient({
      port: server.port,
      certificate: await issuer.issue(PC1),
    });
    assert.equal((await client.heartbeat()).status, status);
  };
  await check(root.thumbprint, below, 200);
  await check(below.thumbprint, below, 200);
  await check(below.thumbprint, beside, 403);
});

test('the common name counts where there is no alternative name, and only there', async () => {
  const { ca } = await authorities();
  const sink = createRecordingSink();
  await using server = await openTestForwarding({ sink });
  const check = async (leaf: LeafRequest, machine: string): Promise<void> => {
    using client = await openWindowsClient({
      port: server.port,
      certificate: await ca.issue(leaf),
    });
    await client.send(eventXmls(1));
    assert.equal(
      sink.batches.findLast(({ input }) => input === 'windows-event-xml')?.origin.sender,
      machine,
    );
  };
  await check({ commonName: 'PC5.example.org' }, 'pc5.example.org');
  await check({ commonName: 'pc6.example.org', dnsNames: ['pc7.example.org'] }, 'pc7.example.org');
});

test('a connection does not outlive its certificate', async () => {
  let now = Date.now();
  await using server = await openTestForwarding({ sink: createRecordingSink(), clock: () => now });
  using client = await openWindowsClient(server);
  assert.equal((await client.heartbeat()).status, 200);
  now += 31 * 24 * 3_600_000;
  const { status, headers } = await client.heartbeat();
  assert.deepEqual([status, headers.connection], [403, 'close']);
});

test('TLS sessions are not resumed: each connection is checked', async () => {
  const { connect } = await import('node:tls');
  const { ca } = await authorities();
  await using server = await openTestForwarding({ sink: createRecordingSink() });
  const { key, cert } = await ca.issue(PC1);
  for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
    const open = (session?: Buffer) =>
      new Promise<{ isReused: boolean; session: Buffer | undefined }>((resolve, reject) => {
        const socket = connect(
          {
            port: server.port,
            host: '127.0.0.1',
            servername: 'localhost',
            ca: ca.pem,
            key,
            cert,
            maxVersion,
            ...(session && { session }),
          },
          () => {
            socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
            socket.once('data', () => {
              resolve({ isReused: socket.isSessionReused(), session: socket.getSession() });
              socket.destroy();
            });
          },
        );
        socket.on('error', reject);
      });
    const first = await open();
    assert.equal((await open(first.session)).isReused, false, maxVersion);
  }
});

test('settings that cannot work are refused at once', async () => {
  const sink = createRecordingSink();
  const code = 'FORWARDING_SETTINGS_INVALID';
  await assert.rejects(openTestForwarding({ sink, https: false }), { code });
  await assert.rejects(openTestForwarding({ sink, https: { issuerThumbprints: [] } }), { code });
  await assert.rejects(openTestForwarding({ sink, https: { issuerThumbprints: ['abc'] } }), {
    code,
  });
  await assert.rejects(openTestForwarding({ sink, settings: { heartbeatMs: 0 } }), { code });
  const settings = { envelopeBytesMax: 1e9 };
  await assert.rejects(openTestForwarding({ sink, settings }), { code });
  await assert.rejects(openTestForwarding({ sink, https: { crl: 'nonsense' } }), { code });
  await assert.rejects(openTestForwarding({ sink, https: { key: 'nonsense' } }), { code });
});

test('without a GSSAPI library it says so once and offers HTTPS only', async () => {
  const http = { address: '127.0.0.1', port: 0, keytab: '/absent', servicePrincipal: 'HTTP/x' };
  const arch = Object.getOwnPropertyDescriptor(process, 'arch') ?? {};
  Object.defineProperty(process, 'arch', { ...arch, value: 's390x' });
  try {
    await using server = await openTestForwarding({
      sink: createRecordingSink(),
      settings: { http },
    });
    const told = server.events.filter(({ name }) => name === 'event-forwarding.kerberos-missing');
    assert.equal(told.length, 1);
    assert.equal(told[0]?.level, 'warn');
    const { ports, kerberosTrouble } = server.forwarding.state();
    assert.deepEqual(
      ports.map(({ scheme }) => scheme),
      ['https'],
    );
    assert.match(kerberosTrouble ?? '', /GSSAPI/);
    await assert.rejects(
      openTestForwarding({ sink: createRecordingSink(), https: false, settings: { http } }),
      {
        code: 'FORWARDING_NO_PORT',
      },
    );
  } finally {
    Object.defineProperty(process, 'arch', arch);
  }
});
