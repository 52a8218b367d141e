/** What the self-audit keeps of reading: who began to read what; the pages that follow are the same walk. */
import type { SelfAuditEntry } from '../../access/index.ts';
import type { Walk } from './continuation-mark.ts';
import type { FilterEntry } from './filter-entry.ts';

const FILTERS_LENGTH_MAX = 2000;

const describe = (entry: FilterEntry): string => {
  const { filter, operator, ...value } = entry;
  return `${filter} ${operator} ${'value' in value ? value.value : JSON.stringify(value)}`;
};

export const toReadAudit = (
  walk: Walk,
  reader: { readonly userName: string; readonly address: string },
): SelfAuditEntry => {
  const isSearch = walk.position.order === 'newest';
  const filters = walk.entries.map(describe).join('; ');
  const shownFilters =
    filters.length > FILTERS_LENGTH_MAX ? `${filters.slice(0, FILTERS_LENGTH_MAX)}...` : filters;
  return {
    who: reader.userName,
    action: 'Read',
    objectType: 'Activity Records',
    what: isSearch ? 'Integration API search' : 'Integration API enumeration',
    workstation: reader.address,
    ...(filters !== '' && { details: [{ property: 'Filters', after: shownFilters }] }),
  };
};
