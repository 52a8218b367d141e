/**
 * What an administrator at this machine can do, whoever carries it out: the running server (through the control socket)
 * or the command itself, when no server runs.
 */
import type { ActivityRecord } from '@witness/record';
import type { RawBatch, SubmitReceipt } from '../pipeline/index.ts';
import type { ForwardingTarget, WindowsPolicy } from '../windows-collection/index.ts';
import type { StatusReport } from './status-report.ts';

export interface RecordSearch {
  /** In the search language. */
  readonly text: string;
  /** Absent: everything found. */
  readonly limit?: number;
}

/** Operations with a name, JSON in and JSON out; the control socket carries them by these names. */
export interface Calls {
  status: { args: Record<string, never>; result: StatusReport };
  'user-add': {
    args: { name: string; role: string; scope?: string; password?: string };
    /** The password when it was generated, shown once. */
    result: { name: string; generatedPassword?: string };
  };
  'user-list': { args: Record<string, never>; result: readonly UserLine[] };
  'user-remove': { args: { name: string }; result: { wasThere: boolean } };
  'user-token': {
    args: { name: string; label: string; expiresInDays?: number };
    result: { token: string };
  };
  'plan-list': { args: Record<string, never>; result: readonly PlanLine[] };
  'plan-apply': { args: { yaml: string; file: string }; result: PlanReport };
  'plan-delete': { args: { name: string }; result: { wasThere: boolean } };
  /** Of the named plan, enabled or not; without a name of all that are enabled. */
  'windows-policy': {
    args: { plan?: string; target: ForwardingTarget };
    result: WindowsPolicy;
  };
}

export interface UserLine {
  readonly name: string;
  readonly roles: readonly string[];
  readonly tokens: readonly string[];
}

export interface PlanLine {
  readonly id: string;
  readonly name: string;
  readonly folder?: string;
  readonly isEnabled: boolean;
  readonly dataSources: readonly string[];
  readonly items: readonly string[];
}

export interface PlanReport {
  readonly created: readonly string[];
  readonly updated: readonly string[];
  readonly unchanged: readonly string[];
}

export type CallName = keyof Calls;

export interface Operations extends AsyncDisposable {
  /** Resolves when the records are stored and visible. */
  submit(batch: RawBatch): Promise<SubmitReceipt>;
  /** Newest first, in chunks. */
  search(request: RecordSearch, signal?: AbortSignal): AsyncIterable<readonly ActivityRecord[]>;
  call<Name extends CallName>(
    name: Name,
    args: Calls[Name]['args'],
  ): Promise<Calls[Name]['result']>;
}
