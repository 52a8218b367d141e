export { exchange } from './source.ts';
