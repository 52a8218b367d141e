/** Roles and scopes as people write them. */
import { isRole, ROLES, type RoleAssignment, type Scope } from '../access/index.ts';
import type { Plans } from '../plans/index.ts';
import { operationsError } from './errors.ts';

const parseScope = (text: string | undefined, plans: Pick<Plans, 'get'>): Scope => {
  if (text === undefined || text === 'everything') return { kind: 'everything' };
  const colon = text.indexOf(':');
  const [kind, name] = [text.slice(0, colon), text.slice(colon + 1)];
  if (kind === 'folder' && name) return { kind: 'folder', folder: name };
  if (kind !== 'plan' || !name) {
    throw operationsError('OPERATION_SCOPE_UNKNOWN', { scope: text, reason: 'unknown form' });
  }
  const plan = plans.get(name);
  if (plan) return { kind: 'plan', planId: plan.id };
  throw operationsError('OPERATION_SCOPE_UNKNOWN', { scope: text, reason: 'no such plan' });
};

/** @throws OPERATION_ROLE_UNKNOWN, OPERATION_SCOPE_UNKNOWN */
export const parseRoleAssignment = (
  role: string,
  scope: string | undefined,
  plans: Pick<Plans, 'get'>,
): RoleAssignment => {
  if (!isRole(role)) {
    const roles = Object.keys(ROLES).join(', ');
    throw operationsError('OPERATION_ROLE_UNKNOWN', { role, roles });
  }
  return { role, scope: parseScope(scope, plans) };
};
