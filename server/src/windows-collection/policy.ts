/** Everything an administrator sets on Windows computers for some monitoring plans; plain data. */
import type { RegistryNeed } from '../sources/index.ts';

/** Why a setting is there. */
export interface PolicyReason {
  /** Title of the data source that needs it; absent where forwarding itself does. */
  readonly source?: string;
  /** Which computers: `Domain controllers`. */
  readonly computers: string;
  readonly reason: string;
}

interface Reasoned {
  readonly reasons: readonly PolicyReason[];
}

export type RegistrySetting = Omit<RegistryNeed, 'reason'> & Reasoned;

export interface AuditPolicySetting extends Reasoned {
  readonly category: string;
  readonly subcategory: string;
  /** `{0CCE9215-69AE-11D9-BED3-505054503030}`. */
  readonly guid: string;
  readonly isSuccessAudited: boolean;
  readonly isFailureAudited: boolean;
}

export interface EventLogSetting extends Reasoned {
  readonly log: string;
  readonly sizeBytes: number;
  readonly isOffByDefault: boolean;
}

export interface AuditEntriesSetting extends Reasoned {
  readonly objects: string;
  /** PowerShell, line by line. */
  readonly script: readonly string[];
}

export interface PolicyStep extends Reasoned {
  readonly title: string;
  readonly commands: readonly string[];
}

export interface WindowsPolicy {
  /** Names. */
  readonly plans: readonly string[];
  /** Titles of the sources of these plans that Windows events feed. */
  readonly sources: readonly string[];
  readonly registry: readonly RegistrySetting[];
  readonly auditPolicy: readonly AuditPolicySetting[];
  readonly logs: readonly EventLogSetting[];
  readonly auditEntries: readonly AuditEntriesSetting[];
  readonly steps: readonly PolicyStep[];
  /** What an administrator may expect here and not find, with the reason. */
  readonly notes: readonly string[];
}
