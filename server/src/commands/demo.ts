import type { Estate } from '@witness/bench/estate';
import type { Server } from '../compose.ts';
import { type Command, type CommandIo, numberOption, textOption } from './command.ts';
import { commandSettings } from './command-settings.ts';
import { formatCount, formatDuration, formatTable, plural } from './format.ts';
import { createProgressBar } from './progress-bar.ts';
import { runServer, startText } from './serve.ts';

const DATA_DEFAULT = './demo-data';
const RECORDS_DEFAULT = 1_000_000;
const SEED = 1;
const BATCH_RECORDS = 5_000;
const IN_FLIGHT_MAX = 3;

/** The estate ends at the start of this UTC day, so that a second start on the same day makes the same records. */
const startOfDay = (now: number): number => now - (now % 86_400_000);

/** Collected records: making them again is the same records, so a demo that was interrupted is completed. */
const load = async (
  server: Server,
  estate: Estate,
  { io, records }: { readonly io: CommandIo; readonly records: number },
): Promise<void> => {
  const bar = createProgressBar(io.error, {
    clock: io.clock,
    formatAmount: (records) => plural(records, 'record'),
  });
  const inFlight: Promise<unknown>[] = [];
  let done = 0;
  for (const batch of estate.batches(BATCH_RECORDS)) {
    if (io.signal.aborted) break;
    const stored = server.submit({
      input: 'activity-records-collected',
      events: [Buffer.from(JSON.stringify(batch))],
      parsed: [batch],
      receivedAt: io.clock(),
      origin: { listener: 'demo', sender: 'simulated estate' },
      batchId: Buffer.from(io.randomBytes(16)).toString('hex'),
    });
    // Awaited in order below; an early failure must not count as unhandled meanwhile.
    stored.catch(() => {});
    inFlight.push(stored);
    if (inFlight.length >= IN_FLIGHT_MAX) await inFlight.shift();
    done += batch.length;
    bar.update({ done, total: records, records: done });
  }
  await Promise.all(inFlight);
  bar.clear();
};

const incidentsText = (estate: Estate, data: string): string => {
  const where = data === DATA_DEFAULT ? ' --data ./demo-data' : ` --data ${data}`;
  const rows = estate.incidents.map(({ title, search }) => [
    `  npx witness search${where} '${search}'`,
    title,
  ]);
  return ['Six things have happened in this estate. In a second terminal:', formatTable(rows)].join(
    '\n',
  );
};

export const demoCommand: Command = {
  name: 'demo',
  summary: 'Run the server with a simulated estate to look around in',
  usage: 'demo',
  help: [
    'Starts the server on ./demo-data (or --data) and fills it with thirty days of a simulated estate: 500 users,',
    '40 servers, 12 data sources, about a million records, and six incidents to find. --records makes it larger or smaller.',
  ].join('\n'),
  options: { records: { type: 'string' } },
  run: async (invocation, io) => {
    const data = textOption(invocation.values, 'data') ?? io.env.WITNESS_DATA ?? DATA_DEFAULT;
    const values = { ...invocation.values, data };
    const { settings } = commandSettings({ ...invocation, values }, io);
    const records = numberOption('demo', invocation.values, 'records') ?? RECORDS_DEFAULT;
    const { createEstate } = await import('@witness/bench/estate');
    const { composeServer } = await import('../compose.ts');
    const server = await composeServer(settings, io);
    io.out.write(`${startText(server)}\n\n`);
    const startedAt = io.clock();
    const estate = createEstate({ seed: SEED, endsAt: startOfDay(startedAt), days: 30, records });
    io.error.write('Filling in thirty days of a simulated estate ...\n');
    try {
      await load(server, estate, { io, records });
    } catch (fault) {
      await server.close();
      throw fault;
    }
    if (!io.signal.aborted) {
      io.out.write(
        `${formatCount(records)} records of a simulated estate are there (${formatDuration(io.clock() - startedAt)}).\n\n` +
          `${incidentsText(estate, data)}\n\nStop with Ctrl+C.\n`,
      );
    }
    return runServer(server, io);
  },
};
