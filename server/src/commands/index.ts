/** The command line: one file a command, thin. */
export { OUTPUT_CLOSED } from './command.ts';
export { EXIT_CODES } from './exit-codes.ts';
export { runCommandLine } from './run-command-line.ts';
