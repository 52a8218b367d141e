/** Settings of a share in words, with before and after. Source: Microsoft, SHARE_INFO_1005 and event 5143. */
import type { Detail } from '@witness/record';
import { numberOf } from './fields.ts';

/** SHI1005_FLAGS_*; the two caching bits are one number. */
const CACHING_MASK = 0x30;
const CACHING: Readonly<Record<number, string>> = {
  0: 'Files that users choose',
  16: 'All files that users open',
  32: 'All files that users open, optimized for performance',
  48: 'Nothing',
};

const FLAGS: readonly (readonly [bit: number, property: string])[] = [
  [0x1, 'Root of a DFS namespace'],
  [0x2, 'In DFS'],
  [0x100, 'Exclusive opens restricted'],
  [0x200, 'Shared deletion forced'],
  [0x400, 'Namespace caching'],
  [0x800, 'Access-based enumeration'],
  [0x1000, 'Level II oplocks forced'],
  [0x2000, 'Enable BranchCache'],
  [0x4000, 'Continuous availability'],
  [0x8000, 'Encrypt data access'],
];

const yesNo = (isSet: boolean): string => (isSet ? 'Yes' : 'No');

/** What differs between two values of ShareFlags; values that are no numbers as they are. */
export const shareFlagChanges = (before: string, after: string): Detail[] => {
  const old = numberOf(before);
  const now = numberOf(after);
  if (old === undefined || now === undefined) {
    return before === after ? [] : [{ property: 'Share flags', before, after }];
  }
  const details: Detail[] = [];
  const [oldCaching, newCaching] = [old & CACHING_MASK, now & CACHING_MASK];
  if (oldCaching !== newCaching) {
    details.push({
      property: 'Caching',
      before: CACHING[oldCaching] ?? '',
      after: CACHING[newCaching] ?? '',
    });
  }
  let rest = (old ^ now) & ~CACHING_MASK;
  for (const [bit, property] of FLAGS) {
    if ((rest & bit) === 0) continue;
    rest &= ~bit;
    details.push({ property, before: yesNo((old & bit) !== 0), after: yesNo((now & bit) !== 0) });
  }
  if (rest !== 0) details.push({ property: 'Share flags', before, after });
  return details;
};

const UNLIMITED = 0xffff_ffff;

/** `Unlimited` for the value Windows uses when no limit is set. */
export const userLimitWords = (maxUsers: string): string => {
  const users = numberOf(maxUsers);
  return users === undefined ? maxUsers : users === UNLIMITED ? 'Unlimited' : String(users);
};
