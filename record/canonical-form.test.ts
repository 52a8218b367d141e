import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { canonicalForm, contentHash, createRid, isRid, type RecordContent } from './index.ts';

const RECORD: RecordContent = {
  who: 'NORTHWIND\\m.murray',
  whoKnownBy: 'event',
  action: 'Modified',
  what: 'Doors\\North gate',
  when: 1_714_979_289_000,
  where: 'gatekeeper.example.test',
  objectType: 'Badge',
  workstation: 'desk-3',
  dataSource: 'Netwrix API',
  plan: { id: '{00112233-4455-6677-8899-AABBCCDDEEFF}', name: 'Doors' },
  item: { name: 'Badge feed', type: 'Integration' },
  details: [{ property: 'State', before: 'closed', after: 'open' }],
};

/** Frozen: these literals change only when every stored RID is meant to change. */
const RECORD_FORM =
  '["record-1","NORTHWIND\\\\m.murray","event","Modified","Doors\\\\North gate",1714979289000,"gatekeeper.example.test",' +
  '"Badge","desk-3","Netwrix API","{00112233-4455-6677-8899-AABBCCDDEEFF}",[["State","closed","open",null]]]';

test('the canonical form is frozen', () => {
  assert.equal(canonicalForm(RECORD), RECORD_FORM);
  const { workstation: _w, plan: _p, item: _i, ...bare } = RECORD;
  assert.equal(
    canonicalForm({ ...bare, details: [] }),
    '["record-1","NORTHWIND\\\\m.murray","event","Modified","Doors\\\\North gate",1714979289000,"gatekeeper.example.test","Badge",null,"Netwrix API",null,[]]',
  );
});

test('the hash is the first half of SHA-256 over form, line feed, identity', () => {
  const expected = createHash('sha256').update(`${RECORD_FORM}\nhost/Security/42`).digest('hex');
  assert.equal(contentHash(RECORD, 'host/Security/42'), expected.slice(0, 32).toUpperCase());
  assert.equal(isRid(createRid(RECORD.when, contentHash(RECORD, ''))), true);
});

test('whatever makes a record another one changes the hash', () => {
  const detail = { property: 'State', before: 'closed', after: 'open' };
  const others: readonly RecordContent[] = [
    { ...RECORD, who: 'NORTHWIND\\M.Murray' },
    { ...RECORD, whoKnownBy: 'client' },
    { ...RECORD, action: 'modified' },
    { ...RECORD, what: 'Doors\\North gate ' },
    { ...RECORD, when: RECORD.when + 1 },
    { ...RECORD, where: '' },
    { ...RECORD, objectType: 'badge' },
    { ...RECORD, workstation: '' },
    { ...RECORD, dataSource: 'Logon Activity' },
    { ...RECORD, plan: { id: '{10112233-4455-6677-8899-AABBCCDDEEFF}', name: 'Doors' } },
    { ...RECORD, details: [] },
    { ...RECORD, details: [detail, detail] },
    { ...RECORD, details: [{ ...detail, property: 'state' }] },
    { ...RECORD, details: [{ property: 'State', after: 'open' }] },
    { ...RECORD, details: [{ property: 'State', before: 'open', after: 'closed' }] },
    { ...RECORD, details: [{ ...detail, message: '' }] },
  ];
  const hashes = [RECORD, ...others].map((record) => contentHash(record, 'x'));
  assert.equal(new Set(hashes).size, others.length + 1);
  assert.notEqual(contentHash(RECORD, 'x'), contentHash(RECORD, 'y'));
});

test('values cannot run into each other or into the identity', () => {
  const a = contentHash({ ...RECORD, who: 'a","b', action: 'c' }, '');
  const b = contentHash({ ...RECORD, who: 'a', action: 'b","c' }, '');
  assert.notEqual(a, b);
  assert.notEqual(contentHash({ ...RECORD, who: 'a\nb' }, 'c'), contentHash(RECORD, 'a\nb\nc'));
});

test('renaming plan or item keeps the record the same', () => {
  const renamed = {
    ...RECORD,
    plan: { id: '{00112233-4455-6677-8899-AABBCCDDEEFF}', name: 'Gates' },
    item: { name: 'Other', type: 'Computer' },
  };
  assert.equal(contentHash(renamed, 'x'), contentHash(RECORD, 'x'));
});

test('the order in which an object was built does not matter', () => {
  const reversed = Object.fromEntries(Object.entries(RECORD).reverse());
  assert.equal(contentHash(reversed as unknown as RecordContent, 'x'), contentHash(RECORD, 'x'));
});
