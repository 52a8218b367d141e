/** The few file operations of the spool, so that a test can make each of them fail. */
import { mkdir, open, readdir, readFile, rename, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';

export interface DiskFile {
  /** Writes at a position; may write less than given, as write(2) may. */
  write(buffers: readonly Uint8Array[], position: number): Promise<number>;
  read(into: Uint8Array, position: number): Promise<number>;
  /** fdatasync: the bytes and the size survive power loss when it resolves. */
  sync(): Promise<void>;
  truncate(size: number): Promise<void>;
  close(): Promise<void>;
}

export interface Disk {
  makeFolder(folder: string): Promise<void>;
  list(folder: string): Promise<readonly string[]>;
  /** `create` fails when the file is there. */
  open(path: string, mode: 'create' | 'replace' | 'read'): Promise<DiskFile>;
  /** Undefined when there is no such file. */
  readWhole(path: string): Promise<Buffer | undefined>;
  modifiedAt(path: string): Promise<number>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** Makes created, renamed and removed names survive power loss. */
  syncFolder(folder: string): Promise<void>;
  freeBytes(folder: string): Promise<number>;
}

const FLAGS = { create: 'wx+', replace: 'w+', read: 'r' } as const;

/** Owner only: raw events are audit data. */
const FILE_MODE = 0o600;

export const NODE_DISK: Disk = {
  makeFolder: async (folder) => {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  },
  list: (folder) => readdir(folder),
  open: async (path, mode) => {
    const handle = await open(path, FLAGS[mode], FILE_MODE);
    return {
      write: async (buffers, position) => (await handle.writev(buffers, position)).bytesWritten,
      read: async (into, position) =>
        (await handle.read(into, 0, into.byteLength, position)).bytesRead,
      sync: () => handle.datasync(),
      truncate: (size) => handle.truncate(size),
      close: () => handle.close(),
    };
  },
  readWhole: (path) =>
    readFile(path).catch((error) => {
      if (isCode(error, 'ENOENT')) return undefined;
      throw error;
    }),
  modifiedAt: async (path) => Math.floor((await stat(path)).mtimeMs),
  rename,
  remove: (path) => rm(path, { force: true }),
  syncFolder: async (folder) => {
    // Windows has no handle of a folder that could be flushed; NTFS journals names itself.
    if (process.platform === 'win32') return;
    const handle = await open(folder, 'r');
    await handle.sync().finally(() => handle.close());
  },
  freeBytes: async (folder) => {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  },
};

export const isCode = (error: unknown, ...codes: readonly string[]): boolean =>
  error instanceof Error && 'code' in error && codes.includes(String(error.code));

/** No space, or no space for this user. */
export const isDiskFull = (error: unknown): boolean => isCode(error, 'ENOSPC', 'EDQUOT');

/** Writes all of the buffers, however little a single write takes. */
export const writeAll = async (
  file: DiskFile,
  buffers: readonly Uint8Array[],
  position: number,
): Promise<void> => {
  let rest = buffers.filter((buffer) => buffer.byteLength > 0);
  let at = position;
  while (rest.length > 0) {
    const written = await file.write(rest, at);
    at += written;
    rest = skipBytes(rest, written);
  }
};

const skipBytes = (buffers: readonly Uint8Array[], count: number): Uint8Array[] => {
  let left = count;
  const first = buffers.findIndex((buffer) => {
    if (buffer.byteLength > left) return true;
    left -= buffer.byteLength;
    return false;
  });
  if (first < 0) return [];
  const rest = buffers.slice(first);
  rest[0] = buffers[first]?.subarray(left) ?? new Uint8Array(0);
  return rest;
};

/** Puts a file in place as a whole: after a crash either the old or the new content is there. */
export const replaceFile = async (
  disk: Disk,
  folder: string,
  file: { readonly name: string; readonly content: Uint8Array },
): Promise<void> => {
  const temporary = join(folder, `${file.name}.new`);
  const handle = await disk.open(temporary, 'replace');
  try {
    await writeAll(handle, [file.content], 0);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await disk.rename(temporary, join(folder, file.name));
  await disk.syncFolder(folder);
};
