/** Access masks in words. Sources: [MS-ADTS] 5.1.3.2, [MS-DTYP] 2.4.3, [MS-FSCC] 2.1.4; the words are those of the security dialogs. */
import type { Ace } from './security-descriptor.ts';

/** What kind of object the descriptor protects: the low 16 bits mean different things. */
export type ProtectedKind = 'directory object' | 'file' | 'registry key' | 'other';

/** What a GUID stands for depends on the right it is about. */
export type ObjectTypeUse = 'class' | 'property' | 'extended right' | 'validated write';

type NameObjectType = (guid: string, use: ObjectTypeUse) => string | undefined;

type Bits = readonly (readonly [bits: number, words: string])[];

const STANDARD: Bits = [
  [0x10000, 'Delete'],
  [0x20000, 'Read permissions'],
  [0x40000, 'Modify permissions'],
  [0x80000, 'Modify owner'],
  [0x100000, 'Synchronize'],
  [0x1000000, 'Access system security'],
  [0x2000000, 'Maximum allowed'],
  [0x10000000, 'Full control'],
  [0x20000000, 'Generic execute'],
  [0x40000000, 'Generic write'],
  [0x80000000, 'Generic read'],
];

const FILE: Bits = [
  [0x1, 'List folder / read data'],
  [0x2, 'Create files / write data'],
  [0x4, 'Create folders / append data'],
  [0x8, 'Read extended attributes'],
  [0x10, 'Write extended attributes'],
  [0x20, 'Traverse folder / execute file'],
  [0x40, 'Delete subfolders and files'],
  [0x80, 'Read attributes'],
  [0x100, 'Write attributes'],
];

const REGISTRY: Bits = [
  [0x1, 'Query value'],
  [0x2, 'Set value'],
  [0x4, 'Create subkey'],
  [0x8, 'Enumerate subkeys'],
  [0x10, 'Notify'],
  [0x20, 'Create link'],
];

/** Whole masks that have a name of their own, largest first. */
const WHOLE: Readonly<Record<ProtectedKind, Bits>> = {
  'directory object': [
    [0xf01ff, 'Full control'],
    [0x20094, 'Read'],
  ],
  file: [
    [0x1f01ff, 'Full control'],
    [0x1301bf, 'Modify'],
    [0x1200a9, 'Read & execute'],
    [0x12019f, 'Read and write'],
    [0x120089, 'Read'],
    [0x100116, 'Write'],
    [0x120116, 'Write'],
  ],
  'registry key': [
    [0xf003f, 'Full control'],
    [0x20019, 'Read'],
    [0x20006, 'Write'],
  ],
  other: [],
};

interface DirectoryRight {
  readonly bit: number;
  /** Without an object type. */
  readonly all: string;
  /** With one; its name replaces `{}`. */
  readonly one: string;
  readonly use?: ObjectTypeUse;
}

const DIRECTORY: readonly DirectoryRight[] = [
  { bit: 0x1, all: 'Create all child objects', one: 'Create {} objects', use: 'class' },
  { bit: 0x2, all: 'Delete all child objects', one: 'Delete {} objects', use: 'class' },
  { bit: 0x4, all: 'List contents', one: 'List contents' },
  { bit: 0x8, all: 'All validated writes', one: 'Validated write: {}', use: 'validated write' },
  { bit: 0x10, all: 'Read all properties', one: 'Read {}', use: 'property' },
  { bit: 0x20, all: 'Write all properties', one: 'Write {}', use: 'property' },
  { bit: 0x40, all: 'Delete subtree', one: 'Delete subtree' },
  { bit: 0x80, all: 'List object', one: 'List object' },
  { bit: 0x100, all: 'All extended rights', one: 'Extended right: {}', use: 'extended right' },
];

const directoryWords = (ace: Ace, mask: number, name: NameObjectType): string[] =>
  DIRECTORY.filter(({ bit }) => (mask & bit) !== 0).map(({ all, one, use }) => {
    const guid = ace.objectType;
    if (guid === undefined || use === undefined) return guid === undefined ? all : one;
    return one.replace('{}', () => name(guid, use) ?? guid);
  });

const bitWords = (mask: number, table: Bits): string[] =>
  table.filter(([bits]) => (mask & bits) !== 0).map(([, words]) => words);

const LABEL: Bits = [
  [0x1, 'no write up'],
  [0x2, 'no read up'],
  [0x4, 'no execute up'],
];

const specificWords = (ace: Ace, kind: ProtectedKind, name: NameObjectType): string[] => {
  if (kind === 'directory object') return directoryWords(ace, ace.mask, name);
  if (kind === 'file') return bitWords(ace.mask, FILE);
  return kind === 'registry key' ? bitWords(ace.mask, REGISTRY) : [];
};

const KNOWN_SPECIFIC: Readonly<Record<ProtectedKind, number>> = {
  'directory object': 0x1ff,
  file: 0x1ff,
  'registry key': 0x3f,
  other: 0,
};

const STANDARD_BITS = STANDARD.reduce((bits, [bit]) => bits | bit, 0);

const remainder = (mask: number, kind: ProtectedKind): string[] => {
  const unnamed = (mask & ~STANDARD_BITS & ~KNOWN_SPECIFIC[kind]) >>> 0;
  return unnamed === 0 ? [] : [`0x${unnamed.toString(16)}`];
};

/** `Read member, Write member`; a bit without a name is given as a number. */
export const accessWords = (ace: Ace, kind: ProtectedKind, name: NameObjectType): string => {
  if (ace.type === 'ML') return bitWords(ace.mask, LABEL).join(', ') || 'no restriction';
  const whole =
    ace.objectType === undefined ? WHOLE[kind].find(([bits]) => bits === ace.mask) : undefined;
  if (whole !== undefined) return whole[1];
  const words = [
    ...specificWords(ace, kind, name),
    ...bitWords(ace.mask, STANDARD),
    ...remainder(ace.mask, kind),
  ];
  return words.length === 0 ? 'no rights' : words.join(', ');
};
