/** The data folder: where everything lies, and the lock that keeps a second process out. */
export * from './data-folder.ts';
export { ensureKeyFile } from './key-file.ts';
