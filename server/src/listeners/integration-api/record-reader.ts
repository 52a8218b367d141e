/** The bytes of a write to raw events of the pipeline: small bodies at once, large ones in a worker so that nobody waits for them. */
import {
  decodeText,
  type IncomingRecord,
  parseRecordsJson,
  parseRecordsXml,
} from '@witness/record';
import type { PlacedRecord } from '../../sources/integration-api/index.ts';
import type { IntegrationApiLimits } from './limits.ts';
import { type Destinations, destinationsOf, type PlanPlace, toRawEvents } from './place-records.ts';
import type { Format } from './request-format.ts';
import { createWorkerReader } from './worker-reader.ts';

/** Finds every plan; throws INTEGRATION_API_PLAN_UNKNOWN, or INTEGRATION_API_NOT_ALLOWED where the account may not write. */
export type FindPlaces = (destinations: Destinations) => Promise<readonly PlanPlace[]>;

export interface ReadRecords {
  readonly count: number;
  readonly events: readonly Uint8Array[];
  /** Absent when the records stayed in another thread. */
  readonly parsed?: readonly (readonly PlacedRecord[])[];
}

export interface RecordReader extends AsyncDisposable {
  /**
   * Validates the whole body and places its records. Takes the bytes over. Throws RECORD_*, XML_*, TEXT_*, whatever
   * `findPlaces` throws, or INTEGRATION_API_BODY_TOO_COMPLEX.
   */
  read(
    bytes: Uint8Array<ArrayBuffer>,
    format: Format,
    findPlaces: FindPlaces,
  ): Promise<ReadRecords>;
}

const PARSERS: Readonly<Record<Format, (text: string) => IncomingRecord[]>> = {
  json: parseRecordsJson,
  xml: parseRecordsXml,
};

export const parseRecords = (bytes: Uint8Array, format: Format): IncomingRecord[] =>
  PARSERS[format](decodeText(bytes));

export const createRecordReader = (
  limits: Pick<IntegrationApiLimits, 'workerJsonBytesMin' | 'workerXmlBytesMin' | 'workerHeapMib'>,
): RecordReader => {
  const workerBytesMin: Readonly<Record<Format, number>> = {
    json: limits.workerJsonBytesMin,
    xml: limits.workerXmlBytesMin,
  };
  const worker = createWorkerReader(limits.workerHeapMib);
  return {
    read: async (bytes, format, findPlaces) => {
      if (bytes.length >= workerBytesMin[format]) return worker.read(bytes, format, findPlaces);
      const records = parseRecords(bytes, format);
      const places = await findPlaces(destinationsOf(records));
      return { count: records.length, ...toRawEvents(records, places) };
    },
    [Symbol.asyncDispose]: () => worker[Symbol.asyncDispose](),
  };
};
