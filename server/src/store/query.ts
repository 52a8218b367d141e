/** What can be asked of the audit database. Comparisons ignore letter case and take every character literally. */

export type TextField =
  | 'rid'
  | 'who'
  | 'whoKnownBy'
  | 'action'
  | 'what'
  | 'where'
  | 'objectType'
  | 'workstation'
  | 'dataSource'
  /** The plan's name. */
  | 'plan'
  /** `name (type)`. */
  | 'item'
  /** Any part of any detail. */
  | 'detail'
  | 'property'
  | 'before'
  | 'after'
  /** Who, action, what, where, object type, workstation, data source, item or any detail. */
  | 'anywhere';

export type TextOperator =
  | 'equals'
  | 'notEquals'
  | 'contains'
  | 'doesNotContain'
  | 'startsWith'
  | 'endsWith'
  | 'in'
  | 'notIn';

export interface TextTest {
  readonly operator: TextOperator;
  /** One value, or any number for `in` and `notIn`. */
  readonly values: readonly string[];
}

/**
 * A negative operator is the negation of its positive one: on lists (details) no member may match, and a record
 * without the field satisfies it.
 */
export type Condition =
  | { readonly kind: 'text'; readonly field: TextField; readonly test: TextTest }
  /** One and the same detail satisfies every given test. */
  | {
      readonly kind: 'detail';
      readonly property?: TextTest;
      readonly before?: TextTest;
      readonly after?: TextTest;
    }
  /** Both ends belong to it, UTC milliseconds; an absent end is open. */
  | { readonly kind: 'when'; readonly from?: number; readonly to?: number }
  /**
   * Time of day of `when`, shifted by the offset, lies between both ends (inclusive, seconds of the day);
   * `from` later than `to` spans midnight. `weekdays` (1 Monday .. 7 Sunday, in the shifted day) narrows it.
   */
  | {
      readonly kind: 'workingHours';
      readonly fromSecond: number;
      readonly toSecond: number;
      readonly offsetMinutes: number;
      readonly weekdays?: readonly number[];
    }
  | { readonly kind: 'and'; readonly conditions: readonly Condition[] }
  | { readonly kind: 'or'; readonly conditions: readonly Condition[] }
  | { readonly kind: 'not'; readonly condition: Condition };

/** Which records the asking account may see; decided by `access`, enforced by the store. Plan ids as in PlanRef. */
export type Visibility = 'everything' | { readonly planIds: readonly string[] };

/** A place between records in newest-first order: (when, rid), not an offset. */
export interface NewestFirstPosition {
  readonly when: number;
  readonly rid: string;
}

/** A place between records in order of arrival. */
export interface ArrivalPosition {
  readonly sequence: bigint;
}
