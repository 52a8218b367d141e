/**
 * Rights to files and folders as bits of an access mask. Source: Microsoft, "File Access Rights Constants" and the tables of
 * events 4656 and 4663.
 */
import { messageText } from './message-table.ts';

export const FILE_ACCESS = {
  /** List of a folder. */
  readData: 0x1,
  /** Of a folder: add a file. */
  writeData: 0x2,
  /** Of a folder: add a folder. */
  appendData: 0x4,
  readExtendedAttributes: 0x8,
  writeExtendedAttributes: 0x10,
  /** Of a folder: go through it. */
  execute: 0x20,
  deleteChild: 0x40,
  readAttributes: 0x80,
  writeAttributes: 0x100,
  delete: 0x1_0000,
  readControl: 0x2_0000,
  writePermissions: 0x4_0000,
  writeOwner: 0x8_0000,
  synchronize: 0x10_0000,
  accessSystemSecurity: 0x100_0000,
  maximumAllowed: 0x200_0000,
} as const;

/** Number of the `%%NNNN` that Windows writes for a bit. */
const REFERENCES: readonly (readonly [reference: number, bit: number])[] = [
  [4416, FILE_ACCESS.readData],
  [4417, FILE_ACCESS.writeData],
  [4418, FILE_ACCESS.appendData],
  [4419, FILE_ACCESS.readExtendedAttributes],
  [4420, FILE_ACCESS.writeExtendedAttributes],
  [4421, FILE_ACCESS.execute],
  [4422, FILE_ACCESS.deleteChild],
  [4423, FILE_ACCESS.readAttributes],
  [4424, FILE_ACCESS.writeAttributes],
  [1537, FILE_ACCESS.delete],
  [1538, FILE_ACCESS.readControl],
  [1539, FILE_ACCESS.writePermissions],
  [1540, FILE_ACCESS.writeOwner],
  [1541, FILE_ACCESS.synchronize],
  [1542, FILE_ACCESS.accessSystemSecurity],
  [1543, FILE_ACCESS.maximumAllowed],
];

const BITS: ReadonlyMap<string, number> = new Map(
  REFERENCES.map(([reference, bit]) => [String(reference), bit]),
);

const BIT_WORDS: readonly (readonly [bit: number, words: string])[] = REFERENCES.map(
  ([reference, bit]) => [bit, messageText(`%%${reference}`) ?? `%%${reference}`],
);

/** `ReadData (or ListDirectory), SYNCHRONIZE`; rights without a name as hexadecimal digits. */
export const fileAccessWords = (mask: number): string => {
  const words: string[] = [];
  let rest = mask;
  for (const [bit, text] of BIT_WORDS) {
    if ((mask & bit) === 0) continue;
    words.push(text);
    rest &= ~bit;
  }
  if (rest !== 0) words.push(`0x${(rest >>> 0).toString(16)}`);
  return words.join(', ');
};

/** The mask behind an AccessList such as `%%1537 %%4423`. */
export const fileAccessOfList = (list: string): number => {
  let mask = 0;
  for (const [, reference] of list.matchAll(/%%(\d{4})/g)) mask |= BITS.get(reference ?? '') ?? 0;
  return mask;
};

/**
 * Denied by an entry, by the integrity policy, not granted, by an empty list, for a missing privilege, by an entry of the
 * parent folder, by a central access rule of the object or of its parent folder.
 */
const REFUSALS: ReadonlySet<string> = new Set([
  '1802',
  '1803',
  '1805',
  '1807',
  '1810',
  '1812',
  '1814',
  '1816',
]);

/** The rights that an AccessReason says were refused; 0 when it says nothing. */
export const refusedFileAccess = (reason: string): number => {
  let mask = 0;
  for (const [, reference, why] of reason.matchAll(/%%(\d{4}):\s*%%(\d{4})/g)) {
    if (REFUSALS.has(why ?? '')) mask |= BITS.get(reference ?? '') ?? 0;
  }
  return mask;
};
