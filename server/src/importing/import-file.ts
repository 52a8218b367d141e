/** Which files there are to import and what kind each is, told from its first bytes. */
import { type Dirent, type Stats, statSync } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';
import { WitnessError } from '@witness/record';
import { error } from './errors.ts';

export type ImportKind = 'evtx' | 'event-xml' | 'record-lines';

export interface ImportFile {
  /** Absolute. */
  readonly path: string;
  readonly kind: ImportKind;
  readonly bytes: number;
  readonly modifiedMs: number;
}

export interface ImportListing {
  readonly files: readonly ImportFile[];
  /** Files of a folder that are of no kind we read. */
  readonly skipped: readonly string[];
  /** Files and folders below a named folder that cannot be read. */
  readonly unreadable: readonly { readonly path: string; readonly reason: string }[];
}

const HEAD_BYTES = 4096;
const EVTX_SIGNATURE = Buffer.from('ElfFile\0', 'latin1');
const BYTE_ORDER_MARKS: readonly (readonly [bytes: readonly number[], encoding: BufferEncoding])[] =
  [
    [[0xef, 0xbb, 0xbf], 'utf8'],
    [[0xff, 0xfe], 'utf16le'],
  ];

const headText = (head: Buffer): string => {
  for (const [mark, encoding] of BYTE_ORDER_MARKS) {
    if (mark.every((byte, index) => head[index] === byte)) {
      return head.toString(encoding, mark.length);
    }
  }
  // UTF-16 of big byte order, or without a mark: every second byte of markup is zero.
  return head
    .toString('latin1')
    .replaceAll('\0', '')
    .replace(/^\xfe\xff/, '');
};

const LINE_EXTENSIONS: ReadonlySet<string> = new Set(['.ndjson', '.jsonl']);

/** Whether the first line is, or begins like, one whole record: other JSON files begin with a brace too. */
const isRecordLine = (text: string): boolean => {
  const [line = '', ...rest] = text.split('\n', 2);
  if (rest.length === 0) return line.includes('"Who"');
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && 'Who' in value;
  } catch {
    return false;
  }
};

/** The kind told by content; the extension decides only where the first bytes may be what is damaged. */
export const tryDetectKind = (head: Buffer, path: string): ImportKind | undefined => {
  const extension = extname(path).toLowerCase();
  if (head.subarray(0, EVTX_SIGNATURE.length).equals(EVTX_SIGNATURE)) return 'evtx';
  if (extension === '.evtx') return 'evtx';
  if (LINE_EXTENSIONS.has(extension)) return 'record-lines';
  const text = headText(head).trimStart();
  if (text.startsWith('<')) return 'event-xml';
  return text.startsWith('{') && isRecordLine(text) ? 'record-lines' : undefined;
};

const unreadable = (path: string, cause: unknown) => {
  const { code, message } = cause as NodeJS.ErrnoException;
  return error('IMPORT_PATH_UNREADABLE', { path, reason: code ?? message }, { cause });
};

const readHead = async (path: string): Promise<Buffer> => {
  const file = await open(path, 'r');
  try {
    const head = Buffer.alloc(HEAD_BYTES);
    const { bytesRead } = await file.read(head, 0, HEAD_BYTES, 0);
    return head.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
};

/** Undefined: of no kind we read. */
const inspect = async (path: string): Promise<ImportFile | undefined> => {
  try {
    const { size, mtimeMs } = statSync(path);
    const kind = tryDetectKind(await readHead(path), path);
    return kind && { path, kind, bytes: size, modifiedMs: Math.floor(mtimeMs) };
  } catch (cause) {
    throw unreadable(path, cause);
  }
};

/** Opening a pipe would wait for its writer without end. */
const assertFileOrFolder = (path: string): Stats => {
  let stats: Stats;
  try {
    stats = statSync(path);
  } catch (cause) {
    throw unreadable(path, cause);
  }
  if (stats.isFile() || stats.isDirectory()) return stats;
  throw error('IMPORT_NOT_A_FILE', { path });
};

type Listing = { [Key in keyof ImportListing]: ImportListing[Key][number][] };

const addUnreadable = (listing: Listing, path: string, cause: unknown): void => {
  const { code, message } = cause as NodeJS.ErrnoException;
  const known = cause instanceof WitnessError ? cause.values.reason : (code ?? message);
  listing.unreadable.push({ path, reason: String(known ?? message) });
};

/** Links to files are followed, links to folders are not: they may lead in a circle. */
const isFileEntry = (entry: Dirent, path: string): boolean =>
  entry.isFile() || (entry.isSymbolicLink() && statSync(path).isFile());

const addFolder = async (listing: Listing, folder: string): Promise<void> => {
  let entries: Dirent[];
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch (cause) {
    addUnreadable(listing, folder, cause);
    return;
  }
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      await addFolder(listing, path);
      continue;
    }
    try {
      const file = isFileEntry(entry, path) ? await inspect(path) : undefined;
      if (file) listing.files.push(file);
      else listing.skipped.push(path);
    } catch (cause) {
      addUnreadable(listing, path, cause);
    }
  }
};

/**
 * Lists what is to be imported: named files and everything below named folders, in the order given, each once.
 *
 * @throws IMPORT_PATH_UNREADABLE, IMPORT_NOT_A_FILE, IMPORT_KIND_UNKNOWN (of what was named), IMPORT_NOTHING_FOUND (a folder).
 */
export const listImportFiles = async (paths: readonly string[]): Promise<ImportListing> => {
  const listing: Listing = { files: [], skipped: [], unreadable: [] };
  for (const given of paths) {
    const path = resolve(given);
    if (assertFileOrFolder(path).isDirectory()) {
      const before = listing.files.length + listing.unreadable.length;
      await addFolder(listing, path);
      if (listing.files.length + listing.unreadable.length > before) continue;
      throw error('IMPORT_NOTHING_FOUND', { path });
    }
    const file = await inspect(path);
    if (!file) throw error('IMPORT_KIND_UNKNOWN', { path });
    listing.files.push(file);
  }
  const files = new Map(listing.files.map((file) => [file.path, file]));
  return { ...listing, files: [...files.values()] };
};
