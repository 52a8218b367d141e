/** The plain meaning of a condition, record by record: what the memory store runs and every engine is compared with. */
import type { ActivityRecord, Detail } from '@witness/record';
import type { Condition, TextField, TextOperator, TextTest, Visibility } from '../query.ts';
import { fold } from './fold.ts';

const itemText = (record: ActivityRecord): string | undefined =>
  record.item && `${record.item.name} (${record.item.type})`;

const detailTexts = (record: ActivityRecord): readonly (string | undefined)[] =>
  record.details.flatMap((detail) => [
    detail.property,
    detail.before,
    detail.after,
    detail.message,
  ]);

type TextsOf = (record: ActivityRecord) => readonly (string | undefined)[];

const TEXTS: Readonly<Record<TextField, TextsOf>> = {
  rid: (record) => [record.rid],
  who: (record) => [record.who],
  whoKnownBy: (record) => [record.whoKnownBy],
  action: (record) => [record.action],
  what: (record) => [record.what],
  where: (record) => [record.where],
  objectType: (record) => [record.objectType],
  workstation: (record) => [record.workstation],
  dataSource: (record) => [record.dataSource],
  plan: (record) => [record.plan?.name],
  item: (record) => [itemText(record)],
  detail: detailTexts,
  property: (record) => record.details.map((detail) => detail.property),
  before: (record) => record.details.map((detail) => detail.before),
  after: (record) => record.details.map((detail) => detail.after),
  anywhere: (record) => [
    record.who,
    record.action,
    record.what,
    record.where,
    record.objectType,
    record.workstation,
    record.dataSource,
    itemText(record),
    ...detailTexts(record),
  ],
};

type Matches = (text: string, value: string) => boolean;

const equals: Matches = (text, value) => text === value;
const includes: Matches = (text, value) => text.includes(value);

/** `isNegative`: true when no text matches. */
const OPERATORS: Readonly<Record<TextOperator, { matches: Matches; isNegative: boolean }>> = {
  equals: { matches: equals, isNegative: false },
  notEquals: { matches: equals, isNegative: true },
  in: { matches: equals, isNegative: false },
  notIn: { matches: equals, isNegative: true },
  contains: { matches: includes, isNegative: false },
  doesNotContain: { matches: includes, isNegative: true },
  startsWith: { matches: (text, value) => text.startsWith(value), isNegative: false },
  endsWith: { matches: (text, value) => text.endsWith(value), isNegative: false },
};

const testTexts = (test: TextTest, texts: readonly (string | undefined)[]): boolean => {
  const { matches, isNegative } = OPERATORS[test.operator];
  const values = test.values.map(fold);
  const isMatch = texts.some((text) => {
    if (text === undefined) return false;
    const folded = fold(text);
    return values.some((value) => matches(folded, value));
  });
  return isMatch !== isNegative;
};

const testDetail = (condition: Extract<Condition, { kind: 'detail' }>, detail: Detail): boolean => {
  const parts: readonly [TextTest | undefined, string | undefined][] = [
    [condition.property, detail.property],
    [condition.before, detail.before],
    [condition.after, detail.after],
  ];
  return parts.every(([test, text]) => test === undefined || testTexts(test, [text]));
};

const DAY_SECONDS = 86_400;

const isWithinHours = (
  hours: Extract<Condition, { kind: 'workingHours' }>,
  when: number,
): boolean => {
  const second = Math.floor(when / 1000) + hours.offsetMinutes * 60;
  const day = Math.floor(second / DAY_SECONDS);
  const secondOfDay = second - day * DAY_SECONDS;
  // 1970-01-01 was a Thursday.
  const weekday = ((((day + 3) % 7) + 7) % 7) + 1;
  if (hours.weekdays !== undefined && !hours.weekdays.includes(weekday)) return false;
  return hours.fromSecond <= hours.toSecond
    ? secondOfDay >= hours.fromSecond && secondOfDay <= hours.toSecond
    : secondOfDay >= hours.fromSecond || secondOfDay <= hours.toSecond;
};

export const evaluateCondition = (condition: Condition, record: ActivityRecord): boolean => {
  switch (condition.kind) {
    case 'text':
      return testTexts(condition.test, TEXTS[condition.field](record));
    case 'detail':
      return record.details.some((detail) => testDetail(condition, detail));
    case 'when':
      return (
        record.when >= (condition.from ?? -Infinity) && record.when <= (condition.to ?? Infinity)
      );
    case 'workingHours':
      return isWithinHours(condition, record.when);
    case 'and':
      return condition.conditions.every((part) => evaluateCondition(part, record));
    case 'or':
      return condition.conditions.some((part) => evaluateCondition(part, record));
    case 'not':
      return !evaluateCondition(condition.condition, record);
  }
};

export const isVisible = (visible: Visibility, record: ActivityRecord): boolean =>
  visible === 'everything' ||
  (record.plan !== undefined && visible.planIds.includes(record.plan.id));
