/** Finds the pinned Node runtime, so that everything runs on it whatever Node the machine has. Plain JavaScript for Node 20. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

export const NODE_MAJOR_WANTED = 24;

const require = createRequire(import.meta.url);

/** Path of a Node of the wanted major version: the running one, or the one npm installed. Undefined when there is none. */
export const findNode = () => {
  if (Number(process.versions.node.split('.')[0]) === NODE_MAJOR_WANTED) return process.execPath;
  try {
    const folder = dirname(
      require.resolve(
        `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}/package.json`,
      ),
    );
    const path = join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
    return existsSync(path) ? path : undefined;
  } catch {
    return undefined;
  }
};

const FORWARDED_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Runs Node with these arguments on this terminal; resolves to its exit code. Signals reach the child. */
export const runNode = (args, { env = process.env, cwd = process.cwd() } = {}) =>
  new Promise((resolve) => {
    const node = findNode();
    if (!node) {
      console.error(
        `Witness needs Node ${NODE_MAJOR_WANTED} and this machine has ${process.version}; there is no packaged runtime for ${process.platform}-${process.arch}. Install Node ${NODE_MAJOR_WANTED} and try again.`,
      );
      resolve(1);
      return;
    }
    const child = spawn(node, args, { stdio: 'inherit', env, cwd });
    const forward = (signal) => child.kill(signal);
    for (const signal of FORWARDED_SIGNALS) process.on(signal, forward);
    child.on('error', (error) => {
      console.error(`The runtime ${node} could not be started: ${error.message}`);
      resolve(1);
    });
    child.on('exit', (code, signal) => resolve(signal ? 1 : (code ?? 1)));
  });
