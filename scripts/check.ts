/** `npm run check`: format and lint, types, import direction, generated files. Ends with 1 when anything is wrong. */
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { checkImports } from './check-imports.ts';

const ROOT = resolve(import.meta.dirname, '..');

const runs = (script: string, args: readonly string[]): boolean =>
  spawnSync(process.execPath, [join(ROOT, script), ...args], { cwd: ROOT, stdio: 'inherit' })
    .status === 0;

const importDirectionHolds = (): boolean => {
  const findings = checkImports();
  for (const finding of findings) {
    console.error(`${finding.file}:${finding.line} ${finding.text}`);
  }
  return findings.length === 0;
};

const CHECKS: readonly (readonly [name: string, check: () => boolean])[] = [
  ['format and lint', () => runs('node_modules/@biomejs/biome/bin/biome', ['check', '.'])],
  ['types', () => runs('node_modules/typescript/bin/tsc', ['--noEmit', '-p', ROOT])],
  ['import direction', importDirectionHolds],
  ['generated files', () => runs('scripts/generate.ts', ['--check'])],
];

const failed = CHECKS.filter(([, check]) => !check()).map(([name]) => name);
if (failed.length > 0) {
  console.error(`Failed: ${failed.join(', ')}`);
  process.exitCode = 1;
} else {
  console.error('Checked: format, types, import direction, generated files.');
}
