/** Service start modes and types. Source: Microsoft, "4697(S)" and CreateServiceW. */
import { numberOf } from './fields.ts';

const START_MODES = ['boot', 'system', 'automatic', 'manual', 'disabled'] as const;

/** As 7045 and 7040 write them on English systems; other languages stay as written. */
const START_TEXTS: Readonly<Record<string, string>> = {
  'boot start': 'boot',
  'system start': 'system',
  'auto start': 'automatic',
  'demand start': 'manual',
  disabled: 'disabled',
};

export const startModeWords = (text: string): string => {
  const number = numberOf(text);
  if (number !== undefined) return START_MODES[number] ?? text;
  const key = text.toLowerCase();
  return Object.hasOwn(START_TEXTS, key) ? (START_TEXTS[key] ?? text) : text;
};

const TYPES: Readonly<Record<number, string>> = {
  1: 'kernel mode driver',
  2: 'file system driver',
  4: 'adapter',
  8: 'recognizer driver',
  16: 'user mode service',
  32: 'user mode service, shared process',
  80: 'user service',
  96: 'user service, shared process',
  208: 'user service instance',
  224: 'user service instance, shared process',
  272: 'user mode service, interactive',
  288: 'user mode service, shared process, interactive',
};

export const serviceTypeWords = (text: string): string => {
  const number = numberOf(text);
  return number === undefined ? text : (TYPES[number] ?? text);
};
