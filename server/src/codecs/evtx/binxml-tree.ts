/**
 * Binary XML to a tree of elements: the general way, for whatever shape a record has. Events of the usual shape go the
 * short way of `event-plan.ts`; both give the same values.
 */
import type { XmlElement } from '../windows-event/windows-event.ts';
import { toXmlElement } from '../windows-event/xml-element.ts';
import type { AttributeNode, ElementNode, InstanceNode, SubstitutionNode } from './binxml-nodes.ts';
import { parseFragment } from './binxml-parser.ts';
import {
  CHUNK_LIMITS,
  type ChunkContext,
  spendCharacters,
  spendSteps,
  type Values,
} from './chunk-context.ts';
import { evtxError } from './evtx-errors.ts';
import { readInstance } from './template-instance.ts';
import { isNull } from './template-values.ts';
import { arrayTexts, VALUE_ARRAY, VALUE_BINXML, valueText } from './value-text.ts';

/** How an element is filled: from which values, which one of an array, how deep in nested fragments. */
interface Filling {
  readonly ctx: ChunkContext;
  readonly values: Values;
  readonly depth: number;
  readonly isRoot: boolean;
  /** While an element is repeated for the elements of an array: which value that is, and the text of this turn. */
  readonly turn?: { readonly index: number; readonly text: string } | undefined;
}

const NO_VALUES: Values = {
  count: 0,
  types: new Uint8Array(0),
  offsets: new Int32Array(0),
  sizes: new Int32Array(0),
};

const isArray = (values: Values, index: number): boolean =>
  index < values.count && ((values.types[index] as number) & VALUE_ARRAY) !== 0;

const arrayOf = ({ ctx, values }: Filling, index: number): string[] => {
  const texts = arrayTexts(
    ctx.bytes,
    (values.types[index] as number) & ~VALUE_ARRAY,
    values.offsets[index] as number,
    values.sizes[index] as number,
  );
  spendSteps(ctx, texts.length);
  return texts;
};

const textOf = (filling: Filling, index: number): string => {
  const { ctx, values, turn } = filling;
  if (isNull(values, index)) return '';
  if (turn?.index === index) return turn.text;
  if (isArray(values, index)) return arrayOf(filling, index).join(' ');
  const type = values.types[index] as number;
  return valueText(ctx.bytes, type, values.offsets[index] as number, values.sizes[index] as number);
};

/** `undefined` when an optional place is NULL, which drops the attribute. */
const attributeText = (filling: Filling, { content }: AttributeNode): string | undefined => {
  let text = '';
  for (const node of content) {
    if (node.kind === 'text') text += node.text;
    else if (node.isOptional && isNull(filling.values, node.index)) return undefined;
    else text += textOf(filling, node.index);
  }
  spendCharacters(filling.ctx, text.length);
  return text;
};

const attributesOf = (
  filling: Filling,
  nodes: readonly AttributeNode[],
): Record<string, string> | undefined => {
  const entries = nodes.flatMap((node): [string, string][] => {
    const text = attributeText(filling, node);
    return text === undefined ? [] : [[node.name, text]];
  });
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
};

/**
 * The root of a record stays: Windows marks `Event` as depending on the value that holds its body, and an event without
 * body is an event.
 */
const isDropped = ({ values, isRoot }: Filling, node: ElementNode): boolean =>
  !isRoot &&
  ((node.dependency >= 0 && isNull(values, node.dependency)) ||
    node.content.some(
      (child) => child.kind === 'substitution' && child.isOptional && isNull(values, child.index),
    ));

/** What a value of binary XML holds. */
const embeddedRoot = (
  { ctx, values, depth }: Filling,
  { index }: SubstitutionNode,
): XmlElement[] => {
  const start = values.offsets[index] as number;
  const end = start + (values.sizes[index] as number);
  const root = parseFragment(ctx, { start, end, hasDependency: false });
  return root === undefined ? [] : treesOf(ctx, root, depth + 1);
};

const isEmbedded = (values: Values, index: number): boolean =>
  index < values.count && values.types[index] === VALUE_BINXML;

const fillOnce = (filling: Filling, node: ElementNode): XmlElement => {
  spendSteps(filling.ctx, 1);
  const children: XmlElement[] = [];
  let text = '';
  for (const child of node.content) {
    if (child.kind === 'text') text += child.text;
    else if (child.kind === 'element')
      children.push(...fill({ ...filling, isRoot: false, turn: undefined }, child));
    else if (child.kind === 'instance') {
      children.push(...treesOf(filling.ctx, child, filling.depth + 1));
    } else if (isEmbedded(filling.values, child.index)) {
      children.push(...embeddedRoot(filling, child));
    } else text += textOf(filling, child.index);
  }
  spendCharacters(filling.ctx, text.length);
  return toXmlElement(node.name, attributesOf(filling, node.attributes), {
    children,
    text,
  });
};

/** An element as often as the array among its places has elements, at least once. */
const fill = (filling: Filling, node: ElementNode): XmlElement[] => {
  const { values } = filling;
  if (isDropped(filling, node)) return [];
  const array = node.content.find(
    (child) => child.kind === 'substitution' && isArray(values, child.index),
  );
  if (array?.kind !== 'substitution') return [fillOnce(filling, node)];
  const { index } = array;
  const texts = arrayOf(filling, index);
  if (texts.length === 0) texts.push('');
  return texts.map((text) => fillOnce({ ...filling, turn: { index, text } }, node));
};

/** The trees of a fragment's root: one, none when an optional value drops it, more when an array repeats it. */
export const treesOf = (
  ctx: ChunkContext,
  root: ElementNode | InstanceNode,
  depth: number,
): XmlElement[] => {
  if (depth >= CHUNK_LIMITS.nestingDepth) {
    throw evtxError('EVTX_LIMIT', {
      reason: 'binary XML is nested too deeply',
    });
  }
  const isRoot = depth === 0;
  if (root.kind === 'element') return fill({ ctx, values: NO_VALUES, depth, isRoot }, root);
  const { template, values } = readInstance(ctx, root, depth);
  if (template.root.kind === 'instance') return treesOf(ctx, template.root, depth + 1);
  return fill({ ctx, values, depth, isRoot }, template.root);
};
