import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { PipelineLimits } from '../pipeline-limits.ts';
import { contentBatch, newBatch, openFixture, settleWork, things } from '../testing/fixture.ts';
import { type Disk, NODE_DISK } from './disk.ts';
import { decodeFrame, encodeFrame, FRAME_HEADER_BYTES, scanSegment, sealFrame } from './frame.ts';

const MARKER = Buffer.from('0011223344556677', 'hex');
const FULL = 'PIPELINE_DISK_FULL';
const FAILED = 'PIPELINE_DISK_FAILED';

const code = (expected: string) => (error: unknown) =>
  error instanceof Error && 'code' in error && error.code === expected;

const systemError = (name: string): Error =>
  Object.assign(new Error(`${name}: injected`), { code: name });

const frames = (count: number): Buffer[] =>
  Array.from({ length: count }, (_, index) => {
    const frame = encodeFrame(contentBatch(things(2, `f${index}`)));
    sealFrame(frame, index + 1, MARKER);
    return frame;
  });

const numbersOf = (bytes: Buffer): number[] =>
  scanSegment(bytes, MARKER).flatMap((found) => (found.kind === 'entry' ? [found.number] : []));

describe('frames', () => {
  test('give back the batch they were made of', () => {
    const plan = { id: '{1}', name: 'Plän' };
    const batch = contentBatch(things(3), { plan, item: { name: 'a', type: 'b' } });
    for (const events of [batch.events, [], [new Uint8Array(0), Buffer.from([0, 255])]]) {
      const frame = encodeFrame({ ...batch, events });
      sealFrame(frame, 7, MARKER);
      const back = decodeFrame(frame, MARKER);
      assert.deepEqual(
        { ...back, events: back?.events.map((one) => [...one]) },
        {
          ...batch,
          events: events.map((one) => [...one]),
        },
      );
    }
  });

  test('parsed values are never written', () => {
    const submitted = { ...newBatch(things(1)), parsed: ['secret-parsed-value'] };
    const frame = encodeFrame(submitted);
    assert.ok(!frame.includes('secret-parsed-value'));
  });

  test('one damaged byte anywhere costs its own entry and no other', () => {
    const parts = frames(5);
    const whole = Buffer.concat(parts);
    const start = (parts[0]?.length ?? 0) + (parts[1]?.length ?? 0);
    for (let at = 0; at < (parts[2]?.length ?? 0); at += 1) {
      const bytes = Buffer.from(whole);
      bytes.writeUInt8(bytes.readUInt8(start + at) ^ 0x5a, start + at);
      assert.deepEqual(numbersOf(bytes), [1, 2, 4, 5], `byte ${at}`);
      const damage = scanSegment(bytes, MARKER).find(({ kind }) => kind === 'damage');
      assert.deepEqual([damage?.offset, damage?.length], [start, parts[2]?.length]);
    }
  });

  test('a cut anywhere leaves the entries before it', () => {
    const parts = frames(3);
    const whole = Buffer.concat(parts);
    const ends = parts.map((_, index) => Buffer.concat(parts.slice(0, index + 1)).length);
    for (let size = 0; size <= whole.length; size += 1) {
      const expected = ends.filter((end) => end <= size).map((_, index) => index + 1);
      assert.deepEqual(numbersOf(whole.subarray(0, size)), expected, `cut at ${size}`);
    }
  });

  test('a sender that writes an entry into its event does not forge one', () => {
    const forged = encodeFrame(contentBatch(things(1)));
    sealFrame(forged, 99, Buffer.from('ffffffffffffffff', 'hex'));
    const frame = encodeFrame({ ...contentBatch([]), events: [forged] });
    sealFrame(frame, 1, MARKER);
    frame.writeUInt8(0, FRAME_HEADER_BYTES - 1);
    assert.deepEqual(numbersOf(Buffer.concat([frame, ...frames(2).slice(1)])), [2]);
  });
});

/** A disk that counts and can be told to fail. */
const createFaultyDisk = () => {
  const counts = { writes: 0, syncs: 0 };
  const faults: {
    write?: () => number | undefined;
    sync?: () => void;
    free?: number;
    folder?: () => void;
  } = {};
  const disk: Disk = {
    ...NODE_DISK,
    open: async (path, mode) => {
      const file = await NODE_DISK.open(path, mode);
      if (!path.endsWith('.spool1')) return file;
      return {
        ...file,
        write: async (buffers, position) => {
          counts.writes += 1;
          const most = faults.write?.();
          if (most === undefined) return await file.write(buffers, position);
          const first = buffers[0]?.subarray(0, most) ?? new Uint8Array(0);
          return await file.write([first], position);
        },
        sync: async () => {
          counts.syncs += 1;
          faults.sync?.();
          await file.sync();
        },
      };
    },
    syncFolder: async (folder) => {
      faults.folder?.();
      await NODE_DISK.syncFolder(folder);
    },
    freeBytes: async (folder) => faults.free ?? (await NODE_DISK.freeBytes(folder)),
  };
  return { disk, counts, faults };
};

const whats = async (one: Awaited<ReturnType<typeof openFixture>>): Promise<string[]> =>
  (await one.records()).map(({ what }) => what);

const segmentsOf = async (folder: string): Promise<string[]> =>
  (await readdir(folder)).filter((name) => name.endsWith('.spool1')).sort();

const frozen: Partial<PipelineLimits> = { checkpointEveryMs: 1e9 };

describe('the spool', () => {
  test('concurrent batches share writes and syncs', async () => {
    const { disk, counts } = createFaultyDisk();
    await using one = await openFixture({ disk });
    await Promise.all(things(100).map((thing) => one.pipeline.submit(newBatch([thing]))));
    assert.ok(counts.syncs <= 5, `${counts.syncs} syncs`);
    assert.equal((await one.records()).length, 100);
  });

  test('writes that take only a few bytes are continued', async () => {
    const { disk, faults } = createFaultyDisk();
    faults.write = () => 7;
    await using one = await openFixture({ disk, limits: frozen });
    await one.pipeline.submit(newBatch(things(2)));
    const { store } = one;
    await one.crash({ disk: NODE_DISK, store });
    assert.deepEqual(await whats(one), ['thing 0', 'thing 1']);
    assert.ok(!one.names().includes('pipeline.spool-damaged'));
  });

  test('segments rotate and go when they are stored', async () => {
    await using one = await openFixture({ limits: { segmentBytesMax: 300 } });
    for (const thing of things(10)) await one.pipeline.submit(newBatch([thing]));
    assert.ok((await segmentsOf(one.folder)).length > 3);
    await one.timers.advance(1_000);
    await one.timers.advance(1_000);
    assert.equal((await segmentsOf(one.folder)).length, 1);
    await one.reopen();
    assert.equal((await segmentsOf(one.folder)).length, 0);
    assert.equal((await one.records()).length, 10);
  });

  for (const [name, hold] of [
    ['no space', 'ENOSPC'],
    ['no quota', 'EDQUOT'],
  ] as const) {
    test(`${name} in the middle of a write: refused, nothing kept, resumes by itself`, async () => {
      const { disk, faults } = createFaultyDisk();
      await using one = await openFixture({ disk, limits: frozen });
      await one.pipeline.submit(newBatch([{ what: 'before' }]));
      let writes = 0;
      faults.write = () => {
        writes += 1;
        if (writes % 2 === 0) throw systemError(hold);
        return 30;
      };
      for (const _ of [1, 2])
        await assert.rejects(one.pipeline.submit(newBatch([{ what: 'refused' }])), code(FULL));
      assert.match(one.pipeline.state().reason ?? '', /full/);
      delete faults.write;
      await one.timers.advance(1_000);
      assert.equal(one.pipeline.state().isAccepting, true, 'without a sender trying');
      await one.pipeline.submit(newBatch([{ what: 'after' }]));
      await one.crash();
      assert.deepEqual(await whats(one), ['before', 'after']);
      assert.ok(!one.names().includes('pipeline.spool-damaged'));
      assert.deepEqual(
        one.names().filter((event) => event.startsWith('pipeline.disk')),
        ['pipeline.disk-refused', 'pipeline.disk-recovered'],
      );
    });
  }

  test('below the free-space floor senders are told to come back', async () => {
    const { disk, faults } = createFaultyDisk();
    await using one = await openFixture({ disk, limits: { freeBytesMin: 1_000 } });
    faults.free = 1_100;
    await one.timers.advance(1_000);
    await assert.rejects(one.pipeline.submit(newBatch(things(2))), code(FULL));
    faults.free = 100_000;
    assert.equal((await one.pipeline.submit(newBatch(things(2)))).added, 2);
  });

  test('a failed sync: the segment is given up, the batch is written again', async () => {
    const { disk, faults } = createFaultyDisk();
    await using one = await openFixture({ disk, limits: frozen });
    await one.pipeline.submit(newBatch([{ what: 'before' }]));
    let syncs = 0;
    faults.sync = () => {
      syncs += 1;
      if (syncs === 1) throw systemError('EIO');
    };
    await one.pipeline.submit(newBatch([{ what: 'during' }]));
    assert.equal((await segmentsOf(one.folder)).length, 2);
    await one.pipeline.submit(newBatch([{ what: 'after' }]));
    await one.crash();
    assert.deepEqual(await whats(one), ['before', 'during', 'after']);
    assert.ok(one.names('error').includes('pipeline.segment-abandoned'));
    assert.ok(!one.names().includes('pipeline.spool-damaged'));
  });

  test('a disk that keeps failing refuses; leftovers of refused batches never come back', async () => {
    const { disk, faults } = createFaultyDisk();
    await using one = await openFixture({ disk, limits: frozen });
    await one.pipeline.submit(newBatch([{ what: 'before' }]));
    faults.sync = () => {
      throw systemError('EIO');
    };
    await assert.rejects(one.pipeline.submit(newBatch([{ what: 'refused' }])), code(FAILED));
    await assert.rejects(one.pipeline.submit(newBatch([{ what: 'refused' }])), code(FAILED));
    delete faults.sync;
    await one.pipeline.submit(newBatch([{ what: 'after' }]));
    await one.crash();
    assert.deepEqual(await whats(one), ['before', 'after']);
  });

  test('a folder that cannot be synced refuses and recovers', async () => {
    const { disk, faults } = createFaultyDisk();
    await using one = await openFixture({ disk });
    faults.folder = () => {
      throw systemError('EIO');
    };
    await assert.rejects(one.pipeline.submit(newBatch(things(1))), code(FAILED));
    delete faults.folder;
    assert.equal((await one.pipeline.submit(newBatch(things(1)))).added, 1);
  });

  test('a real full disk', async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'witness-full-'));
    const mount = ['-t', 'tmpfs', '-o', 'size=2m', 'witness-test', folder];
    const isMounted = spawnSync('mount', mount).status === 0;
    t.after(async () => {
      if (isMounted) spawnSync('umount', [folder]);
      await rm(folder, { recursive: true, force: true });
    });
    if (!isMounted) {
      t.skip('no right to mount a small disk');
      return;
    }
    await using one = await openFixture({
      folder: join(folder, 'spool'),
      limits: { freeBytesMin: 0, segmentBytesMax: 100_000, ...frozen },
    });
    const big = { what: 'x'.repeat(100_000) };
    let taken = 0;
    await assert.rejects(async () => {
      for (; taken < 100; taken += 1) await one.pipeline.submit(newBatch([big]));
    }, code(FULL));
    assert.ok(taken >= 10 && taken < 21, `${taken} batches`);
    await writeFile(join(folder, 'other'), 'y').catch(() => undefined);
    await one.pipeline.submit(newBatch([{ what: 'small' }])).catch(() => undefined);
    const before = (await one.records()).length;
    await one.crash();
    assert.equal((await one.records()).length, before, 'nothing of a refused batch is replayed');
    await one.reopen({ limits: { freeBytesMin: 0, checkpointEveryMs: 1 } });
    assert.equal(
      (await one.pipeline.submit(newBatch([big]))).added,
      1,
      'stored segments made room',
    );
  });
});

/** A folder with three batches in three segments, none of them stored as far as the new store knows. */
const afterDamage = async (
  damage: (folder: string, segments: readonly string[]) => Promise<void>,
): Promise<Awaited<ReturnType<typeof openFixture>>> => {
  const limits = { ...frozen, segmentBytesMax: 1 };
  const first = await openFixture({ limits });
  for (const what of ['a', 'b', 'c']) {
    await first.pipeline.submit(contentBatch([{ what }, { what: `${what}2` }]));
  }
  const folder = await mkdtemp(join(tmpdir(), 'witness-damage-'));
  await cp(first.folder, folder, { recursive: true });
  await first[Symbol.asyncDispose]();
  await damage(folder, await segmentsOf(folder));
  const one = await openFixture({ folder, limits });
  const close = one[Symbol.asyncDispose].bind(one);
  return Object.assign(one, {
    [Symbol.asyncDispose]: async () => {
      await close();
      await rm(folder, { recursive: true, force: true });
    },
  });
};

const flip = async (path: string, at: number): Promise<void> => {
  const bytes = await readFile(path);
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  await writeFile(path, bytes);
};

describe('damage', () => {
  const check = (
    name: string,
    damage: Parameters<typeof afterDamage>[0],
    expected: { stored: string[]; told: RegExp | undefined },
  ) =>
    test(name, async () => {
      await using one = await afterDamage(damage);
      const records = await one.records();
      const told = records.filter(({ action }) => action === 'Spool damaged');
      assert.deepEqual(
        records.filter((record) => !told.includes(record)).map(({ what }) => what),
        expected.stored,
      );
      assert.equal(told.length, expected.told ? 1 : 0);
      if (expected.told) {
        assert.match(told[0]?.what ?? '', expected.told);
        assert.ok(one.names('error').includes('pipeline.spool-damaged'));
      }
      for (const again of [one.crash, one.crash, one.reopen]) await again();
      assert.deepEqual(await one.records(), records, 'told once');
    });

  check(
    'in the middle: the rest is intact, the loss is told',
    async (folder, [, second = '']) => flip(join(folder, second), 60),
    {
      stored: ['a', 'a2', 'c', 'c2'],
      told: /^00000002-.*: \d+ bytes unreadable at 0, 1 batch missing$/,
    },
  );
  check(
    'a half-written tail',
    async (folder, [, , third = '']) => {
      const bytes = await readFile(join(folder, third));
      await writeFile(join(folder, third), bytes.subarray(0, bytes.length - 10));
    },
    { stored: ['a', 'a2', 'b', 'b2'], told: /^00000003-.*: \d+ bytes unreadable at 0$/ },
  );
  check(
    'zeros behind the last batch, as power loss leaves them',
    async (folder, [, , third = '']) => {
      const bytes = await readFile(join(folder, third));
      await writeFile(join(folder, third), Buffer.concat([bytes, Buffer.alloc(4096)]));
    },
    { stored: ['a', 'a2', 'b', 'b2', 'c', 'c2'], told: /4096 bytes unreadable/ },
  );
  check('a segment that is gone', async (folder, [, second = '']) => rm(join(folder, second)), {
    stored: ['a', 'a2', 'c', 'c2'],
    told: /: 0 bytes unreadable at 0, 1 batch missing$/,
  });
  check('a damaged checkpoint', (folder) => writeFile(join(folder, 'checkpoint'), 'rubbish'), {
    stored: ['a', 'a2', 'b', 'b2', 'c', 'c2'],
    told: undefined,
  });
  check('a lost checkpoint', (folder) => rm(join(folder, 'checkpoint')), {
    stored: ['a', 'a2', 'b', 'b2', 'c', 'c2'],
    told: undefined,
  });
  check('damaged facts', (folder) => writeFile(join(folder, 'facts'), 'rubbish'), {
    stored: ['a', 'a2', 'b', 'b2', 'c', 'c2'],
    told: undefined,
  });

  test('of a batch that memory had no room for is told, the others are read back and stored', async () => {
    await using plain = await openFixture();
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const { store } = plain;
    await using one = await openFixture({
      store: {
        ...store,
        insert: async (batch) => {
          await released;
          return await store.insert(batch);
        },
      },
      limits: { ...frozen, memoryBytesMax: 0, segmentBytesMax: 1, aheadBatchesMax: 1 },
    });
    for (const what of ['a', 'b', 'c', 'd']) {
      await one.pipeline.submit(contentBatch([{ what }]), { waitFor: 'durable' });
      await settleWork();
    }
    const [, , third = ''] = await segmentsOf(one.folder);
    await flip(join(one.folder, third), 60);
    release();
    await one.pipeline.drained();
    const [a, b, d, told] = await whats(plain);
    assert.deepEqual([a, b, d], ['a', 'b', 'd']);
    assert.match(told ?? '', /^00000003-.*unreadable at 0, 1 batch missing$/);
    assert.ok(one.names('error').includes('pipeline.spool-damaged'));
  });
});
