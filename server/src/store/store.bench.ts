/**
 * What the store takes and answers, with realistic records made from a seed:
 * `node server/src/store/store.bench.ts [records] [sorted|shuffled]`. Prints one line of JSON per figure.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ActivityRecord, Detail } from '@witness/record';
import type { SequencedRecord } from './audit-store.ts';
import { startEngineProcess } from './engine/engine-process.ts';
import { createEngineClient } from './engine-client.ts';
import { openAuditStore } from './index.ts';
import type { Condition } from './query.ts';
import { writeRecord } from './record-rows.ts';
import { ridTimeDigits } from './rid-time.ts';
import { RowBinaryWriter } from './row-binary-writer.ts';
import { createRandom } from './testing/random-audit.ts';

const RECORDS = Number(process.argv[2] ?? 200_000);
const IS_SHUFFLED = process.argv[3] === 'shuffled';
const BATCH_RECORDS = 20_000;
const DAYS = 180;
const DAY_MS = 86_400_000;
const START = Date.UTC(2024, 0, 1);
const random = createRandom(7);

const USERS = Array.from(
  { length: 800 },
  (_, index) => `CONTOSO\\user.${index.toString(36)}${index * 7}`,
);
const SERVERS = Array.from({ length: 60 }, (_, index) => `srv${index}.contoso.example`);
const FOLDERS = Array.from(
  { length: 3000 },
  (_, index) => `\\Shares\\Department ${index % 40}\\Project ${index}`,
);
const KINDS = [
  { source: 'File Servers', type: 'File', actions: ['Read', 'Modified', 'Added', 'Removed'] },
  { source: 'Active Directory', type: 'User', actions: ['Modified', 'Added'] },
  {
    source: 'Logon Activity',
    type: 'Logon',
    actions: ['Successful Logon', 'Failed Logon', 'Logoff'],
  },
];
const HEX = '0123456789ABCDEF';
/** Every round asks for something else: the engine remembers which granules a condition did not match. */
const LETTERS = 'abcdefghij';

const detailsOf = (type: string): readonly Detail[] => {
  if (type === 'File')
    return random.chance(0.3)
      ? [{ property: 'Size', before: `${random.below(99999)}`, after: `${random.below(99999)}` }]
      : [];
  if (type === 'Logon')
    return [{ property: 'Logon type', after: random.pick(['Network', 'Interactive']) }];
  return [
    {
      property: random.pick(['Title', 'Department']),
      before: `Value ${random.below(500)}`,
      after: `Value ${random.below(500)}`,
    },
  ];
};

const recordAt = (when: number): ActivityRecord => {
  const kind = KINDS[Math.min(2, random.below(5))] ?? (KINDS[0] as (typeof KINDS)[number]);
  const where = random.pick(SERVERS);
  let hash = '';
  for (let index = 0; index < 32; index += 1) hash += HEX[random.below(16)];
  const what =
    kind.type === 'File'
      ? `\\\\${where}${random.pick(FOLDERS)}\\report ${random.below(100_000)}.docx`
      : kind.type === 'User'
        ? `\\com\\contoso\\Users\\${random.pick(USERS)}`
        : where;
  return {
    rid: ridTimeDigits(when) + hash,
    who: random.pick(USERS),
    whoKnownBy: 'event',
    action: random.pick(kind.actions),
    what,
    when,
    where,
    objectType: kind.type,
    ...(random.chance(0.7) && { workstation: `ws${random.below(900)}.contoso.example` }),
    dataSource: kind.source,
    plan: { id: '{11111111-2222-3333-4444-555555555555}', name: 'Head office' },
    item: { name: 'contoso.example', type: 'Domain' },
    details: detailsOf(kind.type),
  };
};

const report = (figure: string, values: object): void =>
  console.log(JSON.stringify({ figure, ...values }));

const quantiles = (times: readonly number[]) => {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) =>
    Math.round((sorted[Math.floor(share * (sorted.length - 1))] ?? 0) * 10) / 10;
  return { p50Ms: at(0.5), p95Ms: at(0.95), maxMs: at(1) };
};

const timed = async (figure: string, rounds: number, run: (round: number) => Promise<unknown>) => {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const start = performance.now();
    await run(round);
    times.push(performance.now() - start);
  }
  report(figure, quantiles(times));
};

const folder = await mkdtemp(join(process.env.WITNESS_BENCH_FOLDER ?? tmpdir(), 'witness-bench-'));
let store = await openAuditStore({
  engine: { kind: 'embedded', folder },
  emit: () => {},
  clock: Date.now,
});
try {
  const step = (DAYS * DAY_MS) / RECORDS;
  const whenOf = (index: number): number =>
    Math.floor(START + (IS_SHUFFLED ? random.below(RECORDS) : index) * step);
  const writer = new RowBinaryWriter();
  let encodeMs = 0;
  let bytes = 0;
  const inserts: number[] = [];
  for (let first = 0; first < RECORDS; first += BATCH_RECORDS) {
    const records: SequencedRecord[] = Array.from(
      { length: Math.min(BATCH_RECORDS, RECORDS - first) },
      (_, index) => ({
        record: recordAt(whenOf(first + index)),
        sequence: BigInt(first + index + 1),
      }),
    );
    const start = performance.now();
    writer.reset();
    for (const entry of records) writeRecord(writer, entry);
    encodeMs += performance.now() - start;
    bytes += writer.length;
    const before = performance.now();
    await store.insert({ token: `bench ${first}`, records, mayRepeat: false });
    inserts.push(performance.now() - before);
  }
  report('encode', {
    recordsPerSecond: Math.round(RECORDS / (encodeMs / 1000)),
    bytesPerRecord: Math.round(bytes / RECORDS),
  });
  const insertMs = inserts.reduce((sum, ms) => sum + ms, 0);
  report('insert', {
    recordsPerSecond: Math.round(RECORDS / (insertMs / 1000)),
    batchRecords: BATCH_RECORDS,
    ...quantiles(inserts),
  });

  let sequence = BigInt(RECORDS) + 1n;
  await timed('insert of 10', 40, async (round) => {
    const records = Array.from({ length: 10 }, () => ({
      record: recordAt(START + DAYS * DAY_MS + round),
      sequence: sequence++,
    }));
    await store.insert({ token: `small ${round}`, records, mayRepeat: false });
  });

  await store[Symbol.asyncDispose]();
  const host = await startEngineProcess({ folder, memoryBytesMax: 3 * 1024 ** 3, emit: () => {} });
  const client = createEngineClient({ socketPath: host.socketPath });
  await client.command('OPTIMIZE TABLE witness.activity FINAL', {
    settings: { max_execution_time: 0 },
  });
  const sizes = await client.rows<[string, number]>(
    `SELECT 'all', sum(bytes_on_disk) FROM system.parts WHERE active AND database = 'witness'
     UNION ALL SELECT name, sum(data_compressed_bytes) FROM system.data_skipping_indices WHERE table = 'activity' GROUP BY name
     UNION ALL SELECT 'arrival', sum(bytes_on_disk) FROM system.parts WHERE active AND table = 'arrival'
     UNION ALL SELECT column, sum(column_data_compressed_bytes) FROM system.parts_columns WHERE active AND table = 'activity' GROUP BY column`,
  );
  report(
    'bytes per record',
    Object.fromEntries(
      sizes.map(([name, size]) => [name, Math.round((size / RECORDS) * 100) / 100]),
    ),
  );
  await client[Symbol.asyncDispose]();
  await host[Symbol.asyncDispose]();

  store = await openAuditStore({
    engine: { kind: 'embedded', folder },
    emit: () => {},
    clock: Date.now,
  });
  const take = async (where?: Condition, limit = 200) => {
    let count = 0;
    for await (const chunk of store.search({
      ...(where && { where }),
      visible: 'everything',
      limit,
    }))
      count += chunk.length;
    return count;
  };
  const contains = (field: 'anywhere' | 'what', value: string): Condition => ({
    kind: 'text',
    field,
    test: { operator: 'contains', values: [value] },
  });
  await timed('newest 200', 20, () => take());
  await timed('newest 1000', 10, () => take(undefined, 1000));
  await timed('who and 7 days', 20, (round) =>
    take({
      kind: 'and',
      conditions: [
        {
          kind: 'text',
          field: 'who',
          test: { operator: 'equals', values: [USERS[round * 7] ?? ''] },
        },
        { kind: 'when', from: START + (DAYS - 7) * DAY_MS },
      ],
    }),
  );
  await timed('rare text anywhere', 10, (round) =>
    take(contains('anywhere', `Project ${2900 + round}\\report 1234`)),
  );
  await timed('common text anywhere', 10, (round) =>
    take(contains('anywhere', `Department ${round}`)),
  );
  await timed('no hit, 7 letters', 10, (round) =>
    take(contains('anywhere', `zebraq${LETTERS[round]}`)),
  );
  await timed('no hit, 3 letters', 10, (round) =>
    take(contains('anywhere', `zq${LETTERS[round]}`)),
  );
  await timed('no hit in what', 10, (round) => take(contains('what', `zebrav${LETTERS[round]}`)));
  await timed('count of who', 10, (round) =>
    store.count({
      where: {
        kind: 'text',
        field: 'who',
        test: { operator: 'equals', values: [USERS[400 + round * 31] ?? ''] },
      },
      visible: 'everything',
    }),
  );
  let last: ActivityRecord | undefined;
  await timed('pages 1 to 100 of 1000 newest first', 100, async () => {
    for await (const chunk of store.search({
      visible: 'everything',
      limit: 1000,
      ...(last && { after: last }),
    }))
      last = chunk.at(-1);
  });
  await timed('arrival pages of 1000 at any place', 30, (round) =>
    store.enumerate({
      visible: 'everything',
      limit: 1000,
      after: { sequence: BigInt(Math.floor((RECORDS / 30) * round)) },
    }),
  );
  await timed('arrival page of one user', 5, (round) =>
    store.enumerate({
      visible: 'everything',
      limit: 1000,
      after: { sequence: BigInt(Math.floor((RECORDS / 5) * round)) },
      where: {
        kind: 'text',
        field: 'who',
        test: { operator: 'equals', values: [USERS[round] ?? ''] },
      },
    }),
  );
  await timed('summary', 5, () => store.summary());
  const again = Array.from({ length: 10_000 }, (_, index) => ({
    record: recordAt(whenOf(index)),
    sequence: sequence++,
  }));
  await timed('insert of 10,000 that may repeat', 3, (round) =>
    store.insert({ token: `again ${round}`, records: again, mayRepeat: true }),
  );
} finally {
  await store[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
}
