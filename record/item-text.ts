/** How an item is written: its type in brackets behind its name. */
import type { ItemRef } from './activity-record.ts';

export const ITEM_TYPE_INTEGRATION = 'Integration';

/** `Badge feed (Integration)`. */
export const formatItem = (item: ItemRef): string => `${item.name} (${item.type})`;

/** The last brackets hold the type; a name without them is an Integration item's. */
export const parseItem = (text: string): ItemRef => {
  const open = text.lastIndexOf(' (');
  const hasType = open >= 0 && text.endsWith(')') && open + 3 < text.length;
  return hasType
    ? { name: text.slice(0, open), type: text.slice(open + 2, -1) }
    : { name: text, type: ITEM_TYPE_INTEGRATION };
};
