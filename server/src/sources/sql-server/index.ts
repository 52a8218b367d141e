export { sqlServer } from './source.ts';
