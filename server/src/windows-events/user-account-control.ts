/** Flags of OldUacValue and NewUacValue. They are SAM's flags ([MS-SAMR] 2.2.1.12), not those of the LDAP attribute. */
import type { Detail } from '@witness/record';
import { numberOf } from './fields.ts';

const FLAGS: readonly (readonly [bit: number, words: string])[] = [
  [0x1, 'Account disabled'],
  [0x2, 'Home directory required'],
  [0x4, 'Password not required'],
  [0x8, 'Temporary duplicate account'],
  [0x10, 'Normal account'],
  [0x20, 'MNS logon account'],
  [0x40, 'Interdomain trust account'],
  [0x80, 'Workstation trust account'],
  [0x100, 'Server trust account'],
  [0x200, 'Password never expires'],
  [0x400, 'Account locked out'],
  [0x800, 'Encrypted text password allowed'],
  [0x1000, 'Smart card required'],
  [0x2000, 'Trusted for delegation'],
  [0x4000, 'Account is sensitive and cannot be delegated'],
  [0x8000, 'Use DES keys only'],
  [0x10000, 'Kerberos preauthentication not required'],
  [0x20000, 'Password expired'],
  [0x40000, 'Trusted to authenticate for delegation'],
  [0x80000, 'Authorization information excluded'],
  [0x100000, 'Read-only domain controller account'],
  [0x200000, 'Kerberos tickets protected with AES keys'],
];

const KNOWN_BITS = FLAGS.reduce((bits, [bit]) => bits | bit, 0);

/** The names of the flags set; a bit without a name is given as a number. */
export const accountFlags = (value: number): string[] => {
  const names = FLAGS.filter(([bit]) => (value & bit) !== 0).map(([, words]) => words);
  const unnamed = (value & ~KNOWN_BITS) >>> 0;
  return unnamed === 0 ? names : [...names, `0x${unnamed.toString(16)}`];
};

const yesNo = (value: number, bit: number): string => ((value & bit) !== 0 ? 'Yes' : 'No');

/** One detail for each flag that differs; none when either value is missing. */
export const changedAccountFlags = (
  before: string | undefined,
  after: string | undefined,
): Detail[] => {
  const [old, now] = [numberOf(before), numberOf(after)];
  if (old === undefined || now === undefined || old === now) return [];
  return FLAGS.filter(([bit]) => (old & bit) !== (now & bit)).map(([bit, property]) => ({
    property,
    before: yesNo(old, bit),
    after: yesNo(now, bit),
  }));
};
