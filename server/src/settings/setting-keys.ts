/** The schema as a flat list of keys, and the nearest of them to something mistyped. */
import type { z } from 'zod';
import { SETTING_META, type SettingMeta } from './setting.ts';
import { SETTINGS_SCHEMA } from './settings-schema.ts';

export interface SettingKey extends SettingMeta {
  /** `listeners.console.port` */
  readonly key: string;
  /** `WITNESS_LISTENERS_CONSOLE_PORT` */
  readonly variable: string;
}

/** `store.keepRawEvents` -> `WITNESS_STORE_KEEP_RAW_EVENTS` */
const toVariable = (key: string): string =>
  `WITNESS_${key
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .replace(/[.-]/g, '_')
    .toUpperCase()}`;

interface SchemaNode {
  readonly _zod: { readonly def: { readonly innerType?: SchemaNode; readonly shape?: object } };
}

/** The object inside `.prefault({})` and its like. */
const shapeOf = (
  node: SchemaNode,
): Readonly<Record<string, SchemaNode & z.ZodType>> | undefined => {
  const { shape, innerType } = node._zod.def;
  if (shape) return shape as Readonly<Record<string, SchemaNode & z.ZodType>>;
  return innerType ? shapeOf(innerType) : undefined;
};

const collect = (node: SchemaNode & z.ZodType, path: readonly string[]): SettingKey[] => {
  const meta = SETTING_META.get(node);
  const key = path.join('.');
  if (meta) return [{ ...meta, key, variable: toVariable(key) }];
  return Object.entries(shapeOf(node) ?? {}).flatMap(([name, child]) =>
    collect(child, [...path, name]),
  );
};

export const SETTING_KEYS: readonly SettingKey[] = collect(SETTINGS_SCHEMA, []);

export const SETTING_BY_KEY: ReadonlyMap<string, SettingKey> = new Map(
  SETTING_KEYS.map((setting) => [setting.key, setting]),
);

export const SETTING_BY_VARIABLE: ReadonlyMap<string, SettingKey> = new Map(
  SETTING_KEYS.map((setting) => [setting.variable, setting]),
);

/** Keys that hold others: `log`, `store.cluster`. */
export const SETTING_GROUPS: ReadonlySet<string> = new Set(
  SETTING_KEYS.flatMap(({ key }) => {
    const parts = key.split('.');
    return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('.'));
  }),
);

/** Levenshtein distance, ignoring letter case. */
const distance = (left: string, right: string): number => {
  const [a, b] = [left.toLowerCase(), right.toLowerCase()];
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

const NAME_LENGTH_MAX = 200;

const closest = (name: string, candidates: Iterable<string>): string | undefined => {
  if (name.length > NAME_LENGTH_MAX) return undefined;
  const ranked = [...candidates]
    .map((candidate) => ({ candidate, far: distance(name, candidate) }))
    .sort((a, b) => a.far - b.far);
  const best = ranked[0];
  return best && best.far <= Math.max(2, name.length / 3) ? best.candidate : undefined;
};

/** The valid key most like an unknown one; a right name at a wrong place is found too (`level` -> `log.level`). */
export const nearestKey = (key: string): string | undefined => {
  const all = [...SETTING_BY_KEY.keys(), ...SETTING_GROUPS];
  const last = key.split('.').at(-1)?.toLowerCase();
  return (
    closest(key, all) ??
    all.find((candidate) => candidate.split('.').at(-1)?.toLowerCase() === last)
  );
};

export const nearestVariable = (name: string): string | undefined =>
  closest(name, SETTING_BY_VARIABLE.keys());
