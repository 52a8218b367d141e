/** How the server is doing, put together from its parts. */
import { statfsSync } from 'node:fs';
import type { Foundation, Records } from './foundation.ts';
import type { StatusReport } from './operations/index.ts';
import { VERSION } from './version.ts';

export const freeBytesOf = (folder: string): number => {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
};

const problemsOf = ({ telemetry }: Foundation, { pipeline }: Records): StatusReport['problems'] => {
  const { reason, storeTrouble } = pipeline.state();
  const parts = telemetry.health
    .components()
    .filter(({ isReady }) => !isReady)
    .map(({ name, reason: why = 'not ready', advice = 'See the log of the server.' }) => ({
      part: name,
      reason: why,
      advice,
    }));
  return [
    ...parts,
    ...(reason
      ? [{ part: 'spool', reason, advice: 'Senders are told to wait; nothing is lost meanwhile.' }]
      : []),
    ...(storeTrouble
      ? [
          {
            part: 'audit database',
            reason: storeTrouble,
            advice:
              'What arrives waits in the spool; it is stored when the database answers again.',
          },
        ]
      : []),
  ];
};

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
    const summary = await records.store.summary();
    const { backlogBatches, backlogBytes } = records.pipeline.state();
    return {
      version: VERSION,
      isServerRunning: server.isRunning,
      processId: process.pid,
      startedAt: foundation.startedAt,
      now: clock(),
      dataFolder: foundation.folder.paths.root,
      addresses: server.addresses.map(({ title, url }) => ({ listener: title, url })),
      records: summary.records,
      rejected: summary.rejected,
      archiveOnly: summary.archiveOnly,
      storeBytes: summary.bytesOnDisk,
      recordsPerSecond: foundation.rate.perSecond(),
      backlogBatches,
      backlogBytes,
      diskFreeBytes: freeBytesOf(foundation.folder.paths.root),
      memoryBytes: process.memoryUsage.rss(),
      sources: summary.sources,
      problems: problemsOf(foundation, records),
    };
  };
