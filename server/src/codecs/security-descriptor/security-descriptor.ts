/** A security descriptor as values; both of its forms, SDDL text and self-relative bytes, are read into this. */

/** As SDDL abbreviates the type. Source: [MS-DTYP] 2.4.4.1 and 2.5.1.1. */
export type AceType =
  | 'A'
  | 'D'
  | 'OA'
  | 'OD'
  | 'AU'
  | 'AL'
  | 'OU'
  | 'OL'
  | 'XA'
  | 'XD'
  | 'ZA'
  | 'XU'
  | 'ML'
  | 'RA'
  | 'SP'
  | 'TL'
  | 'FL';

export interface Ace {
  readonly type: AceType;
  /** Bits as [MS-DTYP] 2.4.4.1 has them; see `ACE_FLAGS`. */
  readonly flags: number;
  /** Unsigned 32 bits. */
  readonly mask: number;
  /** Property, property set, right or class that the entry is about; a GUID in lower case. */
  readonly objectType?: string;
  /** Class of the objects that inherit the entry; a GUID in lower case. */
  readonly inheritedObjectType?: string;
  /** A SID, or a two-letter alias of SDDL that stands for a SID of the domain (`DA`). */
  readonly trustee: string;
  /** Conditional expression or resource attribute, as written. */
  readonly condition?: string;
}

export interface Acl {
  /** Entries are not inherited from the parent. */
  readonly isProtected: boolean;
  readonly isAutoInherited: boolean;
  readonly isAutoInheritRequired: boolean;
  /** There is no list at all: a DACL that grants everything to everybody. */
  readonly isNull: boolean;
  readonly aces: readonly Ace[];
}

export interface SecurityDescriptor {
  readonly owner?: string;
  readonly group?: string;
  readonly dacl?: Acl;
  readonly sacl?: Acl;
}

export const ACE_FLAGS = {
  objectInherit: 0x01,
  containerInherit: 0x02,
  noPropagate: 0x04,
  inheritOnly: 0x08,
  inherited: 0x10,
  critical: 0x20,
  auditSuccess: 0x40,
  auditFailure: 0x80,
} as const;

/** An access control list holds 64 KB, and its smallest entry takes 20 bytes. */
export const ACES_MAX = 3_300;
/** Characters of SDDL; Windows shortens values of events long before. */
export const SDDL_LENGTH_MAX = 1024 * 1024;
