/** The three places a setting can be written in, each as values with where they were written. */
import { isAlias, isMap, isScalar, LineCounter, type Node, parseDocument } from 'yaml';
import { settingsError } from './errors.ts';
import {
  nearestKey,
  nearestVariable,
  SETTING_BY_KEY,
  SETTING_BY_VARIABLE,
  SETTING_GROUPS,
  type SettingKey,
} from './setting-keys.ts';

export interface GivenValue {
  readonly value: unknown;
  /** `witness.yaml:3:5`, `WITNESS_LOG_LEVEL`, `--set log.level` */
  readonly at: string;
}

/** By key path. */
export type Layer = ReadonlyMap<string, GivenValue>;

export interface UnknownKey {
  readonly key: string;
  readonly nearest: string | undefined;
  readonly at: string;
}

export interface FileLayer {
  readonly values: Layer;
  readonly unknown: readonly UnknownKey[];
  readonly misplaced: readonly { readonly key: string; readonly at: string }[];
}

export interface SettingsFlags {
  /** `--data` */
  readonly data?: string;
  /** `--log-level` */
  readonly logLevel?: string;
  /** `--set key.path=value`, in the order given. */
  readonly set?: readonly string[];
}

/** More than any settings file needs; larger ones are somebody else’s file. */
const FILE_CHARACTERS_MAX = 1024 * 1024;

/** Reads the text of `witness.yaml`. Throws SETTINGS_FILE_MALFORMED. */
export const readFileLayer = (file: {
  readonly path: string;
  readonly text: string;
}): FileLayer => {
  const malformed = (at: string, reason: string) =>
    settingsError('SETTINGS_FILE_MALFORMED', { at, reason }, { location: at });
  if (file.text.length > FILE_CHARACTERS_MAX) {
    throw malformed(file.path, `longer than ${FILE_CHARACTERS_MAX} characters`);
  }
  const lines = new LineCounter();
  const document = parseDocument(file.text, { lineCounter: lines, prettyErrors: false });
  const place = (offset: number | undefined): string => {
    const { line, col } = lines.linePos(offset ?? 0);
    return `${file.path}:${Math.max(line, 1)}:${Math.max(col, 1)}`;
  };
  const fault = document.errors[0];
  if (fault) throw malformed(place(fault.pos[0]), fault.message);

  const values = new Map<string, GivenValue>();
  const unknown: UnknownKey[] = [];
  const misplaced: { key: string; at: string }[] = [];
  const visit = (given: unknown, path: readonly string[]): void => {
    const node = isAlias(given) ? given.resolve(document) : (given as Node | null | undefined);
    if (node === null || node === undefined || (isScalar(node) && node.value === null)) return;
    if (!isMap(node)) {
      misplaced.push({ key: path.join('.') || 'the file', at: place(node.range?.[0]) });
      return;
    }
    for (const { key: name, value } of node.items) {
      const keyPath = [...path, String(isScalar(name) ? name.value : name)];
      const key = keyPath.join('.');
      const keyAt = place((name as Node).range?.[0]);
      if (SETTING_GROUPS.has(key)) visit(value, keyPath);
      else if (!SETTING_BY_KEY.has(key)) unknown.push({ key, nearest: nearestKey(key), at: keyAt });
      else {
        const leaf = isAlias(value) ? value.resolve(document) : (value as Node | null);
        if (!leaf || (isScalar(leaf) && leaf.value === null)) continue;
        const at = place((value as Node).range?.[0]);
        values.set(key, { value: isScalar(leaf) ? leaf.value : leaf, at });
      }
    }
  };
  visit(document.contents, []);
  return { values, unknown, misplaced };
};

const BOOLEAN_WORDS: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  on: true,
  '1': true,
  false: false,
  no: false,
  off: false,
  '0': false,
};

/** Text from a variable or a flag in the type its setting has; text that does not fit stays text and is refused later. */
const fromText = (setting: SettingKey, text: string): unknown => {
  if (setting.kind === 'boolean') return BOOLEAN_WORDS[text.trim().toLowerCase()] ?? text;
  if (setting.kind === 'number') return /^\s*-?\d+\s*$/.test(text) ? Number(text) : text;
  return text;
};

/** Variables of this prefix that are not settings: who reads them is not this room. */
const OTHER_VARIABLES: ReadonlySet<string> = new Set([
  'WITNESS_ADMIN_PASSWORD',
  'WITNESS_CONFIG',
  'WITNESS_CORPORA',
  'WITNESS_USER_PASSWORD',
]);

export type Environment = Readonly<Record<string, string | undefined>>;

/** Variables set to nothing count as absent, as compose files write them. */
export const readEnvironmentLayer = (
  env: Environment,
): { readonly values: Layer; readonly warnings: readonly string[] } => {
  const given = Object.entries(env).filter(
    ([name, text]) => name.startsWith('WITNESS_') && text !== undefined && text !== '',
  );
  const values = new Map<string, GivenValue>();
  const warnings: string[] = [];
  for (const [name, text = ''] of given) {
    const setting = SETTING_BY_VARIABLE.get(name);
    if (setting) values.set(setting.key, { value: fromText(setting, text), at: name });
    else if (!OTHER_VARIABLES.has(name)) {
      const nearest = nearestVariable(name);
      warnings.push(
        `The variable ${name} is not a setting and has no effect${nearest ? `; did you mean ${nearest}?` : ''}`,
      );
    }
  }
  return { values, warnings };
};

/** Throws SETTINGS_FLAG_MALFORMED and SETTINGS_KEY_UNKNOWN. `--data` and `--log-level` win over `--set`. */
export const readFlagLayer = (flags: SettingsFlags): Layer => {
  const values = new Map<string, GivenValue>();
  for (const given of flags.set ?? []) {
    const split = given.indexOf('=');
    // The value may be a secret, so only the part before it is ever shown.
    const key = split < 0 ? given : given.slice(0, split).trim();
    if (split <= 0) throw settingsError('SETTINGS_FLAG_MALFORMED', { given: key });
    const setting = SETTING_BY_KEY.get(key);
    const at = `--set ${key}`;
    if (!setting) {
      const nearest = nearestKey(key);
      throw settingsError(
        'SETTINGS_KEY_UNKNOWN',
        { at, key, nearest: nearest ? `; did you mean ${nearest}?` : '', also: '' },
        { location: at },
      );
    }
    values.set(key, { value: fromText(setting, given.slice(split + 1)), at });
  }
  if (flags.data !== undefined) values.set('data', { value: flags.data, at: '--data' });
  if (flags.logLevel !== undefined) {
    values.set('log.level', { value: flags.logLevel, at: '--log-level' });
  }
  return values;
};
