/** A real KDC (MIT, Debian's packages) with a realm of its own in a temporary folder, on a loopback port. */
import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { promisify } from 'node:util';

export const REALM = 'WITNESS.TEST';

const NEEDED = ['/usr/sbin/krb5kdc', '/usr/sbin/kadmin.local', '/usr/bin/kinit'];
const PACKAGES = 'krb5-kdc krb5-admin-server krb5-user python3-gssapi';

/** Debian's own: another one in the path does not see Debian's modules. */
const PYTHON = '/usr/bin/python3';

const hasPackages = (): boolean =>
  NEEDED.every((path) => existsSync(path)) &&
  spawnSync(PYTHON, ['-c', 'import gssapi.raw']).status === 0;

/** Whether the test has to end here: skipped with the way to run it, or failed where it must run. */
export const lacksKerberos = (t: TestContext): boolean => {
  if (hasPackages()) return false;
  const how = `a KDC is needed: apt-get install -y --no-install-recommends ${PACKAGES}`;
  if (process.env.CI) assert.fail(how);
  t.skip(how);
  return true;
};

const run = promisify(execFile);

const freeUdpPort = async (): Promise<number> => {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  return port;
};

export interface Kdc extends AsyncDisposable {
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  /** A principal with random keys, and the keytab that holds them. */
  principal(name: string): Promise<string>;
  /** New keys, in a keytab of their own; those made before no longer fit. */
  changeKeys(name: string): Promise<string>;
  /** Credential cache of a signed-in principal. */
  signIn(name: string): Promise<string>;
}

const READY_TRIES = 100;
const READY_WAIT_MS = 50;

export const openKdc = async (): Promise<Kdc> => {
  const folder = await mkdtemp(join(tmpdir(), 'witness-kdc-'));
  const port = await freeUdpPort();
  const configuration = join(folder, 'krb5.conf');
  const profile = join(folder, 'kdc.conf');
  await writeFile(
    configuration,
    `[libdefaults]\n default_realm = ${REALM}\n dns_lookup_kdc = false\n dns_lookup_realm = false\n rdns = false\n` +
      ` dns_canonicalize_hostname = false\n udp_preference_limit = 32700\n` +
      `[realms]\n ${REALM} = {\n  kdc = 127.0.0.1:${port}\n }\n`,
  );
  await writeFile(
    profile,
    `[kdcdefaults]\n kdc_listen = 127.0.0.1:${port}\n kdc_tcp_listen = ""\n` +
      `[realms]\n ${REALM} = {\n  database_name = ${folder}/principal\n  key_stash_file = ${folder}/stash\n` +
      `  acl_file = ${folder}/acl\n  supported_enctypes = aes256-cts-hmac-sha1-96:normal aes128-cts-hmac-sha1-96:normal\n }\n` +
      `[logging]\n kdc = FILE:${folder}/kdc.log\n admin_server = FILE:${folder}/admin.log\n`,
  );
  const environment = { ...process.env, KRB5_CONFIG: configuration, KRB5_KDC_PROFILE: profile };
  const how = { env: environment, timeout: 20_000 };
  const admin = async (command: string): Promise<void> => {
    await run('/usr/sbin/kadmin.local', ['-r', REALM, '-q', command], how);
  };
  await run('/usr/sbin/kdb5_util', ['create', '-s', '-r', REALM, '-P', 'test'], how);
  const child: ChildProcess = spawn('/usr/sbin/krb5kdc', ['-n'], {
    env: environment,
    stdio: 'ignore',
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const keytabOf = (name: string): string => join(folder, `${name.replace(/\W/g, '_')}.keytab`);

  const tryKinit = async (name: string, cache: string, tries = READY_TRIES): Promise<void> => {
    try {
      await run('/usr/bin/kinit', ['-c', cache, '-k', '-t', keytabOf(name), name], how);
    } catch (error) {
      if (tries <= 1) throw error;
      await new Promise((resolve) => setTimeout(resolve, READY_WAIT_MS));
      await tryKinit(name, cache, tries - 1);
    }
  };

  return {
    folder,
    environment,
    principal: async (name) => {
      await admin(`addprinc -randkey ${name}`);
      await admin(`ktadd -k ${keytabOf(name)} ${name}`);
      return keytabOf(name);
    },
    changeKeys: async (name) => {
      const keytab = join(folder, 'changed.keytab');
      await admin(`ktadd -k ${keytab} ${name}`);
      return keytab;
    },
    signIn: async (name) => {
      const cache = `FILE:${keytabOf(name)}.cache`;
      await tryKinit(name, cache);
      return cache;
    },
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
};
