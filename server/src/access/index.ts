/** Sign-in, roles, tokens, self-audit. */
export type { Actor, SelfAudit, SelfAuditEntry } from '../plans/index.ts';
export {
  type AccessControl,
  type AccessOptions,
  openAccess,
  PASSWORD_WORK,
} from './access-control.ts';
export { ACCESS_ERRORS } from './errors.ts';
export { LOCK_OUT } from './lock-out.ts';
export { PASSWORD_HASH_COST, type PasswordHashCost } from './password-hash.ts';
export { createPassword } from './password-rules.ts';
export { isRole, type PlanPlace, type Right, ROLES } from './permissions.ts';
export type * from './principal.ts';
export { describeAssignments } from './role-assignments.ts';
export { SIGN_IN_AUDIT } from './sign-in-audit.ts';
export { TOKEN_USE_WRITTEN_EVERY_MS } from './tokens.ts';
export type {
  FirstAdministrator,
  NewToken,
  NewUser,
  Token,
  User,
  Users,
} from './users.ts';
