import { setTimeout as delay } from 'node:timers/promises';
import { dataFolderPaths } from '../data-folder/index.ts';
import {
  createImportJournal,
  type ImportCounts,
  type ImportDamage,
  type ImportFile,
  importFiles,
  listImportFiles,
} from '../importing/index.ts';
import { type Command, type CommandIo, commandError } from './command.ts';
import { EXIT_CODES } from './exit-codes.ts';
import { formatBytes, formatDuration, plural, toTerminalText } from './format.ts';
import { openOperations } from './open-operations.ts';
import { createProgressBar } from './progress-bar.ts';

/** Places of one file that are printed; all are kept as records and counted. */
const DAMAGE_SHOWN_MAX = 10;

const summaryText = (counts: ImportCounts, elapsedMs: number): string => {
  const perSecond = elapsedMs > 0 ? Math.round((counts.events * 1000) / elapsedMs) : counts.events;
  const parts = [
    `${plural(counts.added, 'new record')}`,
    `${plural(counts.repeated, 'record')} already there`,
    `${plural(counts.rejected, 'event')} rejected`,
    `${plural(counts.damage, 'unreadable place')}`,
  ];
  return (
    `Read ${plural(counts.events, 'event')} (${formatBytes(counts.bytes)}) in ${formatDuration(elapsedMs)}` +
    `, ${plural(perSecond, 'event')} a second: ${parts.join(', ')}.\n`
  );
};

/** Where to read why: a rejected event is a record, whose place is the file. */
const rejectedText = ({ path }: ImportFile, count: number): string => {
  const where = path.replaceAll('"', '""');
  return `${toTerminalText(path)}: ${plural(count, 'event')} rejected; for the reasons search for type="Rejected event" where="${toTerminalText(where)}"\n`;
};

const WAITING_SHOWN_EVERY_MS = 10_000;

/** Says now and then why nothing moves. */
const createWaitingPrinter = ({ error, clock }: CommandIo, clear: () => void) => {
  let shownAt = Number.NEGATIVE_INFINITY;
  return (fault: unknown): void => {
    if (clock() - shownAt < WAITING_SHOWN_EVERY_MS) return;
    shownAt = clock();
    clear();
    error.write(`${fault instanceof Error ? fault.message : String(fault)} Trying again ...\n`);
  };
};

const createDamagePrinter = (io: CommandIo, clear: () => void) => {
  const shown = new Map<string, number>();
  return (file: ImportFile, damage: ImportDamage): void => {
    const count = (shown.get(file.path) ?? 0) + 1;
    shown.set(file.path, count);
    if (count > DAMAGE_SHOWN_MAX) return;
    clear();
    io.error.write(
      count === DAMAGE_SHOWN_MAX
        ? `${toTerminalText(file.path)}: more of it; search for who:Witness what:"${toTerminalText(file.path)}"\n`
        : `${toTerminalText(file.path)}: offset ${damage.offset}: ${damage.reason} (${damage.code})\n`,
    );
  };
};

export const importCommand: Command = {
  name: 'import',
  summary: 'Read event logs and records from files',
  usage: 'import <file|folder>...',
  help: [
    'Reads Windows event logs (.evtx), event XML, and Activity Records as NDJSON (one JSON object a line, as',
    '`witness search --json` writes them). The kind is told by content; folders are read with everything below.',
    'Importing a file again adds nothing, an interrupted import goes on where it was.',
    'Uses the running server, or opens the data folder itself when none runs.',
    'Exit code 4: everything was read, but some events were rejected or places unreadable.',
  ].join('\n'),
  options: {
    json: { type: 'boolean' },
  },
  run: async (invocation, io) => {
    if (invocation.words.length === 0) {
      throw commandError('COMMAND_USAGE', {
        command: 'import',
        reason: 'Name at least one file or folder to import.',
      });
    }
    const { files, skipped, unreadable } = await listImportFiles(invocation.words);
    await using session = await openOperations(invocation, io);
    const { settings, operations } = session;
    for (const { path, reason } of unreadable) {
      io.error.write(`${toTerminalText(path)}: cannot be read: ${reason}\n`);
    }
    const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
    const startedAt = io.clock();
    const bar = createProgressBar(io.error, { clock: io.clock, formatAmount: formatBytes });
    const done: object[] = [];
    const onFile = (file: ImportFile, own: ImportCounts): void => {
      done.push({ path: file.path, ...own });
      if (own.rejected > 0) {
        bar.clear();
        io.error.write(rejectedText(file, own.rejected));
      }
    };
    let events = 0;
    let counts: ImportCounts;
    try {
      counts = await importFiles({
        files,
        submit: (batch) => operations.submit(batch),
        journal: createImportJournal(dataFolderPaths(settings.data).imports),
        clock: io.clock,
        randomBytes: io.randomBytes,
        wait: (ms) => delay(ms),
        signal: io.signal,
        onProgress: (soFar) => {
          events = soFar.events;
          bar.update({ done: soFar.bytes, total, records: events });
        },
        onFile,
        onDamage: createDamagePrinter(io, bar.clear),
        onWaiting: createWaitingPrinter(io, bar.clear),
        onResume: (file, offset) =>
          io.error.write(
            `${toTerminalText(file.path)}: going on at ${formatBytes(offset)} of ${formatBytes(file.bytes)}\n`,
          ),
      }).finally(bar.clear);
    } catch (fault) {
      if (!io.signal.aborted) throw fault;
      io.error.write(
        `Interrupted after ${plural(events, 'event')}, which are stored. The same command goes on from there.\n`,
      );
      return EXIT_CODES.failed;
    }
    if (invocation.values.json) {
      io.out.write(`${JSON.stringify({ ...counts, skipped, unreadable, files: done })}\n`);
    } else {
      io.out.write(summaryText(counts, io.clock() - startedAt));
      if (skipped.length > 0) {
        io.out.write(`Not of a kind that can be imported: ${plural(skipped.length, 'file')}.\n`);
      }
    }
    const isPartly = counts.rejected + counts.damage + unreadable.length > 0;
    return isPartly ? EXIT_CODES.partly : EXIT_CODES.done;
  },
};
