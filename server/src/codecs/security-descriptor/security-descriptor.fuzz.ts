import assert from 'node:assert/strict';
import { WitnessError } from '@witness/record';
import {
  descriptorChanges,
  descriptorToSddl,
  parseBinaryDescriptor,
  parseSddl,
  type SecurityDescriptor,
} from './index.ts';

type Random = () => number;

const integer = (random: Random, below: number): number => Math.floor(random() * below);

const pick = <Item>(random: Random, items: readonly Item[]): Item =>
  items[integer(random, items.length)] as Item;

const SEED =
  'O:S-1-5-21-1-2-3-1170G:DAD:PAI(OD;;CR;ab721a53-1e2f-11d0-9819-00aa0040529b;;WD)(A;OICIID;FA;;;SY)' +
  '(OA;CIIO;RPWP;bf9679c0-0de6-11d0-a285-00aa003049e2;bf967a9c-0de6-11d0-a285-00aa003049e2;BA)' +
  '(XA;;0x1200a9;;;AU;(@User.a == "b)" && (Member_of {SID(BA)})))S:AR(AU;SAFA;GA;;;WD)(ML;;NWNR;;;ME)';

const TOKENS = [
  ...['O:', 'G:', 'D:', 'S:', 'P', 'AI', 'AR', 'NO_ACCESS_CONTROL', '(', ')', ';', ';;', '"', '{'],
  ...['A', 'OA', 'XA', 'RA', 'ML', 'FA', 'GA', '0x', '0xffffffff', '4294967296', '-1', 'S-1-', ' '],
  ...[
    'S-1-5-21-99999999999',
    'S-1-0xFFFFFFFFFFFF-1',
    '\u0000',
    '\ud800',
    '😀',
    '__proto__',
    '\r\n',
  ],
] as const;

const mutate = (random: Random, text: string): string => {
  const at = integer(random, text.length);
  const until = at + integer(random, 12);
  return pick(random, [
    text.slice(0, at) + pick(random, TOKENS) + text.slice(at),
    text.slice(0, at) + text.slice(until),
    text.slice(0, at) + text.slice(at, until).repeat(3) + text.slice(until),
    text.slice(0, at) + pick(random, TOKENS) + text.slice(until),
  ]);
};

/** World: full control; owner and group SYSTEM. */
const BINARY_SEED = Buffer.from(
  '0100048014000000200000000000000002c0000001010000000000051200000001010000000000051200000002001c0001000000000014' +
    '00ff011f00010100000000000100000000',
  'hex',
);

const mutateBytes = (random: Random): Uint8Array => {
  const bytes = Buffer.from(BINARY_SEED);
  for (let count = integer(random, 6); count > 0; count -= 1) {
    bytes[integer(random, bytes.length)] = integer(random, 256);
  }
  return bytes.subarray(0, bytes.length - (random() < 0.3 ? integer(random, bytes.length) : 0));
};

const TEXT = 0;
const BINARY = 1;

const parse = (input: Uint8Array): SecurityDescriptor =>
  input[0] === BINARY
    ? parseBinaryDescriptor(input.subarray(1))
    : parseSddl(Buffer.from(input.subarray(1)).toString('utf16le'));

/** Whatever the input: a descriptor that SDDL holds and that differs from itself in nothing, or a WitnessError. */
export const fuzz = {
  name: 'security-descriptor',
  makeInput: (random: Random): Uint8Array => {
    if (random() < 0.4) return Buffer.concat([Buffer.of(BINARY), mutateBytes(random)]);
    let text = SEED;
    for (let count = integer(random, 8); count > 0; count -= 1) text = mutate(random, text);
    return Buffer.concat([Buffer.of(TEXT), Buffer.from(text, 'utf16le')]);
  },
  check: (input: Uint8Array): void => {
    try {
      const descriptor = parse(input);
      const names = { kind: 'directory object' } as const;
      assert.deepEqual(descriptorChanges(descriptor, descriptor, names), []);
      descriptorChanges(undefined, descriptor, names);
      const again = parseSddl(descriptorToSddl(descriptor) || 'D:');
      assert.deepEqual(descriptorChanges(descriptor, again, { kind: 'file' }), []);
    } catch (error) {
      if (!(error instanceof WitnessError)) throw error;
    }
  },
};
