/**
 * Where each computer is in its logs, per subscription: one append-only file of JSON lines, rewritten when most of it is
 * outdated. A lost newest line only means that a computer sends again what is there already, so lines are not synced to disk.
 */
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Emit } from '../../telemetry/index.ts';
import { forwardingError } from './errors.ts';

export interface BookmarkEntry {
  /** Key of `Machine`. */
  readonly machine: string;
  /** Absent: only that the computer was heard from. */
  readonly subscription?: string;
  /** A `BookmarkList` element as the computer sent it. */
  readonly bookmarkXml?: string;
  /** UTC milliseconds. */
  readonly at: number;
}

export interface BookmarkStore extends AsyncDisposable {
  get(machine: string, subscription: string): string | undefined;
  /** Resolves when a killed process would find it again; never rejects: a failing disk is told through `emit`. */
  put(entry: BookmarkEntry): Promise<void>;
  /** Computers ever heard from, with the time of their last line, UTC milliseconds. */
  machines(): Iterable<readonly [machine: string, at: number]>;
  forget(machine: string): Promise<void>;
}

const FILE = 'bookmarks.jsonl';

/** A rewrite is due when the file has so many times the lines it needs, and at least so many. */
const OUTDATED_FACTOR = 4;
const LINES_MIN = 10_000;
/** Subscriptions of one computer; the oldest beyond it are those nobody has any more. */
const SUBSCRIPTIONS_MAX = 64;

interface Known {
  at: number;
  readonly bookmarks: Map<string, string>;
}

interface Line {
  readonly m: string;
  readonly t: number;
  readonly s?: string;
  readonly b?: string;
  /** Forgotten. */
  readonly x?: true;
}

const apply = (known: Map<string, Known>, { m, t, s, b, x }: Line): void => {
  if (x) {
    known.delete(m);
    return;
  }
  const one: Known = known.get(m) ?? { at: t, bookmarks: new Map() };
  known.set(m, one);
  one.at = t;
  if (s === undefined || b === undefined) return;
  one.bookmarks.delete(s);
  one.bookmarks.set(s, b);
  const [oldest] = one.bookmarks.keys();
  if (one.bookmarks.size > SUBSCRIPTIONS_MAX && oldest !== undefined) one.bookmarks.delete(oldest);
};

const isLine = (value: unknown): value is Line =>
  typeof value === 'object' &&
  value !== null &&
  'm' in value &&
  typeof value.m === 'string' &&
  't' in value &&
  typeof value.t === 'number' &&
  (!('s' in value) || typeof value.s === 'string') &&
  (!('b' in value) || typeof value.b === 'string');

/** A line that a crash cut off is none. */
const parseLine = (text: string): Line | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return isLine(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error);

const readLines = async (folder: string): Promise<{ lines: Line[]; damaged: number }> => {
  let text: string;
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    text = await readFile(join(folder, FILE), 'utf8');
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return { lines: [], damaged: 0 };
    throw forwardingError('FORWARDING_BOOKMARKS_UNREADABLE', { reason: codeOf(cause) }, { cause });
  }
  const all = text.split('\n').filter((line) => line !== '');
  const lines = all.flatMap((line) => parseLine(line) ?? []);
  return { lines, damaged: all.length - lines.length };
};

const textOf = (line: Line): string => `${JSON.stringify(line)}\n`;

/** Everything that is known, as lines. */
const linesOf = function* (known: ReadonlyMap<string, Known>): Generator<Line> {
  for (const [m, { at: t, bookmarks }] of known) {
    if (bookmarks.size === 0) yield { m, t };
    for (const [s, b] of bookmarks) yield { m, t, s, b };
  }
};

/** Makes the folder when it is absent; it belongs to one process. Throws FORWARDING_BOOKMARKS_UNREADABLE. */
export const openBookmarkStore = async (options: {
  readonly folder: string;
  readonly emit: Emit;
}): Promise<BookmarkStore> => {
  const { folder, emit } = options;
  const path = join(folder, FILE);
  const { lines, damaged } = await readLines(folder);
  const known = new Map<string, Known>();
  for (const line of lines) apply(known, line);
  if (damaged > 0) {
    emit({
      name: 'event-forwarding.bookmarks-damaged',
      level: 'warn',
      message: `${damaged} lines of the bookmarks are damaged; those computers send some events again`,
    });
  }
  let written = 0;
  let file: Awaited<ReturnType<typeof open>> | undefined;
  let waiting: Line[] = [];
  let work: Promise<void> = Promise.resolve();

  const rewrite = async (): Promise<void> => {
    const draft = `${path}.new`;
    const texts = [...linesOf(known)].map(textOf);
    const fresh = await open(draft, 'w', 0o600);
    try {
      await fresh.writeFile(texts.join(''));
      await fresh.sync();
    } finally {
      await fresh.close();
    }
    await rename(draft, path);
    await file?.close();
    file = await open(path, 'a', 0o600);
    written = texts.length;
  };

  const isOutdated = (): boolean => {
    let needed = 0;
    for (const { bookmarks } of known.values()) needed += Math.max(1, bookmarks.size);
    return written > needed * OUTDATED_FACTOR;
  };

  /** Lines that arrive while a write is under way share the next one. */
  const writeWaiting = async (): Promise<void> => {
    const batch = waiting;
    waiting = [];
    if (batch.length === 0) return;
    try {
      if (!file || (written > LINES_MIN && isOutdated())) await rewrite();
      // A rewrite has them already; writing them twice is the same.
      await file?.appendFile(batch.map(textOf).join(''));
      written += batch.length;
    } catch (error) {
      emit({
        name: 'event-forwarding.bookmarks-unwritten',
        level: 'warn',
        message: 'Bookmarks cannot be written; after a restart computers send some events again',
        error,
      });
    }
  };
  const add = (line: Line): Promise<void> => {
    apply(known, line);
    waiting.push(line);
    work = work.then(writeWaiting);
    return work;
  };

  return {
    get: (machine, subscription) => known.get(machine)?.bookmarks.get(subscription),
    put: ({ machine: m, at: t, subscription: s, bookmarkXml: b }) =>
      add({ m, t, ...(s !== undefined && b !== undefined && { s, b }) }),
    machines: function* () {
      for (const [machine, { at }] of known) yield [machine, at] as const;
    },
    forget: (m) => add({ m, t: 0, x: true }),
    [Symbol.asyncDispose]: async () => {
      await work;
      await file?.close();
      file = undefined;
    },
  };
};
