/** Values back into SDDL. Entries that mean the same read the same, whichever way they were written. */
import { FLAG_BITS } from './sddl-tables.ts';
import type { Ace, Acl, SecurityDescriptor } from './security-descriptor.ts';

const flagText = (flags: number): string =>
  [...FLAG_BITS].map(([text, bit]) => ((flags & bit) === 0 ? '' : text)).join('');

/** Also the key by which two entries are the same. */
export const aceToSddl = (ace: Ace): string =>
  `(${[
    ace.type,
    flagText(ace.flags),
    `0x${ace.mask.toString(16)}`,
    ace.objectType ?? '',
    ace.inheritedObjectType ?? '',
    ace.trustee,
    ...(ace.condition === undefined ? [] : [ace.condition]),
  ].join(';')})`;

const aclToSddl = (acl: Acl): string =>
  [
    acl.isProtected ? 'P' : '',
    acl.isAutoInheritRequired ? 'AR' : '',
    acl.isAutoInherited ? 'AI' : '',
    acl.isNull ? 'NO_ACCESS_CONTROL' : '',
    ...acl.aces.map(aceToSddl),
  ].join('');

export const descriptorToSddl = ({ owner, group, dacl, sacl }: SecurityDescriptor): string =>
  [
    owner === undefined ? '' : `O:${owner}`,
    group === undefined ? '' : `G:${group}`,
    dacl === undefined ? '' : `D:${aclToSddl(dacl)}`,
    sacl === undefined ? '' : `S:${aclToSddl(sacl)}`,
  ].join('');
