/** From the words behind `witness` to an exit code. */
import { parseArgs } from 'node:util';
import { WitnessError } from '@witness/record';
import { type Command, type CommandIo, commandError, type Invocation } from './command.ts';
import { demoCommand } from './demo.ts';
import { EXIT_CODES } from './exit-codes.ts';
import { formatTable } from './format.ts';
import { importCommand } from './import.ts';
import { planCommand } from './plan.ts';
import { searchCommand } from './search.ts';
import { serveCommand } from './serve.ts';
import { statusCommand } from './status.ts';
import { userCommand } from './user.ts';
import { windowsCommand } from './windows.ts';

const COMMANDS: readonly Command[] = [
  serveCommand,
  importCommand,
  searchCommand,
  userCommand,
  planCommand,
  windowsCommand,
  statusCommand,
  demoCommand,
];

/** Every command takes these; they say which data folder and settings it works with. */
export const COMMON_OPTIONS = {
  help: { type: 'boolean', short: 'h' },
  data: { type: 'string' },
  config: { type: 'string' },
  'log-level': { type: 'string' },
  set: { type: 'string', multiple: true },
} as const;

const COMMON_HELP = [
  'For every command:',
  '  --data FOLDER      the data folder (default ./data)',
  '  --config FILE      the settings file (default ./witness.yaml, if there)',
  '  --set KEY=VALUE    any setting, for instance --set listeners.integration-api.port=19699',
  '  --log-level LEVEL  debug, info, warn or error',
].join('\n');

const generalHelp = (): string =>
  [
    'Witness tells who did what, when and where.',
    '',
    'Usage: witness <command> [options]',
    '',
    formatTable(COMMANDS.map(({ name, summary }) => [`  ${name}`, summary])),
    '',
    '`witness <command> --help` explains one.',
    '',
    COMMON_HELP,
    '',
  ].join('\n');

const commandHelp = ({ usage, summary, help, options = {} }: Command): string => {
  const own = Object.entries(options).map(([name, { type, short }]) => {
    const shown = short ? `-${short}, --${name}` : `--${name}`;
    return type === 'boolean' ? shown : `${shown} VALUE`;
  });
  return [
    `Usage: witness ${usage}`,
    '',
    `${summary}.`,
    '',
    help,
    '',
    ...(own.length > 0 ? [`Options: ${own.join(', ')}`, ''] : []),
    COMMON_HELP,
    '',
  ].join('\n');
};

const nearestCommand = (name: string): string => {
  const near = COMMANDS.find(
    (command) => command.name.startsWith(name.slice(0, 2)) || name.startsWith(command.name),
  );
  return near ? `; did you mean ${near.name}?` : '';
};

const parseInvocation = (command: Command, args: readonly string[]): Invocation => {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { ...COMMON_OPTIONS, ...command.options },
      allowPositionals: true,
      strict: true,
    });
    return { values, words: positionals };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw commandError('COMMAND_USAGE', { command: command.name, reason }, { cause });
  }
};

const EXIT_CODE_OF_ERROR: Readonly<Record<string, number>> = {
  COMMAND_UNKNOWN: EXIT_CODES.usage,
  COMMAND_USAGE: EXIT_CODES.usage,
  DATA_FOLDER_LOCKED: EXIT_CODES.unreachable,
  CONTROL_UNREACHABLE: EXIT_CODES.unreachable,
  CONTROL_BROKEN: EXIT_CODES.unreachable,
};

/** A typed error in two or three lines; anything else with its stack, since it is a fault of ours. */
const showError = (thrown: unknown, io: CommandIo): number => {
  if (!(thrown instanceof WitnessError)) {
    if (io.signal.aborted) return EXIT_CODES.failed;
    io.error.write(`Internal error: ${thrown instanceof Error ? thrown.stack : String(thrown)}\n`);
    return EXIT_CODES.failed;
  }
  const place = thrown.location && !thrown.message.includes(thrown.location);
  io.error.write(
    `${thrown.message}${place ? `\nat ${thrown.location}` : ''}\n${thrown.advice}\n(${thrown.code})\n`,
  );
  return EXIT_CODE_OF_ERROR[thrown.code] ?? EXIT_CODES.failed;
};

/** Never rejects. */
export const runCommandLine = async (args: readonly string[], io: CommandIo): Promise<number> => {
  const [name = 'help', ...rest] = args;
  if (['help', '--help', '-h'].includes(name)) {
    const asked = COMMANDS.find((command) => command.name === rest[0]);
    io.out.write(asked ? commandHelp(asked) : generalHelp());
    return EXIT_CODES.done;
  }
  try {
    const command = COMMANDS.find((each) => each.name === name);
    if (!command) throw commandError('COMMAND_UNKNOWN', { name, nearest: nearestCommand(name) });
    const invocation = parseInvocation(command, rest);
    if (invocation.values.help) {
      io.out.write(commandHelp(command));
      return EXIT_CODES.done;
    }
    return await command.run(invocation, io);
  } catch (thrown) {
    return showError(thrown, io);
  }
};
