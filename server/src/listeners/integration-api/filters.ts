/** The filters of a search: what each compares with, which operators it takes, how long its value may be. */
import type { TextField, TextOperator } from '../../store/index.ts';

export type OperatorName =
  | 'Contains'
  | 'DoesNotContain'
  | 'Equals'
  | 'NotEqualTo'
  | 'StartsWith'
  | 'EndsWith'
  | 'InGroup'
  | 'NotInGroup';

export interface FilterRule {
  /** The default operator first. */
  readonly operators: readonly OperatorName[];
  /** In UTF-16 code units. */
  readonly lengthMax: number;
  readonly kind: 'text' | 'when' | 'workingHours';
  /** Of the store; only for text. */
  readonly field: TextField;
}

const SIX = [
  'Contains',
  'DoesNotContain',
  'Equals',
  'NotEqualTo',
  'StartsWith',
  'EndsWith',
] as const satisfies readonly OperatorName[];
const TWO = ['Equals', 'NotEqualTo'] as const satisfies readonly OperatorName[];

/** Lengths of the original's columns: nvarchar max and ntext. */
const NVARCHAR_MAX = 1_073_741_822;
const NTEXT = 536_870_911;

const text = (
  field: TextField,
  lengthMax: number,
  operators: readonly OperatorName[] = SIX,
): FilterRule => ({ kind: 'text', field, lengthMax, operators });

export const FILTERS = {
  RID: text('rid', 49),
  Who: text('who', 255, [...SIX, 'InGroup', 'NotInGroup']),
  Where: text('where', 255),
  ObjectType: text('objectType', 255),
  What: text('what', NVARCHAR_MAX),
  DataSource: text('dataSource', NVARCHAR_MAX),
  MonitoringPlan: text('plan', 255),
  Item: text('item', NVARCHAR_MAX),
  Workstation: text('workstation', NVARCHAR_MAX),
  Detail: text('detail', NVARCHAR_MAX),
  Before: text('before', NTEXT),
  After: text('after', NTEXT),
  Action: text('action', NVARCHAR_MAX, TWO),
  When: { kind: 'when', field: 'anywhere', lengthMax: 64, operators: TWO },
  WorkingHours: { kind: 'workingHours', field: 'anywhere', lengthMax: 64, operators: TWO },
} as const satisfies Readonly<Record<string, FilterRule>>;

export type FilterName = keyof typeof FILTERS;
export type TextFilterName = Exclude<FilterName, 'When' | 'WorkingHours'>;

export const isFilterName = (name: string): name is FilterName => Object.hasOwn(FILTERS, name);

/** Entries of one filter with these are alternatives; with the others each must hold. */
const ALTERNATIVES: ReadonlySet<OperatorName> = new Set([
  'Equals',
  'Contains',
  'StartsWith',
  'EndsWith',
  'InGroup',
]);

export const isAlternative = (operator: OperatorName): boolean => ALTERNATIVES.has(operator);

/** InGroup and NotInGroup are answered from the group's accounts. */
export const STORE_OPERATORS: Readonly<Record<OperatorName, TextOperator>> = {
  Contains: 'contains',
  DoesNotContain: 'doesNotContain',
  Equals: 'equals',
  NotEqualTo: 'notEquals',
  StartsWith: 'startsWith',
  EndsWith: 'endsWith',
  InGroup: 'in',
  NotInGroup: 'notIn',
};

export const TIMEFRAMES = ['Today', 'Yesterday', 'LastSevenDays', 'LastThirtyDays'] as const;
export type Timeframe = (typeof TIMEFRAMES)[number];

export const isTimeframe = (name: string): name is Timeframe =>
  (TIMEFRAMES as readonly string[]).includes(name);
