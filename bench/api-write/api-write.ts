/**
 * Records a second through the Integration API over HTTPS on loopback: 1,000 records a request, 4 connections, the sender in a process of
 * its own. The reference is the embedded engine taking the same rows ready-made, in the same run on the same machine.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { ADMIN_PASSWORD, startServer } from '../../tests/witness-process.ts';
import { childrenOf, memoryMegabytes, percentile, processorSeconds, round } from '../measure.ts';
import { measureBareEngine } from './bare-engine.ts';

const SECONDS = 20;
const CONNECTIONS = 4;
const RECORDS_PER_REQUEST = 1_000;
/** After the start, for what is still being set up. */
const IDLE_MS = 10_000;

interface Load {
  readonly elapsedMs: number;
  readonly statuses: Readonly<Record<string, number>>;
  readonly records: number;
  readonly bodyBytes: number;
  readonly latenciesMs: readonly number[];
}

const runLoad = async (url: string): Promise<Load> => {
  const authorization = `Basic ${Buffer.from(`admin:${ADMIN_PASSWORD}`).toString('base64')}`;
  const script = join(import.meta.dirname, 'load-generator.ts');
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [script, url, authorization, SECONDS, CONNECTIONS, RECORDS_PER_REQUEST].map(String),
    { maxBuffer: 64 * 1024 * 1024 },
  );
  return JSON.parse(stdout) as Load;
};

const measureServer = async (folder: string) => {
  await using server = await startServer({
    data: join(folder, 'data'),
    args: ['--log-level', 'warn'],
  });
  const pid = server.child.pid ?? 0;
  const [engine = 0] = childrenOf(pid);
  await delay(IDLE_MS);
  const idle = { server: memoryMegabytes(pid).now, engine: memoryMegabytes(engine).now };
  const before = { server: processorSeconds(pid), engine: processorSeconds(engine) };
  const load = await runLoad(server.apiUrl);
  const seconds = {
    server: processorSeconds(pid) - before.server,
    engine: processorSeconds(engine) - before.engine,
  };
  const peak = { server: memoryMegabytes(pid).peak, engine: memoryMegabytes(engine).peak };
  await server.stop();
  return { idle, peak, load, seconds };
};

export const measureApiWrite = async (): Promise<object> => {
  const folder = mkdtempSync(join(tmpdir(), 'witness-bench-'));
  try {
    const bareBefore = await measureBareEngine(join(folder, 'bare-before'));
    const { idle, peak, load, seconds } = await measureServer(folder);
    const bareAfter = await measureBareEngine(join(folder, 'bare-after'));
    const perSecond = (load.records * 1000) / load.elapsedMs;
    const bare = (bareBefore + bareAfter) / 2;
    return {
      recordsPerSecond: Math.round(perSecond),
      bareEngineRecordsPerSecond: Math.round(bare),
      bareEngineRuns: [Math.round(bareBefore), Math.round(bareAfter)],
      shareOfBareEngine: round(perSecond / bare, 3),
      requestMs: {
        p50: round(percentile(load.latenciesMs, 0.5)),
        p95: round(percentile(load.latenciesMs, 0.95)),
      },
      statuses: load.statuses,
      bytesPerRecordOnTheWire: Math.round(load.bodyBytes / RECORDS_PER_REQUEST),
      // The warm-up is in the processor time, not in the count of records.
      processorSecondsOfWarmUpAndLoad: {
        server: round(seconds.server),
        engine: round(seconds.engine),
      },
      memoryMegabytes: { idle, peak },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
