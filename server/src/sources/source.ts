/**
 * What a data source is: one declaration from which the registry, the settings form, the documentation page,
 * the port plan, the search facets and the conformance suite are derived.
 */
import type { RecordContent } from '@witness/record';
import type { z } from 'zod';
import type { WindowsEvent } from '../codecs/index.ts';
import type { EventNeed, WindowsSetup } from './windows-setup.ts';

export interface PortDeclaration {
  readonly direction: 'inbound' | 'outbound';
  readonly protocol: 'tcp' | 'udp';
  /** A port or a range `49152-65535`. */
  readonly port: string;
  readonly sourceRole: string;
  readonly targetRole: string;
  readonly purpose: string;
  readonly required: boolean;
  /** The setting that causes it, when it is not always needed. */
  readonly setting?: string;
}

/** Which Windows events a source interprets. Exactly one source must claim an event. */
export interface WindowsEventClaim {
  /** As events name it. `MSSQL$*`: every provider whose name begins so and that nobody claims by its whole name. */
  readonly provider: string;
  /** The event log they are written to; several where it is a choice. What is collected follows it, routing does not. */
  readonly channel: string | readonly string[];
  readonly eventIds: readonly number[];
  /** Told apart by content where two sources share an event id (a local user is not a domain user). */
  readonly when?: (event: WindowsEvent) => boolean;
}

/** Facts an event teaches about others: who and where a logon id is. Kept per computer, bounded. */
export interface LogonFact {
  readonly computer: string;
  /** As written, `0x3e7`. */
  readonly logonId: string;
  readonly account?: string;
  readonly workstation?: string;
  readonly address?: string;
  readonly logonType?: number;
}

/** A name behind a SID, as an event stated it. */
export interface SidFact {
  readonly sid: string;
  readonly account: string;
}

export interface RecordDraft extends Omit<RecordContent, 'plan' | 'item'> {
  /**
   * The raw event's own identity (for Windows: computer, channel, record id, time), plus a number when one raw
   * event yields several records. Part of the RID, so that collecting again is the same record.
   */
  readonly identity: string;
  /** Logon session the change was made in; the resolver turns it into a workstation. */
  readonly session?: { readonly computer: string; readonly logonId: string };
  /** SID of the actor where the event names none; the resolver may find the account. */
  readonly whoSid?: string;
  /** Of a joined draft: index of the fragment whose raw event is kept beside the record; the first when absent. */
  readonly fragment?: number;
}

/**
 * A part of something that several events say together: one value removed and one added by the same operation. Fragments
 * of one batch with the same source and key are joined; joining does not reach across batches.
 */
export interface Fragment {
  /** Id of the source whose `joinFragments` takes it. */
  readonly source: string;
  readonly key: string;
  /** What was read from the event. Plain data, as JSON can hold it: it may cross threads. */
  readonly value: unknown;
}

export interface Interpretation {
  readonly drafts: readonly RecordDraft[];
  readonly logons?: readonly LogonFact[];
  readonly sids?: readonly SidFact[];
  /** Absent when the event speaks for itself. */
  readonly fragments?: readonly Fragment[];
}

/** Of one key, in the order of the events. */
export type JoinFragments = (fragments: readonly Fragment[]) => Pick<Interpretation, 'drafts'>;

export interface ExampleSearch {
  readonly title: string;
  /** In the search language of `witness search`. */
  readonly search: string;
}

export interface SourceDeclaration {
  /** Folder name. */
  readonly id: string;
  /** Display name, stored with records: `Logon Activity`. */
  readonly title: string;
  readonly summary: string;
  readonly itemTypes: readonly string[];
  readonly settings: z.ZodObject;
  readonly ports: readonly PortDeclaration[];
  /** Every action and object type its records may carry; binding (the conformance suite checks). */
  readonly actions: readonly string[];
  /** `'*'` where object types come from the data (a generic source). */
  readonly objectTypes: readonly string[] | '*';
  readonly examples: readonly ExampleSearch[];
  readonly windowsEvents?: readonly WindowsEventClaim[];
  /** Events of others that complete its records; collected with its own. */
  readonly needsEvents?: readonly EventNeed[];
  /** What makes Windows write these events and keep them until they are collected. */
  readonly windowsSetup?: WindowsSetup;
  /** Pure. Throwing is allowed: the raw event is then kept as rejected with the error's code. */
  readonly interpretWindowsEvent?: (event: WindowsEvent) => Interpretation;
  /**
   * Pure; needed when interpretation yields fragments. Must be truthful of any part of the fragments that belong together,
   * one included: the others may have come in another batch, or never. The identity of a draft is that of the first
   * fragment's event and the key. When it throws, all events of the fragments are kept as rejected.
   */
  readonly joinFragments?: JoinFragments;
}

/** Keeps literal types and checks the declaration where it is written. */
export const defineSource = <const Source extends SourceDeclaration>(source: Source): Source =>
  source;
