/** Seeded random numbers (sfc32) and the draws the estate needs. The same seed gives the same estate for ever. */

export interface Random {
  /** Uniform in [0, 1). */
  readonly unit: () => number;
  /** Uniform whole number from 0 to below `count`. */
  readonly below: (count: number) => number;
  readonly chance: (probability: number) => boolean;
  readonly pick: <Value>(values: readonly Value[]) => Value;
  /** Like `below`, but small numbers come far more often: the shape of a Zipf distribution. */
  readonly skewed: (count: number, skew: number) => number;
  /** 8 lower-case hexadecimal digits. */
  readonly hex8: () => string;
  /** `xxxxxxxx-xxxx-4xxx-xxxx-xxxxxxxxxxxx` */
  readonly guid: () => string;
}

/** Mixes a whole number into another that looks unrelated (the finaliser of MurmurHash3). */
export const mix = (value: number): number => {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
};

const HEX_BYTES: readonly string[] = Array.from({ length: 65536 }, (_, value) =>
  value.toString(16).padStart(4, '0'),
);

export const createRandom = (seed: number): Random => {
  let a = mix(seed);
  let b = mix(seed + 0x9e3779b9);
  let c = mix(seed + 0x3c6ef372);
  let counter = 1;
  const next = (): number => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return t >>> 0;
  };
  for (let round = 0; round < 12; round += 1) next();
  const unit = (): number => next() / 4294967296;
  const below = (count: number): number => Math.floor(unit() * count);
  const hex8 = (): string => {
    const value = next();
    return (HEX_BYTES[value >>> 16] ?? '') + (HEX_BYTES[value & 0xffff] ?? '');
  };
  const hex4 = (): string => HEX_BYTES[next() & 0xffff] ?? '';
  return {
    unit,
    below,
    chance: (probability) => unit() < probability,
    pick: (values) => values[below(values.length)] as (typeof values)[number],
    skewed: (count, skew) => Math.floor(count * unit() ** skew),
    hex8,
    guid: () => `${hex8()}-${hex4()}-4${hex4().slice(1)}-${hex4()}-${hex8()}${hex4()}`,
  };
};

/** Draws rows by their weight. */
export const weighted = <Row>(
  rows: readonly (readonly [weight: number, row: Row])[],
): ((random: Random) => Row) => {
  const total = rows.reduce((sum, [weight]) => sum + weight, 0);
  const bounds: number[] = [];
  let sum = 0;
  for (const [weight] of rows) {
    sum += weight / total;
    bounds.push(sum);
  }
  const values = rows.map(([, row]) => row);
  return (random) => {
    const at = random.unit();
    let index = 0;
    while (index < bounds.length - 1 && at >= (bounds[index] ?? 1)) index += 1;
    return values[index] as Row;
  };
};
