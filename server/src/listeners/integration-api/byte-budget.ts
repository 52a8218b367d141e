/** How much may be held at once: bytes of bodies, places for pages. */

/** Bytes that are given away and come back; a request that does not fit is refused rather than made to wait. */
export interface ByteBudget {
  /** False when so many are not left; nothing is then taken. */
  tryTake(bytes: number): boolean;
  giveBack(bytes: number): void;
  readonly taken: number;
}

export const createByteBudget = (bytesMax: number): ByteBudget => {
  let taken = 0;
  return {
    tryTake: (bytes) => {
      if (taken + bytes > bytesMax) return false;
      taken += bytes;
      return true;
    },
    giveBack: (bytes) => {
      taken -= bytes;
    },
    get taken() {
      return taken;
    },
  };
};

/** A fixed number of places; who finds none free waits in turn. */
export interface Places {
  /** Resolves with the function that frees the place; calling it again does nothing. */
  take(): Promise<() => void>;
}

export const createPlaces = (placesMax: number): Places => {
  const waiting: (() => void)[] = [];
  let free = placesMax;

  const release = (): void => {
    const next = waiting.shift();
    if (next) next();
    else free += 1;
  };
  const once = (): (() => void) => {
    let isHeld = true;
    return () => {
      if (isHeld) release();
      isHeld = false;
    };
  };

  return {
    take: async () => {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      return once();
    },
  };
};
