export { windowsServer } from './source.ts';
