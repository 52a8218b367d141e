import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dataFolderError } from './errors.ts';

/**
 * The random key in a file, made on first use, readable by this account only.
 *
 * @throws DATA_FOLDER_KEY_INVALID when the file holds anything but a key of that length.
 */
export const ensureKeyFile = (
  path: string,
  bytes: number,
  randomBytes: (count: number) => Uint8Array,
): Uint8Array => {
  try {
    const key = readFileSync(path);
    if (key.length !== bytes) throw dataFolderError('DATA_FOLDER_KEY_INVALID', { path });
    return key;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT') throw thrown;
  }
  const key = randomBytes(bytes);
  const file = openSync(path, 'wx', 0o600);
  try {
    writeSync(file, key);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  return key;
};
