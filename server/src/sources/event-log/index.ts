export { eventLog } from './source.ts';
