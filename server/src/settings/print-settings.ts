/** Settings as text: what is in force and from where, and the reference of all keys. */
import { stringify } from 'yaml';
import type { LoadedSettings } from './load-settings.ts';
import { formatBytes } from './setting.ts';
import { SETTING_KEYS, type SettingKey } from './setting-keys.ts';

const MASK = '********';

const valueAt = (settings: object, key: string): unknown =>
  key
    .split('.')
    .reduce<unknown>(
      (node, name) =>
        typeof node === 'object' && node !== null && name in node
          ? (node as Readonly<Record<string, unknown>>)[name]
          : undefined,
      settings,
    );

const toScalar = (setting: SettingKey, value: unknown): string => {
  if (setting.isSecret) return stringify(MASK).trim();
  if (setting.kind === 'size') return formatBytes(Number(value));
  return stringify(value, { lineWidth: 0 }).trim();
};

/** YAML that can be used as a settings file again, except for the masked secrets; each value says where it came from. */
export const printSettings = ({ settings, origins }: LoadedSettings): string => {
  const lines: string[] = [];
  let open: readonly string[] = [];
  for (const setting of SETTING_KEYS) {
    const path = setting.key.split('.');
    const groups = path.slice(0, -1);
    const shared = groups.findIndex((name, index) => open[index] !== name);
    for (let depth = shared < 0 ? groups.length : shared; depth < groups.length; depth += 1) {
      lines.push(`${'  '.repeat(depth)}${groups[depth]}:`);
    }
    open = groups;
    const indent = '  '.repeat(groups.length);
    const value = valueAt(settings, setting.key);
    const name = path.at(-1);
    lines.push(
      value === undefined
        ? `${indent}# ${name}: not set`
        : `${indent}${name}: ${toScalar(setting, value)} # ${origins.get(setting.key) ?? 'default'}`,
    );
  }
  return `${lines.join('\n')}\n`;
};

const cell = (text: string): string => text.replaceAll('|', '\\|');

/** A Markdown table of every key. */
export const settingsReference = (): string =>
  [
    '| key | default | variable | meaning |',
    '| --- | --- | --- | --- |',
    ...SETTING_KEYS.map(
      ({ key, shownDefault, variable, description, expects, isSecret }) =>
        `| \`${key}\` | ${shownDefault === undefined ? '' : `\`${shownDefault}\``} | \`${variable}\` | ${cell(
          `${description} ${isSecret ? 'Secret. ' : ''}Takes ${expects}.`,
        )} |`,
    ),
    '',
  ].join('\n');
