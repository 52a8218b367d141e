export { groupPolicy } from './source.ts';
