/** Input tables for the tests of the pipeline; also what their interpreter threads load. */
import { DATA_SOURCE_EVENT_LOG, defineErrors, type RecordContent } from '@witness/record';
import type { Fragment, LogonFact, LogPosition, RawInput, SidFact } from '../../sources/index.ts';

/** A raw event of the test inputs, as JSON. */
export interface TestEvent extends Partial<RecordContent> {
  readonly identity?: string;
  readonly isArchiveOnly?: boolean;
  readonly session?: { readonly computer: string; readonly logonId: string };
  readonly whoSid?: string;
  readonly logons?: readonly LogonFact[];
  readonly sids?: readonly SidFact[];
  readonly position?: LogPosition;
  /** Keys of fragments it leaves, in place of a draft; their value is `what`, and `joinFault`. */
  readonly joins?: readonly string[];
  readonly joinFault?: 'throw' | 'hang';
  /** What interpretation does instead. */
  readonly fault?: 'throw' | 'bug' | 'hang' | 'memory';
}

const testError = defineErrors({
  TEST_EVENT_BAD: { message: 'The event is bad', advice: 'None.', retry: 'never' },
});

const FAULTS = {
  throw: () => {
    throw testError('TEST_EVENT_BAD', {}, { location: '/what' });
  },
  bug: () => {
    throw new TypeError('undefined is not a function');
  },
  hang: () => {
    for (;;);
  },
  memory: () => {
    const hoard: unknown[] = [];
    for (;;) hoard.push(new Array(100_000).fill(hoard.length));
  },
} as const;

const toDraft = (event: TestEvent) => ({
  who: event.who ?? 'CONTOSO\\jdoe',
  whoKnownBy: event.whoKnownBy ?? ('event' as const),
  action: event.action ?? 'Modified',
  what: event.what ?? 'thing',
  when: event.when ?? 1_700_000_000_000,
  where: event.where ?? 'DC1',
  objectType: event.objectType ?? 'Thing',
  dataSource: event.dataSource ?? DATA_SOURCE_EVENT_LOG,
  details: event.details ?? [],
  identity: event.identity ?? event.what ?? '',
  ...(event.isArchiveOnly && { isArchiveOnly: true }),
  ...(event.session && { session: event.session }),
  ...(event.whoSid && { whoSid: event.whoSid }),
});

const toFragment = (event: TestEvent, key: string): Fragment => ({
  source: 'test',
  key,
  value: { what: event.what, ...(event.joinFault && { fault: event.joinFault }) },
});

const join: NonNullable<RawInput['join']> = (fragments, { plan }) => {
  const values = fragments.map(({ value }) => value as TestEvent);
  for (const { fault } of values) if (fault) FAULTS[fault]();
  const what = values.map((value) => value.what).join('+');
  const identity = `${fragments[0]?.key} of ${values[0]?.what}`;
  return { drafts: [{ ...toDraft({ what, identity }), ...(plan && { plan }) }] };
};

const read = (bytes: Uint8Array): unknown => JSON.parse(Buffer.from(bytes).toString());

export const RAW_INPUTS: Readonly<Record<string, RawInput>> = {
  'test-event': {
    id: 'test-event',
    identity: 'content',
    interpret: (bytes, { parsed }) => {
      const event = (parsed ?? read(bytes)) as TestEvent;
      if (event.fault) FAULTS[event.fault]();
      return {
        drafts: event.joins ? [] : [toDraft(event)],
        ...(event.joins && { fragments: event.joins.map((key) => toFragment(event, key)) }),
        ...(event.logons && { logons: event.logons }),
        ...(event.sids && { sids: event.sids }),
        ...(event.position && { position: event.position }),
      };
    },
    join,
  },
  'test-records': {
    id: 'test-records',
    identity: 'new',
    interpret: (bytes, { parsed, receivedAt }) => {
      const events = (parsed ?? read(bytes)) as TestEvent[];
      for (const { fault } of events) if (fault) FAULTS[fault]();
      return { drafts: events.map((event) => toDraft({ ...event, when: receivedAt })) };
    },
  },
};
