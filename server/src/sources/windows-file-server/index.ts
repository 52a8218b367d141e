export { windowsFileServer } from './source.ts';
