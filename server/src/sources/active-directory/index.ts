export { activeDirectory } from './source.ts';
