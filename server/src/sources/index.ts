/** Data sources: one folder each, listed in a generated registry. */
export type * from './raw-input.ts';
export { RAW_INPUTS } from './raw-inputs.ts';
export { type DataSourceId, SOURCES } from './registry.generated.ts';
export type * from './source.ts';
export { defineSource } from './source.ts';
export { ITEM_TYPE_UNVERIFIED, interpretWindowsEvent, sourceOf } from './windows-routing.ts';
export type * from './windows-setup.ts';
