/** Unsigned little-endian reads. Beyond the end they give zeros and never throw; callers check bounds first. */
export const u16 = (bytes: Uint8Array, at: number): number =>
  (bytes[at] as number) | ((bytes[at + 1] as number) << 8);

export const u32 = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24)) >>>
  0;

/** Exact up to 2^53. */
export const u64 = (bytes: Uint8Array, at: number): number =>
  u32(bytes, at + 4) * 4294967296 + u32(bytes, at);
