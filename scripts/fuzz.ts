/**
 * `npm run fuzz [-- name [seed [seconds]]]`: runs the fuzzers (`*.fuzz.ts` beside the parsers), each 60 seconds unless told
 * otherwise. A failing input is printed as hexadecimal with its seed; the exit code is 1.
 */
import { readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What a `*.fuzz.ts` file exports as `fuzz`: makes one input from a random source and checks it; throwing is a finding. */
export interface Fuzz {
  readonly name: string;
  readonly makeInput: (random: () => number) => Uint8Array;
  readonly check: (input: Uint8Array) => void;
}

const ROOT = resolve(import.meta.dirname, '..');

/** Small fast seeded generator (mulberry32), uniform in [0, 1). */
const seededRandom = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
};

const fuzzFiles = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name === 'node_modules') return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return fuzzFiles(path);
    return entry.name.endsWith('.fuzz.ts') ? [path] : [];
  });

/** Runs one fuzzer for a time; gives the number of inputs, or undefined after printing a finding. */
const runFuzz = (fuzz: Fuzz, seed: number, durationMs: number): number | undefined => {
  const endsAt = performance.now() + durationMs;
  let inputs = 0;
  for (let round = seed; performance.now() < endsAt; round += 1) {
    const input = fuzz.makeInput(seededRandom(round));
    try {
      fuzz.check(input);
    } catch (error) {
      console.error(`${fuzz.name}: seed ${round} failed:`, error);
      console.error(`input: ${Buffer.from(input).toString('hex')}`);
      return undefined;
    }
    inputs += 1;
  }
  return inputs;
};

const [wanted, seedText = '1', secondsText = '60'] = process.argv.slice(2);
let failures = 0;
for (const file of [...fuzzFiles(join(ROOT, 'record')), ...fuzzFiles(join(ROOT, 'server'))]) {
  const name = basename(file, '.fuzz.ts');
  if (wanted && wanted !== 'all' && wanted !== name) continue;
  const { fuzz } = (await import(pathToFileURL(file).href)) as { fuzz: Fuzz };
  const inputs = runFuzz(fuzz, Number(seedText), Number(secondsText) * 1000);
  if (inputs === undefined) failures += 1;
  else console.log(`${fuzz.name}: ${inputs} inputs, clean`);
}
process.exitCode = failures > 0 ? 1 : 0;
