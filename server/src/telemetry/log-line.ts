/** A named event as one line: an object for machines, a sentence for people. */
import { WitnessError } from '@witness/record';
import { maskFields, maskText } from './mask-secrets.ts';
import type { NamedEvent } from './named-event.ts';

const CAUSES_MAX = 5;

/** An error as plain values; the stack only of what we did not expect. Shapes nobody foresaw become text. */
const toErrorFields = (error: unknown, depth = 0): object => {
  if (!(error instanceof Error)) return { message: maskText(String(error)) };
  const isOurs = error instanceof WitnessError;
  return {
    ...('code' in error && { code: String(error.code) }),
    message: maskText(error.message),
    ...(isOurs && { advice: maskText(error.advice), retry: error.retry }),
    ...(isOurs && error.location !== undefined && { location: error.location }),
    ...(!isOurs && error.stack !== undefined && { stack: maskText(error.stack) }),
    ...(error.cause !== undefined &&
      depth < CAUSES_MAX && { cause: toErrorFields(error.cause, depth + 1) }),
  };
};

/** Members beside pino's own `level`, `time` and `msg`. Fields cannot overwrite those: they are nested. */
export const toLogMembers = (event: NamedEvent): object => ({
  name: event.name,
  ...(event.fields && { fields: maskFields(event.fields) }),
  ...(event.error !== undefined && { error: toErrorFields(event.error) }),
});

interface LogLine {
  readonly level: string;
  readonly time: number;
  readonly name: string;
  readonly msg: string;
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly error?: {
    readonly message: string;
    readonly code?: string;
    readonly advice?: string;
    readonly stack?: string;
  };
}

/** Control characters would let a sender write into the administrator's terminal. */
const toPrintable = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, (char) => {
    return char === '\n' ? '\\n' : `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });

const toWord = (value: unknown): string => {
  const text = String(value);
  return /^[^\s"=]+$/.test(text) ? toPrintable(text) : JSON.stringify(toPrintable(text));
};

/** `2026-11-02 08:15:04.120 INFO  Listening (listener.started) address=0.0.0.0 port=9699` and a line break. */
export const toPrettyLine = (json: string): string => {
  const line = JSON.parse(json) as LogLine;
  const time = new Date(line.time).toISOString().replace('T', ' ').slice(0, -1);
  const fields = Object.entries(line.fields ?? {}).map(
    ([name, value]) => ` ${name}=${toWord(value)}`,
  );
  const { error } = line;
  const cause = error
    ? `: ${error.code ? `${error.code} ` : ''}${toPrintable(error.message)}${error.advice ? ` ${toPrintable(error.advice)}` : ''}`
    : '';
  const head = `${time} ${line.level.toUpperCase().padEnd(5)} ${toPrintable(line.msg)}`;
  return `${head}${cause} (${line.name})${fields.join('')}\n`;
};
