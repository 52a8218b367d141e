/** The one shape all audit data takes. Times are UTC milliseconds since 1970. */

/**
 * How the actor of a record is known.
 * - `event`: the raw event names the account.
 * - `lookup`: the raw event carries an identifier (SID, logon id, session) that Witness resolved to a name.
 * - `client`: a client of the Integration API said so.
 * - `unknown`: nobody can tell; `who` is `Unknown` and a detail named `Who` says why and what would fix it.
 */
export type WhoKnownBy = 'event' | 'lookup' | 'client' | 'unknown';

export const WHO_UNKNOWN = 'Unknown';

export interface Detail {
  readonly property: string;
  readonly before?: string;
  readonly after?: string;
  readonly message?: string;
}

/** `id` is a GUID in upper case with braces, as the Integration API shows it. */
export interface PlanRef {
  readonly id: string;
  readonly name: string;
}

/** Shown as `name (type)`. */
export interface ItemRef {
  readonly name: string;
  readonly type: string;
}

export interface ActivityRecord {
  /** 17 digits of time and 32 upper-case hexadecimal digits; see `createRid`. */
  readonly rid: string;
  readonly who: string;
  readonly whoKnownBy: WhoKnownBy;
  readonly action: string;
  readonly what: string;
  readonly when: number;
  readonly where: string;
  readonly objectType: string;
  /** Absent when unknown. */
  readonly workstation?: string;
  /** Display name of the data source, for instance `Logon Activity`. */
  readonly dataSource: string;
  readonly plan?: PlanRef;
  readonly item?: ItemRef;
  readonly details: readonly Detail[];
}

/** A record before it has an identity; what interpretation produces. */
export type RecordContent = Omit<ActivityRecord, 'rid'>;

/** Longest values in UTF-16 code units, from the Integration API's column types. */
export const RECORD_LIMITS = {
  whoLength: 255,
  whereLength: 255,
  objectTypeLength: 255,
  planNameLength: 255,
  propertyLength: 255,
  /** Our own bound for `nvarchar max` columns; a request body is smaller than this anyway. */
  textLength: 16 * 1024 * 1024,
  detailsPerRecord: 10_000,
} as const;

/** Display names of data sources as the Integration API and the console show them. */
export const DATA_SOURCE_SELF_AUDIT = 'Self-audit';
export const DATA_SOURCE_EVENT_LOG = 'Event Log';
export const DATA_SOURCE_API = 'Netwrix API';
