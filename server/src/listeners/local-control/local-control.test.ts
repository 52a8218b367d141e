import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type ActivityRecord, WitnessError } from '@witness/record';
import type { Calls, Operations } from '../../operations/index.ts';
import type { RawBatch } from '../../pipeline/index.ts';
import { connectOperations, createLocalControl } from './index.ts';

const record = (what: string): ActivityRecord => ({
  rid: '20250131091233123AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
  who: 'CONTOSO\\admin',
  whoKnownBy: 'event',
  action: 'Added',
  what,
  when: 1738314753123,
  where: 'dc1',
  objectType: 'user',
  dataSource: 'Active Directory',
  details: [],
});

const batch: RawBatch = {
  input: 'activity-record-line',
  events: [Buffer.from('{"a":"ü"}'), Buffer.from(''), Buffer.from([0, 255, 10])],
  receivedAt: 5,
  origin: { listener: 'import', sender: 'a.ndjson' },
  batchId: '0'.repeat(32),
};

/** Operations that answer what the test gave them. */
const fakeOperations = (given: Partial<Operations>): Operations => ({
  submit: async () => ({ added: 0, repeated: 0, rejected: 0 }),
  search: async function* () {},
  call: async () => ({}) as never,
  [Symbol.asyncDispose]: async () => {},
  ...given,
});

const start = async (t: TestContext, given: Partial<Operations>) => {
  const folder = mkdtempSync(join(tmpdir(), 'witness-control-'));
  const socketPath = join(folder, 'run', 'control.sock');
  const emitted: string[] = [];
  const control = createLocalControl({
    socketPath,
    operations: fakeOperations(given),
    emit: (event) => emitted.push(event.name),
  });
  await control.listen();
  const remote = await connectOperations(socketPath);
  assert.ok(remote);
  t.after(async () => {
    await remote[Symbol.asyncDispose]();
    await control.close();
    rmSync(folder, { recursive: true });
  });
  return { remote, socketPath, emitted };
};

test('a batch arrives byte for byte and its receipt comes back', async (t) => {
  const seen: RawBatch[] = [];
  const { remote } = await start(t, {
    submit: async (given) => {
      seen.push(given);
      return { added: 2, repeated: 1, rejected: 0 };
    },
  });
  assert.deepEqual(await remote.submit(batch), { added: 2, repeated: 1, rejected: 0 });
  assert.deepEqual(
    seen[0]?.events.map((event) => Buffer.from(event).toString('hex')),
    batch.events.map((event) => Buffer.from(event).toString('hex')),
  );
  assert.equal(seen[0]?.input, batch.input);
  assert.deepEqual(seen[0]?.origin, batch.origin);
});

test('records stream in chunks and end in order', async (t) => {
  const { remote } = await start(t, {
    async *search({ text, limit }) {
      yield [record(text)];
      yield [record(String(limit)), record('z')];
    },
  });
  const chunks: string[][] = [];
  for await (const records of remote.search({ text: 'who:ü', limit: 3 })) {
    chunks.push(records.map(({ what }) => what));
  }
  assert.deepEqual(chunks, [['who:ü'], ['3', 'z']]);
});

test('an error keeps its code, advice and place', async (t) => {
  const failing = (): never => {
    throw new WitnessError(
      'PLAN_UNKNOWN_KEY',
      { message: 'bad {key}', advice: 'mend it', retry: 'never' },
      { key: 'nmae' },
      { location: 'plan.yaml:3:1' },
    );
  };
  const { remote } = await start(t, {
    call: async () => failing(),
    async *search() {
      yield [record('first')];
      failing();
    },
  });
  const expected = {
    code: 'PLAN_UNKNOWN_KEY',
    message: 'bad nmae',
    advice: 'mend it',
    location: 'plan.yaml:3:1',
  };
  await assert.rejects(remote.call('plan-list', {}), expected);
  await assert.rejects(async () => {
    for await (const _ of remote.search({ text: '' }));
  }, expected);
});

test('an unexpected failure is told without its inside, and logged', async (t) => {
  const { remote, emitted } = await start(t, {
    call: async () => {
      throw new TypeError('secret detail');
    },
  });
  await assert.rejects(
    remote.call('status', {} as Calls['status']['args']),
    (thrown: WitnessError) =>
      thrown.code === 'CONTROL_FAILED' && !thrown.message.includes('secret detail'),
  );
  assert.deepEqual(emitted, ['local-control.failed']);
});

test('a search that nobody waits for any more is cancelled', async (t) => {
  let cancelled: () => void;
  const wasCancelled = new Promise<void>((resolve) => {
    cancelled = resolve;
  });
  const { remote } = await start(t, {
    async *search(_, signal) {
      yield [record('one')];
      await new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve()));
      cancelled();
    },
  });
  for await (const _ of remote.search({ text: '' })) break;
  await wasCancelled;
});

test('only this account may open the socket; nobody listening is not an error', async (t) => {
  const { socketPath } = await start(t, {});
  assert.equal(statSync(socketPath).mode & 0o077, 0);
  assert.equal(await connectOperations(`${socketPath}.absent`), undefined);
});

test('a socket file left behind by a killed server does not stop the next one', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'witness-control-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const socketPath = join(folder, 'control.sock');
  writeFileSync(socketPath, '');
  const control = createLocalControl({
    socketPath,
    operations: fakeOperations({}),
    emit: () => {},
  });
  await control.listen();
  await control.close();
});

const send = (socketPath: string, path: string, body: string): Promise<[number, string]> =>
  new Promise((resolve, reject) => {
    const request = httpRequest({ socketPath, path, method: 'POST' }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
      resolve([response.statusCode ?? 0, Buffer.concat(chunks).toString()]);
    });
    request.on('error', reject);
    request.end(body);
  });

test('what is not of the protocol is refused and the server goes on', async (t) => {
  const { remote, socketPath } = await start(t, {});
  const header = (value: unknown, rest = ''): string => {
    const text = JSON.stringify(value);
    const prefix = Buffer.alloc(4);
    prefix.writeUInt32LE(Buffer.byteLength(text));
    return prefix.toString('latin1') + text + rest;
  };
  const { events: _, ...fields } = batch;
  const bad: readonly (readonly [path: string, body: string])[] = [
    ['/nowhere', '{}'],
    ['/call', 'not json'],
    ['/call', '3'],
    ['/batches', ''],
    ['/batches', '\u00ff\u00ff\u00ff\u00ff'],
    ['/batches', header('x')],
    ['/batches', header({ ...fields, lengths: [1] })],
    ['/batches', header({ ...fields, lengths: [1] }, 'abc')],
    ['/batches', header({ ...fields, lengths: [-1] }, 'abc')],
  ];
  for (const [path, body] of bad) {
    const [status, text] = await send(socketPath, path, body);
    assert.equal(status, 400, path);
    assert.match(text, /CONTROL_REQUEST_INVALID/);
  }
  assert.deepEqual(await remote.submit(batch), { added: 0, repeated: 0, rejected: 0 });
});
