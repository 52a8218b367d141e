/** Finds and reads the settings file; the only file access of this room. */
import { readFileSync } from 'node:fs';
import { settingsError } from './errors.ts';

const DEFAULT_FILE = 'witness.yaml';

/**
 * The file named by `--config`, else by WITNESS_CONFIG, else `witness.yaml` in the working directory. Undefined when
 * only the last was looked for and is not there. Throws SETTINGS_FILE_UNREADABLE.
 */
export const readSettingsFile = (
  flags: { readonly config?: string },
  env: Readonly<Record<string, string | undefined>>,
): { readonly path: string; readonly text: string } | undefined => {
  const wanted = flags.config ?? (env.WITNESS_CONFIG || undefined);
  const path = wanted ?? DEFAULT_FILE;
  try {
    return { path, text: readFileSync(path, 'utf8') };
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (wanted === undefined && code === 'ENOENT') return undefined;
    throw settingsError(
      'SETTINGS_FILE_UNREADABLE',
      { file: path, reason: code ?? String(cause) },
      { cause },
    );
  }
};
