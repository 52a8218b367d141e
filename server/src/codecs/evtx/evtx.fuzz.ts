import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { eventFromJson, eventToJson, eventToXml, parseEventXml } from '../index.ts';
import { decodeEvtxBy } from './decode-evtx.ts';
import {
  buildEvtx,
  type ContentSpec,
  type ElementSpec,
  eventSpec,
  sealChunk,
  utf16,
} from './testing.ts';

type Random = () => number;

const integer = (random: Random, below: number): number => Math.floor(random() * below);

const pick = <Item>(random: Random, items: readonly Item[]): Item =>
  items[integer(random, items.length)] as Item;

const hexBytes = (random: Random, length: number): string =>
  Buffer.from(Array.from({ length }, () => integer(random, 256))).toString('hex');

const TYPES = [...Array(0x24).keys()].flatMap((type) => [type, type | 0x80]);

const randomContent = (random: Random, depth: number): ContentSpec =>
  pick<() => ContentSpec>(random, [
    () => ({ value: integer(random, 6), optional: random() < 0.5 }),
    () => 'text',
    () => ({ cdata: '<&' }),
    () => ({ entity: 'amp' }),
    () => ({ characterReference: integer(random, 0x1_0000) }),
    () => ({ instruction: 'x' }),
    () => (depth > 3 ? 'deep' : randomElement(random, depth + 1)),
  ])();

const NAMES = ['Data', 'Binary', 'EventData', 'UserData', 'ProcessingErrorData', 'Other', 'p:Data'];

const randomElement = (random: Random, depth = 0): ElementSpec => ({
  name: pick(random, NAMES),
  ...(random() < 0.5 ? { attributes: { Name: randomContent(random, 4) } } : {}),
  ...(random() < 0.2 ? { dependency: integer(random, 6) } : {}),
  content: Array.from({ length: integer(random, 4) }, () => randomContent(random, depth)),
});

/** A well-formed file with a random template and random values. */
const randomFile = (random: Random): Buffer => {
  const inner = { template: randomElement(random), values: [] };
  const template = eventSpec([randomElement(random), { value: 5 }]);
  const values = Array.from({ length: 5 }, () => {
    const size = pick(random, [0, 1, 2, 4, 8, 12, 16, 28, 40]);
    return [pick(random, TYPES), random() < 0.3 ? utf16('a\0b') : hexBytes(random, size)] as const;
  });
  const root = { template, values: [...values, [0x21, inner] as const] };
  return buildEvtx([[1, 2, 3].map((id) => ({ id, root }))]);
};

/** The first chunk of small files; the corpus may be absent. */
const seeds = ((): Buffer[] => {
  const corpora = process.env.WITNESS_CORPORA ?? '';
  if (corpora === '' || !existsSync(corpora)) return [];
  return globSync(join(corpora, '**/*.evtx'))
    .sort()
    .filter((path) => statSync(path).size < 80_000)
    .slice(0, 40)
    .map((path) => readFileSync(path));
})();

const INTERESTING = [0, 1, 0x7f, 0x80, 0xff, 0x0c, 0x0f, 0x21, 0x41, 0x81];

const mutate = (random: Random, bytes: Buffer): Buffer => {
  const used = Math.max(600, Math.min(bytes.readUInt32LE(4096 + 48), 65_536));
  for (let count = integer(random, 12); count > 0; count -= 1) {
    const at = 4096 + 512 + integer(random, used - 512);
    if (at < bytes.length)
      bytes[at] = random() < 0.5 ? pick(random, INTERESTING) : integer(random, 256);
  }
  if (random() < 0.1) bytes[integer(random, 4096 + 512)] = integer(random, 256);
  if (random() < 0.5 && bytes.length >= 4096 + 65_536) sealChunk(bytes.subarray(4096));
  return random() < 0.1 ? bytes.subarray(0, integer(random, bytes.length)) : bytes;
};

/**
 * Whatever the bytes: no exception but "not a log", both ways agree, and every event is one that JSON and XML hold.
 */
export const fuzz = {
  name: 'evtx',
  makeInput: (random: Random): Uint8Array => {
    const isBuilt = seeds.length === 0 || random() < 0.5;
    const file = isBuilt ? randomFile(random) : Buffer.from(pick(random, seeds));
    return isBuilt && random() < 0.5 ? file : mutate(random, file);
  },
  check: (input: Uint8Array): void => {
    const from = performance.now();
    try {
      const planned = [...decodeEvtxBy('plan', input)];
      assert.deepEqual(planned, [...decodeEvtxBy('tree', input)]);
      for (const event of planned.flatMap(({ events }) => events)) {
        assert.deepEqual(eventFromJson(eventToJson(event)), event);
        parseEventXml(eventToXml(event));
      }
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EVTX_NOT_A_LOG'))
        throw error;
    }
    assert.ok(performance.now() - from < 10_000, 'takes too long');
  },
};
