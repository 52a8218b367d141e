/** Writing: a validated body becomes one batch of the pipeline, stored whole or not at all. */
import { WitnessError } from '@witness/record';
import type { RecordSink } from '../../pipeline/index.ts';
import type { Visibility } from '../../store/index.ts';
import type { Answer } from './answer.ts';
import { apiError } from './errors.ts';
import type { PlanPlace } from './place-records.ts';
import type { FindPlaces, RecordReader } from './record-reader.ts';
import type { Format } from './request-format.ts';

/** The part of the plans that writing needs: an enabled plan with an enabled Netwrix API source, its enabled items. */
export interface PlanDirectory {
  findForWriting(
    name: string,
    id?: string,
  ): Promise<Omit<PlanPlace, 'wanted'> | undefined> | Omit<PlanPlace, 'wanted'> | undefined;
}

export interface Writing {
  readonly reader: RecordReader;
  readonly sink: RecordSink;
  readonly plans: PlanDirectory;
  readonly clock: () => number;
  readonly randomBytes: (bytes: number) => Uint8Array;
}

export interface WriteRequest {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly format: Format;
  readonly sender: string;
  /** Where the account may write. */
  readonly writable: Visibility;
}

export interface WriteOutcome {
  readonly answer: Answer;
  readonly records: number;
}

const WRITTEN: Answer = { status: 200, contentType: 'text/plain' };

/** An account with a scope may write into the plans of its scope, and nothing without a plan. */
const findPlaces =
  (plans: PlanDirectory, writable: Visibility): FindPlaces =>
  async ({ plans: names, includesUnplanned }) => {
    const isAllowed = (planId: string): boolean =>
      writable === 'everything' || writable.planIds.includes(planId);
    if (includesUnplanned && writable !== 'everything') {
      throw apiError('INTEGRATION_API_NOT_ALLOWED');
    }
    const places: PlanPlace[] = [];
    for (const wanted of names) {
      const found = await plans.findForWriting(wanted.name, wanted.id);
      // Whether a plan outside the scope exists is not told.
      if (writable !== 'everything' && !isAllowed(found?.plan.id ?? '')) {
        throw apiError('INTEGRATION_API_NOT_ALLOWED');
      }
      if (!found) throw apiError('INTEGRATION_API_PLAN_UNKNOWN', { plan: wanted.name });
      places.push({ wanted, plan: found.plan, items: found.items });
    }
    return places;
  };

/** The batch is safe and will be stored; sending it again would store it twice. */
const isStoredLater = (error: unknown): boolean =>
  error instanceof WitnessError && error.code === 'PIPELINE_CLOSED_UNSTORED';

/** Resolves when the records are visible. Throws RECORD_*, XML_*, TEXT_*, INTEGRATION_API_* or what the pipeline throws. */
export const writeRecords = async (
  { reader, sink, plans, clock, randomBytes }: Writing,
  { bytes, format, sender, writable }: WriteRequest,
): Promise<WriteOutcome> => {
  if (bytes.length === 0) throw apiError('INTEGRATION_API_BODY_EMPTY');
  const { count, events, parsed } = await reader.read(bytes, format, findPlaces(plans, writable));
  if (count === 0) return { answer: WRITTEN, records: 0 };
  try {
    await sink.submit({
      input: 'activity-records-json',
      events,
      receivedAt: clock(),
      origin: { listener: 'integration-api', sender },
      batchId: Buffer.from(randomBytes(16)).toString('hex'),
      ...(parsed && { parsed }),
    });
  } catch (error) {
    if (!isStoredLater(error)) throw error;
  }
  return { answer: WRITTEN, records: count };
};
