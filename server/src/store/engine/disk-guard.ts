/**
 * Keeps the engine from damaging itself when the disk fills. A merge that meets a full disk may leave a part with empty mark
 * files in the place of good ones; the good ones are still there for some minutes (`old_parts_lifetime`, 480 s) and come back when the
 * engine is started again before that. So: no merges while space is short, and an end when such a part is seen.
 */
import { readdirSync, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';

export interface DiskGuardOptions {
  readonly folder: string;
  /** Free space under which nothing is merged. */
  readonly freeBytesMin: number;
  readonly run: (sql: string) => Promise<unknown>;
  /** The engine must be started again, now. */
  readonly onDamage: (parts: readonly string[]) => void;
  readonly freeBytes?: () => number;
}

export const DISK_LOOK_EVERY_MS = 250;

/** Under this a merge may have met a full disk between two looks. */
const CRITICAL_BYTES = 64 * 1024 * 1024;
/** Merges go on when there is this much more than the minimum, so that they do not stop again at once. */
const RESUME_FACTOR = 1.25;

const foldersIn = (folder: string): string[] => {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => join(folder, entry.name));
  } catch {
    // Parts come and go while they are looked at.
    return [];
  }
};

const isEmptyMarks = (folder: string, name: string): boolean => {
  if (!/\.c?mrk\d?$/.test(name)) return false;
  try {
    return statSync(join(folder, name)).size === 0;
  } catch {
    return false;
  }
};

/** Parts of the engine's folder (`store/<prefix>/<uuid>/<part>`) that lost their marks; those still being written do not count. */
export const damagedParts = (folder: string): string[] =>
  foldersIn(join(folder, 'store'))
    .flatMap(foldersIn)
    .flatMap(foldersIn)
    .filter((part) => !/\/(?:tmp|delete_tmp|detached|moving)[^/]*$/.test(part))
    .filter((part) => {
      try {
        return readdirSync(part).some((name) => isEmptyMarks(part, name));
      } catch {
        return false;
      }
    });

/** Looks at once and then regularly; gives the function that ends it. */
export const startDiskGuard = (options: DiskGuardOptions): (() => void) => {
  const { folder, freeBytesMin, run, onDamage } = options;
  const freeBytes =
    options.freeBytes ??
    (() => {
      const { bavail, bsize } = statfsSync(folder);
      return bavail * bsize;
    });
  let isMerging = true;
  let isSuspect = false;

  const setMerging = (wanted: boolean): void => {
    isMerging = wanted;
    run(wanted ? 'SYSTEM START MERGES' : 'SYSTEM STOP MERGES').catch(() => {
      isMerging = !wanted;
    });
  };

  const look = (): void => {
    const free = freeBytes();
    if (free < CRITICAL_BYTES) isSuspect = true;
    if (isMerging && free < freeBytesMin) setMerging(false);
    const damaged = isSuspect ? damagedParts(folder) : [];
    if (damaged.length > 0) onDamage(damaged);
    if (!isMerging && free > freeBytesMin * RESUME_FACTOR) {
      isSuspect = false;
      setMerging(true);
    }
  };

  look();
  const timer = setInterval(look, DISK_LOOK_EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
};
