/** What is answered to a computer that is known: its subscriptions, its heartbeats, its events. */
import {
  newGuid,
  type WsmanRequest,
  writeAck,
  writeEnumerateResponse,
  writeIdentifyResponse,
} from '../../codecs/index.ts';
import type { Answer } from './answer.ts';
import type { BookmarkStore } from './bookmark-store.ts';
import type { Deliverer } from './deliver-events.ts';
import { forwardingError } from './errors.ts';
import type { Machine } from './machine.ts';
import type { Route } from './routes.ts';
import {
  type DeliveryPlace,
  type DeliverySettings,
  type SubscriptionDefinition,
  subscriptionKey,
  toWsmanSubscription,
} from './subscriptions.ts';

export interface Conversation {
  readonly deliverer: Deliverer;
  readonly bookmarks: BookmarkStore;
  readonly subscriptions: () => readonly SubscriptionDefinition[];
  readonly delivery: DeliverySettings;
  readonly clock: () => number;
  readonly randomBytes: (count: number) => Uint8Array;
}

export interface Speaker {
  readonly machine: Machine;
  readonly route: Route;
  readonly place: DeliveryPlace;
  /** Filled in for telemetry. */
  readonly facts: { kind?: string; events?: number; unverified?: number };
}

type Of<Kind extends WsmanRequest['kind']> = Extract<WsmanRequest, { kind: Kind }>;
type Act<Kind extends WsmanRequest['kind']> = (
  conversation: Conversation,
  request: Of<Kind>,
  speaker: Speaker,
) => Promise<Answer> | Answer;

const NO_CONTENT: Answer = { status: 204 };

const ack = (
  { randomBytes }: Conversation,
  { header, encoding }: Of<'heartbeat'> | Of<'events'> | Of<'subscription-end'>,
): Answer =>
  header.isAckRequested
    ? {
        status: 200,
        encoding,
        body: writeAck({ messageId: newGuid(randomBytes), to: header, encoding }),
      }
    : NO_CONTENT;

/** A computer that names no size takes what SOAP over HTTP takes (DSP0226, 6.2). */
const ENVELOPE_BYTES_DEFAULT = 512_000;

const enumerate: Act<'enumerate'> = (conversation, { header, encoding }, { machine, place }) => {
  const { bookmarks, delivery, randomBytes, subscriptions } = conversation;
  const items = subscriptions().map((definition) =>
    toWsmanSubscription(definition, {
      delivery,
      place,
      randomBytes,
      bookmarkXml: bookmarks.get(machine.name, subscriptionKey(definition.id)),
    }),
  );
  const answering = { messageId: newGuid(randomBytes), to: header, encoding };
  const body = writeEnumerateResponse(answering, items);
  const bytesMax = header.maxEnvelopeBytes ?? ENVELOPE_BYTES_DEFAULT;
  if (body.length > bytesMax) {
    throw forwardingError('FORWARDING_ANSWER_TOO_LARGE', { bytes: body.length, bytesMax });
  }
  return { status: 200, encoding, body };
};

/** The subscription that is delivered to, by its path. Throws FORWARDING_SUBSCRIPTION_UNKNOWN. */
const subscriptionOf = (
  { subscriptions }: Conversation,
  { identifier }: { readonly identifier?: string },
  { route }: Speaker,
): string => {
  const id = route.kind === 'delivery' ? route.subscription : '';
  const isNamed = identifier === undefined || subscriptionKey(identifier) === id;
  if (!isNamed || !subscriptions().some((one) => subscriptionKey(one.id) === id)) {
    const subscription = identifier ?? (id === '' ? 'at this path' : id);
    throw forwardingError('FORWARDING_SUBSCRIPTION_UNKNOWN', { subscription });
  }
  return id;
};

const heartbeat: Act<'heartbeat'> = async (conversation, request, speaker) => {
  subscriptionOf(conversation, request.header, speaker);
  const { bookmarks, clock } = conversation;
  await bookmarks.put({ machine: speaker.machine.name, at: clock() });
  return ack(conversation, request);
};

const events: Act<'events'> = async (conversation, request, speaker) => {
  const subscription = subscriptionOf(conversation, request.header, speaker);
  const { machine, facts } = speaker;
  facts.events = request.events.length;
  const delivered = await conversation.deliverer.deliver({ request, machine, subscription });
  facts.unverified = delivered.unverified;
  return ack(conversation, request);
};

/** Taken for subscriptions that are gone, too: a computer ends those it is no longer given. */
const subscriptionEnd: Act<'subscription-end'> = async (conversation, request, { machine }) => {
  const { status, reason, header } = request;
  await conversation.deliverer.tell([
    {
      kind: 'subscription-ended',
      machine: machine.name,
      subscription: header.identifier ?? '',
      status,
      reason,
      when: conversation.clock(),
    },
  ]);
  return ack(conversation, request);
};

const identify: Act<'identify'> = (_, { encoding }) => ({
  status: 200,
  encoding,
  body: writeIdentifyResponse(encoding),
});

const ACTS: { readonly [Kind in WsmanRequest['kind']]?: Act<Kind> } = {
  enumerate,
  heartbeat,
  events,
  'subscription-end': subscriptionEnd,
  identify,
  end: () => NO_CONTENT,
  ack: () => NO_CONTENT,
};

const actOf = <Kind extends WsmanRequest['kind']>(request: Of<Kind>): Act<Kind> | undefined =>
  ACTS[request.kind as Kind] as Act<Kind> | undefined;

/**
 * Throws what has to become a fault: FORWARDING_SUBSCRIPTION_UNKNOWN, FORWARDING_ANSWER_TOO_LARGE,
 * FORWARDING_ACTION_UNKNOWN, PIPELINE_*, WSMAN_ANSWER_INVALID, WSMAN_QUERY_INVALID.
 */
export const converse = async (
  conversation: Conversation,
  request: WsmanRequest,
  speaker: Speaker,
): Promise<Answer> => {
  speaker.facts.kind = request.kind;
  const act = actOf(request);
  if (!act) {
    throw forwardingError('FORWARDING_ACTION_UNKNOWN', { action: request.header.action ?? '' });
  }
  return await act(conversation, request, speaker);
};
