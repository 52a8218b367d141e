import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WitnessError } from '@witness/record';
import type { Condition, TextField, TextOperator } from '../store/index.ts';
import { parseSearch, SEARCH_HELP } from './index.ts';
import { fuzz } from './search-language.fuzz.ts';

/** A Wednesday, 14:30 in Berlin. */
const NOW = Date.UTC(2026, 10, 25, 13, 30);
const BERLIN = 'Europe/Berlin';

const text = (field: TextField, operator: TextOperator, ...values: string[]): Condition => ({
  kind: 'text',
  field,
  test: { operator, values },
});
const word = (value: string): Condition => text('anywhere', 'contains', value);
const and = (...conditions: Condition[]): Condition => ({ kind: 'and', conditions });
const or = (...conditions: Condition[]): Condition => ({ kind: 'or', conditions });
const not = (condition: Condition): Condition => ({ kind: 'not', condition });

const check = (search: string, expected: Condition | undefined, timeZone?: string) =>
  assert.deepEqual(
    parseSearch(search, { now: NOW, ...(timeZone !== undefined && { timeZone }) }),
    expected,
    search,
  );

const fails = (search: string, code: string, column?: number): WitnessError => {
  try {
    parseSearch(search, { now: NOW });
  } catch (error) {
    assert.ok(error instanceof WitnessError, `${search}: ${error}`);
    assert.equal(error.code, code, `${search}: ${error.message}`);
    if (column !== undefined) assert.equal(error.location, `column ${column}`, search);
    assert.doesNotMatch(error.message + error.advice, /\{\w+\}/);
    return error;
  }
  return assert.fail(`${search} was accepted`);
};

test('nothing is everything', () => {
  check('', undefined);
  check(' \t\r\n', undefined);
});

test('words and phrases', () => {
  check('jdoe', word('jdoe'));
  check(' jdoe  budget ', and(word('jdoe'), word('budget')));
  check('"annual budget"', word('annual budget'));
  check('"say ""hi"" \\"', word('say "hi" \\'));
  check('a AND b', and(word('a'), word('b')));
  check('and or not', and(word('and'), word('or'), word('not')));
  check('ANDREA NOTE ORACLE', and(word('ANDREA'), word('NOTE'), word('ORACLE')));
  check('"NOT"', word('NOT'));
  check('report(1).docx', word('report(1).docx'));
  check('50% *.tmp a_b', and(word('50%'), word('*.tmp'), word('a_b')));
  check('x-y - 12:30', and(word('x-y'), word('-'), word('12:30')));
  check('\\\\fs01\\hr', word('\\\\fs01\\hr'));
  check('don"t', word('don"t'));
  check('größe Ω 日本', and(word('größe'), word('Ω'), word('日本')));
});

test('negation, alternatives and grouping', () => {
  check('-jdoe', not(word('jdoe')));
  check('NOT jdoe', not(word('jdoe')));
  check('NOT (a b)', not(and(word('a'), word('b'))));
  check('-(a OR b) c', and(not(or(word('a'), word('b'))), word('c')));
  check('--a', not(not(word('a'))));
  check('a OR b c', or(word('a'), and(word('b'), word('c'))));
  check('(a OR b) c', and(or(word('a'), word('b')), word('c')));
  check('a OR (b OR c)', or(word('a'), word('b'), word('c')));
  check('a (b c)', and(word('a'), word('b'), word('c')));
  check('((a))', word('a'));
  check('(a)(b)', and(word('a'), word('b')));
  check('a AND -b', and(word('a'), not(word('b'))));
});

test('operators', () => {
  check('who:jdoe', text('who', 'contains', 'jdoe'));
  check('who!:jdoe', text('who', 'doesNotContain', 'jdoe'));
  check('who=CORP\\jdoe', text('who', 'equals', 'CORP\\jdoe'));
  check('who!="John Doe"', text('who', 'notEquals', 'John Doe'));
  check('what^=\\\\fs01\\hr', text('what', 'startsWith', '\\\\fs01\\hr'));
  check('what$=.docx', text('what', 'endsWith', '.docx'));
  check('workstation=""', text('workstation', 'equals', ''));
  check('who: jdoe', text('who', 'contains', 'jdoe'));
  check('who = jdoe x', and(text('who', 'equals', 'jdoe'), word('x')));
  check('-who:jdoe', not(text('who', 'contains', 'jdoe')));
  check('(who:jdoe)', text('who', 'contains', 'jdoe'));
  check('what:a=b:c', text('what', 'contains', 'a=b:c'));
  check('what:f(x)', text('what', 'contains', 'f(x)'));
  check('who:OR who:-x', and(text('who', 'contains', 'OR'), text('who', 'contains', '-x')));
  check('rate = 5', and(word('rate'), word('='), word('5')));
});

test('lists', () => {
  check('action=(Added, Removed)', text('action', 'in', 'Added', 'Removed'));
  check('action!=( "a, b" ,c )', text('action', 'notIn', 'a, b', 'c'));
  check('action=(Failed Logon,x)', text('action', 'in', 'Failed Logon', 'x'));
  check('action=(Added)', text('action', 'equals', 'Added'));
  check('what:(a, b(1))', or(text('what', 'contains', 'a'), text('what', 'contains', 'b(1)')));
  const none = [text('what', 'doesNotContain', 'a'), text('what', 'doesNotContain', 'b')];
  check('what!:(a, b) c', and(...none, word('c')));
  check('what^=(a, b)', or(text('what', 'startsWith', 'a'), text('what', 'startsWith', 'b')));
  check(
    'action=(Modify (Failed Attempt), x)',
    text('action', 'in', 'Modify (Failed Attempt)', 'x'),
  );
});

test('every field by each of its names, letter case and hyphens aside', () => {
  const names: Readonly<Record<string, TextField>> = {
    who: 'who',
    user: 'who',
    action: 'action',
    what: 'what',
    object: 'what',
    where: 'where',
    server: 'where',
    type: 'objectType',
    'object-type': 'objectType',
    objectType: 'objectType',
    from: 'workstation',
    WORKSTATION: 'workstation',
    source: 'dataSource',
    'Data-Source': 'dataSource',
    plan: 'plan',
    item: 'item',
    rid: 'rid',
    'who-known-by': 'whoKnownBy',
    detail: 'detail',
    property: 'property',
    before: 'before',
    after: 'after',
    any: 'anywhere',
  };
  for (const [name, field] of Object.entries(names)) {
    check(`${name}:x`, text(field, 'contains', 'x'));
    assert.ok(
      SEARCH_HELP.toLowerCase().includes(name.toLowerCase().replace(/^objecttype$/, 'type')),
    );
  }
});

test('one and the same detail', () => {
  const contains = (value: string) => ({ operator: 'contains' as const, values: [value] });
  check('detail(property=Member after:jdoe)', {
    kind: 'detail',
    property: { operator: 'equals', values: ['Member'] },
    after: contains('jdoe'),
  });
  check(
    'x -detail ( before:"a b" )',
    and(word('x'), not({ kind: 'detail', before: contains('a b') })),
  );
  check('detail(after=(1, 2))', { kind: 'detail', after: { operator: 'in', values: ['1', '2'] } });
  check('before:2026-11-01', text('before', 'contains', '2026-11-01'));
  fails('detail(who:x)', 'SEARCH_DETAIL_INVALID', 8);
  fails('detail(x)', 'SEARCH_DETAIL_INVALID', 8);
  fails('detail()', 'SEARCH_DETAIL_INVALID', 1);
  fails('detail(after:a after:b)', 'SEARCH_DETAIL_INVALID', 16);
  fails('detail(after:(a, b))', 'SEARCH_DETAIL_INVALID', 8);
  fails('detail(after:a', 'SEARCH_PARENTHESIS_OPEN', 1);
});

const when = (from: string | undefined, to?: string): Condition => ({
  kind: 'when',
  ...(from !== undefined && { from: Date.parse(from) }),
  ...(to !== undefined && { to: Date.parse(to) }),
});

test('times in UTC', () => {
  check('when:today', when('2026-11-25T00:00Z', '2026-11-25T23:59:59.999Z'));
  check('when:yesterday', when('2026-11-24T00:00Z', '2026-11-24T23:59:59.999Z'));
  check('when:this-week', when('2026-11-23T00:00Z', '2026-11-29T23:59:59.999Z'));
  check('when:last-month', when('2026-10-01T00:00Z', '2026-10-31T23:59:59.999Z'));
  check('when:last-year', when('2025-01-01T00:00Z', '2025-12-31T23:59:59.999Z'));
  check('when:7d', when('2026-11-18T13:30Z'));
  check('when:90min', when('2026-11-25T12:00Z'));
  check('when:2026', when('2026-01-01T00:00Z', '2026-12-31T23:59:59.999Z'));
  check('when:2026-02', when('2026-02-01T00:00Z', '2026-02-28T23:59:59.999Z'));
  check('when=2026-12-31', when('2026-12-31T00:00Z', '2026-12-31T23:59:59.999Z'));
  check('when:2026-11-01T08:30', when('2026-11-01T08:30Z', '2026-11-01T08:30:59.999Z'));
  check('when:"2026-11-01 08:30:05"', when('2026-11-01T08:30:05Z', '2026-11-01T08:30:05.999Z'));
  check('when:2026-11-01..2026-11-05', when('2026-11-01T00:00Z', '2026-11-05T23:59:59.999Z'));
  check('when:..yesterday', when(undefined, '2026-11-24T23:59:59.999Z'));
  check('when:2d..now', when('2026-11-23T13:30Z', '2026-11-25T13:30Z'));
  check('when!=today', not(when('2026-11-25T00:00Z', '2026-11-25T23:59:59.999Z')));
  check('since:2026-11-01', when('2026-11-01T00:00Z'));
  check('since:2026-11-01T08:30+02:00', when('2026-11-01T06:30Z'));
  check('until:2026-11-01T08:30:05.120z', when(undefined, '2026-11-01T08:30:05.120Z'));
  check('until:yesterday', when(undefined, '2026-11-24T23:59:59.999Z'));
  check('since:24h', when('2026-11-24T13:30Z'));
});

test('times in a zone with summer time', () => {
  const inBerlin = (search: string, expected: Condition) => check(search, expected, BERLIN);
  inBerlin('when:today', when('2026-11-24T23:00Z', '2026-11-25T22:59:59.999Z'));
  inBerlin('when:2026-07-01', when('2026-06-30T22:00Z', '2026-07-01T21:59:59.999Z'));
  inBerlin('when:2026-03-29', when('2026-03-28T23:00Z', '2026-03-29T21:59:59.999Z'));
  inBerlin('when:2026-10-25', when('2026-10-24T22:00Z', '2026-10-25T22:59:59.999Z'));
  inBerlin('since:2026-07-01T08:00Z', when('2026-07-01T08:00Z'));
  check('when:today', when('2026-11-25T10:00Z', '2026-11-26T09:59:59.999Z'), 'Pacific/Kiritimati');
});

test('times that are none', () => {
  const wrong = ['2026-02-30', '2026-13', '26-11-01', 'tomorrow', '7', '7m', '..', 'constructor'];
  for (const value of [...wrong, '2026-11-01T24:00', '2026-11-01T08:60', '1969-01-01']) {
    fails(`when:${value}`, 'SEARCH_TIME_INVALID', 6);
  }
  const backwards = fails('when:2026-11-05..2026-11-01', 'SEARCH_TIME_INVALID', 6);
  assert.match(backwards.message, /it ends before it begins/);
  fails('since:2026-11-01T00:00+25:00', 'SEARCH_TIME_INVALID', 7);
  fails('when^=today', 'SEARCH_OPERATOR_UNSUITABLE', 1);
  fails('x since:(today, yesterday)', 'SEARCH_OPERATOR_UNSUITABLE', 3);
});

const hours = (fromHour: number, toHour: number, rest: object = {}): Condition => ({
  kind: 'workingHours',
  fromSecond: fromHour * 3600,
  toSecond: toHour === 24 ? 86_399 : toHour * 3600,
  offsetMinutes: 0,
  ...rest,
});

test('times of day', () => {
  check('hours:08:00-18:00', hours(8, 18));
  check('hours:8-18', hours(8, 18));
  check('hours:22:30-06:00', hours(22.5, 6));
  check('hours:0-24', hours(0, 24));
  check('outside-hours:08:00-18:00', not(hours(8, 18)));
  check('hours:08:00-18:00+02:00', hours(8, 18, { offsetMinutes: 120 }));
  check('hours:08:00-18:00-03:30', hours(8, 18, { offsetMinutes: -210 }));
  check('hours:08:00-18:00Z', hours(8, 18), BERLIN);
  check('hours:mon-fri,8-18', hours(8, 18, { weekdays: [1, 2, 3, 4, 5] }));
  check('hours:sat,sun', hours(0, 24, { weekdays: [6, 7] }));
  check('hours:saturday-monday', hours(0, 24, { weekdays: [1, 6, 7] }));
  check('hours:8-18@Asia/Kolkata', hours(8, 18, { offsetMinutes: 330 }));
  const wrong = ['8', '8-25', '25-8', '8:60-9', 'xyz', 'mon-', '8-9,9-10', '', '8-18@Nowhere'];
  for (const value of [...wrong, '8-18+02:00@UTC', ',', '24-25', 'mon-tue-wed', 'mo']) {
    fails(`hours:"${value}"`, value === '' ? 'SEARCH_VALUE_MISSING' : 'SEARCH_HOURS_INVALID', 7);
  }
});

test('times of day where the clock changes: one condition per span of equal offset', () => {
  const span = (offsetMinutes: number, from?: string, to?: string) =>
    and(when(from, to), hours(8, 18, { offsetMinutes }));
  const spans = or(
    span(120, undefined, '2025-10-26T00:59:59.999Z'),
    span(60, '2025-10-26T01:00Z', '2026-03-29T00:59:59.999Z'),
    span(120, '2026-03-29T01:00Z', '2026-10-25T00:59:59.999Z'),
    span(60, '2026-10-25T01:00Z'),
  );
  check('hours:8-18', spans, BERLIN);
  check(`outside-hours:8-18@${BERLIN}`, not(spans));
});

test('errors say where and what to do', () => {
  const near = (search: string, column: number, field: string) =>
    assert.match(
      fails(search, 'SEARCH_FIELD_UNKNOWN', column).message,
      new RegExp(`mean ${field}\\?`),
    );
  near('x whoo:jdoe', 3, 'who');
  near('acton=Added', 1, 'action');
  near('worksation:pc1', 1, 'workstation');
  near('outsidehour:8-18', 1, 'outside-hours');
  const drive = fails('C:\\data', 'SEARCH_FIELD_UNKNOWN', 1);
  assert.match(drive.message, /there is no field C$/);
  assert.match(drive.advice, /"C:\\data"/);
  fails('https://x', 'SEARCH_FIELD_UNKNOWN', 1);
  fails('a "b', 'SEARCH_QUOTE_OPEN', 3);
  fails('who:"b""', 'SEARCH_QUOTE_OPEN', 5);
  fails('(a', 'SEARCH_PARENTHESIS_OPEN', 1);
  fails('(', 'SEARCH_PARENTHESIS_OPEN', 1);
  fails('a (b (c)', 'SEARCH_PARENTHESIS_OPEN', 3);
  fails('a)', 'SEARCH_PARENTHESIS_EXTRA', 2);
  fails(') a', 'SEARCH_PARENTHESIS_EXTRA', 1);
  fails('()', 'SEARCH_GROUP_EMPTY', 1);
  fails('who:', 'SEARCH_VALUE_MISSING', 5);
  fails('(who:)', 'SEARCH_VALUE_MISSING', 6);
  fails('who: action=Added', 'SEARCH_VALUE_MISSING', 6);
  fails('who: OR x', 'SEARCH_VALUE_MISSING', 6);
  fails('who:""', 'SEARCH_VALUE_MISSING', 5);
  fails('""', 'SEARCH_VALUE_MISSING', 1);
  fails('OR a', 'SEARCH_OPERAND_MISSING', 1);
  fails('a OR', 'SEARCH_OPERAND_MISSING', 3);
  fails('a AND', 'SEARCH_OPERAND_MISSING', 3);
  fails('a AND OR b', 'SEARCH_OPERAND_MISSING', 7);
  fails('(a OR) b', 'SEARCH_OPERAND_MISSING', 4);
  fails('a NOT', 'SEARCH_OPERAND_MISSING', 3);
  fails('NOT OR a', 'SEARCH_OPERAND_MISSING', 1);
  fails('action=()', 'SEARCH_GROUP_EMPTY', 8);
  fails('action=(a', 'SEARCH_PARENTHESIS_OPEN', 8);
  fails('action=(a,,b)', 'SEARCH_LIST_INVALID', 11);
  fails('action=(a OR b)', 'SEARCH_LIST_INVALID', 9);
  fails('action=("a" b)', 'SEARCH_LIST_INVALID', 13);
  fails('x'.repeat(10_001), 'SEARCH_TOO_LONG');
  fails('('.repeat(60), 'SEARCH_TOO_DEEP', 52);
  fails(`${'-'.repeat(60)}a`, 'SEARCH_TOO_DEEP');
  fails('NOT '.repeat(60), 'SEARCH_TOO_DEEP');
});

test('the help shows only what works', () => {
  const examples = SEARCH_HELP.split('\n')
    .filter((line) => line.startsWith('  '))
    .flatMap((line) => line.trim().split(/ {2,}|, (?![\w]+\))/))
    .filter((part) => /^[\w-]+(?:[!^$]?[=:])\S|^detail\(/.test(part));
  assert.ok(examples.length >= 20, String(examples.length));
  for (const example of examples) parseSearch(example, { now: NOW });
});

test('long searches take no long time', () => {
  const startedAt = performance.now();
  for (const part of [
    'a ',
    'who:x ',
    '-a ',
    '(a) ',
    'a OR ',
    '"a" ',
    'a-',
    'detail ',
    'who ',
    ' ',
  ]) {
    const search = part.repeat(Math.floor(9990 / part.length)).concat(' z');
    parseSearch(search, { now: NOW, timeZone: BERLIN });
  }
  assert.ok(performance.now() - startedAt < 2000);
});

test('random text parses or is refused, nothing else', () => {
  let state = 42;
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  for (let round = 0; round < 20_000; round += 1) fuzz.check(fuzz.makeInput(random));
});
