/** How fast the audit database answers over ten million records of the estate, and how much disk they take. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ActivityRecord, contentHash, createRid, defineErrors } from '@witness/record';
import { parseSearch } from '../../server/src/search-language/index.ts';
import {
  type AuditStore,
  type NewestFirstPosition,
  openAuditStore,
} from '../../server/src/store/index.ts';
import { createEstate } from '../estate/index.ts';
import { percentile, round } from '../measure.ts';

const RECORDS = Number(process.env.WITNESS_BENCH_RECORDS ?? 10_000_000);
const BATCH_RECORDS = 20_000;
const PAGE = 200;
/** Each repeat asks for something else, so that no cache of answers flatters the figures. */
const REPEATS = 20;
const COMMON = [
  ...[
    'finance',
    'report',
    'admin',
    'contract',
    'server',
    'budget',
    'invoice',
    'user',
    'policy',
    'share',
  ],
  ...['group', 'mail', 'project', 'password', 'service', 'draft', 'plan', 'logon', 'file', 'table'],
];
const PAGES_DEEP = 500;

/** Fills the store; gives records from all over the estate. */
const fill = async (store: AuditStore, endsAt: number): Promise<readonly ActivityRecord[]> => {
  let sequence = 0n;
  const samples: ActivityRecord[] = [];
  for (const contents of createEstate({ seed: 11, endsAt, days: 30, records: RECORDS }).batches(
    BATCH_RECORDS,
  )) {
    const records = contents.map((content) => {
      sequence += 1n;
      const rid = createRid(content.when, contentHash(content, String(sequence)));
      return { record: { ...content, rid }, sequence };
    });
    const middle = records[records.length >> 1];
    if (middle && Number(sequence) > ((samples.length + 0.5) * RECORDS) / REPEATS) {
      samples.push(middle.record);
    }
    await store.insert({ token: `fill-${sequence}`, records, mayRepeat: false });
    if (Number(sequence) % 1_000_000 < BATCH_RECORDS) console.error(`${sequence} records stored`);
  }
  return samples;
};

const benchError = defineErrors({
  BENCH_ESTATE_EMPTY: {
    message: 'The estate gave no records to ask for',
    advice: 'Set WITNESS_BENCH_RECORDS to 100000 or more.',
    retry: 'never',
  },
});

/** The name of the object alone: found once or a few times. */
const rareIn = ({ what }: ActivityRecord): string =>
  (what.split(/[\\/,]/).at(-1) ?? what).replaceAll('"', '');

const page = async (
  store: AuditStore,
  text: string,
  how: { now: number; after?: NewestFirstPosition },
): Promise<readonly ActivityRecord[]> => {
  const where = parseSearch(text, { now: how.now, timeZone: 'UTC' });
  const found: ActivityRecord[] = [];
  const pages = store.search({
    visible: 'everything',
    limit: PAGE,
    ...(where ? { where } : {}),
    ...(how.after ? { after: how.after } : {}),
  });
  for await (const records of pages) found.push(...records);
  return found;
};

/** The place behind page 499, reached as a reader would: page by page. */
const deepPosition = async (store: AuditStore, now: number) => {
  let after: NewestFirstPosition | undefined;
  for (let count = 1; count < PAGES_DEEP; count += 1) {
    const last = (await page(store, '', { now, ...(after ? { after } : {}) })).at(-1);
    if (!last) break;
    after = { when: last.when, rid: last.rid };
  }
  return after;
};

const timed = async (work: (repeat: number) => Promise<readonly unknown[]>) => {
  const elapsedMs: number[] = [];
  let found = 0;
  for (let repeat = 0; repeat < REPEATS; repeat += 1) {
    const startedAt = performance.now();
    found += (await work(repeat)).length;
    elapsedMs.push(performance.now() - startedAt);
  }
  return {
    foundInAll: found,
    p50Ms: round(percentile(elapsedMs, 0.5)),
    p95Ms: round(percentile(elapsedMs, 0.95)),
  };
};

export const measureSearch = async (): Promise<object> => {
  const folder = mkdtempSync(join(tmpdir(), 'witness-bench-'));
  const now = Date.now();
  const endsAt = now - (now % 86_400_000);
  try {
    await using store = await openAuditStore({
      engine: { kind: 'embedded', folder },
      emit: () => {},
      clock: Date.now,
    });
    const startedAt = performance.now();
    const samples = await fill(store, endsAt);
    const fillSeconds = (performance.now() - startedAt) / 1000;
    const sampleOf = (repeat: number): ActivityRecord => {
      const sample = samples[repeat % samples.length];
      if (!sample) throw benchError('BENCH_ESTATE_EMPTY');
      return sample;
    };
    const after = await deepPosition(store, endsAt);
    const ask = (textOf: (repeat: number) => string) =>
      timed((repeat) => page(store, textOf(repeat), { now: endsAt }));
    const figures = {
      newestUnfiltered: await ask(() => ''),
      whoAndSevenDays: await ask((repeat) => `who="${sampleOf(repeat).who}" when:7d`),
      rareSubstringAnywhere: await ask((repeat) => `"${rareIn(sampleOf(repeat))}"`),
      commonSubstringAnywhere: await ask((repeat) => COMMON[repeat % COMMON.length] ?? ''),
      noHit: await ask((repeat) => `qzx${'bcdfghjklmnpqrstvwxz'[repeat]}kvwq`),
      page500: await timed(() => page(store, '', { now: endsAt, ...(after ? { after } : {}) })),
      enumerateFirstThousand: await timed(
        async () => (await store.enumerate({ visible: 'everything', limit: 1_000 })).records,
      ),
      enumerateInTheMiddle: await timed(
        async () =>
          (
            await store.enumerate({
              visible: 'everything',
              limit: 1_000,
              after: { sequence: BigInt(Math.floor(RECORDS / 2)) },
            })
          ).records,
      ),
    };
    const { bytesOnDisk, records } = await store.summary();
    return {
      records,
      recordsPerSecondWhileFilling: Math.round(records / fillSeconds),
      bytesPerRecord: round(bytesOnDisk / records),
      pageRecords: PAGE,
      repeats: REPEATS,
      ...figures,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
