/** From the words behind `witness` to an exit code. */
import { parseArgs } from 'node:util';
import { WitnessError } from '@witness/record';
import {
  type Command,
  type CommandIo,
  commandError,
  type Invocation,
  OUTPUT_CLOSED,
} from './command.ts';
import { demoCommand } from './demo.ts';
import { EXIT_CODES } from './exit-codes.ts';
import { formatTable } from './format.ts';
import { importCommand } from './import.ts';
import { nearestName } from './nearest-name.ts';
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
  const near = nearestName(
    name,
    COMMANDS.map((command) => command.name),
  );
  return near ? `; did you mean ${near}?` : '.';
};

/** What `parseArgs` says of an option it does not know holds its name in quotes; the rest of it is about something else. */
const unknownOption = (cause: unknown, known: readonly string[]): string | undefined => {
  if ((cause as NodeJS.ErrnoException).code !== 'ERR_PARSE_ARGS_UNKNOWN_OPTION') return undefined;
  const option = /'(--?[^' ]+)'/.exec((cause as Error).message)?.[1] ?? '';
  const near = nearestName(option.replace(/^--?/, ''), known);
  return `There is no option ${option}${near ? `; did you mean --${near}?` : '.'}`;
};

const parseInvocation = (command: Command, args: readonly string[]): Invocation => {
  const options = { ...COMMON_OPTIONS, ...command.options };
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options,
      allowPositionals: true,
      strict: true,
    });
    return { values, words: positionals };
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    const reason = unknownOption(cause, Object.keys(options)) ?? said;
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

/** What failed first, not what failed while tidying up after it. */
const firstFault = (thrown: unknown): unknown =>
  thrown instanceof SuppressedError ? firstFault(thrown.suppressed) : thrown;

/** A typed error in two or three lines; anything else with its stack, since it is a fault of ours. */
const showError = (thrown: unknown, { error, signal }: CommandIo): number => {
  if (signal.aborted) {
    if (signal.reason === OUTPUT_CLOSED) return EXIT_CODES.done;
    error.write('Ended before it was done, as asked.\n');
    return EXIT_CODES.failed;
  }
  const fault = firstFault(thrown);
  if (!(fault instanceof WitnessError)) {
    error.write(`Internal error: ${fault instanceof Error ? fault.stack : String(fault)}\n`);
    return EXIT_CODES.failed;
  }
  const place = fault.location && !fault.message.includes(fault.location);
  error.write(
    `${fault.message}${place ? `\nat ${fault.location}` : ''}\n${fault.advice}\n(${fault.code})\n`,
  );
  return EXIT_CODE_OF_ERROR[fault.code] ?? EXIT_CODES.failed;
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
