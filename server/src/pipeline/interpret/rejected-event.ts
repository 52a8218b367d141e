/** What is kept of a raw event that could not be interpreted: its bytes, and a record beside it that people find. */
import { createHash } from 'node:crypto';
import {
  type ActivityRecord,
  createRid,
  DATA_SOURCE_SELF_AUDIT,
  RECORD_LIMITS,
  unknownActor,
} from '@witness/record';
import type { RejectedEvent } from '../../store/index.ts';
import type { RawBatch } from '../raw-batch.ts';
import { newRidOf } from './interpret-job.ts';
import { type Rejection, toRecord } from './interpretation.ts';

export const REJECTED_OBJECT_TYPE = 'Rejected event';
/** Detail that carries the digest of a rejected event of a `content` input. */
export const DIGEST_PROPERTY = 'Digest';

const WHAT_REASON_LENGTH_MAX = 200;

/**
 * Identity of a rejected event of a `content` input: what it is, not when it came. The event's own time is unknown, so
 * the record carries the time of arrival, which differs when the same file is imported again; whoever inserts must
 * look the digest up first and leave out what is there already.
 */
const digestOf = (batch: RawBatch, bytes: Uint8Array, draft: number): string =>
  createHash('sha256')
    .update(`${batch.input}\0${batch.plan?.id ?? ''}\0${draft}\0`)
    .update(bytes)
    .digest('hex')
    .slice(0, 32)
    .toUpperCase();

export interface RejectedRecord {
  readonly record: ActivityRecord;
  readonly rejected: RejectedEvent;
  /** Only of `content` inputs. */
  readonly digest: string | undefined;
}

export const toRejectedRecord = (
  batch: RawBatch,
  rejection: Rejection,
  identity: 'content' | 'new',
): RejectedRecord => {
  const { code, reason } = rejection;
  const bytes = batch.events[rejection.event] ?? new Uint8Array(0);
  const digest = identity === 'content' ? digestOf(batch, bytes, rejection.draft) : undefined;
  const when = batch.receivedAt;
  const rid = digest === undefined ? newRidOf(batch, rejection) : createRid(when, digest);
  const { who, whoKnownBy, detail } = unknownActor(
    'The raw event could not be interpreted, so nobody can tell who acted.',
    'Its bytes are kept: remove the cause and collect it again.',
  );
  const record = toRecord(
    {
      who,
      whoKnownBy,
      action: 'Rejected',
      what: `${batch.input}: ${reason.slice(0, WHAT_REASON_LENGTH_MAX)}`,
      when,
      where: batch.origin.sender.slice(0, RECORD_LIMITS.whereLength),
      objectType: REJECTED_OBJECT_TYPE,
      dataSource: DATA_SOURCE_SELF_AUDIT,
      details: [
        detail,
        { property: 'Code', after: code },
        { property: 'Reason', after: reason },
        { property: 'Input', after: batch.input },
        { property: 'Listener', after: batch.origin.listener },
        ...(digest === undefined ? [] : [{ property: DIGEST_PROPERTY, after: digest }]),
      ],
    },
    batch,
  );
  record.rid = rid;
  return { record, rejected: { rid, when, input: batch.input, code, reason, bytes }, digest };
};
