import { folderFault, tryParseGuid } from '../plans/index.ts';
import { error } from './errors.ts';
import { isRole, type PlanPlace, ROLES } from './permissions.ts';
import type { RoleAssignment, Scope } from './principal.ts';

const KNOWN = Object.keys(ROLES).join(', ');

const parseScope = (scope: Scope, plans: readonly PlanPlace[]): Scope | string => {
  if (scope.kind === 'everything') return { kind: 'everything' };
  if (scope.kind === 'folder') {
    const fault = folderFault(scope.folder);
    return fault ? `the folder ${fault}` : { kind: 'folder', folder: scope.folder };
  }
  const planId = tryParseGuid(scope.planId);
  const exists = plans.some(({ id }) => id === planId);
  return planId && exists ? { kind: 'plan', planId } : `there is no plan ${scope.planId}`;
};

/**
 * Assignments in their stored form, each once.
 * Throws ACCESS_ROLE_MISSING, ACCESS_ROLE_UNKNOWN or ACCESS_SCOPE_INVALID.
 */
export const parseAssignments = (
  assignments: readonly RoleAssignment[],
  plans: readonly PlanPlace[],
): RoleAssignment[] => {
  if (assignments.length === 0) throw error('ACCESS_ROLE_MISSING', { known: KNOWN });
  const parsed = assignments.map(({ role, scope }): RoleAssignment => {
    if (!isRole(role)) throw error('ACCESS_ROLE_UNKNOWN', { role: String(role), known: KNOWN });
    const isTooNarrow = ROLES[role].isGlobal && scope.kind !== 'everything';
    const result = isTooNarrow ? 'a global role holds for everything' : parseScope(scope, plans);
    if (typeof result === 'string') {
      throw error('ACCESS_SCOPE_INVALID', { role: ROLES[role].title, reason: result });
    }
    return { role, scope: result };
  });
  return [...new Map(parsed.map((each) => [JSON.stringify(each), each])).values()];
};

const describeScope = (scope: Scope): string => {
  if (scope.kind === 'everything') return 'everything';
  return scope.kind === 'folder' ? `folder ${scope.folder}` : `plan ${scope.planId}`;
};

/** `Reviewer on folder Customers/Northwind, Contributor on everything`. */
export const describeAssignments = (assignments: readonly RoleAssignment[]): string =>
  assignments
    .map(({ role, scope }) => `${ROLES[role].title} on ${describeScope(scope)}`)
    .join(', ');
