import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventFromJson, eventToJson, type WindowsEvent } from '../index.ts';

const LEAST: WindowsEvent = {
  provider: 'P',
  eventId: 1,
  systemTime: '2025-01-31T09:12:33Z',
  when: 1_738_314_753_000,
  recordId: 7,
  channel: 'Security',
  computer: 'dc1',
  data: [],
};

const FULL: WindowsEvent = {
  ...LEAST,
  providerGuid: '{g}',
  eventSourceName: 's',
  qualifiers: 0,
  version: 1,
  level: 2,
  task: 3,
  opcode: 4,
  keywords: '0x80',
  activityId: '{a}',
  relatedActivityId: '{b}',
  processId: 5,
  threadId: 6,
  userSid: 'S-1-5-18',
  binary: 'FF',
  data: [{ name: 'N', value: '\u0003"ü' }, { value: '' }],
  userData: { name: 'X', attributes: { a: '1' }, children: [{ name: 'Y', text: 't' }] },
};

test('what is written is read back, in one line', () => {
  for (const event of [LEAST, FULL]) {
    assert.deepEqual(eventFromJson(eventToJson(event)), event);
    assert.equal(eventToJson(event).includes('\n'), false);
  }
});

const checkRefused = (change: Record<string, unknown>, reason: RegExp): void => {
  const text = JSON.stringify({ ...FULL, ...change });
  assert.throws(() => eventFromJson(text), { code: 'EVENT_JSON_INVALID', message: reason });
};

test('members that are missing, unknown or of another type are refused by name', () => {
  for (const key of [
    'provider',
    'eventId',
    'systemTime',
    'when',
    'recordId',
    'channel',
    'computer',
    'data',
  ]) {
    checkRefused({ [key]: undefined }, new RegExp(`${key} is missing`));
  }
  checkRefused({ extra: 1 }, /extra is not a member/);
  checkRefused({ constructor: 1 }, /constructor is not a member/);
  checkRefused({ eventId: '1' }, /eventId/);
  checkRefused({ eventId: -1 }, /eventId/);
  checkRefused({ when: 1.5 }, /when/);
  checkRefused({ level: null }, /level/);
  checkRefused({ data: [{ name: 'N' }] }, /data/);
  checkRefused({ data: [{ value: 'v', other: 'o' }] }, /data/);
  checkRefused({ data: {} }, /data/);
  checkRefused({ userData: { text: 'no name' } }, /userData/);
  checkRefused({ userData: { name: 'X', children: [{}] } }, /userData/);
  checkRefused({ userData: { name: 'X', attributes: { a: 1 } } }, /userData/);
});

test('what is no object or no JSON is refused', () => {
  for (const text of ['', '{', '[]', 'null', '1', '"x"']) {
    assert.throws(() => eventFromJson(text), { code: 'EVENT_JSON_INVALID' });
  }
  const [open, close] = ['{"name":"x","children":['.repeat(100), ']}'.repeat(100)];
  const deep = `${open}{"name":"y"}${close}`;
  const text = JSON.stringify(LEAST).replace(/}$/, `,"userData":${deep}}`);
  assert.throws(() => eventFromJson(text), { code: 'EVENT_JSON_INVALID', message: /userData/ });
});
