/** What computers are to send, as definitions, and as the subscriptions Windows takes. */
import { createHash } from 'node:crypto';
import type { PlanRef } from '@witness/record';
import {
  type ContentFormat,
  type EventSelection,
  newGuid,
  toQueryList,
  type WsmanSubscription,
} from '../../codecs/index.ts';
import { forwardingError } from './errors.ts';

export interface SubscriptionDefinition {
  /** GUID; bookmarks and URLs are kept by it, so it stays the same for as long as the subscription is meant to be the same. */
  readonly id: string;
  /** Shown in the event log of the computer. */
  readonly name: string;
  /** Anything; computers take the subscription anew when it changes. So they do when anything else here changes. */
  readonly revision: string;
  readonly selections: readonly EventSelection[];
  readonly contentFormat: ContentFormat;
  /** Whether a computer that has no bookmark yet also sends what it has already. */
  readonly includesExisting: boolean;
  /** The monitoring plan its records belong to. */
  readonly plan?: PlanRef;
  /** Language of rendered text, such as `en-US`. */
  readonly locale?: string;
}

/** The same for all subscriptions. */
export interface DeliverySettings {
  readonly heartbeatMs: number;
  /** How long a computer collects events before it sends them. */
  readonly deliveryMaxMs: number;
  /** What a computer is told not to exceed. */
  readonly envelopeBytesMax: number;
}

/** How the computer that asks is to come back. */
export interface DeliveryPlace {
  /** `https://server.example.org:5986`, as computers reach it. */
  readonly origin: string;
  readonly authentication: WsmanSubscription['authentication'];
}

const GUID = /^[\dA-F]{8}(?:-[\dA-F]{4}){3}-[\dA-F]{12}$/;

/** Ids as they are compared: Windows keeps them as they are, people write them in both cases, with braces or without. */
export const subscriptionKey = (id: string): string => id.replace(/[{}]/g, '').toUpperCase();

/** Path a subscription is delivered to; the number is Microsoft's and says nothing. */
export const deliveryPath = (id: string): string => `/wsman/subscriptions/${subscriptionKey(id)}/1`;

/** A GUID that is the same for the same text. */
const guidOf = (text: string): string =>
  newGuid((count) => createHash('sha256').update(text).digest().subarray(0, count));

/** As Microsoft's collector has them. */
const CONNECTION_RETRY = { total: 5, intervalMs: 60_000 };

/** Throws FORWARDING_SUBSCRIPTION_INVALID or WSMAN_QUERY_INVALID. */
export const toWsmanSubscription = (
  definition: SubscriptionDefinition,
  how: {
    readonly delivery: DeliverySettings;
    readonly place: DeliveryPlace;
    readonly bookmarkXml: string | undefined;
    readonly randomBytes: (count: number) => Uint8Array;
  },
): WsmanSubscription => {
  const { delivery, place, randomBytes } = how;
  const id = subscriptionKey(definition.id);
  if (!GUID.test(id)) {
    const values = { subscription: definition.name, reason: `its id ${definition.id} is no GUID` };
    throw forwardingError('FORWARDING_SUBSCRIPTION_INVALID', values);
  }
  const lasting = {
    identifier: id,
    name: definition.name,
    address: `${place.origin}${deliveryPath(id)}`,
    authentication: place.authentication,
    contentFormat: definition.contentFormat,
    contentEncoding: 'UTF-16',
    isCompressed: true,
    ignoresChannelErrors: true,
    heartbeatMs: delivery.heartbeatMs,
    connectionRetry: CONNECTION_RETRY,
    maxTimeMs: delivery.deliveryMaxMs,
    maxEnvelopeBytes: delivery.envelopeBytesMax,
    ...(definition.locale !== undefined && { locale: definition.locale }),
    query: toQueryList(definition.selections),
  } as const;
  const first = definition.includesExisting ? 'earliest' : 'now';
  return {
    ...lasting,
    version: guidOf(JSON.stringify([definition.revision, lasting])),
    messageId: newGuid(randomBytes),
    operationId: newGuid(randomBytes),
    start: how.bookmarkXml === undefined ? first : { bookmarkXml: how.bookmarkXml },
  };
};
