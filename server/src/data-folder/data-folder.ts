import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { dataFolderError } from './errors.ts';

/** Everything Witness keeps on disk, by purpose. */
export interface DataFolderPaths {
  readonly root: string;
  readonly store: string;
  readonly spool: string;
  readonly configuration: string;
  readonly keys: string;
  readonly certificates: string;
  readonly imports: string;
  /** Unix socket, or the name of a pipe on Windows, on which the running server answers this machine's commands. */
  readonly controlSocket: string;
}

export interface DataFolder extends Disposable {
  readonly paths: DataFolderPaths;
}

/** Longest path of a unix socket that every system takes (sockaddr_un holds 104 bytes on macOS, 108 on Linux). */
const SOCKET_PATH_BYTES_MAX = 100;

const controlSocketOf = (root: string): string => {
  const digest = createHash('sha256').update(root).digest('hex').slice(0, 24);
  if (process.platform === 'win32') return `\\\\.\\pipe\\witness-${digest}`;
  const inside = join(root, 'run', 'control.sock');
  return Buffer.byteLength(inside) <= SOCKET_PATH_BYTES_MAX
    ? inside
    : join(tmpdir(), `witness-${digest}`, 'control.sock');
};

export const dataFolderPaths = (folder: string): DataFolderPaths => {
  const root = resolve(folder);
  return {
    root,
    store: join(root, 'store'),
    spool: join(root, 'spool'),
    configuration: join(root, 'configuration.sqlite'),
    keys: join(root, 'keys'),
    certificates: join(root, 'certificates'),
    imports: join(root, 'imports'),
    controlSocket: controlSocketOf(root),
  };
};

const LOCK_FILE = 'lock.sqlite';
const PID_FILE = 'witness.pid';

const pidIn = (root: string): string => {
  try {
    return readFileSync(join(root, PID_FILE), 'utf8').trim();
  } catch {
    return 'unknown';
  }
};

/**
 * Takes the lock of a data folder. SQLite's file lock is used because the operating system gives it up when the process
 * dies, however it dies; a file with a process id would stay.
 */
const takeLock = (root: string): DatabaseSync => {
  const database = new DatabaseSync(join(root, LOCK_FILE));
  try {
    database.exec(
      'PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE;',
    );
    return database;
  } catch (cause) {
    database.close();
    throw dataFolderError('DATA_FOLDER_LOCKED', { folder: root, pid: pidIn(root) }, { cause });
  }
};

/**
 * Opens the folder for this process alone, making it when it is absent (readable by this account only).
 *
 * @throws DATA_FOLDER_LOCKED when another process has it, with that process's id.
 * @throws DATA_FOLDER_UNUSABLE when it cannot be made or written.
 */
export const openDataFolder = (folder: string): DataFolder => {
  const paths = dataFolderPaths(folder);
  try {
    for (const path of [paths.root, paths.keys, paths.imports, join(paths.root, 'run')]) {
      mkdirSync(path, { recursive: true, mode: 0o700 });
    }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw dataFolderError('DATA_FOLDER_UNUSABLE', { folder: paths.root, reason }, { cause });
  }
  const lock = takeLock(paths.root);
  writeFileSync(join(paths.root, PID_FILE), `${process.pid}\n`, { mode: 0o600 });
  return { paths, [Symbol.dispose]: () => lock.close() };
};
