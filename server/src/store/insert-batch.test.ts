import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { StoreBatch } from './audit-store.ts';
import type { EngineClient, QuerySettings } from './engine-client.ts';
import { storeError } from './errors.ts';
import { createBatchWriter } from './insert-batch.ts';
import { createRandom, randomRecord } from './testing/random-audit.ts';

/** Remembers what is inserted; fails where told to. */
const createFakeClient = () => {
  const inserts: { table: string; settings: QuerySettings }[] = [];
  const state = { failing: '' };
  const client: EngineClient = {
    rows: async () => [],
    command: async () => {},
    insert: async (into, _rows, settings) => {
      const table = /INSERT INTO w\.(\w+)/.exec(into)?.[1] ?? '';
      if (table === state.failing) throw storeError('STORE_DISK_FULL');
      inserts.push({ table, settings });
    },
    [Symbol.asyncDispose]: async () => {},
  };
  return { client, inserts, state };
};

describe('writing a batch', () => {
  const random = createRandom(3);
  const batch = (token: string, first: bigint, more: Partial<StoreBatch> = {}): StoreBatch => ({
    token,
    records: [
      {
        record: randomRecord(random, 0),
        sequence: first,
        raw: { input: 'x', bytes: new Uint8Array() },
      },
    ],
    mayRepeat: false,
    ...more,
  });
  const open = (client: EngineClient, keepRawEvents = true) =>
    createBatchWriter({ client, database: 'w', keepRawEvents, settings: {} });

  it('sends what belongs to the records before the records', async () => {
    const { client, inserts } = createFakeClient();
    const rejected = [
      { rid: 'r', when: 0, input: 'x', code: 'C', reason: '', bytes: new Uint8Array() },
    ];
    const whole = batch('a', 1n, { rejected, archiveOnly: batch('b', 2n).records });
    await open(client).insert(whole);
    assert.deepEqual(
      inserts.map(({ table }) => table),
      ['raw_event', 'rejected_event', 'archive_only', 'arrival', 'activity'],
    );
    assert.ok(inserts.every(({ settings }) => settings.insert_deduplication_token === 'a'));
  });

  it('keeps raw events only when told to', async () => {
    const { client, inserts } = createFakeClient();
    await open(client, false).insert(batch('a', 1n));
    assert.deepEqual(
      inserts.map(({ table }) => table),
      ['arrival', 'activity'],
    );
  });

  it('hides what follows a failed batch until it is repeated, and lets no token swallow the repeat', async () => {
    const { client, inserts, state } = createFakeClient();
    const writer = open(client);
    await writer.insert(batch('a', 5n));
    assert.equal(writer.unfinishedFrom(), undefined);
    state.failing = 'activity';
    const failed = batch('b', 7n);
    await assert.rejects(writer.insert(failed), { code: 'STORE_DISK_FULL' });
    assert.equal(writer.unfinishedFrom(), 7n);
    state.failing = '';
    await writer.insert(failed);
    assert.equal(writer.unfinishedFrom(), undefined);
    const { settings } = inserts.at(-1) ?? {};
    assert.equal(settings?.insert_deduplicate, 0);
    assert.equal(settings?.insert_deduplication_token, undefined);
  });

  it('sends nothing of a batch that holds an impossible record', async () => {
    const { client, inserts } = createFakeClient();
    const { records } = batch('a', 1n);
    const bad = records.map((entry) => ({ ...entry, record: { ...entry.record, when: 0.5 } }));
    await assert.rejects(open(client).insert(batch('a', 1n, { records: [...records, ...bad] })), {
      code: 'STORE_RECORD_INVALID',
    });
    assert.deepEqual(inserts, []);
  });

  it('writes one batch after the other', async () => {
    const { client, inserts } = createFakeClient();
    const writer = open(client, false);
    await Promise.all([writer.insert(batch('a', 1n)), writer.insert(batch('b', 2n))]);
    assert.deepEqual(
      inserts.map(({ settings }) => settings.insert_deduplication_token),
      ['a', 'a', 'b', 'b'],
    );
  });
});
