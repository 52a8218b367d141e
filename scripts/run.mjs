/** Installs what is missing, then runs `witness <args>`, or with `--script <file> <args>` one of the project's scripts. */
import { join } from 'node:path';
import { runNode } from '../server/bin/node-runtime.mjs';
import { installPackages, ROOT } from './install.mjs';

installPackages();
const args = process.argv.slice(2);
process.exitCode = await runNode(
  args[0] === '--script'
    ? [join(ROOT, args[1] ?? ''), ...args.slice(2)]
    : [join(ROOT, 'server', 'src', 'main.ts'), ...args],
);
