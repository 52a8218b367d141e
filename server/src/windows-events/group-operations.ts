/** Group management events by what they say. Source: Microsoft, "Audit Security Group Management" and "Audit Distribution Group Management". */

export type GroupVerb = 'created' | 'changed' | 'deleted' | 'member added' | 'member removed';

export interface GroupOperation {
  readonly verb: GroupVerb;
  readonly scope: 'Domain local' | 'Global' | 'Universal';
  readonly kind: 'Security' | 'Distribution';
}

/** Event ids in the order of VERBS. */
const VERBS: readonly GroupVerb[] = [
  'created',
  'changed',
  'member added',
  'member removed',
  'deleted',
];

const ROWS: readonly (readonly [
  kind: GroupOperation['kind'],
  scope: GroupOperation['scope'],
  ids: readonly number[],
])[] = [
  ['Security', 'Global', [4727, 4737, 4728, 4729, 4730]],
  ['Security', 'Domain local', [4731, 4735, 4732, 4733, 4734]],
  ['Security', 'Universal', [4754, 4755, 4756, 4757, 4758]],
  ['Distribution', 'Domain local', [4744, 4745, 4746, 4747, 4748]],
  ['Distribution', 'Global', [4749, 4750, 4751, 4752, 4753]],
  ['Distribution', 'Universal', [4759, 4760, 4761, 4762, 4763]],
];

export const GROUP_OPERATIONS: ReadonlyMap<number, GroupOperation> = new Map(
  ROWS.flatMap(([kind, scope, ids]) =>
    ids.map((id, i): [number, GroupOperation] => [
      id,
      { verb: VERBS[i] ?? 'changed', scope, kind },
    ]),
  ),
);
