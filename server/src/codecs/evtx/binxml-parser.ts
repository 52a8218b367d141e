/**
 * Parses the tokens of binary XML ([MS-EVEN6] 2.2.12; "Windows XML Event Log (EVTX) format" of the libevtx project for
 * what files add: name offsets, inline names, template definitions in the chunk).
 */
import { utf16Text } from './binary-text.ts';
import type {
  AttributeNode,
  ContentNode,
  ElementNode,
  InstanceNode,
  SubstitutionNode,
  TextNode,
} from './binxml-nodes.ts';
import { CHUNK_LIMITS, type ChunkContext, nameAt, nameBytes, spendSteps } from './chunk-context.ts';
import { binXmlError, evtxError } from './evtx-errors.ts';
import { u16, u32 } from './little-endian.ts';
import { instanceEnd } from './template-values.ts';
import { valueText } from './value-text.ts';

/** Tokens without the flag 0x40, "more follows", which says nothing that the next token does not. */
const TOKEN = {
  eof: 0x00,
  openElement: 0x01,
  closeStart: 0x02,
  closeEmpty: 0x03,
  endElement: 0x04,
  value: 0x05,
  attribute: 0x06,
  cdata: 0x07,
  characterReference: 0x08,
  entityReference: 0x09,
  piTarget: 0x0a,
  piData: 0x0b,
  instance: 0x0c,
  substitution: 0x0d,
  optionalSubstitution: 0x0e,
  fragmentHeader: 0x0f,
} as const;
const MORE_FLAG = 0x40;
const HAS_ATTRIBUTES = 0x41;

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
]);

interface Cursor {
  readonly ctx: ChunkContext;
  at: number;
  readonly end: number;
  /** Elements carry a dependency identifier in template definitions only. */
  readonly hasDependency: boolean;
  depth: number;
}

const tokenAt = (cursor: Cursor): number => {
  if (cursor.at >= cursor.end) throw binXmlError('binary XML ends early', cursor.at);
  return (cursor.ctx.bytes[cursor.at] as number) & ~MORE_FLAG;
};

const take = (cursor: Cursor, bytes: number): number => {
  const at = cursor.at;
  if (bytes > cursor.end - at) throw binXmlError('binary XML ends early', at);
  cursor.at = at + bytes;
  return at;
};

/** A name by offset; when it is stored right here, the cursor moves past it. */
const takeName = (cursor: Cursor): string => {
  const { ctx } = cursor;
  const offset = u32(ctx.bytes, take(cursor, 4));
  const name = nameAt(ctx, offset);
  if (offset === cursor.at) take(cursor, nameBytes(ctx.bytes, offset));
  return name;
};

const takeText = (cursor: Cursor): string => {
  const { bytes } = cursor.ctx;
  const length = u16(bytes, take(cursor, 2)) * 2;
  return utf16Text(bytes, take(cursor, length), length);
};

/** Sizes of the value types that a value token may hold besides a string. */
const INLINE_BYTES: Readonly<Record<number, number>> = {
  0: 0,
  3: 1,
  4: 1,
  5: 2,
  6: 2,
  7: 4,
  8: 4,
  9: 8,
  10: 8,
  11: 4,
  12: 8,
  13: 4,
  15: 16,
  16: 8,
  17: 8,
  18: 16,
  20: 4,
  21: 8,
};

const takeValue = (cursor: Cursor): string => {
  const { bytes } = cursor.ctx;
  const at = take(cursor, 2);
  const type = bytes[at + 1] as number;
  if (type === 0x01) return takeText(cursor);
  const size = INLINE_BYTES[type];
  if (size === undefined) throw binXmlError(`a value token holds type ${type}`, at);
  return valueText(bytes, type, take(cursor, size), size);
};

const takeCharacterReference = (cursor: Cursor): string => {
  const code = u16(cursor.ctx.bytes, take(cursor, 3) + 1);
  return String.fromCharCode(code).toWellFormed();
};

const takeEntityReference = (cursor: Cursor): string => {
  const at = take(cursor, 1);
  const name = takeName(cursor);
  const text = ENTITIES.get(name);
  if (text === undefined) throw binXmlError('an entity reference names no known entity', at);
  return text;
};

const takeSubstitution = (cursor: Cursor): SubstitutionNode => {
  const at = take(cursor, 4);
  const { bytes } = cursor.ctx;
  const isOptional = bytes[at] === TOKEN.optionalSubstitution;
  return { kind: 'substitution', index: u16(bytes, at + 1), isOptional };
};

/** A token that is text or a place for it; undefined for any other token. */
const takeTextual = (cursor: Cursor, token: number): TextNode | SubstitutionNode | undefined => {
  switch (token) {
    case TOKEN.value:
      return { kind: 'text', text: takeValue(cursor) };
    case TOKEN.cdata:
      take(cursor, 1);
      return { kind: 'text', text: takeText(cursor) };
    case TOKEN.characterReference:
      return { kind: 'text', text: takeCharacterReference(cursor) };
    case TOKEN.entityReference:
      return { kind: 'text', text: takeEntityReference(cursor) };
    case TOKEN.substitution:
    case TOKEN.optionalSubstitution:
      return takeSubstitution(cursor);
    default:
      return undefined;
  }
};

/** Text in several tokens is one text. */
const push = <Node extends ContentNode>(
  nodes: (Node | TextNode)[],
  node: Node | TextNode,
): void => {
  const last = nodes[nodes.length - 1];
  if (node.kind === 'text' && last?.kind === 'text') {
    nodes[nodes.length - 1] = { kind: 'text', text: last.text + node.text };
  } else {
    nodes.push(node);
  }
};

const takeAttribute = (cursor: Cursor): AttributeNode => {
  take(cursor, 1);
  const name = takeName(cursor);
  const content: (TextNode | SubstitutionNode)[] = [];
  for (;;) {
    spendSteps(cursor.ctx, 1);
    const node = takeTextual(cursor, tokenAt(cursor));
    if (node === undefined) return { name, content };
    push(content, node);
  }
};

const takeAttributes = (cursor: Cursor): AttributeNode[] => {
  take(cursor, 4);
  const attributes: AttributeNode[] = [];
  while (tokenAt(cursor) === TOKEN.attribute) attributes.push(takeAttribute(cursor));
  return attributes;
};

const takeProcessingInstruction = (cursor: Cursor): void => {
  take(cursor, 1);
  takeName(cursor);
  if (tokenAt(cursor) !== TOKEN.piData) return;
  take(cursor, 1);
  takeText(cursor);
};

const takeInstance = (cursor: Cursor): InstanceNode => {
  const node: InstanceNode = {
    kind: 'instance',
    offset: cursor.at,
    end: cursor.end,
  };
  cursor.at = instanceEnd(cursor.ctx, node);
  return node;
};

const takeContent = (cursor: Cursor): ContentNode[] => {
  const content: ContentNode[] = [];
  for (;;) {
    spendSteps(cursor.ctx, 1);
    const token = tokenAt(cursor);
    if (token === TOKEN.endElement) {
      take(cursor, 1);
      return content;
    }
    if (token === TOKEN.openElement) content.push(takeElement(cursor));
    else if (token === TOKEN.piTarget) takeProcessingInstruction(cursor);
    else if (token === TOKEN.instance) content.push(takeInstance(cursor));
    else {
      const node = takeTextual(cursor, token);
      if (node === undefined) throw binXmlError(`token ${token} inside an element`, cursor.at);
      push(content, node);
    }
  }
};

const takeElement = (cursor: Cursor): ElementNode => {
  cursor.depth += 1;
  if (cursor.depth > CHUNK_LIMITS.elementDepth) {
    throw evtxError('EVTX_LIMIT', { reason: 'elements are nested too deeply' });
  }
  const { bytes } = cursor.ctx;
  const hasAttributes = bytes[cursor.at] === HAS_ATTRIBUTES;
  take(cursor, 1);
  const dependencyId = cursor.hasDependency ? u16(bytes, take(cursor, 2)) : 0xffff;
  take(cursor, 4);
  const name = takeName(cursor);
  const attributes = hasAttributes ? takeAttributes(cursor) : [];
  const close = tokenAt(cursor);
  if (close !== TOKEN.closeStart && close !== TOKEN.closeEmpty) {
    throw binXmlError(`token ${close} inside a start tag`, cursor.at);
  }
  take(cursor, 1);
  const content = close === TOKEN.closeStart ? takeContent(cursor) : [];
  cursor.depth -= 1;
  const dependency = dependencyId === 0xffff ? -1 : dependencyId;
  return { kind: 'element', name, dependency, attributes, content };
};

/**
 * Parses a fragment: header, processing instructions, then one element or one template instance. `undefined` when it
 * holds neither.
 */
export const parseFragment = (
  ctx: ChunkContext,
  range: {
    readonly start: number;
    readonly end: number;
    readonly hasDependency: boolean;
  },
): ElementNode | InstanceNode | undefined => {
  const { start: at, end, hasDependency } = range;
  const cursor: Cursor = { ctx, at, end, hasDependency, depth: 0 };
  while (cursor.at < end) {
    spendSteps(ctx, 1);
    switch (tokenAt(cursor)) {
      case TOKEN.fragmentHeader:
        take(cursor, 4);
        break;
      case TOKEN.piTarget:
        takeProcessingInstruction(cursor);
        break;
      case TOKEN.openElement:
        return takeElement(cursor);
      case TOKEN.instance:
        return { kind: 'instance', offset: cursor.at, end };
      case TOKEN.eof:
        return undefined;
      default:
        throw binXmlError(`token ${tokenAt(cursor)} outside an element`, cursor.at);
    }
  }
  return undefined;
};
