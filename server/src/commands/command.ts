import type { ParseArgsConfig, parseArgs } from 'node:util';
import { defineErrors } from '@witness/record';

export const commandError = defineErrors({
  COMMAND_UNKNOWN: {
    message: 'There is no command {name}{nearest}',
    advice: 'Run `witness help` for the list.',
    retry: 'never',
  },
  COMMAND_USAGE: {
    message: '{reason}',
    advice: 'Run `witness {command} --help` for its options.',
    retry: 'never',
  },
  COMMAND_FILE_UNREADABLE: {
    message: 'Cannot read {path}: {reason}.',
    advice: 'Check the path and that this account may read it.',
    retry: 'never',
  },
});

/** Everything a command touches outside its arguments. */
export interface CommandIo {
  readonly out: {
    write(text: string): unknown;
    readonly isTTY?: boolean;
    readonly columns?: number;
  };
  readonly error: {
    write(text: string): unknown;
    readonly isTTY?: boolean;
    readonly columns?: number;
  };
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: () => number;
  readonly randomBytes: (count: number) => Uint8Array;
  /** Aborted when the person or the system asks the command to end. */
  readonly signal: AbortSignal;
}

/** Reason of the signal when nobody reads the output any more; not a wish to end, and no fault. */
export const OUTPUT_CLOSED = 'output closed';

export type OptionTable = NonNullable<ParseArgsConfig['options']>;
export type OptionValues = ReturnType<typeof parseArgs>['values'];

export interface Invocation {
  readonly words: readonly string[];
  readonly values: OptionValues;
}

export interface Command {
  readonly name: string;
  readonly summary: string;
  /** What stands after `witness`, for instance `import <file|folder>...`. */
  readonly usage: string;
  /** Long help below the usage line. */
  readonly help: string;
  /** Own options, beside those every command has. */
  readonly options?: OptionTable;
  /** Resolves to an exit code; typed errors are shown by the caller. */
  run(invocation: Invocation, io: CommandIo): Promise<number>;
}

/** What the first word behind the command asks for; undefined when it is no word of the table. */
export const actionOf = <Action>(
  actions: Readonly<Record<string, Action>>,
  { words: [name = ''] }: Invocation,
): Action | undefined => (Object.hasOwn(actions, name) ? actions[name] : undefined);

/** The text given for an option, or undefined. */
export const textOption = (values: OptionValues, name: string): string | undefined => {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
};

/**
 * The whole number given for an option.
 *
 * @throws COMMAND_USAGE when it is not a number of at least 0.
 */
export const numberOption = (
  command: string,
  values: OptionValues,
  name: string,
): number | undefined => {
  const text = textOption(values, name);
  if (text === undefined) return undefined;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw commandError('COMMAND_USAGE', {
    command,
    reason: `--${name} must be a whole number, not "${text}".`,
  });
};
