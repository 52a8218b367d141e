/** Data sources: one folder each, listed in a generated registry. */
export type * from './raw-input.ts';
export type * from './source.ts';
export { defineSource } from './source.ts';
