/** Settings from all places: file, then variables over it, then flags over both. Pure. */
import type { ErrorContext, WitnessError } from '@witness/record';
import { settingsError } from './errors.ts';
import { SETTING_BY_KEY, SETTING_KEYS } from './setting-keys.ts';
import {
  type Environment,
  type FileLayer,
  type GivenValue,
  type Layer,
  readEnvironmentLayer,
  readFileLayer,
  readFlagLayer,
  type SettingsFlags,
} from './setting-layers.ts';
import { type ListenerId, SETTINGS_SCHEMA, type Settings } from './settings-schema.ts';

export interface SettingsInput {
  /** The settings file, when there is one; `path` is how it is called in errors. */
  readonly file?: { readonly path: string; readonly text: string };
  readonly env: Environment;
  readonly flags?: SettingsFlags;
}

export interface LoadedSettings {
  readonly settings: Settings;
  /** Where each key that somebody set was set: `witness.yaml:3:5`, `WITNESS_DATA`, `--data`. The others are defaults. */
  readonly origins: ReadonlyMap<string, string>;
  /** One sentence each. */
  readonly warnings: readonly string[];
}

const ABSENT_FILE: FileLayer = { values: new Map(), unknown: [], misplaced: [] };

const NESTED_SEPARATOR = '.';

/** `{ 'log.level': 'info' }` -> `{ log: { level: 'info' } }` */
const toTree = (values: Layer): object => {
  const root = {};
  for (const [key, { value }] of values) {
    const path = key.split(NESTED_SEPARATOR);
    const last = path.pop() ?? key;
    let node: Record<string, unknown> = root;
    for (const name of path) {
      node[name] ??= {};
      node = node[name] as Record<string, unknown>;
    }
    node[last] = value;
  }
  return root;
};

const show = (key: string, value: unknown): string => {
  if (SETTING_BY_KEY.get(key)?.isSecret) return 'what was given';
  if (typeof value === 'object' && value !== null) return 'a list or a group';
  if (value === '') return 'nothing';
  const shown = String(value).replace(/:\/\/[^/]*@/, '://********@');
  const text = typeof value === 'string' ? `"${shown}"` : shown;
  return text.length > 80 ? `${text.slice(0, 80)}...` : text;
};

type Values = Readonly<Record<string, string | number>>;
type Code = Parameters<typeof settingsError>[0];

const fault = (code: Code, at: string, values: Values): WitnessError => {
  const context: ErrorContext = { location: at };
  return settingsError(code, { at, also: '', ...values }, context);
};

const keyFaults = (file: FileLayer): WitnessError[] => [
  ...file.unknown.map(({ key, nearest, at }) =>
    fault('SETTINGS_KEY_UNKNOWN', at, {
      key,
      nearest: nearest ? `; did you mean ${nearest}?` : '',
    }),
  ),
  ...file.misplaced.map(({ key, at }) =>
    fault('SETTINGS_VALUE_INVALID', at, { key, expects: 'a group of settings', given: 'a value' }),
  ),
];

const needs = (at: string, key: string, reason: string): WitnessError =>
  fault('SETTINGS_VALUE_MISSING', at, {
    key,
    reason,
    variable: SETTING_BY_KEY.get(key)?.variable ?? '',
  });

const tlsOf = (
  listener: Settings['listeners'][ListenerId],
): { readonly certificate?: string | undefined; readonly key?: string | undefined } =>
  'tls' in listener ? listener.tls : {};

/** Values without which an enabled listener has nothing to trust. */
const neededWhenEnabled = ({
  listeners,
}: Settings): Readonly<Record<string, string | undefined>> => {
  const { 'event-forwarding': byCertificate, 'event-forwarding-kerberos': byKerberos } = listeners;
  return {
    ...(byCertificate.enabled && {
      'listeners.event-forwarding.tls.clientCa': byCertificate.tls.clientCa,
    }),
    ...(byKerberos.enabled && {
      'listeners.event-forwarding-kerberos.keytab': byKerberos.keytab,
    }),
  };
};

/** What no single key can know. */
const crossFaults = (settings: Settings, given: Layer): WitnessError[] => {
  const at = (key: string): string => given.get(key)?.at ?? 'default';
  const faults: WitnessError[] = [];
  if (settings.store.engine === 'cluster' && settings.store.cluster.url === undefined) {
    faults.push(needs(at('store.engine'), 'store.cluster.url', 'store.engine is cluster'));
  }
  for (const [needed, value] of Object.entries(neededWhenEnabled(settings))) {
    if (value === undefined) {
      const base = needed.split('.').slice(0, 2).join('.');
      faults.push(needs(at(`${base}.enabled`), needed, `${base}.enabled is true`));
    }
  }
  const ids = Object.keys(settings.listeners) as ListenerId[];
  const taken = new Map<string, string>();
  for (const id of ids) {
    const { enabled, address, port } = settings.listeners[id];
    const tls = tlsOf(settings.listeners[id]);
    const base = `listeners.${id}`;
    const [present, absent] = tls.certificate ? ['certificate', 'key'] : ['key', 'certificate'];
    if ((tls.certificate === undefined) !== (tls.key === undefined)) {
      const [presentKey, absentKey] = [`${base}.tls.${present}`, `${base}.tls.${absent}`];
      faults.push(needs(at(presentKey), absentKey, `${presentKey} is set`));
    }
    const other = taken.get(`${address} ${port}`);
    if (enabled && port !== 0 && other) {
      const reason = `${other} listens there already`;
      faults.push(
        fault('SETTINGS_CONFLICT', at(`${base}.port`), {
          key: `${base}.port`,
          given: port,
          reason,
        }),
      );
    }
    if (enabled) taken.set(`${address} ${port}`, base);
  }
  return faults;
};

/** The first fault, naming the others too. */
const firstOf = (faults: readonly WitnessError[]): WitnessError | undefined => {
  const [first, ...others] = faults;
  if (!first || others.length === 0) return first;
  const also = others.map(({ message }) => `\nalso ${message}`).join('');
  return settingsError(
    first.code as Code,
    { ...first.values, also },
    { ...(first.location !== undefined && { location: first.location }) },
  );
};

const throwIfAny = (faults: readonly WitnessError[]): void => {
  const first = firstOf(faults);
  if (first) throw first;
};

/**
 * Throws SETTINGS_FILE_MALFORMED, SETTINGS_KEY_UNKNOWN, SETTINGS_VALUE_INVALID, SETTINGS_VALUE_MISSING,
 * SETTINGS_CONFLICT, SETTINGS_FLAG_MALFORMED; `location` is where the fault was written.
 */
export const loadSettings = ({ file, env, flags = {} }: SettingsInput): LoadedSettings => {
  const fileLayer = file ? readFileLayer(file) : ABSENT_FILE;
  const environment = readEnvironmentLayer(env);
  const given: Map<string, GivenValue> = new Map([
    ...fileLayer.values,
    ...environment.values,
    ...readFlagLayer(flags),
  ]);
  const parsed = SETTINGS_SCHEMA.safeParse(toTree(given));
  const invalid = new Set((parsed.error?.issues ?? []).map(({ path }) => path.join('.')));
  throwIfAny([
    ...keyFaults(fileLayer),
    ...[...invalid].map((key) =>
      fault('SETTINGS_VALUE_INVALID', given.get(key)?.at ?? key, {
        key,
        expects: SETTING_BY_KEY.get(key)?.expects ?? 'valid',
        given: show(key, given.get(key)?.value),
      }),
    ),
  ]);
  const settings = SETTINGS_SCHEMA.parse(toTree(given));
  throwIfAny(crossFaults(settings, given));
  return {
    settings,
    origins: new Map(
      SETTING_KEYS.flatMap(({ key }) => {
        const at = given.get(key)?.at;
        return at ? [[key, at] as const] : [];
      }),
    ),
    warnings: environment.warnings,
  };
};
