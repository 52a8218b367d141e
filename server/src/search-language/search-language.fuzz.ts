/** Random text built from the language's own pieces: parses, or throws a WitnessError; nothing else. */
import { WitnessError } from '@witness/record';
import { parseSearch } from './index.ts';

const PIECES =
  'who action what where type from source plan item rid detail property before after when since until hours outside-hours any whoo : = != !: ^= $= ( ) (( )) , " "" - -- AND OR NOT a jdoe today yesterday 7d 24h 2026-11-01 2026-13-01 2026-11-01T08:30 .. @Europe/Berlin @ +02:00 08:00-18:00 22-6 mon-fri detail( \\\\srv\\x * % \t \n \u0000 \ud800 日本 é'.split(
    ' ',
  );

const pick = (random: () => number, count: number): number => Math.floor(random() * count);

const makePiece = (random: () => number): string =>
  random() < 0.9
    ? (PIECES[pick(random, PIECES.length)] ?? '')
    : String.fromCharCode(pick(random, random() < 0.8 ? 128 : 65536));

const check = (input: Uint8Array): void => {
  const text = Buffer.from(input).toString('utf8');
  const context = { now: 1_795_613_400_000, timeZone: 'Europe/Berlin' };
  try {
    parseSearch(text, context);
  } catch (error) {
    if (!(error instanceof WitnessError)) throw error;
  }
};

export const fuzz = {
  name: 'search-language',
  makeInput: (random: () => number): Uint8Array => {
    const pieces = Array.from({ length: pick(random, 30) }, () => makePiece(random));
    return Buffer.from(pieces.join(random() < 0.5 ? ' ' : ''));
  },
  check,
};
