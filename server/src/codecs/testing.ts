/** The other sides of the codecs, for tests of other rooms. */
export {
  buildEnd,
  buildEnumerate,
  buildEvents,
  buildHeartbeat,
  buildSubscriptionEnd,
  type ClientMessage,
  compressAsWindows,
  compressSldc,
  type DeliveryMessage,
  type EventsMessage,
} from './wsman/testing.ts';
