import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { WitnessError } from '@witness/record';
import { parse } from 'yaml';
import {
  type LoadedSettings,
  loadSettings,
  printSettings,
  readSettingsFile,
  type SettingsInput,
  settingsReference,
} from './index.ts';

const load = (text: string, rest: Partial<SettingsInput> = {}): LoadedSettings =>
  loadSettings({ file: { path: 'witness.yaml', text }, env: {}, ...rest });

const refused = (action: () => unknown): WitnessError => {
  try {
    action();
  } catch (error) {
    assert.ok(error instanceof WitnessError, String(error));
    return error;
  }
  return assert.fail('was accepted');
};

test('nothing given: every default', () => {
  const { settings, origins, warnings } = loadSettings({ env: {} });
  const listener = (port: number) => ({
    enabled: true,
    address: '0.0.0.0',
    port,
    tls: { enabled: true },
  });
  assert.deepEqual(settings, {
    data: './data',
    timeZone: 'UTC',
    log: { level: 'info', format: 'auto' },
    store: {
      engine: 'embedded',
      keepRawEvents: true,
      cluster: { database: 'witness', username: 'default' },
    },
    limits: {
      requestBytesMax: 64 * 1024 * 1024,
      requestSecondsMax: 300,
      connectionsMax: 1000,
      spoolBytesMax: 50 * 1024 ** 3,
      freeBytesMin: 1024 ** 3,
    },
    listeners: {
      'integration-api': listener(9699),
      console: listener(8443),
      'event-forwarding': { enabled: false, address: '0.0.0.0', port: 5986, tls: {} },
      'event-forwarding-kerberos': { enabled: false, address: '0.0.0.0', port: 5985 },
    },
  });
  assert.equal(origins.size, 0);
  assert.deepEqual(warnings, []);
});

test('an empty file, a file of comments and empty groups are nothing given', () => {
  const defaults = loadSettings({ env: {} }).settings;
  for (const text of ['', '# nothing yet\n', 'log:\nstore:\n  cluster:\n', '---\n', 'data: ~\n']) {
    assert.deepEqual(load(text).settings, defaults, text);
  }
});

test('file, then variables, then flags', () => {
  const text = 'data: /from/file\ntimeZone: Europe/Berlin\nlog:\n  level: warn\n  format: json\n';
  const { settings, origins } = load(text, {
    env: {
      WITNESS_DATA: '/from/variable',
      WITNESS_LOG_LEVEL: 'error',
      WITNESS_LISTENERS_INTEGRATION_API_PORT: '19699',
      WITNESS_LISTENERS_CONSOLE_TLS_ENABLED: 'off',
      WITNESS_STORE_KEEP_RAW_EVENTS: 'no',
      WITNESS_LIMITS_REQUEST_BYTES_MAX: '100mb',
      WITNESS_SERVER_NAME: '',
      PATH: '/bin',
    },
    flags: { data: '/from/flag', set: ['log.level=info', 'store.cluster.password=a=b'] },
  });
  assert.equal(settings.data, '/from/flag');
  assert.equal(settings.timeZone, 'Europe/Berlin');
  assert.deepEqual(settings.log, { level: 'info', format: 'json' });
  assert.equal(settings.listeners['integration-api'].port, 19699);
  assert.equal(settings.listeners.console.tls.enabled, false);
  assert.equal(settings.store.keepRawEvents, false);
  assert.equal(settings.store.cluster.password, 'a=b');
  assert.equal(settings.limits.requestBytesMax, 100 * 1024 * 1024);
  assert.equal(settings.serverName, undefined);
  assert.equal(origins.get('data'), '--data');
  assert.equal(origins.get('timeZone'), 'witness.yaml:2:11');
  assert.equal(origins.get('log.level'), '--set log.level');
  assert.equal(origins.get('store.keepRawEvents'), 'WITNESS_STORE_KEEP_RAW_EVENTS');
  assert.equal(origins.get('serverName'), undefined);
});

test('--data and --log-level win over --set', () => {
  const { settings } = load('', {
    flags: { data: 'a', logLevel: 'debug', set: ['data=b', 'log.level=error'] },
  });
  assert.equal(settings.data, 'a');
  assert.equal(settings.log.level, 'debug');
});

test('unknown keys are refused with their place and the nearest key', () => {
  const check = (text: string, location: string, message: RegExp) => {
    const error = refused(() => load(text));
    assert.equal(error.code, 'SETTINGS_KEY_UNKNOWN', text);
    assert.equal(error.location, location, text);
    assert.match(error.message, message);
  };
  check('dat: x', 'witness.yaml:1:1', /unknown setting dat; did you mean data\?$/);
  check('log:\n  levle: info', 'witness.yaml:2:3', /log\.levle; did you mean log\.level\?/);
  check('data: x\nlevel: info', 'witness.yaml:2:1', /did you mean log\.level\?/);
  check(
    'listeners:\n  integration-api:\n    prot: 1',
    'witness.yaml:3:5',
    /did you mean listeners\.integration-api\.port\?/,
  );
  check('listeners: { syslog: { port: 514 } }', 'witness.yaml:1:14', /listeners\.syslog/);
  check('qqqqqqqqqq: 1', 'witness.yaml:1:1', /unknown setting qqqqqqqqqq$/);
  check('Data: x', 'witness.yaml:1:1', /did you mean data\?/);
  check('__proto__: { x: 1 }', 'witness.yaml:1:1', /__proto__/);
});

test('wrong values are refused with their place and what is expected', () => {
  const check = (text: string, location: string, message: RegExp) => {
    const error = refused(() => load(text));
    assert.equal(error.code, 'SETTINGS_VALUE_INVALID', text);
    assert.equal(error.location, location, text);
    assert.match(error.message, message);
  };
  const inLog = (level: string) => `log:\n  level: ${level}`;
  check(inLog('verbose'), 'witness.yaml:2:10', /one of debug, info, warn, error, not "verbose"$/);
  check('timeZone: Mars/Base', 'witness.yaml:1:11', /a time zone name such as Europe\/Berlin/);
  check('data: 12', 'witness.yaml:1:7', /data must be text, not 12/);
  check('data: [a]', 'witness.yaml:1:7', /data must be text, not a list or a group/);
  check('data: ""', 'witness.yaml:1:7', /data must be text, not nothing/);
  check('store: { keepRawEvents: "yes" }', 'witness.yaml:1:25', /true or false, not "yes"/);
  check('limits: { connectionsMax: 10.5 }', 'witness.yaml:1:27', /whole number from 10 to/);
  check('limits: { requestBytesMax: 49 MB }', 'witness.yaml:1:28', /a size of at least 50 MB/);
  check('limits: { requestBytesMax: 64 parsecs }', 'witness.yaml:1:28', /a size of at least/);
  check('limits: { requestBytesMax: -1 }', 'witness.yaml:1:28', /a size of at least/);
  check('log: info', 'witness.yaml:1:6', /log must be a group of settings, not a value/);
  check('- a', 'witness.yaml:1:1', /must be a group of settings/);
  check('listeners:\n console:\n  address: localhost', 'witness.yaml:3:12', /IPv4 or IPv6 address/);
  check('listeners:\n console:\n  port: 65536', 'witness.yaml:3:9', /from 0 to 65535/);
  check('store: { cluster: { url: "ftp://x" } }', 'witness.yaml:1:26', /http or https URL/);
});

test('wrong values of variables and flags name them', () => {
  const byVariable = refused(() => load('', { env: { WITNESS_LOG_LEVEL: 'loud' } }));
  assert.equal(byVariable.location, 'WITNESS_LOG_LEVEL');
  const byFlag = refused(() => load('', { flags: { set: ['listeners.console.port=high'] } }));
  assert.match(byFlag.message, /^--set listeners\.console\.port: .*not "high"$/);
  const unknown = refused(() => load('', { flags: { set: ['log.lvel=debug'] } }));
  assert.equal(unknown.code, 'SETTINGS_KEY_UNKNOWN');
  assert.match(unknown.message, /did you mean log\.level/);
  for (const given of ['data', '=x', '']) {
    assert.equal(
      refused(() => load('', { flags: { set: [given] } })).code,
      'SETTINGS_FLAG_MALFORMED',
    );
  }
});

test('a wrong value that is overridden does no harm', () => {
  const text = 'log:\n  level: loud\n';
  assert.equal(load(text, { flags: { logLevel: 'warn' } }).settings.log.level, 'warn');
});

test('several faults are named together', () => {
  const error = refused(() => load('dat: x\nlog:\n  level: loud\ntimeZone: nowhere\n'));
  assert.equal(error.code, 'SETTINGS_KEY_UNKNOWN');
  assert.match(error.message, /\nalso witness\.yaml:4:11: timeZone/);
  assert.match(error.message, /\nalso witness\.yaml:3:10: log\.level/);
});

test('secrets never stand in errors', () => {
  const error = refused(() => load('store: { cluster: { password: 12345678 } }'));
  assert.equal(error.code, 'SETTINGS_VALUE_INVALID');
  assert.doesNotMatch(`${error.message}${JSON.stringify(error.values)}`, /12345678/);
  const inUrl = refused(() =>
    load('', { env: { WITNESS_STORE_CLUSTER_URL: 'http://witness:hunter22@db.example.test' } }),
  );
  assert.match(inUrl.message, /URL without account and password, not "http:\/\/\*{8}@db/);
  assert.doesNotMatch(JSON.stringify(inUrl.values), /hunter22/);
  const flag = refused(() => load('', { flags: { set: ['store.cluster.pasword=hunter22'] } }));
  assert.doesNotMatch(`${flag.message}${JSON.stringify(flag.values)}`, /hunter22/);
});

test('files that are not YAML are refused with the place', () => {
  const check = (text: string, location: string) => {
    const error = refused(() => load(text));
    assert.equal(error.code, 'SETTINGS_FILE_MALFORMED', text);
    assert.equal(error.location, location);
  };
  check('data: "open', 'witness.yaml:1:12');
  check('data: a\ndata: b', 'witness.yaml:2:1');
  check('log:\n\tlevel: info', 'witness.yaml:2:1');
  check('#'.repeat(1024 * 1024 + 1), 'witness.yaml');
});

test('aliases are followed, expanding ones are harmless', () => {
  const { settings } = load('data: &d /x\nserverName: *d\n');
  assert.equal(settings.serverName, '/x');
  const bomb = `a: &a [x]\n${[...'bcdefghij']
    .map((name, i) => `${name}: &${name} [${`*${'abcdefghij'[i]},`.repeat(9)}]`)
    .join('\n')}\ndata: *j\n`;
  assert.equal(refused(() => load(bomb)).code, 'SETTINGS_KEY_UNKNOWN');
});

test('what belongs together is checked together', () => {
  const check = (text: string, code: string, location: string, message: RegExp) => {
    const error = refused(() => load(text));
    assert.equal(error.code, code, error.message);
    assert.equal(error.location, location);
    assert.match(error.message, message);
  };
  const missing = 'SETTINGS_VALUE_MISSING';
  check(
    'store: { engine: cluster }',
    missing,
    'witness.yaml:1:18',
    /store\.cluster\.url is needed/,
  );
  check(
    'listeners:\n  event-forwarding:\n    enabled: true',
    missing,
    'witness.yaml:3:14',
    /event-forwarding\.tls\.clientCa is needed because .*enabled is true/,
  );
  check(
    'listeners:\n  event-forwarding-kerberos:\n    enabled: true',
    missing,
    'witness.yaml:3:14',
    /keytab is needed/,
  );
  const tls = (name: string) => `listeners:\n  console:\n    tls:\n      ${name}: a.pem`;
  check(
    tls('certificate'),
    missing,
    'witness.yaml:4:20',
    /tls\.key is needed because .*certificate/,
  );
  check(
    tls('key'),
    missing,
    'witness.yaml:4:12',
    /tls\.certificate is needed because .*key is set/,
  );
  const port = 'listeners: { console: { port: 9699 } }';
  check(port, 'SETTINGS_CONFLICT', 'witness.yaml:1:31', /listeners\.integration-api listens there/);
  load('listeners: { console: { port: 9699, enabled: false } }');
  load('listeners: { console: { port: 0 }, integration-api: { port: 0 } }');
  load('store: { engine: cluster, cluster: { url: "http://127.0.0.1:8123" } }');
});

test('unknown variables of our prefix are warned about', () => {
  const { warnings } = load('', {
    env: {
      WITNESS_LOG_LEVLE: 'debug',
      WITNESS_UNRELATED_THING: 'x',
      WITNESS_ADMIN_PASSWORD: 'secret',
      WITNESS_CORPORA: '/x',
      OTHER: 'y',
    },
  });
  assert.equal(warnings.length, 2);
  assert.match(warnings[0] ?? '', /WITNESS_LOG_LEVLE .* did you mean WITNESS_LOG_LEVEL\?/);
  assert.match(warnings[1] ?? '', /^The variable WITNESS_UNRELATED_THING is not a setting/);
});

test('the printout masks secrets, names origins and loads again to the same settings', () => {
  const loaded = load('log:\n  level: debug\n', {
    env: { WITNESS_STORE_CLUSTER_PASSWORD: 'hunter22', WITNESS_SERVER_NAME: 'yes: no # x' },
  });
  const text = printSettings(loaded);
  assert.doesNotMatch(text, /hunter22/);
  assert.match(text, /^ {4}password: "?\*{8}"? # WITNESS_STORE_CLUSTER_PASSWORD$/m);
  assert.match(text, /^ {2}level: debug # witness\.yaml:2:10$/m);
  assert.match(text, /^ {2}requestBytesMax: 64 MB # default$/m);
  assert.match(text, /^ {6}# certificate: not set$/m);
  const again = load(text).settings;
  const { password: _, ...cluster } = loaded.settings.store.cluster;
  assert.deepEqual(again, {
    ...loaded.settings,
    store: { ...loaded.settings.store, cluster: { ...cluster, password: '********' } },
  });
  assert.ok(parse(text));
});

test('the reference has a row for every key with its variable', () => {
  const text = settingsReference();
  const rows = text.split('\n').filter((line) => line.startsWith('| `'));
  const printed = printSettings(loadSettings({ env: {} }));
  const leaves = printed.split('\n').filter((line) => line.includes(' # ') || line.includes('# '));
  assert.equal(rows.length, leaves.length);
  assert.match(
    text,
    /\| `limits\.requestBytesMax` \| `64 MB` \| `WITNESS_LIMITS_REQUEST_BYTES_MAX`/,
  );
  assert.match(text, /`WITNESS_LISTENERS_INTEGRATION_API_TLS_CERTIFICATE`/);
  for (const row of rows)
    assert.match(row, /^\| `[^|]+` \|[^|]*\| `WITNESS_[A-Z_]+` \| .{20,} \|$/);
});

test('the settings file: named, by variable, by default, absent', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'witness-settings-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'x.yaml');
  writeFileSync(path, 'data: /d\n');
  assert.deepEqual(readSettingsFile({ config: path }, {}), { path, text: 'data: /d\n' });
  assert.equal(readSettingsFile({}, { WITNESS_CONFIG: path })?.path, path);
  const absent = refused(() => readSettingsFile({ config: join(folder, 'no.yaml') }, {}));
  assert.equal(absent.code, 'SETTINGS_FILE_UNREADABLE');
  assert.match(absent.message, /no\.yaml cannot be read: ENOENT/);
  assert.equal(refused(() => readSettingsFile({ config: folder }, {})).code, absent.code);
  const before = process.cwd();
  process.chdir(folder);
  t.after(() => process.chdir(before));
  assert.equal(readSettingsFile({}, {}), undefined);
  writeFileSync('witness.yaml', '');
  assert.deepEqual(readSettingsFile({}, {}), { path: 'witness.yaml', text: '' });
});
