export { adFs } from './source.ts';
