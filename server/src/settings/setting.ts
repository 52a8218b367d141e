/** What one setting is, beside its schema: everything the reference table, the checks' wording and the printout need. */
import { z } from 'zod';

export interface SettingMeta {
  readonly description: string;
  /** Completes "must be ...". */
  readonly expects: string;
  /** How text from a variable or a flag is read; a file has types of its own. */
  readonly kind: 'text' | 'number' | 'boolean' | 'size';
  /** Never shown: not in the printout, not in errors. */
  readonly isSecret: boolean;
  /** The default as a person would write it; absent when there is none. */
  readonly shownDefault?: string;
}

export const SETTING_META = z.registry<SettingMeta>();

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  kb: 1024,
  mb: 1024 ** 2,
  gb: 1024 ** 3,
  tb: 1024 ** 4,
};

/** `64 MB` -> 67108864; numbers are bytes already. Anything else is left for the schema to refuse. */
const toBytes = (value: unknown): unknown => {
  const match =
    typeof value === 'string' ? /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(value.trim()) : null;
  const unit = UNITS[match?.[2]?.toLowerCase() ?? '?'];
  return match && unit ? Math.round(Number(match[1]) * unit) : value;
};

/** 67108864 -> `64 MB`, only where nothing is lost. */
export const formatBytes = (bytes: number): string => {
  const unit = (['TB', 'GB', 'MB', 'KB'] as const).find(
    (name) => bytes > 0 && bytes % (UNITS[name.toLowerCase()] ?? 1) === 0,
  );
  return unit ? `${bytes / (UNITS[unit.toLowerCase()] ?? 1)} ${unit}` : String(bytes);
};

const meta = (rest: Pick<SettingMeta, 'description' | 'expects'> & Partial<SettingMeta>) => ({
  kind: 'text' as const,
  isSecret: false,
  ...rest,
});

export const textSetting = (fallback: string, description: string) =>
  z
    .string()
    .min(1)
    .default(fallback)
    .register(SETTING_META, meta({ description, expects: 'text', shownDefault: fallback }));

export const optionalTextSetting = (description: string) =>
  z.exactOptional(z.string().min(1)).register(SETTING_META, meta({ description, expects: 'text' }));

export const secretSetting = (description: string) =>
  z
    .exactOptional(z.string().min(1))
    .register(SETTING_META, meta({ description, expects: 'text', isSecret: true }));

export const choiceSetting = <const Choice extends readonly [string, ...string[]]>(
  choices: Choice,
  fallback: Choice[number],
  description: string,
) =>
  z
    .enum(choices)
    .default(fallback)
    .register(
      SETTING_META,
      meta({ description, expects: `one of ${choices.join(', ')}`, shownDefault: fallback }),
    );

export const booleanSetting = (fallback: boolean, description: string) =>
  z
    .boolean()
    .default(fallback)
    .register(
      SETTING_META,
      meta({ description, expects: 'true or false', kind: 'boolean', shownDefault: `${fallback}` }),
    );

export const numberSetting = (
  fallback: number,
  range: { readonly min: number; readonly max: number },
  description: string,
) =>
  z
    .int()
    .min(range.min)
    .max(range.max)
    .default(fallback)
    .register(
      SETTING_META,
      meta({
        description,
        expects: `a whole number from ${range.min} to ${range.max}`,
        kind: 'number',
        shownDefault: `${fallback}`,
      }),
    );

export const sizeSetting = (fallback: string, min: string, description: string) =>
  z
    .preprocess(toBytes, z.int().min(Number(toBytes(min))))
    .default(Number(toBytes(fallback)))
    .register(
      SETTING_META,
      meta({
        description,
        expects: `a size of at least ${min}, such as ${fallback}`,
        kind: 'size',
        shownDefault: fallback,
      }),
    );

export const checkedTextSetting = (
  fallback: string,
  check: { readonly accepts: (value: string) => boolean; readonly expects: string },
  description: string,
) =>
  z
    .string()
    .refine(check.accepts)
    .default(fallback)
    .register(SETTING_META, meta({ description, expects: check.expects, shownDefault: fallback }));

/** Credentials have settings of their own, which are masked. */
const isWithoutCredentials = (url: string): boolean => {
  const parsed = URL.parse(url);
  return parsed !== null && parsed.username === '' && parsed.password === '';
};

export const optionalUrlSetting = (description: string) =>
  z
    .exactOptional(z.url({ protocol: /^https?$/ }).refine(isWithoutCredentials))
    .register(
      SETTING_META,
      meta({ description, expects: 'an http or https URL without account and password' }),
    );
