/** Who is asking and what they may do. Decided in one place. */
import type { Visibility } from '../store/index.ts';

export type Role =
  | 'global-administrator'
  | 'global-reviewer'
  | 'reviewer'
  | 'configurator'
  | 'contributor';

/** Everything, a folder of plans, or one plan. */
export type Scope =
  | { readonly kind: 'everything' }
  | { readonly kind: 'folder'; readonly folder: string }
  | { readonly kind: 'plan'; readonly planId: string };

export interface RoleAssignment {
  readonly role: Role;
  readonly scope: Scope;
}

export interface Principal {
  readonly userId: string;
  /** As signed in: `admin`, `CONTOSO\\auditor`. */
  readonly userName: string;
  readonly assignments: readonly RoleAssignment[];
}

export type SignInOutcome =
  | { readonly outcome: 'granted'; readonly principal: Principal }
  | { readonly outcome: 'refused' }
  /** Locked after too many failures, per account and address. */
  | { readonly outcome: 'locked'; readonly retryAfterMs: number };

export interface Access {
  signIn(credentials: {
    readonly userName: string;
    readonly password: string;
    readonly address: string;
  }): Promise<SignInOutcome>;
  bearer(credentials: { readonly token: string; readonly address: string }): Promise<SignInOutcome>;
  /** Undefined: may read nothing at all. */
  visibility(principal: Principal): Promise<Visibility | undefined>;
  /** Where the account may write; an account with a scope writes into those plans only. Undefined: nowhere. */
  writable(principal: Principal): Visibility | undefined;
}
