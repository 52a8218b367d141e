/**
 * Golden pairs: `<case>.line.ndjson` goes through `activity-record-line`, `<case>.batch.json` through `activity-records-json`;
 * `<case>.<kind>.expected.json` holds the drafts or the error. UPDATE_GOLDENS=1 rewrites what is expected.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { contentHash, recordToJson, WitnessError } from '@witness/record';
import type { InputContext, PlacedDraft, RawInput } from '../index.ts';
import { activityRecordLineInput, activityRecordsJsonInput, type PlacedRecord } from './index.ts';

const TESTDATA = new URL('./testdata/', import.meta.url);
const CONTEXT: InputContext = { receivedAt: 1_714_980_000_000 };

const KINDS: Readonly<Record<string, RawInput>> = {
  '.line.ndjson': activityRecordLineInput,
  '.batch.json': activityRecordsJsonInput,
};

const outcomeOf = (input: RawInput, bytes: Uint8Array): unknown => {
  try {
    return input.interpret(bytes, CONTEXT);
  } catch (error) {
    assert.ok(error instanceof WitnessError, String(error));
    const { code, message, location } = error;
    return { error: { code, message, location } };
  }
};

const checkGolden = (file: string, input: RawInput): void => {
  const expectedFile = new URL(file.replace(/\.\w+$/, '.expected.json'), TESTDATA);
  const outcome = outcomeOf(input, readFileSync(new URL(file, TESTDATA)));
  const text = `${JSON.stringify(outcome, undefined, 2)}\n`;
  if (process.env.UPDATE_GOLDENS === '1') writeFileSync(expectedFile, text);
  assert.ok(existsSync(expectedFile), `no ${expectedFile}; run with UPDATE_GOLDENS=1 and review`);
  assert.deepEqual(JSON.parse(text), JSON.parse(readFileSync(expectedFile, 'utf8')));
};

for (const [ending, input] of Object.entries(KINDS)) {
  const files = readdirSync(TESTDATA).filter((file) => file.endsWith(ending));
  test(`${input.id}: there are cases`, () => assert.ok(files.length >= 5));
  for (const file of files) test(`${input.id}: ${file}`, () => checkGolden(file, input));
}

const bytesOf = (text: string): Uint8Array => Buffer.from(text);

const lineDraft = (text: string): PlacedDraft => {
  const [draft, ...others] = activityRecordLineInput.interpret(bytesOf(text), CONTEXT).drafts;
  assert.ok(draft);
  assert.equal(others.length, 0);
  return draft;
};

const LINE =
  '{"Who":"a","ObjectType":"b","Action":"c","What":"d","Where":"e","When":"2024-05-06T07:08:09Z"}';

const hashOf = (draft: PlacedDraft): string => contentHash(draft, draft.identity);

test('the inputs say what identity their records have', () => {
  assert.equal(activityRecordLineInput.identity, 'content');
  assert.equal(activityRecordsJsonInput.identity, 'new');
});

test('a line read twice is one record, however it is spelt', () => {
  const reordered =
    '{ "When": "2024-05-06T09:08:09+02:00", "Where":"e","What":"\\u0064","Action":"c","ObjectType":"b","Who":"a" }';
  assert.equal(hashOf(lineDraft(LINE)), hashOf(lineDraft(reordered)));
  assert.equal(hashOf(lineDraft(LINE)), hashOf(lineDraft(`\uFEFF${LINE}\r`)));
  assert.notEqual(hashOf(lineDraft(LINE)), hashOf(lineDraft(LINE.replace('"a"', '"A"'))));
});

test('an old RID keeps records apart that are otherwise identical', () => {
  const withRid = (rid: string) => LINE.replace('{', `{"RID":"${rid}",`);
  assert.notEqual(hashOf(lineDraft(withRid('1'))), hashOf(lineDraft(withRid('2'))));
  assert.equal(hashOf(lineDraft(withRid('1'))), hashOf(lineDraft(withRid('1'))));
});

test('our own output comes back as the same record', () => {
  const draft = lineDraft(readFileSync(new URL('full-record.line.ndjson', TESTDATA), 'utf8'));
  const { identity, session: _, whoSid: __, ...content } = draft;
  assert.deepEqual(lineDraft(recordToJson({ ...content, rid: identity })), draft);
});

test('the batch decides the plan of a line that has none of its own', () => {
  const plan = { id: '{0}', name: 'Imports' };
  const [draft] = activityRecordLineInput.interpret(bytesOf(LINE), { ...CONTEXT, plan }).drafts;
  assert.equal(draft && 'plan' in draft, false);
});

test('a line that was cut off is refused', () => {
  assert.throws(() => lineDraft(LINE.slice(0, -5)), { code: 'RECORD_JSON_MALFORMED' });
  assert.throws(() => lineDraft(''), { code: 'RECORD_BODY_EMPTY' });
});

test('bytes that are no UTF-8 are refused by both inputs', () => {
  for (const input of Object.values(KINDS)) {
    assert.throws(() => input.interpret(Uint8Array.of(0x22, 0xff, 0x22), CONTEXT), {
      code: 'TEXT_ENCODING_INVALID',
    });
  }
});

test('the parsed value is used instead of the bytes, and held to the same form', () => {
  const record: PlacedRecord = {
    who: 'a',
    whoKnownBy: 'client',
    action: 'c',
    what: 'd',
    when: 0,
    where: 'e',
    objectType: 'b',
    dataSource: 'Netwrix API',
    details: [],
  };
  const interpret = (parsed: unknown) =>
    activityRecordsJsonInput.interpret(bytesOf('not looked at'), { ...CONTEXT, parsed }).drafts;
  assert.deepEqual(interpret([record, record]), [
    { ...record, identity: '0' },
    { ...record, identity: '1' },
  ]);
  const { who: _, ...incomplete } = record;
  for (const parsed of [record, 'x', [incomplete], [{ ...record, when: 1.5 }], [[]]]) {
    assert.throws(() => interpret(parsed), { code: 'INTEGRATION_API_BATCH_INVALID' });
  }
});
