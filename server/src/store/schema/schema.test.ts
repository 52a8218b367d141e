import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { WitnessError } from '@witness/record';
import { startEngineProcess } from '../engine/engine-process.ts';
import { createEngineClient, type EngineClient } from '../engine-client.ts';
import { migrate } from './migrate.ts';
import { MIGRATIONS } from './migrations.ts';
import { renderStatement } from './render.ts';

const statements = MIGRATIONS.flatMap(({ statements }) => statements);
const activity = statements[0] ?? '';

describe('schema for a single node', () => {
  it('fills every placeholder and asks for durable inserts', () => {
    for (const statement of statements) {
      const rendered = renderStatement(statement, { database: 'witness' });
      assert.equal(rendered.length, 1);
      assert.doesNotMatch(rendered.join(), /\{|ON CLUSTER|Replicated/);
      assert.match(rendered.join(), /ENGINE = ReplacingMergeTree\n/);
      assert.match(rendered.join(), /fsync_after_insert = 1/);
      assert.match(rendered.join(), /non_replicated_deduplication_window = \d+/);
    }
  });
});

describe('schema for a cluster', () => {
  const target = { database: 'audit', cluster: 'estate' };

  it('puts a replicated table on every shard and one over them', () => {
    const [local, distributed, ...more] = renderStatement(activity, target);
    assert.deepEqual(more, []);
    assert.match(
      local ?? '',
      /^CREATE TABLE IF NOT EXISTS audit\.activity_local ON CLUSTER estate \(/,
    );
    assert.match(
      local ?? '',
      /ENGINE = ReplicatedReplacingMergeTree\('\/clickhouse\/tables\/\{shard\}\/audit\/activity_local', '\{replica\}'\)/,
    );
    assert.doesNotMatch(local ?? '', /non_replicated/);
    assert.equal(
      distributed,
      'CREATE TABLE IF NOT EXISTS audit.activity ON CLUSTER estate AS audit.activity_local ENGINE = Distributed(estate, audit, activity_local, cityHash64(rid_hash))',
    );
  });

  it('leaves only the server\u2019s own macros open', () => {
    for (const statement of statements) {
      const open = renderStatement(statement, target)
        .join()
        .match(/\{\w+\}/g);
      assert.deepEqual(open, ['{shard}', '{replica}']);
    }
  });
});

describe('migrations', () => {
  const withEngine = async (run: (client: EngineClient) => Promise<void>): Promise<void> => {
    const folder = await mkdtemp(join(tmpdir(), 'witness-schema-'));
    const host = await startEngineProcess({ folder, memoryBytesMax: 1024 ** 3, emit: () => {} });
    const client = createEngineClient({ socketPath: host.socketPath });
    try {
      await run(client);
    } finally {
      await client[Symbol.asyncDispose]();
      await host[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    }
  };

  it('are numbered without holes', () => {
    assert.deepEqual(
      MIGRATIONS.map(({ version }) => version),
      MIGRATIONS.map((_, index) => index + 1),
    );
  });

  it('run once, go on where they broke off, and stop before a newer schema', async () => {
    await withEngine(async (client) => {
      const target = { database: 'm', clock: () => 1_700_000_000_000 };
      const applied = () =>
        client.rows(
          'SELECT version, toUnixTimestamp64Milli(applied_at) FROM m.schema_migration ORDER BY version',
        );
      const one = {
        version: 1,
        statements: ['CREATE TABLE IF NOT EXISTS {database}.a (x UInt8) ENGINE = Memory'],
      };
      const two = {
        version: 2,
        statements: ['CREATE TABLE IF NOT EXISTS {database}.b (x UInt8) ENGINE = Memory', 'BROKEN'],
      };
      const mended = {
        version: 2,
        statements: [
          two.statements[0] ?? '',
          'ALTER TABLE {database}.a ADD COLUMN IF NOT EXISTS y UInt8',
        ],
      };
      await migrate(client, target, [one]);
      await migrate(client, target, [one]);
      assert.deepEqual(await applied(), [[1, 1_700_000_000_000]]);
      await assert.rejects(migrate(client, target, [one, two]));
      await migrate(client, target, [one, mended]);
      assert.deepEqual(await applied(), [
        [1, 1_700_000_000_000],
        [2, 1_700_000_000_000],
      ]);
      await assert.rejects(
        migrate(client, target, [one]),
        (error) =>
          error instanceof WitnessError &&
          error.code === 'STORE_SCHEMA_NEWER' &&
          error.values.found === 2 &&
          error.values.known === 1,
      );
    });
  });
});
