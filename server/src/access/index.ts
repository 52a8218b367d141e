/** Sign-in, roles, tokens, self-audit. */
export type * from './principal.ts';
