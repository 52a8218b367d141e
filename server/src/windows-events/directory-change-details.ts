/** What happened to an object of the directory, as action and details of a record. */
import { type Detail, RECORD_LIMITS, WitnessError } from '@witness/record';
import { descriptorChanges, parseSddl, type SecurityDescriptor } from '../codecs/index.ts';
import type { AttributeChange, DirectoryChangeKind, ObjectChange } from './directory-change.ts';
import { DIRECTORY_NAMES } from './directory-names.ts';
import { attributeValueWords, isSecretAttribute } from './directory-values.ts';
import { directoryPath, nameChange } from './distinguished-name.ts';

/** Puts an attribute's change in words of its own; undefined leaves it to the general ones. */
export type AttributeDetails = (change: AttributeChange) => readonly Detail[] | undefined;

const ACTIONS: Readonly<Record<DirectoryChangeKind, 'Added' | 'Removed' | 'Modified'>> = {
  modified: 'Modified',
  moved: 'Modified',
  restored: 'Added',
  created: 'Added',
  deleted: 'Removed',
};

export const directoryChangeAction = ({ kind }: ObjectChange): 'Added' | 'Removed' | 'Modified' =>
  ACTIONS[kind];

const SECURITY_DESCRIPTOR_SYNTAX = '2.5.5.15';

const tryDescriptor = (sddl: string): SecurityDescriptor | undefined => {
  try {
    return parseSddl(sddl);
  } catch (error) {
    if (error instanceof WitnessError) return undefined;
    throw error;
  }
};

const ONE_SIDED =
  'Only this value is known, so that entries that changed cannot be told from those that were there.';

/** Without the other value, the object's own permissions are not shown as if all of them were new. */
const descriptorDetails = ({
  attribute,
  removed,
  added,
}: AttributeChange): Detail[] | undefined => {
  if (removed.length > 1 || added.length > 1) return undefined;
  const before = removed[0] === undefined ? undefined : tryDescriptor(removed[0]);
  const after = added[0] === undefined ? undefined : tryDescriptor(added[0]);
  const isReadable = (removed.length === 0 || before) && (added.length === 0 || after);
  if (!isReadable) return undefined;
  if (attribute.toLowerCase() !== 'ntsecuritydescriptor') {
    return descriptorChanges(before, after, DIRECTORY_NAMES).map((detail) => ({
      ...detail,
      property: `${attribute}: ${detail.property.toLowerCase()}`,
    }));
  }
  if (before !== undefined && after !== undefined) {
    return descriptorChanges(before, after, DIRECTORY_NAMES);
  }
  const sides = { ...(removed[0] && { before: removed[0] }), ...(added[0] && { after: added[0] }) };
  return [{ property: attribute, ...sides, message: ONE_SIDED }];
};

const HIDDEN = 'The value is a secret and is not shown';

const valueDetails = ({ attribute, syntax, removed, added }: AttributeChange): Detail[] => {
  const words = (value: string): string => attributeValueWords(attribute, value, syntax);
  const [before, after] = [removed.map(words), added.map(words)];
  if (before.length === 1 && after.length === 1) {
    return [{ property: attribute, before: before[0] ?? '', after: after[0] ?? '' }];
  }
  return [
    ...before.map((value) => ({ property: attribute, before: value })),
    ...after.map((value) => ({ property: attribute, after: value })),
  ];
};

const UNCHANGED = 'Written with the value it had';

/** Without values that were removed and added again, as replacing a whole list does. */
const withoutKept = (change: AttributeChange): AttributeChange => {
  const before = new Set(change.removed);
  const kept = new Set(change.added.filter((value) => before.has(value)));
  if (kept.size === 0) return change;
  return {
    ...change,
    removed: change.removed.filter((value) => !kept.has(value)),
    added: change.added.filter((value) => !kept.has(value)),
  };
};

export const attributeDetails = (whole: AttributeChange): readonly Detail[] => {
  const change = withoutKept(whole);
  const { attribute, syntax, removed, added } = change;
  if (isSecretAttribute(attribute)) return [{ property: attribute, message: HIDDEN }];
  if (removed.length === 0 && added.length === 0) {
    return [{ property: attribute, message: UNCHANGED }];
  }
  const descriptor = syntax === SECURITY_DESCRIPTOR_SYNTAX ? descriptorDetails(change) : undefined;
  if (descriptor === undefined) return valueDetails(change);
  // Two texts that mean the same.
  return descriptor.length === 0 ? [{ property: attribute, message: UNCHANGED }] : descriptor;
};

const nameWords = (before: string, after: string): string => {
  const { isMoved, isRenamed } = nameChange(before, after);
  if (isMoved && isRenamed) return 'Moved and renamed';
  return isMoved ? 'Moved' : 'Renamed';
};

const nameDetails = ({ kind, oldName, name, isTree }: ObjectChange): Detail[] => {
  if (kind === 'deleted') {
    return isTree ? [{ property: 'Deleted', message: 'With everything below it' }] : [];
  }
  if (oldName === undefined) return [];
  const message = kind === 'restored' ? 'Restored' : nameWords(oldName, name);
  return [
    {
      property: 'Path',
      before: directoryPath(oldName),
      after: directoryPath(name),
      message,
    },
  ];
};

const shortened = (detail: Detail): Detail => {
  const max = RECORD_LIMITS.propertyLength;
  const { property } = detail;
  return property.length <= max
    ? detail
    : { ...detail, property: `${property.slice(0, max - 1)}…` };
};

const within = (details: readonly Detail[]): Detail[] => {
  const max = RECORD_LIMITS.detailsPerRecord;
  if (details.length <= max) return details.map(shortened);
  const message = `${details.length - max + 1} more, in the raw events`;
  return [...details.slice(0, max - 1).map(shortened), { property: 'More changes', message }];
};

/** Name, attributes, notes; `special` puts some attributes in words of its own. */
export const directoryChangeDetails = (
  change: ObjectChange,
  special: AttributeDetails = () => undefined,
): Detail[] =>
  within([
    ...nameDetails(change),
    ...change.attributes.flatMap((one) => special(one) ?? attributeDetails(one)),
    ...change.notes,
  ]);
