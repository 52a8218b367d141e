import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { EXIT_CODES, runCommandLine } from './index.ts';

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

const run = async (args: readonly string[], env: Record<string, string> = {}): Promise<Ran> => {
  const texts = { out: '', error: '' };
  const code = await runCommandLine(args, {
    out: { write: (text) => (texts.out += text) },
    error: { write: (text) => (texts.error += text) },
    env,
    clock: () => 0,
    randomBytes: (count) => new Uint8Array(count),
    signal: new AbortController().signal,
  });
  return { code, ...texts };
};

const COMMANDS = ['serve', 'import', 'search', 'user', 'plan', 'status', 'demo'];

test('help tells of every command', async () => {
  for (const words of [[], ['help'], ['--help'], ['-h'], ['help', 'frobnicate']]) {
    const { code, out, error } = await run(words);
    assert.deepEqual([code, error], [EXIT_CODES.done, ''], words.join());
    for (const name of COMMANDS) assert.match(out, new RegExp(`^ {2}${name} {2,}\\w`, 'm'));
  }
});

test('each command explains itself, by three ways', async () => {
  for (const name of COMMANDS) {
    const { code, out, error } = await run([name, '--help']);
    assert.deepEqual([code, error], [EXIT_CODES.done, ''], name);
    assert.match(out, new RegExp(`^Usage: witness ${name}`));
    assert.match(out, /--data FOLDER .*\n.*--config FILE .*\n.*--set KEY=VALUE .*\n.*--log-level/);
    assert.doesNotMatch(out, /undefined|\[object/);
    assert.equal((await run([name, '-h'])).out, out);
    assert.equal((await run(['help', name])).out, out);
  }
  assert.match((await run(['plan', '--help'])).out, /Options: --json, -f, --file VALUE/);
});

test('a wrong command line', async () => {
  const check = async (args: string[], says: RegExp) => {
    const { code, out, error } = await run(args);
    assert.deepEqual([code, out], [EXIT_CODES.usage, ''], args.join(' '));
    assert.match(error, says);
    assert.match(error, /\n\(COMMAND_\w+\)\n$/);
  };
  await check(['serach'], /^There is no command serach; did you mean search\?\nRun `witness help`/);
  await check(['frobnicate'], /^There is no command frobnicate\.\n/);
  await check(['search', '--jsn'], /^There is no option --jsn; did you mean --json\?\n/);
  await check(['search', '--dta', 'x'], /did you mean --data\?/);
  await check(['search', '-x'], /^There is no option -x\.\nRun `witness search --help`/);
  await check(['serve', '--json'], /^There is no option --json\.\n/);
  await check(['search', '--limit'], /limit.* argument missing/);
  await check(['search', '--json=yes'], /json.* does not take an argument/);
  await check(['search', '--limit', '-5'], /limit/);
  await check(['search', '--limit', '1e3'], /--limit must be a whole number, not "1e3"/);
  await check(['search', '--limit', '9'.repeat(16)], /--limit must be a whole number/);
  await check(['demo', '--records', 'many'], /--records must be a whole number/);
  await check(['import'], /at least one file or folder/);
  for (const words of [['user'], ['user', 'frobnicate'], ['user', '__proto__']]) {
    await check(words, /Say what to do: user add, user list, user remove, user token/);
  }
  await check(['plan', 'constructor'], /Say what to do: plan list/);
});

const folderOf = (t: TestContext): string => {
  const folder = mkdtempSync(join(tmpdir(), 'witness-commands-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

test('typed errors are shown with place, advice and code', async (t) => {
  const folder = folderOf(t);
  const config = join(folder, 'witness.yaml');
  writeFileSync(config, 'log:\n  levl: info\n');
  const { code, error } = await run(['status', '--config', config]);
  assert.equal(code, EXIT_CODES.failed);
  assert.match(error, /witness\.yaml:2:3: unknown setting log\.levl; did you mean log\.level\?\n/);
  assert.match(error, /\nCorrect the name or remove it\..*\n\(SETTINGS_KEY_UNKNOWN\)\n$/);
  assert.doesNotMatch(error, /^at /m, 'the place is in the sentence already');

  const absent = await run(['import', join(folder, 'absent.evtx'), '--data', folder]);
  assert.equal(absent.code, EXIT_CODES.failed);
  assert.match(
    absent.error,
    /^Cannot read .*absent\.evtx: ENOENT\.\n.*\n\(IMPORT_PATH_UNREADABLE\)\n$/,
  );
});

test('--print-config says where each setting comes from and hides secrets', async (t) => {
  const config = join(folderOf(t), 'witness.yaml');
  writeFileSync(config, 'store:\n  cluster:\n    password: not to be seen\n');
  const env = { WITNESS_LOG_LEVEL: 'warn', WITNESS_CONFIG: config };
  const { code, out, error } = await run(['serve', '--print-config', '--data', '/d'], env);
  assert.deepEqual([code, error], [EXIT_CODES.done, '']);
  assert.doesNotMatch(out, /not to be seen/);
  assert.match(out, /^data: \/d # --data$/m);
  assert.match(out, /level: warn # WITNESS_LOG_LEVEL/);
  assert.match(out, /password: .*\*{8}.* # .*witness\.yaml:3:/);
});
