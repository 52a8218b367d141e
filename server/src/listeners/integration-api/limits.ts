/** Every bound of the Integration API in one place; `createIntegrationApi` takes other values for those an operator may set. */

const KIB = 1024;
const MIB = 1024 * KIB;

/** The vendor recommends 50 MB to clients, so a server must never take less. */
export const BODY_BYTES_FLOOR = 50 * MIB;

export const INTEGRATION_API_LIMITS = {
  /** Of a write. */
  bodyBytesMax: 64 * MIB,
  /** Of a search, or of a mark posted to enum. */
  queryBytesMax: 1 * MIB,
  /** Of all bodies being received or processed at once; a request beyond it is told to come again (503). */
  bodiesBytesMax: 256 * MIB,
  /** A write from this size on is parsed in a worker: below it, parsing takes about 20 ms of the event loop. */
  workerJsonBytesMin: 2 * MIB,
  workerXmlBytesMin: 256 * KIB,
  /** Heap of that worker; a body that needs more is refused and the server stays alive. */
  workerHeapMib: 1536,
  /** Of a refused body, read and thrown away so that the connection stays usable; beyond it the connection is closed. */
  drainBytesMax: 80 * MIB,
  connectionsMax: 1000,
  /** From the first byte of a request to the end of its headers. */
  headersTimeoutMs: 20_000,
  /** From the first byte of a request to the end of its body. */
  requestTimeoutMs: 300_000,
  /** Without a byte in either direction while the client is to send or to read. */
  idleTimeoutMs: 60_000,
  /** Between two requests; add-ons wait between their batches. */
  keepAliveTimeoutMs: 75_000,
  /** For requests under way when the server closes. */
  closeGraceMs: 10_000,
  /** A larger `count` is served in several pages. */
  pageRecordsMax: 100_000,
  /** A page ends early when it has so many bytes, but never with fewer records than `pageRecordsFloor` ... */
  pageBytesMax: 32 * MIB,
  pageRecordsFloor: 1000,
  /** ... unless even those would not fit into this. */
  pageBytesCeiling: 256 * MIB,
  /** Read from the store and turned into text at a time. */
  pageChunkRecords: 1000,
  /** Built or being sent at once; further ones wait. */
  pagesMax: 8,
  retryAfterSeconds: 5,
} as const;

export type IntegrationApiLimits = {
  readonly [Name in keyof typeof INTEGRATION_API_LIMITS]: number;
};

/**
 * The given limits over the defaults. The body limit never falls below what the vendor recommends to clients, and one body of the
 * largest size always fits into the bounds for all bodies and for draining.
 */
export const toLimits = (given: Partial<IntegrationApiLimits> = {}): IntegrationApiLimits => {
  const limits = { ...INTEGRATION_API_LIMITS, ...given };
  const bodyBytesMax = Math.max(limits.bodyBytesMax, BODY_BYTES_FLOOR);
  const isGiven = (name: keyof IntegrationApiLimits): boolean => given[name] !== undefined;
  const atLeast = (name: 'bodiesBytesMax' | 'drainBytesMax'): number =>
    isGiven(name) ? limits[name] : Math.max(limits[name], bodyBytesMax);
  return {
    ...limits,
    bodyBytesMax,
    bodiesBytesMax: atLeast('bodiesBytesMax'),
    drainBytesMax: atLeast('drainBytesMax'),
  };
};
