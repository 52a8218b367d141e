/** Which files there are to import and what kind each is, told from its first bytes. */
import { type Dirent, statSync } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';
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

const inspect = async (path: string): Promise<ImportFile | undefined> => {
  try {
    const kind = tryDetectKind(await readHead(path), path);
    const { size, mtimeMs } = statSync(path);
    return kind && { path, kind, bytes: size, modifiedMs: Math.floor(mtimeMs) };
  } catch (cause) {
    throw unreadable(path, cause);
  }
};

const filesBelow = async (folder: string): Promise<string[]> => {
  let entries: Dirent[];
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch (cause) {
    throw unreadable(folder, cause);
  }
  const found: string[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) found.push(...(await filesBelow(path)));
    else if (entry.isFile()) found.push(path);
  }
  return found;
};

const isFolder = (path: string): boolean => {
  try {
    return statSync(path).isDirectory();
  } catch (cause) {
    throw unreadable(path, cause);
  }
};

/**
 * Lists what is to be imported: named files and everything below named folders, in the order given.
 *
 * @throws IMPORT_PATH_UNREADABLE, IMPORT_KIND_UNKNOWN (a named file), IMPORT_NOTHING_FOUND (a folder).
 */
export const listImportFiles = async (paths: readonly string[]): Promise<ImportListing> => {
  const files = new Map<string, ImportFile>();
  const skipped: string[] = [];
  for (const given of paths) {
    const path = resolve(given);
    const asFolder = isFolder(path);
    const sizeBefore = files.size;
    for (const each of asFolder ? await filesBelow(path) : [path]) {
      const file = await inspect(each);
      if (file) files.set(each, file);
      else if (asFolder) skipped.push(each);
      else throw error('IMPORT_KIND_UNKNOWN', { path });
    }
    if (files.size === sizeBefore && asFolder) throw error('IMPORT_NOTHING_FOUND', { path });
  }
  return { files: [...files.values()], skipped };
};
