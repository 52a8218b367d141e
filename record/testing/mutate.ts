/** Damages a valid text in the ways that find faults in parsers. */

/** Uniform in [0, 1). */
export type Random = () => number;

const pick = <Value>(values: readonly Value[], random: Random): Value =>
  values[Math.floor(random() * values.length)] as Value;

interface Cut {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

const cutAt = (bytes: Uint8Array, random: Random): Cut => {
  const start = Math.floor(random() * (bytes.length + 1));
  const length = Math.floor(random() * random() * random() * bytes.length);
  return { bytes, start, end: Math.min(start + length, bytes.length) };
};

const splice = ({ bytes, start, end }: Cut, inserted: Uint8Array): Uint8Array =>
  Buffer.concat([bytes.subarray(0, start), inserted, bytes.subarray(end)]);

const MUTATIONS: readonly ((cut: Cut, tokens: readonly string[], random: Random) => Uint8Array)[] =
  [
    (cut) => splice(cut, new Uint8Array()),
    ({ bytes, start, end }) => splice({ bytes, start: end, end }, bytes.subarray(start, end)),
    ({ bytes, start }, tokens, random) =>
      splice({ bytes, start, end: start }, Buffer.from(pick(tokens, random))),
    (cut, tokens, random) => splice(cut, Buffer.from(pick(tokens, random))),
    ({ bytes, start }, _tokens, random) =>
      splice(
        { bytes, start, end: start + 1 },
        Uint8Array.of(Math.floor(random() * (random() < 0.2 ? 256 : 128))),
      ),
    ({ bytes, start }, tokens, random) => {
      const [from, to] = [pick(tokens, random), pick(tokens, random)];
      const at = Buffer.from(bytes).indexOf(from, start);
      return at < 0 ? bytes : splice({ bytes, start: at, end: at + from.length }, Buffer.from(to));
    },
  ];

const MUTATIONS_MAX = 6;

/** A seed with up to six mutations; tokens are pieces of the language worth inserting. */
export const mutate = (
  seeds: readonly string[],
  tokens: readonly string[],
  random: Random,
): Uint8Array => {
  let bytes: Uint8Array = Buffer.from(pick(seeds, random));
  for (let left = Math.floor(random() * (MUTATIONS_MAX + 1)); left > 0; left -= 1) {
    bytes = pick(MUTATIONS, random)(cutAt(bytes, random), tokens, random);
  }
  return bytes;
};
