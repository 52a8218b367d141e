/** For tests and benches of other rooms: a store without an engine, the one suite every engine must pass, the bare engine. */
export { type BareTable, openBareActivityTable } from './testing/bare-table.ts';
export { describeStore, type OpenedStore } from './testing/describe-store.ts';
export { createMemoryStore } from './testing/memory-store.ts';
