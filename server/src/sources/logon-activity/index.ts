export { logonActivity } from './source.ts';
