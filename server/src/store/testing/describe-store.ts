/** The contract as tests: `memory`, `embedded` and `cluster` run this one suite. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type ActivityRecord, WitnessError } from '@witness/record';
import type { AuditStore, SequencedRecord, StoreBatch } from '../audit-store.ts';
import { PARTITION_MS } from '../partition.ts';
import type { Condition, Visibility } from '../query.ts';
import { ridTimeDigits } from '../rid-time.ts';
import { createMemoryStore } from './memory-store.ts';
import { createRandom, PLAN_IDS, randomCondition, randomRecord } from './random-audit.ts';

export interface OpenedStore extends AsyncDisposable {
  readonly store: AuditStore;
  /** Closes the store and opens it again on the same data, where the engine keeps any. */
  readonly reopen?: () => Promise<AuditStore>;
}

const FROM = Date.UTC(2024, 2, 4);
const RECORDS = 1500;
const CONDITIONS = 300;
/** Conditions asked at the same time: parameters of one must never reach another. */
const AT_ONCE = 6;

const collect = async (
  chunks: AsyncIterable<readonly ActivityRecord[]>,
): Promise<ActivityRecord[]> => {
  const records: ActivityRecord[] = [];
  for await (const chunk of chunks) {
    assert.ok(chunk.length > 0, 'no empty chunk');
    records.push(...chunk);
  }
  return records;
};

const rids = (records: readonly ActivityRecord[]): string[] => records.map(({ rid }) => rid);

const batchOf = (
  token: string,
  records: readonly ActivityRecord[],
  first: bigint,
  more: Partial<StoreBatch> = {},
): StoreBatch => ({
  token,
  records: records.map((record, index) => ({ record, sequence: first + BigInt(index) })),
  mayRepeat: false,
  ...more,
});

const isCode = (code: string) => (error: unknown) =>
  error instanceof WitnessError && error.code === code;

/** `isLasting`: what is stored is there again when the store is opened anew. */
export const describeStore = (
  { name, isLasting }: { readonly name: string; readonly isLasting: boolean },
  open: () => Promise<OpenedStore>,
): void => {
  describe(`store: ${name}`, () => {
    const random = createRandom(20240304);
    const records = Array.from({ length: RECORDS }, () => randomRecord(random, FROM));
    const model = createMemoryStore();
    let opened: OpenedStore;
    let store: AuditStore;

    before(async () => {
      opened = await open();
      store = opened.store;
    });
    after(async () => opened[Symbol.asyncDispose]());

    it('is empty at first', async () => {
      assert.equal(await store.lastSequence(), 0n);
      assert.equal(await store.count({ visible: 'everything' }), 0);
      assert.deepEqual(await collect(store.search({ visible: 'everything' })), []);
      assert.deepEqual(await store.enumerate({ visible: 'everything', limit: 10 }), {
        records: [],
        next: { sequence: 0n },
      });
      const { records: stored, sources } = await store.summary();
      assert.deepEqual([stored, sources], [0, []]);
      await store.ping();
    });

    it('stores batches and gives every field back', async () => {
      let sequence = 1n;
      for (let start = 0; start < records.length; start += 400) {
        // Positions have gaps: they are derived from places in the spool.
        const batch = batchOf(`t${start}`, records.slice(start, start + 400), sequence);
        const receipt = { added: batch.records.length, repeated: 0 };
        assert.deepEqual(await store.insert(batch), receipt);
        await model.insert(batch);
        sequence += 1_000_000_000_000n;
      }
      const found = await collect(store.search({ visible: 'everything' }));
      assert.deepEqual(found, await collect(model.search({ visible: 'everything' })));
      assert.equal(await store.lastSequence(), await model.lastSequence());
    });

    it('changes nothing when the same batch comes again', async () => {
      const batch = batchOf('t0', records.slice(0, 400), 1n);
      assert.deepEqual(await store.insert(batch), { added: 0, repeated: 400 });
      assert.deepEqual(await store.insert({ ...batch, mayRepeat: true }), {
        added: 0,
        repeated: 400,
      });
      assert.equal(await store.count({ visible: 'everything' }), RECORDS);
    });

    it('keeps the first place of records that come again among others, and counts repeats within a batch', async () => {
      const fresh = Array.from({ length: 3 }, () => randomRecord(random, FROM));
      const [a, b, c] = fresh as [ActivityRecord, ActivityRecord, ActivityRecord];
      const mixed = [records[5], a, records[700], a, b, c, b] as ActivityRecord[];
      const batch = batchOf('mixed', mixed, 9_000_000_000_000n, { mayRepeat: true });
      assert.deepEqual(await store.insert(batch), { added: 3, repeated: 4 });
      await model.insert(batch);
      const page = { visible: 'everything', limit: RECORDS + 10 } as const;
      assert.deepEqual(await store.enumerate(page), await model.enumerate(page));
      records.push(...fresh);
    });

    it('accepts an empty batch', async () => {
      assert.deepEqual(await store.insert(batchOf('empty', [], 1n)), { added: 0, repeated: 0 });
    });

    it('answers conditions as the plain meaning says', async () => {
      const choose = createRandom(77);
      let hits = 0;
      const check = async (round: number, where: Condition, visible: Visibility) => {
        const label = JSON.stringify({ where, visible });
        const expected = await collect(model.search({ where, visible }));
        if (expected.length > 0 && expected.length < records.length) hits += 1;
        if (round % 6 === 0) {
          const found = await collect(store.search({ where, visible }));
          assert.deepEqual(rids(found), rids(expected), label);
        } else if (round % 6 === 1) {
          const request = { where, visible, limit: 20 } as const;
          assert.deepEqual(await store.enumerate(request), await model.enumerate(request), label);
        } else {
          assert.equal(await store.count({ where, visible }), expected.length, label);
        }
      };
      for (let round = 0; round < CONDITIONS; round += AT_ONCE) {
        const checks = Array.from({ length: AT_ONCE }, (_, index) =>
          check(
            round + index,
            randomCondition(choose, records),
            choose.chance(0.8) ? 'everything' : { planIds: PLAN_IDS.slice(0, choose.below(3)) },
          ),
        );
        await Promise.all(checks);
      }
      assert.ok(hits > CONDITIONS / 3, `${hits} conditions decide anything`);
    });

    it('pages newest first without repeating or losing, wherever a page ends', async () => {
      const where: Condition = {
        kind: 'text',
        field: 'objectType',
        test: { operator: 'equals', values: ['USER'] },
      };
      const expected = await collect(model.search({ where, visible: 'everything' }));
      for (const limit of [1, 97, 400]) {
        const pages: ActivityRecord[] = [];
        let last: ActivityRecord | undefined;
        for (let page = 0; page < (limit === 1 ? 30 : 100); page += 1) {
          const found = await collect(
            store.search({ where, visible: 'everything', limit, ...(last && { after: last }) }),
          );
          if (found.length === 0) break;
          pages.push(...found);
          last = found.at(-1);
        }
        assert.deepEqual(rids(pages), rids(expected.slice(0, pages.length)));
        if (limit > 1) assert.equal(pages.length, expected.length);
      }
    });

    it('walks in order of arrival, also with a condition and a narrow view', async () => {
      const requests = [
        { visible: 'everything' },
        { visible: { planIds: PLAN_IDS.slice(0, 1) } },
        { visible: { planIds: [] } },
        {
          visible: 'everything',
          where: { kind: 'text', field: 'what', test: { operator: 'contains', values: ['ОТЧЁТ'] } },
        },
      ] as const;
      for (const request of requests) {
        const [walk, expected] = [store, model].map(async (from) => {
          const all: ActivityRecord[] = [];
          let position = { sequence: 0n };
          for (;;) {
            const page = await from.enumerate({ ...request, after: position, limit: 123 });
            if (page.records.length === 0) return all;
            all.push(...page.records);
            position = page.next;
          }
        });
        assert.deepEqual(await walk, await expected);
      }
    });

    it('sees what was written after the last page of a walk', async () => {
      const end = await store.enumerate({ visible: 'everything', limit: 10_000 });
      const late = { ...randomRecord(random, FROM), when: FROM - 86_400_000 };
      await store.insert(batchOf('late', [late], 10_000_000_000_000n));
      await model.insert(batchOf('late', [late], 10_000_000_000_000n));
      records.push(late);
      const next = await store.enumerate({ visible: 'everything', after: end.next, limit: 10 });
      assert.deepEqual(next, { records: [late], next: { sequence: 10_000_000_000_000n } });
    });

    it('keeps rejected and archive-only beside the records, never among them', async () => {
      const [record, hidden] = [randomRecord(random, FROM), randomRecord(random, FROM)];
      const rejected = {
        rid: record.rid,
        when: record.when,
        input: 'windows-event-xml',
        code: 'XML_MALFORMED',
        reason: 'It\u2019s "broken" \\ \0',
        bytes: Uint8Array.from({ length: 256 }, (_, index) => index),
      };
      const archived: SequencedRecord = { record: hidden, sequence: 11_000_000_000_001n };
      const batch = batchOf('rejected', [record], 11_000_000_000_000n, {
        rejected: [rejected],
        archiveOnly: [archived],
      });
      for (const from of [store, model]) {
        await from.insert(batch);
        await from.insert({ ...batch, mayRepeat: true });
      }
      records.push(record);
      assert.deepEqual(await store.rejectedEvent(record.rid), rejected);
      assert.equal(await store.rejectedEvent(hidden.rid), undefined);
      const where: Condition = {
        kind: 'text',
        field: 'rid',
        test: { operator: 'equals', values: [hidden.rid] },
      };
      assert.equal(await store.count({ where, visible: 'everything' }), 0);
      assert.equal(await store.lastSequence(), 11_000_000_000_001n);
    });

    it('keeps raw events byte for byte', async () => {
      const record = randomRecord(random, FROM);
      const raw = { input: 'windows-event-json', bytes: new Uint8Array([0, 255, 10, 13, 39, 92]) };
      const batch = batchOf('raw', [], 0n, {
        records: [{ record, sequence: 12_000_000_000_000n, raw }],
      });
      await store.insert(batch);
      await model.insert(batch);
      records.push(record);
      assert.deepEqual(await store.rawEvent(record.rid), raw);
      assert.equal(await store.rawEvent(records[0]?.rid ?? ''), undefined);
    });

    it('sums up', async () => {
      const { bytesOnDisk: _, ...found } = await store.summary();
      const { bytesOnDisk: __, ...expected } = await model.summary();
      assert.deepEqual(found, expected);
    });

    it('holds times and texts at their extremes', async () => {
      const whens = [
        Date.UTC(1601, 0, 1),
        -1,
        0,
        Date.UTC(2299, 11, 31),
        Date.UTC(9999, 11, 31, 23),
      ];
      const extremes = whens.map(
        (when): ActivityRecord => ({
          ...randomRecord(random, FROM),
          rid: `${ridTimeDigits(when)}00112233445566778899AABBCCDDEEFF`,
          when,
          what: 'x'.repeat(300_000),
          details: Array.from({ length: 3000 }, (_, index) => ({ property: `p${index}` })),
        }),
      );
      const batch = batchOf('extremes', extremes, 13_000_000_000_000n);
      for (const from of [store, model]) await from.insert(batch);
      const where: Condition = {
        kind: 'text',
        field: 'what',
        test: { operator: 'contains', values: ['X'.repeat(200_000)] },
      };
      assert.deepEqual(
        await collect(store.search({ where, visible: 'everything' })),
        await collect(model.search({ where, visible: 'everything' })),
      );
      records.push(...extremes);
    });

    it('refuses a record without a proper RID and stores nothing of its batch', async () => {
      if (name === 'memory') return;
      const before = await store.count({ visible: 'everything' });
      const bad = { ...randomRecord(random, FROM), rid: '2024' };
      const batch = batchOf('bad', [randomRecord(random, FROM), bad], 14_000_000_000_000n);
      await assert.rejects(store.insert(batch), isCode('STORE_RECORD_INVALID'));
      assert.equal(await store.count({ visible: 'everything' }), before);
    });

    it('stops at once when cancelled', async () => {
      const signal = AbortSignal.abort();
      const cancelled = isCode('STORE_CANCELLED');
      await assert.rejects(store.count({ visible: 'everything', signal }), cancelled);
      await assert.rejects(store.enumerate({ visible: 'everything', limit: 1, signal }), cancelled);
      await assert.rejects(collect(store.search({ visible: 'everything', signal })), cancelled);
    });

    it('drops whole partitions that are old enough', async () => {
      const before = await store.summary();
      const limit = FROM + 2 * PARTITION_MS + 1;
      assert.equal(await store.dropBefore(limit), await model.dropBefore(limit));
      const { bytesOnDisk: _, ...found } = await store.summary();
      const { bytesOnDisk: __, ...expected } = await model.summary();
      assert.deepEqual(found, expected);
      assert.ok(found.records < before.records);
      assert.deepEqual(
        await collect(store.search({ visible: 'everything' })),
        await collect(model.search({ visible: 'everything' })),
      );
      assert.equal(await store.dropBefore(limit), 0);
    });

    if (!isLasting) return;

    it('has everything again when opened anew', async () => {
      assert.ok(opened.reopen);
      store = await opened.reopen();
      assert.deepEqual(
        await collect(store.search({ visible: 'everything' })),
        await collect(model.search({ visible: 'everything' })),
      );
    });
  });
};
