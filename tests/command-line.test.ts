/** The command line as a process: help, exit codes, and each command with a running server and with none. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import {
  type CommandResult,
  CREATED_USER_LOG,
  corpus,
  type RunningServer,
  recordBody,
  startCommand,
  startServer,
  temporaryFolder,
  witness,
} from './witness-process.ts';

const TIMEOUT = { timeout: 60_000 };
const COMMANDS = ['serve', 'import', 'search', 'user', 'plan', 'status', 'demo'];

let folder: string;
let server: RunningServer;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'witness-test-'));
  server = await startServer({ data: join(folder, 'data') });
});
after(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
});

/** A command against the running server. */
const run = (...args: string[]): Promise<CommandResult> =>
  witness([...args, '--data', server.data]);

const fileOf = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

const lines = (name: string, count: number): string =>
  Array.from(
    { length: count },
    (_, index) => `${JSON.stringify(recordBody(`${name} ${index}`))}\n`,
  ).join('');

test('help, and a wrong command line, which ends with 2', TIMEOUT, async () => {
  const help = await witness([]);
  assert.deepEqual([help.code, help.error], [0, '']);
  for (const name of COMMANDS) assert.match(help.out, new RegExp(`^ {2}${name} {2,}\\w`, 'm'));
  const own = await witness(['import', '--help']);
  assert.match(own.out, /^Usage: witness import <file\|folder>\.\.\./);

  const check = async (args: string[], says: RegExp) => {
    const { code, out, error } = await witness(args, { cwd: folder });
    assert.deepEqual([code, out], [2, ''], error);
    assert.match(error, says);
  };
  await check(['serach'], /no command serach; did you mean search\?/);
  await check(['search', '--jsn'], /no option --jsn; did you mean --json\?/);
  await check(['import'], /at least one file or folder/);
});

test('import and search through the running server', TIMEOUT, async () => {
  const file = fileOf('through.ndjson', lines('through the server', 3));
  const first = await run('import', file, '--json');
  assert.equal(first.code, 0, first.error);
  const counts = JSON.parse(first.out);
  assert.deepEqual([counts.events, counts.added, counts.repeated, counts.rejected], [3, 3, 0, 0]);

  const again = await run('import', file);
  assert.equal(again.code, 0);
  assert.match(again.out, /Read 3 events .*: 0 new records, 3 records already there/);

  const found = await run('search', 'what:"through the server"');
  assert.equal(found.code, 0);
  assert.equal(
    found.out.match(/^2025-05-06 07:08:09 UTC {2}NORTHWIND\\m\.murray {2}/gm)?.length,
    3,
  );
  assert.match(found.error, /3 records found/);

  const asJson = await run('search', 'what:"through the server"', '--json', '--limit', '2');
  const records = asJson.out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.equal(records.length, 2);
  assert.equal(records[0].DataSource, 'Netwrix API');
  assert.equal(asJson.error, '');

  const limited = await run('search', 'what:"through the server"', '--limit', '2');
  assert.match(limited.error, /The newest 2 are shown; --limit 0 shows all/);
  const bad = await run('search', 'when:"yesterday');
  assert.equal(bad.code, 1);
  assert.match(bad.error, /\(SEARCH_\w+\)/);
});

test('what search writes can be imported elsewhere', TIMEOUT, async (t) => {
  const file = fileOf('out.ndjson', lines('moved elsewhere', 5));
  assert.equal((await run('import', file)).code, 0);
  const found = await run('search', 'what:"moved elsewhere"', '--json');
  const copy = fileOf('copy.ndjson', found.out);
  const data = join(temporaryFolder(t), 'data');
  const imported = await witness(['import', copy, '--data', data, '--json']);
  assert.equal(JSON.parse(imported.out).added, 5);
  const there = await witness(['search', 'what:"moved elsewhere"', '--json', '--data', data]);
  const whats = (text: string) =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).What)
      .sort();
  assert.deepEqual(whats(there.out), whats(found.out));
});

test('without a server the commands open the folder themselves', TIMEOUT, async (t) => {
  const log = corpus(t, ...CREATED_USER_LOG);
  if (!log) return;
  const data = join(temporaryFolder(t), 'data');
  const imported = await witness(['import', log, '--data', data]);
  assert.equal(imported.code, 0, imported.error);
  assert.match(imported.out, /: 1 new record, 0 records already there/);
  const again = await witness(['import', log, '--data', data]);
  assert.match(again.out, /: 0 new records, 1 record already there/);
  const found = await witness(['search', 'action:added type:user', '--data', data]);
  assert.match(found.out, /OFFSEC\\lambda-user {2}Added user {2}OFFSEC\\admin-kriss/);
  const status = await witness(['status', '--data', data]);
  assert.equal(status.code, 0);
  assert.match(status.out, /no server runs on this data folder/);
  assert.match(status.out, /Active Directory {2}1 record {2}last 2020-07-12 05:10:08 UTC/);
});

test(
  'a folder that is locked by a process that does not answer: its id, exit code 3',
  TIMEOUT,
  async (t) => {
    const data = join(temporaryFolder(t), 'data');
    const file = fileOf('locked.ndjson', lines('locked', 1));
    assert.equal((await witness(['import', file, '--data', data])).code, 0);
    const holder = spawn(process.execPath, ['--input-type=module', '--eval', HOLDER], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, FOLDER: data },
    });
    t.after(() => holder.kill('SIGKILL'));
    await once(holder.stdout, 'data');
    for (const args of [['search', 'x'], ['import', file], ['status'], ['serve']]) {
      const { code, error } = await witness([...args, '--data', data]);
      assert.equal(code, 3, `${args[0]}: ${error}`);
      assert.match(error, new RegExp(`in use by process ${holder.pid}\\.`), args[0]);
      assert.match(error, /DATA_FOLDER_LOCKED/);
    }
  },
);

/** Another Witness process that has the folder and serves nobody. */
const HOLDER = `
  import { openDataFolder } from ${JSON.stringify(resolve(import.meta.dirname, '..', 'server', 'src', 'data-folder', 'index.ts'))};
  globalThis.folder = openDataFolder(process.env.FOLDER);
  process.stdin.resume();
  console.log('locked');
`;

test('a server that hangs: its id, exit code 3', TIMEOUT, async (t) => {
  const data = join(temporaryFolder(t), 'data');
  const holder = spawn(process.execPath, ['--input-type=module', '--eval', HOLDER], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, FOLDER: data },
  });
  t.after(() => holder.kill('SIGKILL'));
  await once(holder.stdout, 'data');
  // Takes connections as the kernel does for a stopped process, and never answers.
  const silent = createServer(() => {});
  silent.listen(join(data, 'run', 'control.sock'));
  await once(silent, 'listening');
  t.after(() => silent.close());
  const { code, error } = await witness(['search', 'x', '--data', data]);
  assert.equal(code, 3, error);
  assert.match(error, new RegExp(`in use by process ${holder.pid}\\.`));
});

/** Ends the import when it has come a part of the way, which the journal tells. */
const interrupt = async (child: ChildProcess, importing: Promise<void>): Promise<void> => {
  await importing;
  child.kill('SIGTERM');
};

test('SIGTERM ends an import orderly, and the next one goes on', {
  timeout: 120_000,
}, async (t) => {
  const home = temporaryFolder(t);
  const data = join(home, 'data');
  const file = join(home, 'large.ndjson');
  const count = 60_000;
  writeFileSync(file, lines('interrupted', count));
  const started = startCommand(['import', file, '--data', data, '--log-level', 'debug']);
  const journal = new Promise<void>((found) => {
    const look = setInterval(() => {
      try {
        if (!readdirSync(join(data, 'imports')).some((name) => name.endsWith('.json'))) return;
      } catch {
        return;
      }
      clearInterval(look);
      found();
    }, 20);
    t.after(() => clearInterval(look));
  });
  await interrupt(started.child, Promise.race([journal, started.result.then(() => {})]));
  const ended = await started.result;
  assert.equal(ended.code, 1, ended.out + ended.error);
  assert.match(
    ended.error,
    /Interrupted after [\d,]+ events, which are stored\. The same command goes on/,
  );
  assert.doesNotMatch(ended.error, /Internal error|unsettled/);

  const next = await witness(['import', file, '--data', data, '--json']);
  assert.equal(next.code, 0, next.error);
  assert.match(next.error, /large\.ndjson: going on at [\d.]+ [KM]B of [\d.]+ MB/);
  const counts = JSON.parse(next.out);
  assert.ok(counts.events < count, `${counts.events} events read again`);
  const found = await witness(['status', '--data', data, '--json']);
  assert.equal(JSON.parse(found.out).held.records, count);
});

test('Ctrl+C through the packaged starter ends the server orderly', TIMEOUT, async (t) => {
  const home = temporaryFolder(t);
  const starter = resolve(import.meta.dirname, '..', 'server', 'bin', 'witness.mjs');
  const child = spawn(
    process.execPath,
    [starter, 'serve', '--data', join(home, 'data'), ...FREE_PORTS],
    { stdio: ['ignore', 'pipe', 'pipe'], detached: true },
  );
  let error = '';
  child.stderr.on('data', (chunk: Buffer) => {
    error += chunk.toString('utf8');
  });
  const closed = once(child, 'close');
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
    if (chunk.toString('utf8').includes('Stop with Ctrl+C')) break;
  }
  // A terminal sends it to every process of the group, and the starter passes it on besides.
  process.kill(-(child.pid ?? 0), 'SIGINT');
  const [code] = await closed;
  assert.equal(code, 0, error);
  assert.match(error, /Ending: what has arrived is being stored/);
});

const FREE_PORTS = ['integration-api', 'console'].flatMap((listener) => [
  '--set',
  `listeners.${listener}.port=0`,
  '--set',
  `listeners.${listener}.address=127.0.0.1`,
]);

test('users: add, list, token, remove; the token opens the Integration API', TIMEOUT, async () => {
  const added = await run('user', 'add', 'feeder', '--role', 'contributor');
  assert.equal(added.code, 0, added.error);
  assert.match(
    added.out,
    /^feeder: added as contributor\.\nPassword \(shown this once\): \S{12,}$/m,
  );

  const listed = await run('user', 'list');
  assert.match(listed.out, /^admin +Global administrator/im);
  assert.match(listed.out, /^feeder +contributor/im);

  const token = await run('user', 'token', 'feeder', '--label', 'badge script', '--json');
  assert.equal(token.code, 0, token.error);
  const { token: secret } = JSON.parse(token.out);
  const headers = { authorization: `Bearer ${secret}` };
  const body = JSON.stringify([recordBody('written with a token')]);
  const write = '/activity_records/?format=json';
  assert.equal((await server.api('POST', write, body, headers)).status, 200);
  const read = '/activity_records/enum?format=json';
  assert.equal((await server.api('GET', read, undefined, headers)).status, 401);
  assert.match((await run('user', 'list')).out, /feeder .*tokens: badge script/);

  const twice = await run('user', 'add', 'feeder', '--role', 'reviewer');
  assert.equal(twice.code, 1);
  assert.match(twice.error, /feeder/);
  const wrongRole = await run('user', 'add', 'other', '--role', 'king');
  assert.match(wrongRole.error, /no role king.\nThe roles are .*contributor/);
  const wrongScope = await run(
    'user',
    'add',
    'other',
    '--role',
    'reviewer',
    '--scope',
    'plan:None',
  );
  assert.match(wrongScope.error, /no such plan/);

  const removed = await run('user', 'remove', 'feeder');
  assert.match(removed.out, /feeder: removed, with all tokens/);
  assert.equal((await server.api('POST', write, body, headers)).status, 401);
  assert.equal((await run('user', 'remove', 'feeder')).code, 2);
  const audit = await run('search', 'source:self-audit what:feeder', '--json');
  const actions = audit.out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  for (const action of ['Added', 'Removed']) {
    const record = actions.find(
      ({ Action, ObjectType }) => Action === action && ObjectType === 'User',
    );
    assert.equal(record?.Who, 'Local administrator', `${action}: ${audit.out}`);
  }
});

const PLAN = `name: Doors
dataSources:
  - source: integration-api
    items:
      - name: Badge feed
        type: Integration
`;

test('plans: apply, list, delete, and where a bad one is wrong', TIMEOUT, async () => {
  const file = fileOf('plan.yaml', PLAN);
  const applied = await run('plan', 'apply', '-f', file);
  assert.equal(applied.code, 0, applied.error);
  assert.equal(applied.out, 'Doors: created\n');
  assert.equal((await run('plan', 'apply', '-f', file)).out, 'Doors: unchanged\n');
  assert.match(
    (await run('plan', 'list')).out,
    /^Doors +enabled +integration-api +Badge feed \(Integration\)$/m,
  );
  const [plan] = JSON.parse((await run('plan', 'list', '--json')).out);
  assert.equal(plan.name, 'Doors');

  const body = JSON.stringify([
    recordBody('planned', { MonitoringPlan: { Name: 'doors' }, Item: { Name: 'Badge feed' } }),
  ]);
  assert.equal((await server.api('POST', '/activity_records/?format=json', body)).status, 200);
  const [record] = (await run('search', 'what:planned', '--json')).out.trim().split('\n');
  assert.deepEqual(JSON.parse(record ?? '').MonitoringPlan, { ID: plan.id, Name: 'Doors' });

  const checkBad = async (text: string, says: RegExp) => {
    const { code, error } = await run('plan', 'apply', '-f', fileOf('bad.yaml', text));
    assert.equal(code, 1, error);
    assert.match(error, says);
  };
  await checkBad('name: [', /\b\d+:\d+\b/);
  await checkBad(PLAN.replace('items:', 'itmes:'), /4:5.*|itmes.*items/s);
  await checkBad(
    PLAN.replace('integration-api', 'integration-apo'),
    /integration-apo[\s\S]*at 3:13$/m,
  );
  const missing = await run('plan', 'apply', '-f', join(folder, 'absent.yaml'));
  assert.equal(missing.code, 1);
  assert.match(missing.error, /Cannot read .*absent\.yaml: ENOENT/);

  assert.equal((await run('plan', 'delete', 'Doors')).out, 'Doors: deleted. Its records stay.\n');
  assert.equal((await run('plan', 'delete', 'Doors')).code, 2);
  assert.match((await run('plan', 'list')).out, /There are no monitoring plans/);
});

test('status in words and as JSON', TIMEOUT, async () => {
  const text = await run('status');
  assert.equal(text.code, 0, text.out);
  assert.match(text.out, new RegExp(`runs as process ${server.child.pid}, for \\d+`));
  assert.match(text.out, /^Backlog +nothing waits to be stored$/m);
  assert.match(text.out, /^Integration API +https:\/\/127\.0\.0\.1:\d+\/netwrix\/api\/v1$/m);
  const report = JSON.parse((await run('status', '--json')).out);
  assert.equal(report.processId, server.child.pid);
  assert.equal(report.isServerRunning, true);
  assert.deepEqual(report.problems, []);
  assert.ok(report.held.records > 0);
});

const SECRET = 'a secret of the cluster';

test(
  'settings: file, variables, flags; masked when printed; wrong ones say where',
  TIMEOUT,
  async (t) => {
    const cwd = temporaryFolder(t);
    const settings = (text: string) => writeFileSync(join(cwd, 'witness.yaml'), text);
    settings(`log:\n  level: warn\nstore:\n  cluster:\n    password: ${SECRET}\n`);
    const printed = await witness(['serve', '--print-config', '--set', 'timeZone=Europe/Berlin'], {
      cwd,
      env: { WITNESS_LOG_LEVEL: 'debug' },
    });
    assert.equal(printed.code, 0, printed.error);
    assert.doesNotMatch(printed.out + printed.error, new RegExp(SECRET));
    assert.match(printed.out, /password: "?\*{8}"? # witness\.yaml:5:\d+/);
    assert.match(printed.out, /level: debug # WITNESS_LOG_LEVEL/);
    assert.match(printed.out, /timeZone: Europe\/Berlin # --set/);
    assert.match(printed.out, /serverName: not set/);

    const check = async (text: string, says: RegExp, env = {}) => {
      settings(text);
      const { code, error } = await witness(['search', 'x'], { cwd, env });
      assert.equal(code, 1, error);
      assert.match(error, says);
    };
    await check(
      'log:\n  levl: warn\n',
      /witness\.yaml:2:3: unknown setting log\.levl; did you mean log\.level\?/,
    );
    await check('log:\n  level: loud\n', /witness\.yaml:2:10: log\.level must be /);
    await check('log: [\n', /witness\.yaml:\d+:\d+: not valid YAML/);
    await check('', /WITNESS_LOG_LEVEL.*log\.level must be/, { WITNESS_LOG_LEVEL: 'loud' });
    const absent = await witness(['search', 'x', '--config', 'absent.yaml'], { cwd });
    assert.match(absent.error, /absent\.yaml cannot be read: ENOENT/);
  },
);

test('a variable names the data folder', TIMEOUT, async (t) => {
  const data = join(temporaryFolder(t), 'by variable');
  const file = fileOf('variable.ndjson', lines('by variable', 1));
  assert.equal((await witness(['import', file], { env: { WITNESS_DATA: data } })).code, 0);
  assert.equal(readFileSync(join(data, 'witness.pid'), 'utf8').trim().length > 0, true);
});

test('the reader of the output may go away', TIMEOUT, async () => {
  const file = fileOf('many.ndjson', lines('for a reader that leaves', 20_000));
  assert.equal((await run('import', file)).code, 0);
  const started = startCommand(['search', 'what:leaves', '--limit', '0', '--data', server.data]);
  started.child.stdout?.once('data', () => started.child.stdout?.destroy());
  const { code, error } = await started.result;
  assert.equal(code, 0, error);
  assert.equal(error, '');
});
