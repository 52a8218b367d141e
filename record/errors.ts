/**
 * Typed errors. Every room declares its own in one table; the code is an interface people search for,
 * so a code never changes its meaning and a retired one is never reused.
 */

/** Whether the same call can succeed: never, later (the cause may pass), or at once. */
export type Retry = 'never' | 'later' | 'now';

export interface ErrorDefinition {
  /** One sentence; `{name}` is replaced by the value given when the error is made. */
  readonly message: string;
  /** What the reader can do about it. */
  readonly advice: string;
  readonly retry: Retry;
}

export interface ErrorContext {
  readonly cause?: unknown;
  /** Where in the input the fault lies: a path, an offset, `line:column`. */
  readonly location?: string;
}

export class WitnessError extends Error {
  readonly code: string;
  readonly advice: string;
  readonly retry: Retry;
  readonly location: string | undefined;
  readonly values: Readonly<Record<string, string | number>>;

  constructor(
    code: string,
    definition: ErrorDefinition,
    values: Readonly<Record<string, string | number>>,
    context: ErrorContext = {},
  ) {
    super(fill(definition.message, values), { cause: context.cause });
    this.name = 'WitnessError';
    this.code = code;
    this.advice = fill(definition.advice, values);
    this.retry = definition.retry;
    this.location = context.location;
    this.values = values;
  }
}

const fill = (template: string, values: Readonly<Record<string, string | number>>): string =>
  template.replace(/\{(\w+)\}/g, (placeholder, name: string) =>
    name in values ? String(values[name]) : placeholder,
  );

export type ErrorFactory<Code extends string> = (
  code: Code,
  values?: Readonly<Record<string, string | number>>,
  context?: ErrorContext,
) => WitnessError;

/**
 * Declares a room's errors and gives the function that makes them.
 *
 * @example
 * const error = defineErrors({ SPOOL_FULL: { message: 'The disk is full', advice: '...', retry: 'later' } });
 * throw error('SPOOL_FULL');
 */
export const defineErrors = <Code extends string>(
  table: Readonly<Record<Code, ErrorDefinition>>,
): ErrorFactory<Code> & { readonly table: Readonly<Record<Code, ErrorDefinition>> } =>
  Object.assign(
    (
      code: Code,
      values: Readonly<Record<string, string | number>> = {},
      context: ErrorContext = {},
    ) => new WitnessError(code, table[code], values, context),
    { table },
  );
