/**
 * `npm test`: installs what is missing, then the checks, then all tests with node:test.
 * `npm test -- server/src/store tests/cli.test.ts` runs the tests below those paths only.
 */
import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runNode } from '../server/bin/node-runtime.mjs';
import { installDebianPackages, installPackages, ROOT } from './install.mjs';

/** Independent counterparts the tests compare with. */
const DEBIAN_PACKAGES = [
  ...['libevtx-utils', 'python3-evtx', 'openssl'],
  ...['krb5-kdc', 'krb5-admin-server', 'krb5-user', 'python3-gssapi'],
];
const PACKAGES = ['record', 'server', 'bench', 'tests', 'scripts'];

const testFiles = (path) => {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return [];
  if (stat.isFile()) return path.endsWith('.test.ts') ? [path] : [];
  return readdirSync(path)
    .filter((name) => name !== 'node_modules' && name !== 'testdata')
    .flatMap((name) => testFiles(join(path, name)));
};

installPackages();
const only = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
const flags = process.argv.slice(2).filter((argument) => argument.startsWith('-'));
if (only.length === 0) {
  installDebianPackages(DEBIAN_PACKAGES);
  const checked = await runNode([join(ROOT, 'scripts', 'check.ts')]);
  if (checked !== 0) process.exit(checked);
}
const files = (
  only.length > 0 ? only.map((path) => resolve(path)) : PACKAGES.map((name) => join(ROOT, name))
)
  .flatMap(testFiles)
  .sort();
if (files.length === 0) {
  console.error('No test file there.');
  process.exit(1);
}
const env = {
  ...process.env,
  WITNESS_CORPORA: process.env.WITNESS_CORPORA ?? resolve(ROOT, '..', 'shared', 'testdata'),
};
process.exitCode = await runNode(
  [
    '--test',
    '--test-concurrency=2',
    '--test-timeout=180000',
    '--test-reporter=spec',
    ...flags,
    ...files,
  ],
  { env, cwd: ROOT },
);
