/** Files into the pipeline: which files, of what kind, how far, and what could not be read. */

export { type ImportFile, type ImportListing, listImportFiles } from './import-file.ts';
export { type ImportCounts, type ImportOptions, importFiles } from './import-files.ts';
export { createImportJournal, type ImportJournal } from './import-journal.ts';
export type { ImportDamage } from './read-import-file.ts';
