/** Small things every measurement needs: percentiles, the machine, result files. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';

/** The value below which `share` (0..1) of the values lie; nearest rank. */
export const percentile = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return (
    sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? 0
  );
};

export const round = (value: number, digits = 1): number => Number(value.toFixed(digits));

const commit = (): string => {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
};

const machine = () => ({
  processor: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryGigabytes: Math.round(totalmem() / 1024 ** 3),
  node: process.version,
});

/** Writes `bench/results/<name>.json` and prints it. */
export const writeResult = (name: string, figures: object): void => {
  const folder = join(import.meta.dirname, 'results');
  mkdirSync(folder, { recursive: true });
  const result = {
    name,
    at: new Date().toISOString(),
    commit: commit(),
    machine: machine(),
    figures,
  };
  const text = `${JSON.stringify(result, undefined, 2)}\n`;
  writeFileSync(join(folder, `${name}.json`), text);
  console.log(text);
};

/** Resident memory of a process now and at its peak, in MB; Linux only. */
export const memoryMegabytes = (pid: number): { now: number; peak: number } => {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8');
  const read = (key: string): number =>
    Math.round(Number(new RegExp(`${key}:\\s+(\\d+) kB`).exec(text)?.[1] ?? 0) / 1024);
  return { now: read('VmRSS'), peak: read('VmHWM') };
};

/** Child processes of a process, for instance the engine of a server; Linux only. */
export const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .trim()
    .split(' ')
    .filter(Boolean)
    .map(Number);

/** User and system time a process has used so far, in seconds; Linux only. */
export const processorSeconds = (pid: number): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  const ticksPerSecond = 100;
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
};
