/** Bytes of envelopes held at once. */
export interface ByteBudget {
  /** False when so many are not left; nothing is then taken. */
  tryTake(bytes: number): boolean;
  giveBack(bytes: number): void;
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
  };
};
