/** Hardened XML reading for everybody: no document types, no entities of its own, bounded, namespace-aware. */
import type { SaxesTagNS } from 'saxes';
import { recordError, shown } from './record-errors.ts';
import { XmlParser } from './xml-parser.ts';

export interface XmlNode {
  /** Without prefix. */
  readonly name: string;
  /** Empty when the element is in none. */
  readonly namespace: string;
  /** By local name; `{namespace}name` for attributes with a prefix. Namespace declarations are left out. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlNode[];
  /** All text directly in the element, CDATA included, line breaks as LF, blanks kept. */
  readonly text: string;
  /** From 1; the place right behind the element's name. */
  readonly line: number;
  readonly column: number;
}

export interface XmlLimits {
  /** UTF-16 code units of the document. */
  readonly lengthMax: number;
  readonly depthMax: number;
  /** In the document; for `parseXmlList` in each child of the root, because only one is kept at a time. */
  readonly elementsMax: number;
  readonly attributesMax: number;
}

export const XML_LIMITS: XmlLimits = {
  lengthMax: 64 * 1024 * 1024,
  depthMax: 64,
  elementsMax: 1_000_000,
  attributesMax: 1_000_000,
};

interface GrowingNode extends XmlNode {
  readonly children: GrowingNode[];
  text: string;
}

/** The root's own children are not in it. */
type OnChild = (child: XmlNode, root: XmlNode) => void;

const XMLNS_NAMESPACE = 'http://www.w3.org/2000/xmlns/';
const NO_ATTRIBUTES: Readonly<Record<string, string>> = Object.freeze({});

const attributesOf = (tag: SaxesTagNS): Readonly<Record<string, string>> => {
  const pairs = Object.values(tag.attributes)
    .filter((attribute) => attribute.uri !== XMLNS_NAMESPACE)
    .map((attribute): [string, string] => [
      attribute.uri === '' ? attribute.local : `{${attribute.uri}}${attribute.local}`,
      attribute.value,
    ]);
  return pairs.length === 0 ? NO_ATTRIBUTES : Object.fromEntries(pairs);
};

const createNode = (
  tag: SaxesTagNS,
  attributes: XmlNode['attributes'],
  place: Pick<XmlNode, 'line' | 'column'>,
): GrowingNode => ({
  name: tag.local,
  namespace: tag.uri,
  attributes,
  children: [],
  text: '',
  line: place.line,
  column: place.column,
});

/** `1:17: disallowed character.` -> `disallowed character`. */
const reasonOf = (error: Error): string =>
  shown(error.message.replace(/^\d+:\d+: /, '').replace(/\.$/, ''));

const refuseBeforehand = (text: string, limits: XmlLimits): void => {
  if (text.length > limits.lengthMax) {
    throw recordError('XML_TOO_LARGE', { what: 'characters', max: limits.lengthMax });
  }
  // saxes takes whatever follows a lone high surrogate for its other half, a mark-up character included.
  if (!text.isWellFormed()) throw recordError('XML_MALFORMED', { reason: 'a lone surrogate' });
};

/** Counts up to a limit and throws XML_TOO_LARGE beyond it. */
const createCounter = (what: string, max: number, location: () => string) => {
  let count = 0;
  return {
    add: (): void => {
      count += 1;
      if (count > max) throw recordError('XML_TOO_LARGE', { what, max }, { location: location() });
    },
    reset: (): void => {
      count = 0;
    },
  };
};

/** Parses a document; with `onChild` the root's children are handed over and not kept. Errors as `parseXmlTree`. */
const readXml = (text: string, limits: XmlLimits, onChild?: OnChild): XmlNode => {
  refuseBeforehand(text, limits);
  const parser = new XmlParser();
  const location = (): string => `${parser.line}:${parser.column}`;
  const elements = createCounter('elements', limits.elementsMax, location);
  const attributes = createCounter('attributes', limits.attributesMax, location);
  const open: GrowingNode[] = [];
  let root: GrowingNode | undefined;
  let current: GrowingNode | undefined;
  let hasAttributes = false;
  let [line, column] = [1, 1];

  parser.on('error', (error) => {
    throw recordError('XML_MALFORMED', { reason: reasonOf(error) }, { location: location() });
  });
  parser.on('doctype', () => {
    throw recordError('XML_DTD_REFUSED', {}, { location: location() });
  });
  parser.on('opentagstart', () => {
    elements.add();
    if (open.length >= limits.depthMax) {
      const values = { what: 'levels', max: limits.depthMax };
      throw recordError('XML_TOO_LARGE', values, { location: location() });
    }
    hasAttributes = false;
    line = parser.line;
    column = parser.column;
  });
  parser.on('attribute', () => {
    attributes.add();
    hasAttributes = true;
  });
  parser.on('opentag', (tag) => {
    const attributesOrNone = hasAttributes ? attributesOf(tag) : NO_ATTRIBUTES;
    const node = createNode(tag, attributesOrNone, { line, column });
    root ??= node;
    if (current && !(onChild && current === root)) current.children.push(node);
    open.push(node);
    current = node;
  });
  parser.on('closetag', () => {
    const node = open.pop();
    current = open[open.length - 1];
    if (!onChild || !node || !root || current !== root) return;
    elements.reset();
    attributes.reset();
    onChild(node, root);
  });
  const addText = (piece: string): void => {
    if (current) current.text += piece;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.write(text).close();
  if (!root) throw recordError('XML_MALFORMED', { reason: 'there is no root element' });
  return root;
};

/**
 * Parses a whole document into a tree. Throws XML_MALFORMED (also for prefixes nobody declared), XML_DTD_REFUSED or
 * XML_TOO_LARGE with the location `line:column`.
 */
export const parseXmlTree = (text: string, limits: Partial<XmlLimits> = {}): XmlNode =>
  readXml(text, { ...XML_LIMITS, ...limits });

/**
 * As `parseXmlTree` for long lists: hands each child of the root over as soon as it is complete and does not keep it; the root
 * is returned without children, and the limits on elements and attributes hold for each child. A fault later in the document is thrown after the children before it were handed over.
 */
export const parseXmlList = (
  text: string,
  onChild: OnChild,
  limits: Partial<XmlLimits> = {},
): XmlNode => readXml(text, { ...XML_LIMITS, ...limits }, onChild);
