import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { WitnessError } from '@witness/record';
import type { NamedEvent } from '../../telemetry/index.ts';
import { createEngineClient, type EngineClient } from '../engine-client.ts';
import { type EngineProcess, startEngineProcess } from './engine-process.ts';

const MEMORY_BYTES = 1024 ** 3;
const ENDLESS = 'SELECT count() FROM numbers(1000000000000) WHERE cityHash64(number) = 1';

const isCode = (code: string) => (error: unknown) =>
  error instanceof WitnessError && error.code === code;

describe('engine host', () => {
  let folder: string;
  let host: EngineProcess;
  let client: EngineClient;
  const events: NamedEvent[] = [];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'witness-engine-test-'));
    host = await startEngineProcess({
      folder,
      memoryBytesMax: MEMORY_BYTES,
      emit: (event) => events.push(event),
    });
    client = createEngineClient({ socketPath: host.socketPath });
  });
  after(async () => {
    await client[Symbol.asyncDispose]();
    await host[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  const running = async (): Promise<number> => {
    const rows = await client.rows(
      "SELECT 1 FROM system.processes WHERE query LIKE '%cityHash64%' AND query NOT LIKE '%processes%'",
    );
    return rows.length;
  };
  const until = async (isDone: () => Promise<boolean>): Promise<void> => {
    for (let attempt = 0; attempt < 2000; attempt += 1) if (await isDone()) return;
    assert.fail('it never came to be');
  };

  it('hands parameters over unchanged, whatever they hold and however long they are', async () => {
    const values = [
      '',
      "'",
      '\\',
      "\\'",
      'a\tb\nc\0d\r',
      '{p0:String}',
      '😀',
      '\\N',
      '%_*',
      "'; SELECT 1; --",
      '\u00ff',
      'x'.repeat(1_000_000),
    ];
    for (const value of values) {
      assert.deepEqual(await client.rows('SELECT {p:String}', { parameters: { p: value } }), [
        [value],
      ]);
    }
    const rows = await client.rows('SELECT {p:Array(String)}, {n:Int64}, {u:UInt64}', {
      parameters: { p: values, n: -5, u: 2n ** 63n },
      settings: { output_format_json_quote_64bit_integers: 1 },
    });
    assert.deepEqual(rows, [[values, '-5', String(2n ** 63n)]]);
  });

  it('keeps parameters and settings of one query from the others', async () => {
    const asked = Array.from({ length: 40 }, (_, index) => index);
    const answers = await Promise.all(
      asked.map((index) =>
        client.rows("SELECT {p:String}, getSetting('max_result_rows')", {
          parameters: { p: `value ${index}` },
          settings: { max_result_rows: 1000 + index },
        }),
      ),
    );
    assert.deepEqual(
      answers.flat(),
      asked.map((index) => [`value ${index}`, 1000 + index]),
    );
    assert.deepEqual(await client.rows("SELECT getSetting('max_result_rows')"), [[0]]);
  });

  it('turns the engine\u2019s errors into ours', async () => {
    const check = (sql: string, code: string, settings = {}) =>
      assert.rejects(client.rows(sql, { settings }), isCode(code));
    await check('SELEKT 1', 'STORE_QUERY_REFUSED');
    await check('SELECT * FROM nowhere', 'STORE_QUERY_REFUSED');
    await check('SELECT {missing:String}', 'STORE_QUERY_REFUSED');
    await check(ENDLESS, 'STORE_TIMEOUT', { max_execution_time: 0.2 });
    await check("SELECT groupArray(repeat('x', 1000)) FROM numbers(1000000)", 'STORE_BUSY', {
      max_memory_usage: 10_000_000,
    });
    await check("SELECT throwIf(1, 'No space left on device')", 'STORE_DISK_FULL');
    await check('SELECT throwIf(1)', 'STORE_ENGINE_ERROR');
  });

  it('ends a query in the engine when whoever asked goes away', async () => {
    const cancel = new AbortController();
    const asked = client.rows(ENDLESS, { signal: cancel.signal });
    await until(async () => (await running()) === 1);
    cancel.abort();
    await assert.rejects(asked, isCode('STORE_CANCELLED'));
    await until(async () => (await running()) === 0);
  });

  it('ends many at once, and serves others meanwhile', async () => {
    const cancel = new AbortController();
    const asked = Array.from({ length: 7 }, () =>
      client.rows(ENDLESS, { signal: cancel.signal }).catch((error: unknown) => error),
    );
    await until(async () => (await running()) === 7);
    assert.deepEqual(await client.rows('SELECT 1'), [[1]]);
    cancel.abort();
    for (const outcome of await Promise.all(asked)) assert.ok(isCode('STORE_CANCELLED')(outcome));
    await until(async () => (await running()) === 0);
  });

  it('refuses a second engine on the same folder', async () => {
    await assert.rejects(
      startEngineProcess({ folder, memoryBytesMax: MEMORY_BYTES, emit: () => {} }),
      isCode('STORE_ENGINE_START_FAILED'),
    );
  });

  it('is started again when it dies, with what was stored', async () => {
    await client.command(
      'CREATE TABLE kept (x UInt8) ENGINE = MergeTree ORDER BY x SETTINGS fsync_after_insert = 1',
    );
    await client.insert('INSERT INTO kept (x)', Uint8Array.from([1, 2, 3]), {});
    const pid = host.pid();
    const asked = client.rows(ENDLESS).catch((error: unknown) => error);
    await until(async () => (await running()) === 1);
    if (pid !== undefined) process.kill(pid, 'SIGKILL');
    assert.ok(isCode('STORE_ENGINE_AWAY')(await asked));
    await until(async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return client.rows('SELECT 1').then(
        () => true,
        (error: unknown) => {
          assert.ok(isCode('STORE_ENGINE_AWAY')(error));
          return false;
        },
      );
    });
    assert.notEqual(host.pid(), pid);
    assert.deepEqual(await client.rows('SELECT sum(x) FROM kept'), [[6]]);
    assert.deepEqual(
      events.map(({ name }) => name),
      ['store.engine-died'],
    );
  });

  it('never outlives its server', async () => {
    const other = await mkdtemp(join(tmpdir(), 'witness-orphan-'));
    const module = fileURLToPath(new URL('./engine-process.ts', import.meta.url));
    const script = `const { startEngineProcess } = await import(${JSON.stringify(module)});
      const host = await startEngineProcess({ folder: ${JSON.stringify(other)}, memoryBytesMax: ${MEMORY_BYTES}, emit: () => {} });
      console.log(JSON.stringify([host.pid(), host.socketPath]));`;
    const server = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [text] = (await once(server.stdout, 'data')) as [Buffer];
    const [orphan, socketPath] = JSON.parse(text.toString()) as [number, string];
    assert.ok(isAlive(orphan));
    server.kill('SIGKILL');
    await once(server, 'exit');
    await until(async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return !isAlive(orphan);
    });
    const runtimeFolder = dirname(socketPath);
    assert.ok(!existsSync(runtimeFolder));
    assert.ok(!existsSync(join('/dev/shm', basename(runtimeFolder))));
    await rm(other, { recursive: true, force: true });
  });
});

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
