/**
 * Account and group management events are the same on a domain controller and on any other computer. Whether the
 * object is local to the computer is told by the event alone, the first rule that applies:
 *
 * 1. the actor belongs to the computer itself or to `WORKGROUP`: local. A domain controller has no accounts of its own
 *    and is in no workgroup;
 * 2. lockouts (4740) carry the caller's computer in place of the domain: of the domain. The lockout of a local account
 *    of a domain member cannot be told apart;
 * 3. the object's domain is the computer's own name: local;
 * 4. its domain is `Builtin`, which both have: of the domain when the member is given as a distinguished name (only
 *    directories have them) or the group exists on domain controllers only, otherwise local;
 * 5. of the domain.
 */
import type { WindowsEvent } from '../codecs/index.ts';
import { netbiosName } from './accounts.ts';
import { field } from './fields.ts';

const ACCOUNT_LOCKED_OUT = 4740;

/** What a computer outside a directory writes about its accounts; 4728 and 4729 are of the group `None`. */
export const LOCAL_ACCOUNT_EVENT_IDS: readonly number[] = [
  4720, 4722, 4723, 4724, 4725, 4726, 4728, 4729, 4731, 4732, 4733, 4734, 4735, 4738, 4740, 4767,
  4781,
];
const LOCAL_IDS: ReadonlySet<number> = new Set(LOCAL_ACCOUNT_EVENT_IDS);

const DOMAIN_CONTROLLER_GROUPS: ReadonlySet<string> = new Set([
  'S-1-5-32-548',
  'S-1-5-32-549',
  'S-1-5-32-554',
  'S-1-5-32-557',
  'S-1-5-32-560',
  'S-1-5-32-561',
]);

const isWithoutDomain = (event: WindowsEvent): boolean => {
  const domain = field(event, 'SubjectDomainName')?.toUpperCase();
  return domain === 'WORKGROUP' || domain === netbiosName(event.computer);
};

const isLocalBuiltin = (event: WindowsEvent): boolean =>
  !field(event, 'MemberName')?.includes('=') &&
  !DOMAIN_CONTROLLER_GROUPS.has(field(event, 'TargetSid') ?? '');

export const isLocalAccountEvent = (event: WindowsEvent): boolean => {
  if (!LOCAL_IDS.has(event.eventId)) return false;
  if (isWithoutDomain(event)) return true;
  if (event.eventId === ACCOUNT_LOCKED_OUT) return false;
  const domain = field(event, 'TargetDomainName')?.toUpperCase();
  if (domain === undefined) return false;
  return domain === 'BUILTIN' ? isLocalBuiltin(event) : domain === netbiosName(event.computer);
};
