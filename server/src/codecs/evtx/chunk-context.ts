/** What reading one chunk shares: its bytes, what was read of names and templates, and how much work is left. */

import { utf16Text } from './binary-text.ts';
import type { Template } from './binxml-nodes.ts';
import { binXmlError, evtxError } from './evtx-errors.ts';
import { u16 } from './little-endian.ts';
import type { TemplateLibrary } from './template-library.ts';

export const CHUNK_BYTES = 65_536;
export const CHUNK_HEADER_BYTES = 512;

/**
 * Work one chunk may ask for. A chunk as Windows writes it stays below a tenth; repeating one value or one template a
 * thousandfold, as only a made-up chunk does, does not.
 */
export const CHUNK_LIMITS = {
  /** Tokens parsed, values described, elements made. */
  steps: 1_000_000,
  /** Characters of text handed out, repetitions counted. */
  characters: 16 * 1024 * 1024,
  /** Elements within elements. */
  elementDepth: 64,
  /** Binary XML within values of binary XML, templates within templates. */
  nestingDepth: 8,
} as const;

/** The values of one template instance, as three columns. */
export interface Values {
  count: number;
  types: Uint8Array;
  offsets: Int32Array;
  sizes: Int32Array;
}

export interface ChunkContext {
  readonly bytes: Buffer;
  readonly names: Map<number, string>;
  readonly templates: Map<number, Template>;
  /** One per nesting depth, used again for every record. */
  readonly values: Values[];
  /** Shared by the chunks of a file. */
  readonly library: TemplateLibrary;
  borrowedTemplates: number;
  stepsLeft: number;
  charactersLeft: number;
}

const createValues = (capacity: number): Values => ({
  count: 0,
  types: new Uint8Array(capacity),
  offsets: new Int32Array(capacity),
  sizes: new Int32Array(capacity),
});

/** `bytes` are exactly `CHUNK_BYTES` long, so that no offset below that can leave them. */
export const createChunkContext = (bytes: Buffer, library: TemplateLibrary): ChunkContext => ({
  bytes,
  names: new Map(),
  templates: new Map(),
  values: [],
  library,
  borrowedTemplates: 0,
  stepsLeft: CHUNK_LIMITS.steps,
  charactersLeft: CHUNK_LIMITS.characters,
});

export const spendSteps = (ctx: ChunkContext, steps: number): void => {
  ctx.stepsLeft -= steps;
  if (ctx.stepsLeft < 0) {
    throw evtxError('EVTX_LIMIT', {
      reason: `more than ${CHUNK_LIMITS.steps} steps in one chunk`,
    });
  }
};

export const spendCharacters = (ctx: ChunkContext, characters: number): void => {
  ctx.charactersLeft -= characters;
  if (ctx.charactersLeft < 0) {
    throw evtxError('EVTX_LIMIT', {
      reason: `more than ${CHUNK_LIMITS.characters} characters in one chunk`,
    });
  }
};

/** The value columns for a nesting depth, large enough for `count`. */
export const valuesAt = (ctx: ChunkContext, depth: number, count: number): Values => {
  if (depth >= CHUNK_LIMITS.nestingDepth) {
    throw evtxError('EVTX_LIMIT', {
      reason: 'binary XML is nested too deeply',
    });
  }
  let values = ctx.values[depth];
  if (values === undefined || values.types.length < count) {
    values = createValues(Math.max(count, 64));
    ctx.values[depth] = values;
  }
  values.count = count;
  return values;
};

/** Bytes of a name besides its characters: next offset, hash, count, final NUL. */
const NAME_OVERHEAD = 10;

/** Bytes that the name at `offset` takes. */
export const nameBytes = (bytes: Uint8Array, offset: number): number =>
  NAME_OVERHEAD + u16(bytes, offset + 6) * 2;

/** XML names; checked because they reach XML text again. */
const NAME = /^[\p{L}_][\p{L}\p{N}\p{M}_.\-:·]*$/u;

export const nameAt = (ctx: ChunkContext, offset: number): string => {
  const known = ctx.names.get(offset);
  if (known !== undefined) return known;
  const length = u16(ctx.bytes, offset + 6) * 2;
  if (offset < CHUNK_HEADER_BYTES || offset + 8 + length > CHUNK_BYTES) {
    throw binXmlError('a name lies outside the chunk', offset);
  }
  const name = utf16Text(ctx.bytes, offset + 8, length);
  if (!NAME.test(name)) throw binXmlError('a name is not an XML name', offset);
  ctx.names.set(offset, name);
  return name;
};
