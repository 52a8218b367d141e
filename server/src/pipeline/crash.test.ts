/** Processes killed at any moment: what was acknowledged is there exactly once. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const CHILD = fileURLToPath(new URL('./testing/crash-child.ts', import.meta.url));
const RUNS = 14;
const LIVES_MS_MAX = 160;

/** Gives the acknowledged names. The child is killed so long after it is ready, or ends by itself. */
const runChild = async (args: readonly string[], livesMs?: number): Promise<string[]> => {
  const child = spawn(process.execPath, [CHILD, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const wasReady = output.includes('ready');
    output += text;
    if (!wasReady && output.includes('ready') && livesMs !== undefined) {
      setTimeout(() => child.kill('SIGKILL'), livesMs);
    }
  });
  const exitCode = await new Promise((resolve) => child.once('close', resolve));
  assert.equal(exitCode, livesMs === undefined ? 0 : null);
  return [...output.matchAll(/^ack (\S+)\n/gm)].map(([, name = '']) => name);
};

test('kill -9 at any moment loses nothing and doubles nothing', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'witness-crash-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const acknowledged: string[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const livesMs = (run * 7919) % LIVES_MS_MAX;
    acknowledged.push(...(await runChild([folder, `${run}`, 'until-killed'], livesMs)));
  }
  await runChild([folder, `${RUNS}`, 'drain']);

  const lines = (await readFile(join(folder, 'store.jsonl'), 'utf8')).split('\n').filter(Boolean);
  const stored = lines.flatMap((line) => JSON.parse(line) as { what: string; sequence: string }[]);
  const counts = new Map<string, number>();
  for (const { what } of stored) counts.set(what, (counts.get(what) ?? 0) + 1);

  const records = acknowledged.flatMap((name) => [`${name}/0`, `${name}/1`]);
  assert.ok(records.length > 200, `only ${records.length} acknowledged records`);
  assert.deepEqual(
    records.filter((what) => counts.get(what) !== 1),
    [],
    'acknowledged records that are not there exactly once',
  );
  const damaged = stored.filter(({ what }) => what.includes('unreadable')).length;
  t.diagnostic(
    `${records.length} acknowledged, ${stored.length} stored, ${damaged} cut tails told`,
  );
  assert.deepEqual(
    [...counts].filter(([, count]) => count > 1),
    [],
    'doubled records',
  );
  assert.equal(new Set(stored.map(({ sequence }) => sequence)).size, stored.length);
});
