/** Large bodies in the worker: the same results as at once, and nobody else has to wait. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WitnessError } from '@witness/record';
import { createRecordReader, type FindPlaces } from './record-reader.ts';
import { call, ENUM, page, record, WRITE, writeJson } from './testing/call.ts';
import { openTestApi } from './testing/open-test-api.ts';

const IN_WORKER = { workerJsonBytesMin: 0, workerXmlBytesMin: 0, workerHeapMib: 64 };
const AT_ONCE = { ...IN_WORKER, workerJsonBytesMin: Infinity, workerXmlBytesMin: Infinity };

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const findPlaces: FindPlaces = async ({ plans }) =>
  plans.map((wanted) => {
    if (wanted.name === 'missing')
      throw new WitnessError('PLAN', { message: 'm', advice: '', retry: 'later' }, {});
    return { wanted, plan: { id: '{1}', name: wanted.name }, items: [] };
  });

const LIST = '<ActivityRecordList>';
const outcomes = [
  ['json', JSON.stringify(Array.from({ length: 1100 }, () => record()))],
  ['json', JSON.stringify([record({ MonitoringPlan: { Name: 'A' }, Workstation: 'ü\u{1F600}' })])],
  ['json', JSON.stringify([record({ IsArchiveOnly: true, DetailList: [{ PropertyName: 'a' }] })])],
  ['json', '[]'],
  ['json', '[{}]'],
  ['json', '['],
  ['json', ' '],
  ['json', JSON.stringify([record({ MonitoringPlan: { Name: 'missing' } })])],
  ['xml', `${LIST}</ActivityRecordList>`],
  ['xml', `${LIST}<a/></ActivityRecordList>`],
  ['xml', `${LIST}`],
] as const;

const outcomeOf = async (limits: typeof IN_WORKER, format: 'json' | 'xml', text: string) => {
  await using reader = createRecordReader(limits);
  try {
    const { count, events } = await reader.read(bytesOf(text), format, findPlaces);
    return { count, events: events.map((event) => Buffer.from(event).toString('utf8')) };
  } catch (error) {
    assert.ok(error instanceof WitnessError, String(error));
    const { code, message, location } = error;
    return { code, message, location };
  }
};

for (const [format, text] of outcomes) {
  test(`6: ${format} ${text.slice(0, 60)} (${text.length}): the same in the worker`, async () => {
    assert.deepEqual(
      await outcomeOf(IN_WORKER, format, text),
      await outcomeOf(AT_ONCE, format, text),
    );
  });
}

test('6: bodies queue for the worker, and one failure does not spoil the next', async () => {
  await using reader = createRecordReader(IN_WORKER);
  const read = (text: string) => reader.read(bytesOf(text), 'json', findPlaces);
  const good = JSON.stringify([record()]);
  const results = await Promise.allSettled([read(good), read('['), read('[{}]'), read(good)]);
  assert.deepEqual(
    results.map((result) => (result.status === 'fulfilled' ? result.value.count : 'failed')),
    [1, 'failed', 'failed', 1],
  );
});

test('6: a body that needs too much memory is refused, and the next one is read', async () => {
  await using reader = createRecordReader({ ...IN_WORKER, workerHeapMib: 16 });
  const details = Array.from({ length: 9000 }, () => ({ PropertyName: 'p', After: 'a' }));
  const huge = JSON.stringify(Array.from({ length: 60 }, () => record({ DetailList: details })));
  await assert.rejects(reader.read(bytesOf(huge), 'json', findPlaces), {
    code: 'INTEGRATION_API_BODY_TOO_COMPLEX',
  });
  const good = await reader.read(bytesOf(JSON.stringify([record()])), 'json', findPlaces);
  assert.equal(good.count, 1);
});

test('6: a reader that is closed while it works says so', async () => {
  const reader = createRecordReader(IN_WORKER);
  const reading = reader.read(bytesOf(JSON.stringify([record()])), 'json', findPlaces);
  reading.catch(() => {});
  await new Promise(setImmediate);
  await reader[Symbol.asyncDispose]();
  await assert.rejects(reading);
});

test('6: a large write through the worker is one batch; small requests are answered meanwhile', async () => {
  await using api = await openTestApi();
  const records = Array.from({ length: 30_000 }, (_, index) =>
    record({ What: `${index}`, MonitoringPlan: { Name: 'Doors' } }),
  );
  let isDone = false;
  const large = writeJson(api, records).finally(() => {
    isDone = true;
  });
  let between = 0;
  while (!isDone) {
    assert.equal((await call(api, `${ENUM}?count=1`)).status, 200);
    if (!isDone) between += 1;
  }
  assert.equal((await large).status, 200, (await large).text);
  assert.ok(between > 3, String(between));
  assert.equal(api.sink.batches.length, 1);
  assert.equal(api.sink.batches[0]?.events.length, 60);
  assert.equal((await page(api, `${ENUM}?count=100000`)).ActivityRecordList.length, 30_000);
});

test('6: a large XML write and its faults', async () => {
  await using api = await openTestApi();
  const one = Object.entries(record()).map(([name, value]) => `<${name}>${value}</${name}>`);
  const list = (last: string): string =>
    `${LIST}${`<ActivityRecord>${one.join('')}</ActivityRecord>`.repeat(3000)}${last}</ActivityRecordList>`;
  assert.equal((await call(api, WRITE, { body: list('') })).status, 200);
  const refused = await call(api, WRITE, { body: list('<ActivityRecord/>') });
  assert.equal(refused.status, 400);
  assert.match(refused.text, /ActivityRecord\[3001\]/);
  assert.equal((await api.store.summary()).records, 3000);
});
