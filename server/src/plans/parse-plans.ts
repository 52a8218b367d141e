/** The text of a plan file -> what it asks for. All faults of a file are reported at once, each with its place. */
import type { WitnessError } from '@witness/record';
import { z } from 'zod';
import type { SourceDeclaration } from '../sources/index.ts';
import { error } from './errors.ts';
import {
  folderFault,
  nameFault,
  PLAN_LIMITS,
  type PlanSource,
  toNameKey,
  tryParseGuid,
} from './monitoring-plan.ts';
import { suggestion } from './nearest-name.ts';
import { readYaml, type ValuePath, type YamlValue } from './read-yaml.ts';
import { findUnknownKeys } from './unknown-keys.ts';

/** A plan as written. `id` absent: that of the plan with this name, or a new one. */
export interface PlanDraft {
  readonly id?: string;
  readonly name: string;
  readonly folder?: string;
  readonly isEnabled: boolean;
  readonly dataSources: readonly PlanSource[];
  /** `secret` absent: the one already kept for this account. */
  readonly account?: { readonly name: string; readonly secret?: string };
  readonly retentionDays?: number;
  /** `line:column` of its name. */
  readonly location: string;
}

const textWithout = (faultIn: (text: string) => string | undefined): z.ZodType<string> =>
  z.string().superRefine((text, context) => {
    const message = faultIn(text);
    if (message) context.addIssue({ code: 'custom', message });
  });

const named = (lengthMax: number): z.ZodType<string> =>
  textWithout((text) => nameFault(text, lengthMax));

const ITEM = z.object({
  name: named(PLAN_LIMITS.itemNameLength),
  type: z.string(),
  isEnabled: z.boolean().default(true),
});

const SOURCE = z.object({
  source: z.string(),
  isEnabled: z.boolean().default(true),
  settings: z.looseObject({}).default({}),
  items: z.array(ITEM).default([]),
});

const PLAN = z.object({
  id: textWithout((text) => (tryParseGuid(text) ? undefined : 'must be a GUID')).optional(),
  name: named(PLAN_LIMITS.nameLength),
  folder: textWithout(folderFault).optional(),
  isEnabled: z.boolean().default(true),
  dataSources: z.array(SOURCE).default([]),
  account: z
    .object({
      name: named(PLAN_LIMITS.accountNameLength),
      secret: z.string().min(1).max(PLAN_LIMITS.secretLength).optional(),
    })
    .optional(),
  retentionDays: z.int().min(1).max(PLAN_LIMITS.retentionDaysMax).optional(),
});

const FILE = z.object({ plans: z.array(PLAN) });

type WrittenPlan = z.output<typeof PLAN>;
type WrittenSource = z.output<typeof SOURCE>;

const FAULTS_SHOWN = 20;

/** Throws the fault itself when there is one, PLAN_FILE_FAULTS with all of them as its cause when there are more. */
export const throwFaults = (faults: readonly WitnessError[]): void => {
  const [first] = faults;
  if (!first) return;
  if (faults.length === 1) throw first;
  const shown = faults
    .slice(0, FAULTS_SHOWN)
    .map((fault) => `${fault.location ?? '1:1'} ${fault.message}`);
  const rest = faults.length - shown.length;
  const text = [...shown, ...(rest > 0 ? [`and ${rest} more`] : [])].join('; ');
  throw error(
    'PLAN_FILE_FAULTS',
    { count: faults.length, faults: text },
    { location: first.location ?? '1:1', cause: new AggregateError(faults) },
  );
};

const showPath = (path: ValuePath): string =>
  path.reduce<string>(
    (shown, step) =>
      typeof step === 'number' ? `${shown}[${step}]` : shown === '' ? step : `${shown}.${step}`,
    '',
  ) || 'file';

/** What zod and the key walk find wrong in the value at `path`. */
const schemaFaults = (
  yaml: YamlValue,
  schema: z.ZodType,
  { value, path }: { value: unknown; path: ValuePath },
): WitnessError[] => {
  const unknown = findUnknownKeys(schema, value, path).map(({ path: holder, key, known }) =>
    error(
      'PLAN_KEY_UNKNOWN',
      { key, nearest: suggestion(key, known), known: known.join(', ') || 'none' },
      { location: yaml.locate([...holder, key], 'key') },
    ),
  );
  const result = schema.safeParse(value);
  const invalid = (result.error?.issues ?? []).flatMap((issue) => {
    const isFoundAlready = issue.code === 'unrecognized_keys' && unknown.length > 0;
    if (isFoundAlready) return [];
    const place = [
      ...path,
      ...issue.path.map((step) => (typeof step === 'number' ? step : String(step))),
    ];
    return [
      error(
        'PLAN_VALUE_INVALID',
        { path: showPath(place), reason: issue.message },
        { location: yaml.locate(place) },
      ),
    ];
  });
  return [...unknown, ...invalid];
};

const itemFaults = (
  yaml: YamlValue,
  declaration: SourceDeclaration,
  { written, path }: { written: WrittenSource; path: ValuePath },
): WitnessError[] => {
  const seen = new Set<string>();
  const source = declaration.id;
  return written.items.flatMap(({ name, type }, index) => {
    const place = [...path, 'items', index];
    const key = `${type}\0${toNameKey(name)}`;
    const isRepeated = seen.has(key);
    seen.add(key);
    const known = declaration.itemTypes;
    const values = {
      source,
      type,
      nearest: suggestion(type, known),
      known: known.join(', ') || 'none',
    };
    return [
      ...(known.includes(type)
        ? []
        : [error('PLAN_ITEM_TYPE_UNKNOWN', values, { location: yaml.locate([...place, 'type']) })]),
      ...(isRepeated
        ? [error('PLAN_ITEM_DUPLICATE', { item: name, source }, { location: yaml.locate(place) })]
        : []),
    ];
  });
};

const sourceFaults = (
  yaml: YamlValue,
  sources: ReadonlyMap<string, SourceDeclaration>,
  { written, path }: { written: WrittenPlan; path: ValuePath },
): WitnessError[] => {
  const seen = new Set<string>();
  return written.dataSources.flatMap((each, index) => {
    const place = [...path, 'dataSources', index];
    const location = yaml.locate([...place, 'source']);
    const declaration = sources.get(each.source);
    if (!declaration) {
      const known = [...sources.keys()];
      const nearest = suggestion(each.source, known);
      const values = { source: each.source, nearest, known: known.join(', ') || 'none' };
      return [error('PLAN_SOURCE_UNKNOWN', values, { location })];
    }
    const isRepeated = seen.has(each.source);
    seen.add(each.source);
    return [
      ...(isRepeated
        ? [error('PLAN_SOURCE_DUPLICATE', { source: each.source }, { location })]
        : []),
      ...schemaFaults(yaml, declaration.settings, {
        value: each.settings,
        path: [...place, 'settings'],
      }),
      ...itemFaults(yaml, declaration, { written: each, path: place }),
    ];
  });
};

const toDraft = (written: WrittenPlan, location: string): PlanDraft => {
  const id = written.id === undefined ? undefined : tryParseGuid(written.id);
  const { name, folder, isEnabled, dataSources, account, retentionDays } = written;
  return {
    ...(id === undefined ? {} : { id }),
    name,
    ...(folder === undefined ? {} : { folder }),
    isEnabled,
    dataSources,
    ...(account === undefined
      ? {}
      : {
          account: {
            name: account.name,
            ...(account.secret === undefined ? {} : { secret: account.secret }),
          },
        }),
    ...(retentionDays === undefined ? {} : { retentionDays }),
    location,
  };
};

const isListed = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, 'plans');

/**
 * Reads a file of one plan, or of `plans: [...]`. Throws what readYaml throws, a PLAN_* fault with location
 * `line:column`, or PLAN_FILE_FAULTS.
 */
export const parsePlans = (text: string, sources: readonly SourceDeclaration[]): PlanDraft[] => {
  const yaml = readYaml(text);
  const hasList = isListed(yaml.value);
  const schema = hasList ? FILE : PLAN;
  throwFaults(schemaFaults(yaml, schema, { value: yaml.value, path: [] }));
  const written = hasList ? FILE.parse(yaml.value).plans : [PLAN.parse(yaml.value)];
  const placed = written.map((plan, index): { written: WrittenPlan; path: ValuePath } => ({
    written: plan,
    path: hasList ? ['plans', index] : [],
  }));
  const byId = new Map(sources.map((source) => [source.id, source]));
  throwFaults(placed.flatMap((plan) => sourceFaults(yaml, byId, plan)));
  return placed.map(({ written: plan, path }) => toDraft(plan, yaml.locate([...path, 'name'])));
};
