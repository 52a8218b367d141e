/** What a source needs of the Windows computers it audits, each with the reason an administrator is told. */

/** Events of any source that complete one's own records. */
export interface EventNeed {
  readonly provider: string;
  readonly channel: string;
  readonly eventIds: readonly number[];
  readonly reason: string;
}

/** A subcategory of the advanced audit policy. */
export interface AuditPolicyNeed {
  /** Its English name, `Directory Service Changes`; the GUID follows from it. */
  readonly subcategory: string;
  readonly outcomes: 'success' | 'failure' | 'success and failure';
  /** Ends without a full stop, as all reasons do. */
  readonly reason: string;
}

/** An event log that must be on, and large enough to keep what is not collected yet. */
export interface EventLogNeed {
  readonly log: string;
  /** Windows takes multiples of 64 KiB. */
  readonly sizeBytes: number;
  readonly isOffByDefault?: boolean;
  readonly reason: string;
}

/** Entries of a SACL: without them a subcategory of the audit policy writes nothing of the object. */
export interface AuditEntriesNeed {
  /** `Folders that are audited`. */
  readonly objects: string;
  /** PowerShell that sets them, for an elevated prompt. Nothing in it depends on the language of Windows. */
  readonly script: readonly string[];
  readonly reason: string;
}

export interface RegistryNeed {
  readonly key: string;
  readonly name: string;
  readonly type: 'REG_DWORD' | 'REG_SZ';
  readonly value: string;
  /** Where the Group Policy editor has it. */
  readonly policy: string;
  readonly reason: string;
}

/** What no policy sets. */
export interface SetupStep {
  readonly title: string;
  readonly commands: readonly string[];
  readonly reason: string;
}

export interface WindowsSetup {
  /** Which computers: `Domain controllers`. */
  readonly computers: string;
  readonly auditPolicy?: readonly AuditPolicyNeed[];
  /** Every log that the source's events are written to. */
  readonly logs: readonly EventLogNeed[];
  readonly auditEntries?: readonly AuditEntriesNeed[];
  readonly registry?: readonly RegistryNeed[];
  readonly steps?: readonly SetupStep[];
}
