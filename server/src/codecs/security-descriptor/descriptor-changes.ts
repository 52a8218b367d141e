/** What differs between two security descriptors, as details of a record: entry by entry, in words. */
import type { Detail } from '@witness/record';
import type { ProtectedKind } from './access-words.ts';
import { aceWords, type DescriptorNames, trusteeWords } from './ace-words.ts';
import { ACE_FLAGS, type Ace, type Acl, type SecurityDescriptor } from './security-descriptor.ts';
import { aceToSddl } from './write-sddl.ts';

export interface AceChanges {
  readonly removed: readonly Ace[];
  readonly added: readonly Ace[];
  /** The same entries in another order, which can change who gets in. */
  readonly isReordered: boolean;
}

type KeyOf = (ace: Ace) => string;

/** Objects of a directory are all containers: the other kind of inheritance comes and goes without meaning there. */
const keyWithoutObjectInherit: KeyOf = (ace) =>
  aceToSddl({ ...ace, flags: ace.flags & ~ACE_FLAGS.objectInherit });

/** Entries of `from` that `others` does not have as often. */
const missingFrom = (from: readonly Ace[], others: readonly Ace[], keyOf: KeyOf): Ace[] => {
  const counts = new Map<string, number>();
  for (const ace of others) {
    const key = keyOf(ace);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return from.filter((ace) => {
    const key = keyOf(ace);
    const count = counts.get(key) ?? 0;
    counts.set(key, count - 1);
    return count <= 0;
  });
};

const NO_ACES: readonly Ace[] = [];

export const aceChanges = (
  [before, after]: readonly [Acl | undefined, Acl | undefined],
  kind: ProtectedKind,
): AceChanges => {
  const keyOf = kind === 'directory object' ? keyWithoutObjectInherit : aceToSddl;
  const [old, now] = [before?.aces ?? NO_ACES, after?.aces ?? NO_ACES];
  const removed = missingFrom(old, now, keyOf);
  const added = missingFrom(now, old, keyOf);
  const isSameSet = removed.length === 0 && added.length === 0;
  return {
    removed,
    added,
    isReordered: isSameSet && old.some((ace, i) => now[i] && keyOf(ace) !== keyOf(now[i])),
  };
};

const inheritance = (acl: Acl | undefined): string | undefined =>
  acl === undefined ? undefined : acl.isProtected ? 'Disabled' : 'Enabled';

const nullWords = (acl: Acl | undefined, words: string): string | undefined =>
  acl?.isNull === true ? words : undefined;

const change = (
  property: string,
  before: string | undefined,
  after: string | undefined,
): Detail[] =>
  before === after
    ? []
    : [
        {
          property,
          ...(before !== undefined && { before }),
          ...(after !== undefined && { after }),
        },
      ];

interface AclLabels {
  readonly entry: string;
  readonly inheritance: string;
  readonly order: string;
  readonly none: string;
}

const DACL: AclLabels = {
  entry: 'Permission',
  inheritance: 'Permission inheritance',
  order: 'Permission order',
  none: 'No list: everybody has full control',
};

const SACL: AclLabels = {
  entry: 'Auditing',
  inheritance: 'Auditing inheritance',
  order: 'Auditing order',
  none: 'No list: nothing is audited',
};

const aclChanges = (
  [before, after]: readonly [Acl | undefined, Acl | undefined],
  labels: AclLabels,
  names: DescriptorNames,
): Detail[] => {
  const { removed, added, isReordered } = aceChanges([before, after], names.kind);
  const isBoth = before !== undefined && after !== undefined;
  return [
    ...(isBoth ? change(labels.inheritance, inheritance(before), inheritance(after)) : []),
    ...change(labels.entry, nullWords(before, labels.none), nullWords(after, labels.none)),
    ...removed.map((ace) => ({ property: labels.entry, before: aceWords(ace, names) })),
    ...added.map((ace) => ({ property: labels.entry, after: aceWords(ace, names) })),
    ...(isReordered ? [{ property: labels.order, message: 'Same entries, other order' }] : []),
  ];
};

const trusteeChange = (
  property: string,
  [before, after]: readonly [string | undefined, string | undefined],
  names: DescriptorNames,
): Detail[] =>
  before === after
    ? []
    : change(
        property,
        before === undefined ? undefined : trusteeWords(before, names),
        after === undefined ? undefined : trusteeWords(after, names),
      );

/**
 * Owner, group, inheritance, and each entry that came (`after`) or went (`before`). With one descriptor missing, all of the
 * other. Empty when nothing differs.
 */
export const descriptorChanges = (
  before: SecurityDescriptor | undefined,
  after: SecurityDescriptor | undefined,
  names: DescriptorNames,
): Detail[] => [
  ...trusteeChange('Owner', [before?.owner, after?.owner], names),
  ...trusteeChange('Primary group of the owner', [before?.group, after?.group], names),
  ...aclChanges([before?.dacl, after?.dacl], DACL, names),
  ...aclChanges([before?.sacl, after?.sacl], SACL, names),
];
