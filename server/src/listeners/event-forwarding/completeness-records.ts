/** What the listener knows of holes and doubts, as Activity Records. The same fact gives the same record. */
import { DATA_SOURCE_SELF_AUDIT, type Detail, RECORD_LIMITS } from '@witness/record';
import type { PlacedRecord } from '../../sources/integration-api/index.ts';

export type ForwardingFinding =
  /** Within one hour, whose begin is `when`. */
  | {
      readonly kind: 'sender-unverified';
      readonly machine: string;
      readonly computer: string;
      readonly when: number;
    }
  | {
      readonly kind: 'went-quiet';
      readonly machine: string;
      readonly lastSeenAt: number;
      readonly when: number;
    }
  | {
      readonly kind: 'came-back';
      readonly machine: string;
      readonly lastSeenAt: number;
      readonly when: number;
    }
  | {
      readonly kind: 'events-dropped';
      readonly machine: string;
      readonly subscription: string;
      readonly events: number;
      /** Of the computer; a repeated envelope has the same. */
      readonly messageId: string;
      readonly when: number;
    }
  | {
      readonly kind: 'subscription-ended';
      readonly machine: string;
      readonly subscription: string;
      readonly status: string;
      readonly reason: string;
      readonly when: number;
    };

interface Told {
  readonly action: string;
  readonly what: string;
  readonly details: readonly Detail[];
}

const when = (ms: number): string => new Date(ms).toISOString();

type Tell = {
  readonly [Kind in ForwardingFinding['kind']]: (
    finding: Extract<ForwardingFinding, { kind: Kind }>,
  ) => Told;
};

const TELL: Tell = {
  'sender-unverified': ({ machine, computer }) => ({
    action: 'Sender not verified',
    what: `Events of ${computer} delivered by ${machine}`,
    details: [
      { property: 'Computer', after: computer },
      { property: 'Delivered by', after: machine },
      {
        property: 'Advice',
        message:
          'Within the hour from this time on. The records are marked with the item type Unverified sender. If this computer is meant to forward the events of others, declare it as their forwarder; otherwise find out who made these events.',
      },
    ],
  }),
  'went-quiet': ({ machine, lastSeenAt }) => ({
    action: 'Source went quiet',
    what: `${machine}: no heartbeat and no events`,
    details: [{ property: 'Last heard from', after: when(lastSeenAt) }],
  }),
  'came-back': ({ machine, lastSeenAt }) => ({
    action: 'Source came back',
    what: `${machine}: heard from again`,
    details: [{ property: 'Last heard from', before: when(lastSeenAt) }],
  }),
  'events-dropped': ({ machine, subscription, events, messageId }) => ({
    action: 'Events dropped',
    what: `${machine}: the computer says it dropped ${events} event${events === 1 ? '' : 's'}`,
    details: [
      { property: 'Events', after: `${events}` },
      { property: 'Subscription', after: subscription },
      { property: 'Message', after: messageId },
    ],
  }),
  'subscription-ended': ({ machine, subscription, status, reason }) => ({
    action: 'Forwarding ended',
    what: `${machine}: the computer ended its subscription`,
    details: [
      { property: 'Subscription', after: subscription },
      { property: 'Status', after: status },
      ...(reason === '' ? [] : [{ property: 'Reason', after: reason }]),
    ],
  }),
};

const tell = <Kind extends ForwardingFinding['kind']>(
  finding: Extract<ForwardingFinding, { kind: Kind }>,
): Told => {
  const kind: Kind = finding.kind;
  return TELL[kind](finding);
};

export const toCompletenessRecord = (finding: ForwardingFinding): PlacedRecord => ({
  ...tell(finding),
  who: 'Witness',
  whoKnownBy: 'event',
  when: finding.when,
  where: finding.machine.slice(0, RECORD_LIMITS.whereLength),
  objectType: 'Completeness',
  dataSource: DATA_SOURCE_SELF_AUDIT,
});
