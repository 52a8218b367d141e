/** What is audited. Names and folders are compared without letter case. */
import type { ItemRef } from '@witness/record';

export interface PlanItem extends ItemRef {
  readonly isEnabled: boolean;
}

export interface PlanSource {
  /** Folder name of the data source: `integration-api`. */
  readonly source: string;
  readonly isEnabled: boolean;
  /** As written; valid for the source's schema, which also adds the defaults when parsed again. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly items: readonly PlanItem[];
}

export interface PlanAccount {
  readonly name: string;
  readonly hasSecret: boolean;
}

export interface MonitoringPlan {
  /** GUID in upper case with braces. */
  readonly id: string;
  readonly name: string;
  /** `Customers/Northwind`; absent: at the top. */
  readonly folder?: string;
  readonly isEnabled: boolean;
  readonly dataSources: readonly PlanSource[];
  readonly account?: PlanAccount;
  readonly retentionDays?: number;
}

export const PLAN_LIMITS = {
  nameLength: 255,
  folderLength: 255,
  itemNameLength: 1024,
  accountNameLength: 255,
  secretLength: 4096,
  retentionDaysMax: 36_500,
} as const;

/** What two names have in common when they differ in letter case only. */
export const toNameKey = (name: string): string => name.normalize('NFC').toLowerCase();

const GUID = /^\{?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\}?$/i;

/** `{2F1A...}` in upper case with braces; undefined when it is no GUID. Braces may be absent, letters in any case. */
export const tryParseGuid = (text: string): string | undefined => {
  const match = GUID.exec(text);
  return match?.[1] ? `{${match[1].toUpperCase()}}` : undefined;
};

/** A random GUID (RFC 9562 version 4). */
export const createGuid = (randomBytes: (bytes: number) => Uint8Array): string => {
  const bytes = Buffer.from(randomBytes(16));
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex').toUpperCase();
  const parts = [
    [0, 8] as const,
    [8, 12] as const,
    [12, 16] as const,
    [16, 20] as const,
    [20, 32] as const,
  ];
  return `{${parts.map(([from, to]) => hex.slice(from, to)).join('-')}}`;
};

/** Characters nobody can see or that break a line have no place in a name. */
const INVISIBLE = /[\p{Cc}\p{Zl}\p{Zp}]/u;

/** Why a text cannot be a name; undefined when it can. */
export const nameFault = (text: string, lengthMax: number): string | undefined => {
  if (text === '') return 'must not be empty';
  if (text.length > lengthMax) return `must not be longer than ${lengthMax} characters`;
  if (!text.isWellFormed() || INVISIBLE.test(text)) return 'must not hold control characters';
  return text === text.trim() ? undefined : 'must not begin or end with a blank';
};

export const folderFault = (folder: string): string | undefined => {
  const whole = nameFault(folder, PLAN_LIMITS.folderLength);
  if (whole) return whole;
  const isPath = folder
    .split('/')
    .every((part) => part !== '' && part !== '.' && part !== '..' && part === part.trim());
  return isPath ? undefined : 'must be a path like `Customers/Northwind`';
};

/** Whether a plan's folder is the given folder or lies below it. */
export const isInFolder = (planFolder: string | undefined, folder: string): boolean => {
  if (planFolder === undefined) return false;
  const [inner, outer] = [toNameKey(planFolder), toNameKey(folder)];
  return inner === outer || inner.startsWith(`${outer}/`);
};
