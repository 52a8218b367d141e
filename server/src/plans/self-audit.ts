/** What happened inside Witness itself; compose turns entries into Activity Records of data source `Self-audit`. */
import type { Detail } from '@witness/record';

export interface SelfAuditEntry {
  readonly who: string;
  /** One of the Integration API's documented actions: `Added`, `Modified`, `Failed Logon`, ... */
  readonly action: string;
  readonly objectType: string;
  readonly what: string;
  /** Absent: this server. */
  readonly where?: string;
  /** Address or name of the computer it came from. */
  readonly workstation?: string;
  readonly details?: readonly Detail[];
}

/** Must neither throw nor block. */
export type SelfAudit = (entry: SelfAuditEntry) => void;

/** On whose behalf a change is made. */
export interface Actor {
  readonly who: string;
  readonly workstation?: string;
}
