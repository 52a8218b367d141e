/** The fields of the search language and what people call them. */
import type { TextField } from '../store/index.ts';

export type TimeField = 'when' | 'since' | 'until' | 'hours' | 'outsideHours';

interface FieldRow<Target> {
  readonly target: Target;
  /** The name shown in help, then the other names it goes by; hyphens and letter case do not matter. */
  readonly names: readonly [string, ...string[]];
  readonly description: string;
}

export const TEXT_FIELDS: readonly FieldRow<TextField>[] = [
  { target: 'who', names: ['who', 'user'], description: 'the account that acted' },
  {
    target: 'action',
    names: ['action'],
    description: 'what was done: Added, Removed, Failed Logon',
  },
  { target: 'what', names: ['what', 'object'], description: 'the object acted on: a path, a name' },
  { target: 'where', names: ['where', 'server'], description: 'the server, domain or service' },
  { target: 'objectType', names: ['type', 'object-type'], description: 'the kind of object' },
  {
    target: 'workstation',
    names: ['from', 'workstation'],
    description: 'the computer or address the action came from',
  },
  { target: 'dataSource', names: ['source', 'data-source'], description: 'the kind of system' },
  { target: 'plan', names: ['plan', 'monitoring-plan'], description: 'the monitoring plan' },
  { target: 'item', names: ['item'], description: 'the monitored item, with its type in brackets' },
  { target: 'detail', names: ['detail', 'details'], description: 'any part of any detail' },
  { target: 'property', names: ['property'], description: 'the property of a detail' },
  {
    target: 'before',
    names: ['before'],
    description: 'the value before, of a detail (not a time)',
  },
  { target: 'after', names: ['after'], description: 'the value after, of a detail (not a time)' },
  { target: 'rid', names: ['rid'], description: 'the key of one record' },
  {
    target: 'whoKnownBy',
    names: ['who-known-by'],
    description: 'how the account is known: event, lookup, client, unknown',
  },
  {
    target: 'anywhere',
    names: ['any', 'anywhere'],
    description: 'all of the record, as bare words do',
  },
];

export const TIME_FIELDS: readonly FieldRow<TimeField>[] = [
  { target: 'when', names: ['when', 'time'], description: 'a day, a span or a range of time' },
  { target: 'since', names: ['since'], description: 'from then on' },
  { target: 'until', names: ['until'], description: 'up to and including then' },
  {
    target: 'hours',
    names: ['hours', 'working-hours'],
    description: 'time of day and days of the week',
  },
  { target: 'outsideHours', names: ['outside-hours'], description: 'every other time of day' },
];

export type Field =
  | { readonly kind: 'text'; readonly target: TextField; readonly name: string }
  | { readonly kind: 'time'; readonly target: TimeField; readonly name: string };

const normalise = (name: string): string => name.toLowerCase().replaceAll('-', '');

const BY_NAME: ReadonlyMap<string, Field> = new Map<string, Field>([
  ...TEXT_FIELDS.flatMap(({ target, names }) =>
    names.map((name): [string, Field] => [
      normalise(name),
      { kind: 'text', target, name: names[0] },
    ]),
  ),
  ...TIME_FIELDS.flatMap(({ target, names }) =>
    names.map((name): [string, Field] => [
      normalise(name),
      { kind: 'time', target, name: names[0] },
    ]),
  ),
]);

export const findField = (name: string): Field | undefined => BY_NAME.get(normalise(name));

/** Levenshtein distance. */
const distance = (a: string, b: string): number => {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, replaced));
    }
    previous = row;
  }
  return previous[b.length] ?? 0;
};

const FIELD_NAME_LENGTH_MAX = 24;

/** The field whose name is most like this one, when one is like it at all. */
export const nearestField = (name: string): string | undefined => {
  const wanted = normalise(name);
  if (wanted.length < 3 || wanted.length > FIELD_NAME_LENGTH_MAX) return undefined;
  const ranked = [...TEXT_FIELDS, ...TIME_FIELDS]
    .flatMap(({ names }) => names)
    .map((candidate) => ({ candidate, far: distance(wanted, normalise(candidate)) }))
    .sort((a, b) => a.far - b.far);
  const best = ranked[0];
  return best && best.far <= Math.max(1, Math.floor(wanted.length / 3))
    ? best.candidate
    : undefined;
};
