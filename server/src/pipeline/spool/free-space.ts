/** Whether the disk has room above the floor, without asking the system at every write. */
import type { PipelineLimits } from '../pipeline-limits.ts';
import type { Disk } from './disk.ts';

export interface FreeSpace {
  /** Whether so many bytes may be written now; a positive answer counts them as written. */
  take(bytes: number): Promise<boolean>;
}

type Limits = Pick<PipelineLimits, 'freeBytesMin' | 'freeSpaceAgeMsMax'>;

export const createFreeSpace = (
  parts: { readonly disk: Disk; readonly clock: () => number; readonly limits: Limits },
  folder: string,
): FreeSpace => {
  const { disk, clock, limits } = parts;
  let free = 0;
  let measuredAt = Number.NEGATIVE_INFINITY;
  const hasRoom = (bytes: number): boolean => free - bytes >= limits.freeBytesMin;
  return {
    take: async (bytes) => {
      const isOld = Math.abs(clock() - measuredAt) >= limits.freeSpaceAgeMsMax;
      // A refusal is never given on an old figure: space may have come back a moment ago.
      if (isOld || !hasRoom(bytes)) {
        free = await disk.freeBytes(folder);
        measuredAt = clock();
      }
      if (!hasRoom(bytes)) return false;
      free -= bytes;
      return true;
    },
  };
};
