/** Installs what is missing: npm packages always, Debian packages where asked. Plain JavaScript for Node 20. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');

const STAMP = join(ROOT, 'node_modules', '.witness-installed');

const lockHash = () =>
  createHash('sha256')
    .update(readFileSync(join(ROOT, 'package-lock.json')))
    .digest('hex');

/** Runs `npm ci` when node_modules is absent or belongs to another lock file. */
export const installPackages = () => {
  const wanted = lockHash();
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted) return;
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
    process.exit(1);
  }
  writeFileSync(STAMP, wanted);
};

const isInstalled = (name) =>
  spawnSync('dpkg-query', ['-W', '-f=${Status}', name], { encoding: 'utf8' }).stdout?.includes(
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
