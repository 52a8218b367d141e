/** Every bound of the collector in one place; `createEventForwarding` takes other values for those an operator may set. */

const KIB = 1024;
const MIB = 1024 * KIB;

export const EVENT_FORWARDING_LIMITS = {
  /** One envelope, as it comes and as it is when decompressed. Windows keeps to the size it was told, but for a single large event. */
  bodyBytesMax: 16 * MIB,
  /** Of all envelopes being received or processed at once; one beyond it is told to come again (503). */
  bodiesBytesMax: 128 * MIB,
  /** Of a request nobody is signed in for. */
  anonymousBytesMax: 64 * KIB,
  /** Of a refused body, read and thrown away so that the client reads the answer; beyond it the connection is cut. */
  drainBytesMax: 32 * MIB,
  /** Of the headers of a request: a Kerberos token with many groups alone takes 64 KiB. */
  headerBytesMax: 96 * KIB,
  connectionsMax: 10_000,
  /** From the first byte of a request to the end of its headers; also for the TLS handshake. */
  headersTimeoutMs: 20_000,
  /** From the first byte of a request to the end of its body. */
  requestTimeoutMs: 120_000,
  /** Without a byte in either direction while the client is to send or to read. */
  idleTimeoutMs: 60_000,
  /** Between two requests. Short, because 5,000 idle connections cost more than 5,000 handshakes an hour. */
  keepAliveTimeoutMs: 65_000,
  /** For requests under way when the server closes. */
  closeGraceMs: 10_000,
  retryAfterSeconds: 30,
  /** Heartbeats a computer may miss before it counts as quiet. */
  heartbeatsMissedMax: 3,
  /** Computers remembered; beyond it those not heard from for the longest time are forgotten. */
  machinesMax: 50_000,
  /** Pairs of sender and computer told of in the current hour; beyond it a pair may be told twice, which is the same record. */
  unverifiedPairsMax: 10_000,
} as const;

export type EventForwardingLimits = {
  readonly [Name in keyof typeof EVENT_FORWARDING_LIMITS]: number;
};
