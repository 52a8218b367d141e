import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomBytes, X509Certificate } from 'node:crypto';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import type { AddressInfo } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { WitnessError } from '@witness/record';
import type { NamedEvent } from '../telemetry/index.ts';
import {
  type Certificate,
  type EnsureCertificateRequest,
  ensureCertificate,
  loadCertificate,
  serverNames,
  toServerNames,
} from './index.ts';

const DAY_MS = 24 * 3600 * 1000;
const NAMES = ['witness.example.test', 'localhost', '127.0.0.1', '::1'];

const folderOf = (t: TestContext): string => {
  const folder = mkdtempSync(join(tmpdir(), 'witness-certificates-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
};

const ensure = async (
  folder: string,
  rest: Partial<EnsureCertificateRequest> = {},
): Promise<{ certificate: Certificate; events: NamedEvent[] }> => {
  const events: NamedEvent[] = [];
  const certificate = await ensureCertificate({
    folder: join(folder, 'kept'),
    names: NAMES,
    emit: (event) => events.push(event),
    clock: Date.now,
    randomBytes,
    ...rest,
  });
  return { certificate, events };
};

const codeOf = async (action: Promise<unknown>): Promise<string> => {
  try {
    await action;
  } catch (error) {
    assert.ok(error instanceof WitnessError, String(error));
    assert.ok(error.advice.length > 0);
    return error.code;
  }
  return 'accepted';
};

/** What a verifying client sees of a server with this certificate. */
const handshake = async (
  { cert, key }: Certificate,
  client: {
    ca?: string;
    servername?: string;
    maxVersion?: 'TLSv1.2' | 'TLSv1.3';
    ciphers?: string;
  },
): Promise<string> => {
  const server = createServer({ cert, key }, (socket) => socket.end('hello'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  try {
    return await new Promise((resolve) => {
      const socket: TLSSocket = connect({ port, host: '127.0.0.1', ...client });
      let text = '';
      socket.on('data', (chunk) => {
        text += chunk;
      });
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
      socket.on('end', () => resolve(`${text} ${socket.getProtocol()}`));
    });
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
};

test('made on first start, with names, purpose and five years', async (t) => {
  const folder = folderOf(t);
  const { certificate, events } = await ensure(folder);
  const parsed = new X509Certificate(certificate.cert);
  assert.deepEqual(
    events.map(({ name, level }) => [name, level]),
    [['certificates.made', 'info']],
  );
  assert.match(parsed.subject, /^CN=witness\.example\.test$/);
  assert.equal(parsed.issuer, parsed.subject);
  for (const name of ['witness.example.test', 'localhost']) assert.ok(parsed.checkHost(name), name);
  for (const address of ['127.0.0.1', '::1']) assert.ok(parsed.checkIP(address), address);
  assert.equal(parsed.checkHost('other.example.test'), undefined);
  assert.deepEqual(parsed.keyUsage, ['1.3.6.1.5.5.7.3.1']);
  assert.equal(parsed.publicKey.asymmetricKeyDetails?.namedCurve, 'prime256v1');
  assert.equal(parsed.ca, false);
  assert.ok(parsed.verify(parsed.publicKey));
  assert.match(certificate.fingerprint256, /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
  const years = (certificate.notAfter - Date.now()) / (365.25 * DAY_MS);
  assert.ok(years > 4.99 && years < 5.01, String(years));
});

test('the key is for the service only', { skip: process.platform === 'win32' }, async (t) => {
  const folder = folderOf(t);
  await ensure(folder);
  const mode = (name: string): number => statSync(join(folder, 'kept', name)).mode & 0o777;
  assert.equal(mode('private-key.pem'), 0o600);
  assert.equal(mode('certificate.pem'), 0o644);
  chmodSync(join(folder, 'kept', 'private-key.pem'), 0o644);
  await ensure(folder);
  assert.equal(mode('private-key.pem'), 0o600);
  assert.deepEqual(readdirSync(join(folder, 'kept')).sort(), [
    'certificate.pem',
    'private-key.pem',
  ]);
});

test('kept across restarts', async (t) => {
  const folder = folderOf(t);
  const first = await ensure(folder);
  const second = await ensure(folder);
  assert.equal(second.certificate.fingerprint256, first.certificate.fingerprint256);
  assert.equal(second.certificate.key, first.certificate.key);
  assert.deepEqual(second.events, []);
});

test('two certificates share neither key nor serial number', async (t) => {
  const [one, other] = [await ensure(folderOf(t)), await ensure(folderOf(t))];
  const [left, right] = [one, other].map(
    ({ certificate }) => new X509Certificate(certificate.cert),
  );
  assert.notEqual(left?.serialNumber, right?.serialNumber);
  assert.notEqual(one.certificate.key, other.certificate.key);
});

test('TLS handshakes: a client that trusts it, checks the name, and old and new protocols', async (t) => {
  const { certificate } = await ensure(folderOf(t));
  const ca = certificate.cert;
  const trusted = { ca, servername: 'witness.example.test' };
  assert.equal(await handshake(certificate, { ...trusted }), 'hello TLSv1.3');
  const old = {
    ...trusted,
    maxVersion: 'TLSv1.2',
    ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256',
  } as const;
  assert.equal(await handshake(certificate, old), 'hello TLSv1.2');
  assert.equal(await handshake(certificate, { ca }), 'hello TLSv1.3', 'by address');
  const elsewhere = { ca, servername: 'other.example.test' };
  assert.equal(await handshake(certificate, elsewhere), 'ERR_TLS_CERT_ALTNAME_INVALID');
  assert.equal(await handshake(certificate, {}), 'DEPTH_ZERO_SELF_SIGNED_CERT');
});

test('OpenSSL, an independent reader, accepts it as a server certificate', async (t) => {
  const folder = folderOf(t);
  const { certificate } = await ensure(folder);
  const file = join(folder, 'kept', 'certificate.pem');
  const run = (args: string[]) => spawnSync('openssl', args, { encoding: 'utf8' });
  const verified = run(['verify', '-CAfile', file, '-purpose', 'sslserver', '-x509_strict', file]);
  if (verified.error) return t.skip('openssl is not installed');
  assert.match(verified.stdout, /: OK/, verified.stderr);
  const shown = run(['x509', '-in', file, '-noout', '-fingerprint', '-sha256']).stdout;
  assert.ok(shown.includes(certificate.fingerprint256), shown);
});

test('an expiring or expired one is still served, with a warning', async (t) => {
  const folder = folderOf(t);
  const { certificate } = await ensure(folder);
  const check = async (daysLeft: number, expected: string[]) => {
    const clock = () => certificate.notAfter - daysLeft * DAY_MS;
    const again = await ensure(folder, { clock });
    assert.equal(again.certificate.fingerprint256, certificate.fingerprint256);
    assert.deepEqual(
      again.events.map(({ name, level }) => `${name} ${level}`),
      expected,
    );
  };
  await check(31, []);
  await check(29, ['certificates.expiring warn']);
  await check(-1, ['certificates.expiring warn']);
});

test('a new name of the server is told, the certificate stays', async (t) => {
  const folder = folderOf(t);
  const { certificate } = await ensure(folder);
  const names = [...NAMES, 'WITNESS.example.test', 'new.example.test', '0:0:0:0:0:0:0:1'];
  const again = await ensure(folder, { names });
  assert.equal(again.certificate.fingerprint256, certificate.fingerprint256);
  assert.equal(again.events[0]?.name, 'certificates.names-missing');
  assert.equal(again.events[0]?.fields?.missing, 'new.example.test');
});

test('a pair that does not fit together is made anew, and told', async (t) => {
  const folder = folderOf(t);
  const { certificate } = await ensure(folder);
  const other = await ensure(folderOf(t));
  const check = async (name: string, text: string | undefined, level: string) => {
    const file = join(folder, 'kept', name);
    if (text === undefined) rmSync(file);
    else writeFileSync(file, text);
    const again = await ensure(folder);
    assert.notEqual(again.certificate.fingerprint256, certificate.fingerprint256);
    assert.equal(again.events[0]?.name, 'certificates.made');
    assert.equal(again.events[0]?.level, level, name);
    assert.deepEqual((await ensure(folder)).events, []);
  };
  await check('private-key.pem', other.certificate.key, 'warn');
  await check('private-key.pem', '', 'warn');
  await check('certificate.pem', 'broken', 'warn');
  await check('certificate.pem', undefined, 'info');
  await check('private-key.pem', undefined, 'info');
});

test('a folder that cannot be written is an error of its own', async (t) => {
  const folder = folderOf(t);
  writeFileSync(join(folder, 'kept'), 'a file in the way');
  assert.equal(await codeOf(ensure(folder)), 'CERTIFICATE_UNREADABLE');
  const occupied = join(folder, 'occupied');
  mkdirSync(join(occupied, 'private-key.pem.new'), { recursive: true });
  assert.equal(await codeOf(ensure(folder, { folder: occupied })), 'CERTIFICATE_NOT_KEPT');
});

test('certificates given by the administrator are checked', async (t) => {
  const folder = folderOf(t);
  const { certificate } = await ensure(folder);
  const other = await ensure(folderOf(t));
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const good = file('good.pem', certificate.cert);
  const goodKey = file('good.key', certificate.key);
  const chain = file('chain.pem', `${certificate.cert}${other.certificate.cert}`);
  const load = (certificateFile: string, keyFile: string, clock = Date.now) =>
    loadCertificate({ certificateFile, keyFile, clock });
  assert.deepEqual(await load(good, goodKey), certificate);
  assert.equal((await load(chain, goodKey)).fingerprint256, certificate.fingerprint256);
  const check = async (expected: string, ...args: Parameters<typeof load>) =>
    assert.equal(await codeOf(load(...args)), expected);
  const encrypted =
    '-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----';
  await check('CERTIFICATE_UNREADABLE', join(folder, 'none.pem'), goodKey);
  await check('CERTIFICATE_UNREADABLE', good, join(folder, 'none.key'));
  await check('CERTIFICATE_UNREADABLE', folder, goodKey);
  await check('CERTIFICATE_MALFORMED', file('text.pem', 'hello'), goodKey);
  await check('CERTIFICATE_MALFORMED', goodKey, goodKey);
  await check('CERTIFICATE_KEY_MALFORMED', good, file('text.key', 'hello'));
  await check('CERTIFICATE_KEY_MALFORMED', good, file('locked.key', encrypted));
  await check('CERTIFICATE_KEY_MISMATCH', good, file('other.key', other.certificate.key));
  const swapped = file('swapped.pem', `${other.certificate.cert}${certificate.cert}`);
  await check('CERTIFICATE_KEY_MISMATCH', swapped, goodKey);
  await check('CERTIFICATE_EXPIRED', good, goodKey, () => certificate.notAfter);
  await check('CERTIFICATE_NOT_YET_VALID', good, goodKey, () => certificate.notBefore - 1);
});

test('no error shows a key', async (t) => {
  const folder = folderOf(t);
  mkdirSync(join(folder, 'kept'));
  const keyFile = join(folder, 'x.key');
  const certificateFile = join(folder, 'x.pem');
  const { certificate } = await ensure(folder);
  writeFileSync(certificateFile, certificate.cert);
  writeFileSync(keyFile, certificate.key.replace('MIG', 'MIx'));
  const secret = readFileSync(keyFile, 'utf8').slice(40, 80);
  await assert.rejects(loadCertificate({ certificateFile, keyFile, clock: Date.now }), (error) => {
    assert.ok(error instanceof WitnessError);
    assert.ok(!`${error.stack}${JSON.stringify(error)}`.includes(secret));
    return true;
  });
});

test('server names: given first, without doubles and impossible ones, loopback always', async () => {
  const check = (given: (string | undefined)[], expected: string[]) =>
    assert.deepEqual(toServerNames(given), [...expected, 'localhost', '127.0.0.1', '::1']);
  check([], []);
  check(['Witness.Example.Test', undefined, 'witness.example.test'], ['witness.example.test']);
  check(['WIN_SRV01', 'bad name', '', 'a..b', `${'x'.repeat(64)}.test`], ['win_srv01']);
  check(['192.0.2.7', '2001:db8::7'], ['192.0.2.7', '2001:db8::7']);
  const names = await serverNames('audit.example.test');
  assert.equal(names[0], 'audit.example.test');
  assert.ok(names.includes(hostname().toLowerCase()));
});

test('a host name longer than a common name may be is still in the certificate', async (t) => {
  const long = `${'a'.repeat(60)}.example.test`;
  const { certificate } = await ensure(folderOf(t), { names: [long] });
  const parsed = new X509Certificate(certificate.cert);
  assert.equal(parsed.subject, 'CN=Witness');
  assert.ok(parsed.checkHost(long));
});
