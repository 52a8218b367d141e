/**
 * A Windows event as values, whatever it arrived as (EVTX, event XML, forwarded SOAP).
 * Fields follow the System element of http://schemas.microsoft.com/win/2004/08/events/event.
 */

/** One `Data` element of EventData. `name` is absent for unnamed insertion strings. */
export interface EventDatum {
  readonly name?: string;
  readonly value: string;
}

/** An element of UserData (or of anything that is not EventData), kept as a tree. */
export interface XmlElement {
  readonly name: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly children?: readonly XmlElement[];
  readonly text?: string;
}

export interface WindowsEvent {
  readonly provider: string;
  readonly providerGuid?: string;
  readonly eventSourceName?: string;
  readonly eventId: number;
  readonly qualifiers?: number;
  readonly version?: number;
  readonly level?: number;
  readonly task?: number;
  readonly opcode?: number;
  /** As written, `0x8020000000000000`. */
  readonly keywords?: string;
  /** ISO text with up to seven fractional digits, as written: `2025-01-31T09:12:33.1234567Z`. */
  readonly systemTime: string;
  /** UTC milliseconds of `systemTime`. */
  readonly when: number;
  /** 64-bit in theory; a number is exact up to 2^53. */
  readonly recordId: number;
  readonly activityId?: string;
  readonly relatedActivityId?: string;
  readonly processId?: number;
  readonly threadId?: number;
  readonly channel: string;
  readonly computer: string;
  readonly userSid?: string;
  /** EventData in document order; empty when the event has none. */
  readonly data: readonly EventDatum[];
  /** EventData's Binary element, upper-case hexadecimal. */
  readonly binary?: string;
  /** First child of UserData. */
  readonly userData?: XmlElement;
}
