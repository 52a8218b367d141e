/** How the server is doing, put together from its parts. */
import { statfsSync } from 'node:fs';
import type { Foundation } from './foundation.ts';
import { createHealthProbe } from './health-probe.ts';
import type { StatusReport } from './operations/index.ts';
import { VERSION } from './version.ts';

export const freeBytesOf = (folder: string): number => {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
};

const problemsOf = ({ telemetry }: Foundation): StatusReport['problems'] =>
  telemetry.health
    .components()
    .filter(({ isReady }) => !isReady)
    .map(({ name, reason = 'not ready', advice = 'See the log of the server.' }) => ({
      part: name,
      reason,
      advice,
    }));

export const createStatus =
  (
    foundation: Foundation,
    server: {
      readonly isRunning: boolean;
      readonly addresses: readonly { title: string; url: string }[];
    },
    clock: () => number,
  ) =>
  async (): Promise<StatusReport> => {
    const records = await foundation.records();
    await createHealthProbe(records, { health: foundation.telemetry.health, clock }).look();
    const summary = await records.store.summary().catch((fault: unknown) => {
      foundation.emit({
        name: 'status.summary-failed',
        level: 'warn',
        message: 'The audit database does not say what it holds',
        error: fault,
      });
      return undefined;
    });
    const { backlogBatches, backlogBytes } = records.pipeline.state();
    return {
      version: VERSION,
      isServerRunning: server.isRunning,
      processId: process.pid,
      startedAt: foundation.startedAt,
      now: clock(),
      dataFolder: foundation.folder.paths.root,
      addresses: server.addresses.map(({ title, url }) => ({ listener: title, url })),
      ...(summary && {
        held: {
          records: summary.records,
          rejected: summary.rejected,
          archiveOnly: summary.archiveOnly,
          storeBytes: summary.bytesOnDisk,
        },
      }),
      recordsPerSecond: foundation.rate.perSecond(),
      backlogBatches,
      backlogBytes,
      diskFreeBytes: freeBytesOf(foundation.folder.paths.root),
      memoryBytes: process.memoryUsage.rss(),
      sources: summary?.sources ?? [],
      problems: problemsOf(foundation),
    };
  };
