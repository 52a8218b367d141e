import type { WindowsEvent } from '../codecs/index.ts';

export type AuditOutcome = 'success' | 'failure';

/** Bits 53 and 52 of Keywords. */
const AUDIT_SUCCESS = 0x20n << 48n;
const AUDIT_FAILURE = 0x10n << 48n;

const outcomeOfBits = (keywords: string): AuditOutcome | undefined => {
  if (!/^0x[0-9a-f]{1,16}$/i.test(keywords)) return undefined;
  const bits = BigInt(keywords);
  if ((bits & AUDIT_FAILURE) !== 0n) return 'failure';
  return (bits & AUDIT_SUCCESS) !== 0n ? 'success' : undefined;
};

/** The two values nearly every audit event has; the bits are only worked out for others. */
const USUAL: ReadonlyMap<string, AuditOutcome> = new Map([
  ['0x8020000000000000', 'success'],
  ['0x8010000000000000', 'failure'],
]);

/** What the Security log says of the audited operation; undefined when the event is no audit event. */
export const auditOutcome = (event: WindowsEvent): AuditOutcome | undefined =>
  event.keywords === undefined
    ? undefined
    : (USUAL.get(event.keywords) ?? outcomeOfBits(event.keywords));
