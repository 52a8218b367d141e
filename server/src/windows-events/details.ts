/** Which values of an event become details, as a table per event. */
import type { Detail } from '@witness/record';
import type { WindowsEvent } from '../codecs/index.ts';
import { field } from './fields.ts';

export interface DetailSpec {
  /** Name of the Data element. */
  readonly field: string;
  /** Name of the detail. */
  readonly property: string;
  /** Puts the value in words; undefined leaves the detail out. */
  readonly words?: (value: string, event: WindowsEvent) => string | undefined;
}

/** Appends one detail, value in `after`, for each of the fields that has a value. */
export const appendDetails = (
  details: Detail[],
  event: WindowsEvent,
  specs: readonly DetailSpec[],
): Detail[] => {
  for (const spec of specs) {
    const value = field(event, spec.field);
    if (value === undefined) continue;
    const after = spec.words === undefined ? value : spec.words(value, event);
    if (after !== undefined) details.push({ property: spec.property, after });
  }
  return details;
};
