import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { compileCondition } from './compile-condition.ts';
import { startEngineProcess } from './engine/engine-process.ts';
import { createEngineClient } from './engine-client.ts';
import type { Condition } from './query.ts';
import { RECORD_COLUMNS, writeRecord } from './record-rows.ts';
import { RowBinaryWriter } from './row-binary-writer.ts';
import { migrate } from './schema/migrate.ts';
import { timeRangeOf } from './search-records.ts';
import { createRandom, randomCondition, randomRecord } from './testing/random-audit.ts';

const MARK = 'Zq\u0416\'"\\%_*{p0:String}';

describe('compiled conditions', () => {
  it('hold no value of the condition in their text', () => {
    const random = createRandom(5);
    const records = Array.from({ length: 20 }, () => ({
      ...randomRecord(random, 0),
      what: MARK,
      who: MARK,
    }));
    for (let round = 0; round < 500; round += 1) {
      const { sql } = compileCondition(randomCondition(random, records), { planIds: [MARK] });
      assert.doesNotMatch(sql, /Zq|zq|\u0416|\u0436|%_/);
    }
  });

  it('prune granules by the search text index, in every letter case and alphabet', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'witness-prune-'));
    const host = await startEngineProcess({ folder, memoryBytesMax: 1024 ** 3, emit: () => {} });
    const client = createEngineClient({ socketPath: host.socketPath });
    try {
      await migrate(client, { database: 'w', clock: () => 0 });
      const random = createRandom(9);
      const writer = new RowBinaryWriter();
      const rows = 40_000;
      for (let index = 0; index < rows; index += 1) {
        const record = {
          ...randomRecord(random, 0),
          when: index,
          details: [],
          what: `plain ${index % 100}`,
        };
        const what = index === rows - 1 ? 'needle in ИГОЛКА' : record.what;
        const details = index === 0 ? [{ property: 'Name', after: 'Haystack' }] : [];
        writeRecord(writer, { record: { ...record, what, details }, sequence: BigInt(index) });
      }
      await client.insert(`INSERT INTO w.activity (${RECORD_COLUMNS})`, writer.bytes(), {});
      const granules = async (where: Condition): Promise<[number, number]> => {
        const { sql, parameters } = compileCondition(where, 'everything');
        const lines = await client.rows<[string]>(
          `EXPLAIN indexes = 1 SELECT count() FROM w.activity WHERE ${sql}`,
          { parameters },
        );
        const read = /Name: search_text[\s\S]*?Granules: (\d+)\/(\d+)/.exec(
          lines.flat().join('\n'),
        );
        return [Number(read?.[1]), Number(read?.[2])];
      };
      const check = async (field: 'what' | 'anywhere' | 'detail', value: string, most: number) => {
        const [read, all] = await granules({
          kind: 'text',
          field,
          test: { operator: 'contains', values: [value] },
        });
        assert.ok(read <= most && all >= 16, `${value}: ${read} of ${all}`);
      };
      await check('what', 'absent text', 0);
      await check('anywhere', 'ABSENT', 0);
      await check('what', 'NEEDLE', 4);
      await check('anywhere', 'иголка', 4);
      await check('detail', 'hAYSTACK', 4);
      const [read] = await granules({
        kind: 'detail',
        property: { operator: 'equals', values: ['NAME'] },
        after: { operator: 'startsWith', values: ['HAYST'] },
      });
      assert.ok(read <= 4);
    } finally {
      await client[Symbol.asyncDispose]();
      await host[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    }
  });
});

describe('time range of a condition', () => {
  const when = (from?: number, to?: number): Condition => ({
    kind: 'when',
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  });
  const text: Condition = {
    kind: 'text',
    field: 'who',
    test: { operator: 'equals', values: ['a'] },
  };
  const check = (condition: Condition | undefined, from: number, to: number) =>
    assert.deepEqual(timeRangeOf(condition), { from, to });

  it('is as narrow as can be said for certain', () => {
    check(undefined, -Infinity, Infinity);
    check(when(1, 5), 1, 5);
    check(text, -Infinity, Infinity);
    check({ kind: 'and', conditions: [when(1), text, when(0, 9)] }, 1, 9);
    check({ kind: 'or', conditions: [when(1, 5), when(7, 9)] }, 1, 9);
    check({ kind: 'or', conditions: [when(1, 5), text] }, -Infinity, Infinity);
    check({ kind: 'not', condition: when(1, 5) }, -Infinity, Infinity);
    check({ kind: 'or', conditions: [] }, Infinity, -Infinity);
  });
});
