/** What 4670, 4907 and 5143 say of a security descriptor before and after, in words. */
import { type Detail, WitnessError } from '@witness/record';
import {
  type DescriptorNames,
  descriptorChanges,
  parseSddl,
  type SecurityDescriptor,
  type WindowsEvent,
} from '../../codecs/index.ts';
import { field, wellKnownName } from '../../windows-events/index.ts';

const NAMES: DescriptorNames = { kind: 'file', sid: wellKnownName, objectType: () => undefined };

/** Files have `OldSd`, shares `OldSD`. */
const descriptorText = (event: WindowsEvent, when: 'Old' | 'New'): string =>
  field(event, `${when}Sd`) ?? field(event, `${when}SD`) ?? '';

const parsed = (sddl: string): SecurityDescriptor | undefined =>
  sddl === '' ? undefined : parseSddl(sddl);

const changesInWords = (before: string, after: string): Detail[] => {
  try {
    return descriptorChanges(parsed(before), parsed(after), NAMES);
  } catch (error) {
    // The texts themselves follow below.
    if (error instanceof WitnessError) return [];
    throw error;
  }
};

/** The texts as they are where words cannot say the difference: flags of the lists, or a text that is no descriptor. */
export const securityChanges = (event: WindowsEvent): Detail[] => {
  const [before, after] = [descriptorText(event, 'Old'), descriptorText(event, 'New')];
  if (before === after) return [];
  const details = changesInWords(before, after);
  return details.length > 0 ? details : [{ property: 'Security descriptor', before, after }];
};
