/** Installs what is missing: npm packages always, Debian packages where asked. Plain JavaScript for Node 20. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');

const STAMP = join(ROOT, 'node_modules', '.witness-installed');
const LOCK = join(ROOT, '.witness-installing');

const lockHash = () =>
  createHash('sha256')
    .update(readFileSync(join(ROOT, 'package-lock.json')))
    .digest('hex');

const isCurrent = (wanted) => existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted;

/** Gone without removing its lock when it is older than any installation takes. */
const LOCK_AGE_MS_MAX = 600_000;

const takeLock = () => {
  try {
    mkdirSync(LOCK);
    return true;
  } catch {
    const made = statSync(LOCK, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - made > LOCK_AGE_MS_MAX) rmdirSync(LOCK);
    return false;
  }
};

/** Runs `npm ci` when node_modules is absent or belongs to another lock file; one at a time. */
export const installPackages = () => {
  const wanted = lockHash();
  if (isCurrent(wanted)) return;
  while (!takeLock()) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
  try {
    if (isCurrent(wanted)) return;
    console.error('Installing packages (npm ci) ...');
    const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: ROOT,
      stdio: ['ignore', 2, 2],
      shell: process.platform === 'win32',
    });
    if (status !== 0) {
      console.error(
        'npm ci failed; see above. Check the network and the free disk space, then try again.',
      );
      rmdirSync(LOCK);
      process.exit(1);
    }
    writeFileSync(STAMP, wanted);
  } finally {
    rmdirSync(LOCK);
  }
};

const isInstalled = (name) =>
  spawnSync('dpkg-query', ['-s', name], { encoding: 'utf8' }).stdout?.includes(
    'install ok installed',
  ) ?? false;

/** Installs Debian packages where this runs as root; otherwise says which command to run and ends. */
export const installDebianPackages = (names) => {
  const missing = names.filter((name) => !isInstalled(name));
  if (missing.length === 0) return;
  const command = `apt-get install -y --no-install-recommends ${missing.join(' ')}`;
  if (process.getuid?.() !== 0) {
    console.error(
      `The tests need Debian packages that are not installed. Run:\n\n  sudo ${command}\n`,
    );
    process.exit(1);
  }
  const run = (args) =>
    spawnSync('apt-get', args, {
      stdio: ['ignore', 2, 2],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    }).status;
  console.error(`Installing Debian packages: ${missing.join(' ')} ...`);
  run(['update', '-qq']);
  if (run(['install', '-y', '-qq', '--no-install-recommends', ...missing]) !== 0) {
    console.error(`Failed: ${command}`);
    process.exit(1);
  }
};
