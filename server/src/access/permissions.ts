/**
 * What each role may do: the one place that decides.
 *
 * A role carries rights, an assignment's scope says where they hold, several assignments unite. Reading everything
 * includes records of no plan; that belongs to the two global roles alone. A reviewer of everything sees the records
 * of all plans there are, but none without a plan. A contributor with a scope writes into the plans of the scope
 * only, and cannot write records of no plan.
 */
import { isInFolder, type MonitoringPlan } from '../plans/index.ts';
import type { Visibility } from '../store/index.ts';
import type { Role, RoleAssignment, Scope } from './principal.ts';

export type Right = 'read' | 'write' | 'configure' | 'manage-users';

/** What is known of a plan when its scope is judged. */
export type PlanPlace = Pick<MonitoringPlan, 'id' | 'folder'>;

export const ROLES: Readonly<
  Record<
    Role,
    { readonly title: string; readonly rights: readonly Right[]; readonly isGlobal: boolean }
  >
> = {
  'global-administrator': {
    title: 'Global administrator',
    rights: ['read', 'write', 'configure', 'manage-users'],
    isGlobal: true,
  },
  'global-reviewer': { title: 'Global reviewer', rights: ['read'], isGlobal: true },
  reviewer: { title: 'Reviewer', rights: ['read'], isGlobal: false },
  configurator: { title: 'Configurator', rights: ['configure'], isGlobal: false },
  contributor: { title: 'Contributor', rights: ['write'], isGlobal: false },
};

export const isRole = (text: string): text is Role => Object.hasOwn(ROLES, text);

type Assignments = readonly RoleAssignment[];

const withRight = (assignments: Assignments, right: Right): RoleAssignment[] =>
  assignments.filter(({ role }) => ROLES[role].rights.includes(right));

/** Whether a scope holds for a plan; `undefined`: for what belongs to no plan. */
export const scopeCovers = (scope: Scope, plan: PlanPlace | undefined): boolean => {
  if (scope.kind === 'everything') return true;
  if (!plan) return false;
  return scope.kind === 'plan' ? scope.planId === plan.id : isInFolder(plan.folder, scope.folder);
};

/** The ids of a scope. A plan named by itself stays in it when removed: its records are still there. */
const planIdsIn = (scope: Scope, plans: readonly PlanPlace[]): string[] =>
  scope.kind === 'plan'
    ? [scope.planId]
    : plans.filter((plan) => scopeCovers(scope, plan)).map(({ id }) => id);

const unite = (held: Assignments, plans: readonly PlanPlace[]): Visibility => ({
  planIds: [...new Set(held.flatMap(({ scope }) => planIdsIn(scope, plans)))],
});

const isEverywhere = ({ scope }: RoleAssignment): boolean => scope.kind === 'everything';

/** Which records may be read; undefined: none at all. */
export const readable = (
  assignments: Assignments,
  plans: readonly PlanPlace[],
): Visibility | undefined => {
  const held = withRight(assignments, 'read');
  if (held.length === 0) return undefined;
  const seesAll = held.some((each) => ROLES[each.role].isGlobal && isEverywhere(each));
  return seesAll ? 'everything' : unite(held, plans);
};

/** Where records may be written to; `everything` includes those of no plan. Undefined: nowhere. */
export const writable = (
  assignments: Assignments,
  plans: readonly PlanPlace[],
): Visibility | undefined => {
  const held = withRight(assignments, 'write');
  if (held.length === 0) return undefined;
  return held.some(isEverywhere) ? 'everything' : unite(held, plans);
};

/** Whether a plan may be changed. To move one, ask for the place it has and for the one it gets. */
export const mayConfigure = (assignments: Assignments, plan: PlanPlace | undefined): boolean =>
  withRight(assignments, 'configure').some(({ scope }) => scopeCovers(scope, plan));

export const mayManageUsers = (assignments: Assignments): boolean =>
  withRight(assignments, 'manage-users').some(isEverywhere);

const scopeIsWithin = (inner: Scope, outer: Scope, plans: readonly PlanPlace[]): boolean => {
  if (outer.kind === 'everything') return true;
  if (inner.kind === 'everything') return false;
  if (inner.kind === 'folder') {
    return outer.kind === 'folder' && isInFolder(inner.folder, outer.folder);
  }
  if (outer.kind === 'plan') return outer.planId === inner.planId;
  const plan = plans.find(({ id }) => id === inner.planId);
  return plan !== undefined && scopeCovers(outer, plan);
};

/** Global roles see what belongs to no plan; a role that is not global can never stand for one. */
const roleIsWithin = (inner: Role, outer: Role): boolean =>
  ROLES[inner].rights.every((right) => ROLES[outer].rights.includes(right)) &&
  (!ROLES[inner].isGlobal || ROLES[outer].isGlobal);

/** Whether somebody who has `held` may give away, or a token of theirs may carry, this assignment. */
export const isWithin = (
  assignment: RoleAssignment,
  held: Assignments,
  plans: readonly PlanPlace[],
): boolean =>
  held.some(
    ({ role, scope }) =>
      roleIsWithin(assignment.role, role) && scopeIsWithin(assignment.scope, scope, plans),
  );
