/** The search language: what people type -> a condition of the store. */
export { parseSearch, type SearchContext } from './parse-search.ts';
export { SEARCH_HELP } from './search-help.ts';
