import type { StatusReport } from '../operations/index.ts';
import type { Command } from './command.ts';
import { EXIT_CODES } from './exit-codes.ts';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatTable,
  formatTime,
  plural,
  toTerminalText,
} from './format.ts';
import { openOperations } from './open-operations.ts';

const runningText = (report: StatusReport): string =>
  report.isServerRunning
    ? `Witness ${report.version} runs as process ${report.processId}, for ${formatDuration(report.now - report.startedAt)}.`
    : `Witness ${report.version}: no server runs on this data folder.`;

const backlogText = ({ backlogBatches, backlogBytes }: StatusReport): string =>
  backlogBatches === 0
    ? 'nothing waits to be stored'
    : `${formatCount(backlogBatches)} ${backlogBatches === 1 ? 'batch' : 'batches'} (${formatBytes(backlogBytes)}) to be stored`;

const heldText = ({ held }: StatusReport): string =>
  held
    ? `${formatCount(held.records)} (${formatBytes(held.storeBytes)} on disk)` +
      `, ${formatCount(held.archiveOnly)} more for the archive only, ${formatCount(held.rejected)} raw events rejected`
    : 'not known while the audit database does not answer';

/** The report in plain words. */
export const statusText = (report: StatusReport): string => {
  const rows: (readonly string[])[] = [
    ['Data folder', report.dataFolder],
    ...report.addresses.map(({ listener, url }) => [listener, url]),
    ['Records', heldText(report)],
    ['Rate', `${formatCount(report.recordsPerSecond)} records a second over the last minute`],
    ['Backlog', backlogText(report)],
    ['Disk', `${formatBytes(report.diskFreeBytes)} free`],
    ['Memory', formatBytes(report.memoryBytes)],
  ];
  const sources = report.sources.map(({ dataSource, records, newestWhen }) => [
    `  ${toTerminalText(dataSource)}`,
    plural(records, 'record'),
    `last ${formatTime(newestWhen)}`,
  ]);
  const problems = report.problems.flatMap(({ part, reason, advice }) => [
    `Problem: ${part}: ${reason}`,
    `  ${advice}`,
  ]);
  return [
    runningText(report),
    formatTable(rows),
    ...(sources.length > 0 ? ['', 'Last record per data source:', formatTable(sources)] : []),
    ...(problems.length > 0 ? ['', ...problems] : []),
  ].join('\n');
};

export const statusCommand: Command = {
  name: 'status',
  summary: 'How the server is doing, in plain words',
  usage: 'status',
  help: 'Rates, backlog, last record per data source, disk. Exit code 1 when something is wrong.',
  options: { json: { type: 'boolean' } },
  run: async (invocation, io) => {
    await using session = await openOperations(invocation, io);
    const report = await session.operations.call('status', {});
    io.out.write(`${invocation.values.json ? JSON.stringify(report) : statusText(report)}\n`);
    return report.problems.length > 0 ? EXIT_CODES.failed : EXIT_CODES.done;
  },
};
