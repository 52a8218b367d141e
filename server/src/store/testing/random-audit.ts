/** Seeded records and conditions, hostile on purpose; small vocabularies so that conditions do hit. */
import type { ActivityRecord, Detail, WhoKnownBy } from '@witness/record';
import type { Condition, TextField, TextOperator, TextTest } from '../query.ts';
import { ridTimeDigits } from '../rid-time.ts';

/** mulberry32: small, seeded, good enough for tests. */
export const createRandom = (seed: number) => {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  const pick = <Value>(values: readonly Value[]): Value => values[below(values.length)] as Value;
  const chance = (share: number): boolean => next() < share;
  return { below, pick, chance };
};

export type Random = ReturnType<typeof createRandom>;

const WORDS = [
  'Finance',
  'FINANCE',
  'budget.xlsx',
  'DC01',
  'dc01',
  'a',
  '',
  ' ',
  'CONTOSO\\j.smith',
  'contoso\\J.SMITH',
  "O'Brien",
  '"quoted"',
  '100%',
  '_under_',
  '50*60',
  'back\\slash',
  '\\\\server\\share',
  'nul\0byte',
  'line\nbreak',
  'tab\there',
  '\r',
  '😀',
  '👩‍👩‍👧',
  'Straße',
  'STRASSE',
  'ÄÖÜ',
  'äöü',
  'ОТЧЁТ',
  'отчёт',
  'ΟΔΥΣΣΕΥΣ',
  'οδυσσεύς',
  'İstanbul',
  'ıstanbul',
  'ISTANBUL',
  '報告書',
  '{p0:String}',
  "'; DROP TABLE activity; --",
  '/* comment */',
  '?',
  'K',
  'Å',
  'ẞ',
  '%41',
  '[a]',
  "\\'",
  '\\',
  '\u0001',
  '\u2028',
  '{}',
  'null',
  '\\N',
  'NULL',
] as const;

export const randomText = (random: Random): string =>
  Array.from({ length: random.below(4) }, () => random.pick(WORDS)).join(
    random.pick(['', ' ', '\\']),
  );

const KNOWN: readonly WhoKnownBy[] = ['event', 'lookup', 'client', 'unknown'];
const PLANS = [
  { id: '{11111111-2222-3333-4444-555555555555}', name: 'Plan one' },
  { id: '{AAAAAAAA-2222-3333-4444-555555555555}', name: "plan 'two' %" },
];
export const PLAN_IDS = PLANS.map(({ id }) => id);
const ITEM_TYPES = ['Integration', 'Domain', ''];
const HEX = '0123456789ABCDEF';

const randomDetail = (random: Random): Detail => ({
  property: random.pick(['Name', 'State', 'Path', randomText(random)]),
  ...(random.chance(0.6) && { before: randomText(random) }),
  ...(random.chance(0.6) && { after: randomText(random) }),
  ...(random.chance(0.2) && { message: randomText(random) }),
});

/** `from` UTC ms; records lie within 25 days behind it, some at the very same millisecond. */
export const randomRecord = (random: Random, from: number): ActivityRecord => {
  const when = random.chance(0.1)
    ? from + 86_400_000 * random.below(25)
    : from + random.below(25 * 86_400_000);
  const written = random.chance(0.5) ? when : when + random.below(100_000) - 1000;
  const hash = Array.from({ length: 32 }, () => HEX[random.below(16)]).join('');
  return {
    rid: ridTimeDigits(written) + hash,
    who: random.pick(['CONTOSO\\j.smith', 'contoso\\J.Smith', randomText(random)]),
    whoKnownBy: random.pick(KNOWN),
    action: random.pick(['Added', 'Removed', 'Modified', randomText(random)]),
    what: randomText(random),
    when,
    where: random.pick(['dc01.contoso.example', 'FS02', randomText(random)]),
    objectType: random.pick(['User', 'File', 'user']),
    ...(random.chance(0.5) && { workstation: random.pick(['desk-3', '', randomText(random)]) }),
    dataSource: random.pick(['Active Directory', 'File Servers', 'Netwrix API']),
    ...(random.chance(0.6) && { plan: random.pick(PLANS) }),
    ...(random.chance(0.4) && {
      item: {
        name: random.pick(['Badge feed', randomText(random)]),
        type: random.pick(ITEM_TYPES),
      },
    }),
    details: Array.from({ length: random.pick([0, 0, 1, 2, 5]) }, () => randomDetail(random)),
  };
};

const FIELDS: readonly TextField[] = [
  'rid',
  'who',
  'whoKnownBy',
  'action',
  'what',
  'where',
  'objectType',
  'workstation',
  'dataSource',
  'plan',
  'item',
  'detail',
  'property',
  'before',
  'after',
  'anywhere',
  'anywhere',
  'what',
];
const OPERATORS: readonly TextOperator[] = [
  'equals',
  'notEquals',
  'contains',
  'contains',
  'doesNotContain',
  'startsWith',
  'endsWith',
  'in',
  'notIn',
];

const textsOf = (record: ActivityRecord): readonly string[] =>
  [
    record.rid,
    record.who,
    record.action,
    record.what,
    record.where,
    record.workstation,
    record.plan?.name,
    record.item && `${record.item.name} (${record.item.type})`,
    ...record.details.flatMap(({ property, before, after, message }) => [
      property,
      before,
      after,
      message,
    ]),
  ].filter((text) => text !== undefined);

const randomCase = (random: Random, text: string): string =>
  random.pick([text, text, text.toLowerCase(), text.toUpperCase()]);

/** Half of the values are cut out of a stored record. */
const randomValue = (random: Random, records: readonly ActivityRecord[]): string => {
  if (random.chance(0.3)) return randomText(random);
  const characters = [...random.pick(textsOf(random.pick(records)))];
  if (random.chance(0.4)) return randomCase(random, characters.join(''));
  const start = random.below(characters.length + 1);
  return randomCase(random, characters.slice(start, start + 1 + random.below(8)).join(''));
};

export const randomTest = (random: Random, records: readonly ActivityRecord[]): TextTest => {
  const operator = random.pick(OPERATORS);
  const count = operator === 'in' || operator === 'notIn' ? random.below(4) : 1;
  return { operator, values: Array.from({ length: count }, () => randomValue(random, records)) };
};

const SECONDS = [0, 1, 3600, 32_400, 61_200, 86_399];

export const randomCondition = (
  random: Random,
  records: readonly ActivityRecord[],
  depth = 2,
): Condition => {
  const part = () => randomCondition(random, records, depth - 1);
  const parts = () => Array.from({ length: random.below(4) }, part);
  const kind = random.pick(
    depth > 0
      ? (['text', 'text', 'text', 'detail', 'when', 'workingHours', 'and', 'or', 'not'] as const)
      : (['text', 'text', 'text', 'detail', 'when'] as const),
  );
  switch (kind) {
    case 'text':
      return { kind, field: random.pick(FIELDS), test: randomTest(random, records) };
    case 'detail':
      return {
        kind,
        ...(random.chance(0.5) && { property: randomTest(random, records) }),
        ...(random.chance(0.5) && { before: randomTest(random, records) }),
        ...(random.chance(0.5) && { after: randomTest(random, records) }),
      };
    case 'when': {
      const [a, b] = [random.pick(records).when, random.pick(records).when];
      return {
        kind,
        ...(random.chance(0.7) && { from: Math.min(a, b) }),
        ...(random.chance(0.7) && { to: Math.max(a, b) }),
      };
    }
    case 'workingHours':
      return {
        kind,
        fromSecond: random.pick(SECONDS),
        toSecond: random.pick(SECONDS),
        offsetMinutes: random.pick([0, 60, -330, 840]),
        ...(random.chance(0.4) && { weekdays: [1 + random.below(7), 1 + random.below(7)] }),
      };
    case 'and':
    case 'or':
      return { kind, conditions: parts() };
    case 'not':
      return { kind, condition: part() };
  }
};
