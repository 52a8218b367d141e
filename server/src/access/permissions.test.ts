import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Visibility } from '../store/index.ts';
import {
  isWithin,
  mayConfigure,
  mayManageUsers,
  type PlanPlace,
  ROLES,
  readable,
  scopeCovers,
  writable,
} from './permissions.ts';
import type { Role, RoleAssignment, Scope } from './principal.ts';

const A: PlanPlace = { id: '{A}', folder: 'Customers/Northwind' };
const B: PlanPlace = { id: '{B}', folder: 'customers/Fabrikam/Badges' };
const C: PlanPlace = { id: '{C}' };
const PLANS = [A, B, C];

const SCOPES = {
  everything: { kind: 'everything' },
  folder: { kind: 'folder', folder: 'Customers' },
  plan: { kind: 'plan', planId: '{C}' },
} as const satisfies Record<string, Scope>;

type ScopeName = keyof typeof SCOPES;

const holds = (role: Role, scope: ScopeName): RoleAssignment => ({ role, scope: SCOPES[scope] });
const ids = (...planIds: string[]): Visibility => ({ planIds });

type Row = readonly [
  Role,
  ScopeName,
  {
    readonly read: Visibility | undefined;
    readonly write: Visibility | undefined;
    /** Of no plan, of A, B, C. */
    readonly configure: string;
    readonly users: boolean;
  },
];

const none = { read: undefined, write: undefined, configure: '----', users: false };
const folder = ids('{A}', '{B}');

/** Global roles with a scope cannot be assigned; should one come from a changed database, the scope still holds. */
const TABLE: readonly Row[] = [
  [
    'global-administrator',
    'everything',
    { read: 'everything', write: 'everything', configure: '0ABC', users: true },
  ],
  [
    'global-administrator',
    'folder',
    { read: folder, write: folder, configure: '-AB-', users: false },
  ],
  [
    'global-administrator',
    'plan',
    { read: ids('{C}'), write: ids('{C}'), configure: '---C', users: false },
  ],
  ['global-reviewer', 'everything', { ...none, read: 'everything' }],
  ['global-reviewer', 'folder', { ...none, read: folder }],
  ['global-reviewer', 'plan', { ...none, read: ids('{C}') }],
  ['reviewer', 'everything', { ...none, read: ids('{A}', '{B}', '{C}') }],
  ['reviewer', 'folder', { ...none, read: folder }],
  ['reviewer', 'plan', { ...none, read: ids('{C}') }],
  ['configurator', 'everything', { ...none, configure: '0ABC' }],
  ['configurator', 'folder', { ...none, configure: '-AB-' }],
  ['configurator', 'plan', { ...none, configure: '---C' }],
  ['contributor', 'everything', { ...none, write: 'everything' }],
  ['contributor', 'folder', { ...none, write: folder }],
  ['contributor', 'plan', { ...none, write: ids('{C}') }],
];

const configurable = (held: readonly RoleAssignment[]): string =>
  [undefined, A, B, C]
    .map((plan) => (mayConfigure(held, plan) ? (plan?.id.slice(1, 2) ?? '0') : '-'))
    .join('');

const rightsOf = (held: readonly RoleAssignment[]): Row[2] => ({
  read: readable(held, PLANS),
  write: writable(held, PLANS),
  configure: configurable(held),
  users: mayManageUsers(held),
});

test('every role on every scope', () => {
  assert.equal(TABLE.length, Object.keys(ROLES).length * Object.keys(SCOPES).length);
  for (const [role, scope, expected] of TABLE) {
    assert.deepEqual(rightsOf([holds(role, scope)]), expected, `${role} on ${scope}`);
  }
});

const uniteVisibility = (
  left: Visibility | undefined,
  right: Visibility | undefined,
): Visibility | undefined => {
  if (left === 'everything' || right === 'everything') return 'everything';
  if (!left || !right) return left ?? right;
  return ids(...new Set([...left.planIds, ...right.planIds]));
};

test('two assignments give what both give, and nothing more', () => {
  for (const [leftRole, leftScope, left] of TABLE) {
    for (const [rightRole, rightScope, right] of TABLE) {
      const held = [holds(leftRole, leftScope), holds(rightRole, rightScope)];
      const name = `${leftRole} on ${leftScope} and ${rightRole} on ${rightScope}`;
      const configure = [...left.configure]
        .map((letter, index) => (letter === '-' ? right.configure[index] : letter))
        .join('');
      const expected = {
        read: uniteVisibility(left.read, right.read),
        write: uniteVisibility(left.write, right.write),
        configure,
        users: left.users || right.users,
      };
      assert.deepEqual(rightsOf(held), expected, name);
    }
  }
});

test('no role, no right', () => {
  assert.deepEqual(rightsOf([]), none);
});

test('scopes hold for the plans there are when asked', () => {
  const held = [holds('reviewer', 'folder')];
  assert.deepEqual(readable(held, []), ids());
  assert.deepEqual(readable(held, [C, { id: '{D}', folder: 'CUSTOMERS' }]), ids('{D}'));
  // Records of a removed plan stay readable for who was given that very plan.
  assert.deepEqual(readable([holds('reviewer', 'plan')], []), ids('{C}'));
});

test('a scope never covers what belongs to no plan, except everything', () => {
  assert.equal(scopeCovers(SCOPES.everything, undefined), true);
  assert.equal(scopeCovers(SCOPES.folder, undefined), false);
  assert.equal(scopeCovers(SCOPES.plan, undefined), false);
});

test('a token can carry only what lies within the roles of its user', () => {
  const northwind: Scope = { kind: 'folder', folder: 'Customers/Northwind' };
  const planA: Scope = { kind: 'plan', planId: '{A}' };
  const gone: Scope = { kind: 'plan', planId: '{gone}' };
  const table: readonly (readonly [RoleAssignment, RoleAssignment[], boolean])[] = [
    [holds('reviewer', 'everything'), [holds('global-administrator', 'everything')], true],
    [holds('contributor', 'plan'), [holds('global-administrator', 'everything')], true],
    [holds('global-reviewer', 'everything'), [holds('global-administrator', 'everything')], true],
    [holds('global-administrator', 'everything'), [holds('global-reviewer', 'everything')], false],
    // A reviewer of everything does not see records of no plan.
    [holds('global-reviewer', 'everything'), [holds('reviewer', 'everything')], false],
    [holds('reviewer', 'everything'), [holds('global-reviewer', 'everything')], true],
    [holds('contributor', 'everything'), [holds('global-reviewer', 'everything')], false],
    [holds('reviewer', 'everything'), [holds('reviewer', 'folder')], false],
    [{ role: 'reviewer', scope: northwind }, [holds('reviewer', 'folder')], true],
    [holds('reviewer', 'folder'), [{ role: 'reviewer', scope: northwind }], false],
    [{ role: 'reviewer', scope: planA }, [{ role: 'reviewer', scope: northwind }], true],
    [holds('reviewer', 'plan'), [{ role: 'reviewer', scope: northwind }], false],
    [{ role: 'reviewer', scope: gone }, [holds('reviewer', 'folder')], false],
    [{ role: 'reviewer', scope: northwind }, [{ role: 'reviewer', scope: planA }], false],
    [holds('reviewer', 'plan'), [holds('reviewer', 'plan')], true],
    [holds('reviewer', 'plan'), [holds('contributor', 'plan'), holds('reviewer', 'plan')], true],
    [holds('reviewer', 'plan'), [], false],
  ];
  for (const [index, [wanted, held, expected]] of table.entries()) {
    assert.equal(isWithin(wanted, held, PLANS), expected, `row ${index}`);
  }
});

test('what is within a role never gives more than the role', () => {
  for (const [innerRole, innerScope, inner] of TABLE) {
    for (const [outerRole, outerScope, outer] of TABLE) {
      const outerHeld = holds(outerRole, outerScope);
      if (!isWithin(holds(innerRole, innerScope), [outerHeld], PLANS)) continue;
      const name = `${innerRole} on ${innerScope} within ${outerRole} on ${outerScope}`;
      assert.deepEqual(
        new Set(flat(uniteVisibility(inner.read, outer.read))),
        new Set(flat(outer.read)),
        name,
      );
      assert.deepEqual(
        new Set(flat(uniteVisibility(inner.write, outer.write))),
        new Set(flat(outer.write)),
        name,
      );
      assert.ok(outer.users || !inner.users, name);
    }
  }
});

const flat = (visibility: Visibility | undefined): readonly string[] =>
  visibility === 'everything' ? ['everything'] : (visibility?.planIds ?? ['nothing']);
