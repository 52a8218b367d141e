/** How far interrupted imports came, so that the next one goes on there. */
import { createHash } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ImportFile } from './import-file.ts';

export interface ImportJournal {
  /** Bytes of the file whose records are stored; 0 for a file that is new or has changed since. */
  position(file: ImportFile): number;
  advance(file: ImportFile, offset: number): void;
  finish(file: ImportFile): void;
}

interface JournalPage {
  readonly path: string;
  readonly bytes: number;
  readonly modifiedMs: number;
  readonly offset: number;
}

/**
 * One small file per interrupted import in `folder`. It only saves work: a page that is lost, or that this account cannot write,
 * costs reading the file again, since a record that is there already is not stored twice.
 */
export const createImportJournal = (folder: string): ImportJournal => {
  const pageOf = (file: ImportFile): string =>
    join(folder, `${createHash('sha256').update(file.path).digest('hex').slice(0, 32)}.json`);
  return {
    position: (file) => {
      try {
        const page = JSON.parse(readFileSync(pageOf(file), 'utf8')) as JournalPage;
        const isSame =
          page.path === file.path &&
          page.bytes === file.bytes &&
          page.modifiedMs === file.modifiedMs;
        return isSame && Number.isSafeInteger(page.offset) ? page.offset : 0;
      } catch {
        return 0;
      }
    },
    advance: (file, offset) => {
      const { path, bytes, modifiedMs } = file;
      const page: JournalPage = { path, bytes, modifiedMs, offset };
      try {
        writeFileSync(`${pageOf(file)}.new`, JSON.stringify(page), { mode: 0o600 });
        renameSync(`${pageOf(file)}.new`, pageOf(file));
      } catch {
        // Without a page the next run reads the file from its beginning.
      }
    },
    finish: (file) => {
      try {
        rmSync(pageOf(file), { force: true });
      } catch {
        // A page that stays makes the next run of the same file shorter, not wrong.
      }
    },
  };
};
