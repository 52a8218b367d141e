/**
 * A small XML reader for event XML, several times faster than a general one because events use little of XML: elements,
 * attributes, character data, CDATA, the predefined entities and character references. Comments and processing
 * instructions are passed over; document types are refused, so no entity can be declared.
 *
 * One leniency: control characters, which XML 1.0 forbids, are taken as they are. Windows writes them into event XML
 * when the event holds them, and refusing them would lose the event.
 */
import { eventError } from './event-errors.ts';
import type { XmlElement } from './windows-event.ts';
import { toXmlElement } from './xml-element.ts';

export const EVENT_XML_LIMITS = {
  /** UTF-16 code units of one event. Windows bounds an event at 64 KiB; forwarded ones carry rendered text beside it. */
  characters: 4 * 1024 * 1024,
  elementDepth: 64,
  elements: 100_000,
} as const;

interface Scanner {
  readonly text: string;
  at: number;
  elements: number;
}

const fail = ({ text }: Scanner, at: number, reason: string): never => {
  const before = text.slice(0, at);
  const line = before.split('\n').length;
  const column = at - before.lastIndexOf('\n');
  throw eventError('EVENT_XML_MALFORMED', { reason }, { location: `${line}:${column}` });
};

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
]);

const CODE = /^#(?:x([\da-fA-F]{1,6})|(\d{1,7}))$/;

/** Any scalar value but NUL. */
const isCharacter = (code: number): boolean =>
  (code > 0 && code < 0xd800) || (code > 0xdfff && code <= 0x10ffff);

const expandReference = (scanner: Scanner, at: number, name: string): string => {
  const known = ENTITIES.get(name);
  if (known !== undefined) return known;
  const [, hex, decimal] = CODE.exec(name) ?? [];
  const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
  if (!isCharacter(code)) return fail(scanner, at, `unknown reference &${name};`);
  return String.fromCodePoint(code);
};

const normalizeLineEnds = (text: string): string =>
  text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;

/** Longest reference: `&#x10FFFF;`. */
const REFERENCE_LENGTH_MAX = 10;

/** Resolves references in `text`, which begins at `start`. */
const expand = (scanner: Scanner, start: number, text: string): string => {
  let ampersand = text.indexOf('&');
  if (ampersand < 0) return text;
  let expanded = '';
  let from = 0;
  while (ampersand >= 0) {
    const semicolon = text.indexOf(';', ampersand);
    if (semicolon < 0 || semicolon - ampersand > REFERENCE_LENGTH_MAX) {
      fail(scanner, start + ampersand, 'a bare ampersand');
    }
    const name = text.slice(ampersand + 1, semicolon);
    expanded += text.slice(from, ampersand) + expandReference(scanner, start + ampersand, name);
    from = semicolon + 1;
    ampersand = text.indexOf('&', from);
  }
  return expanded + text.slice(from);
};

const isSpace = (code: number): boolean =>
  code === 0x20 || code === 0x0a || code === 0x09 || code === 0x0d;

const skipSpace = (scanner: Scanner): boolean => {
  const from = scanner.at;
  while (isSpace(scanner.text.charCodeAt(scanner.at))) scanner.at += 1;
  return scanner.at > from;
};

/** Letters, digits and `. - _ :` of ASCII, and everything beyond; the first may be no digit, dot or hyphen. */
const isNameCode = (code: number): boolean =>
  (code >= 0x61 && code <= 0x7a) ||
  (code >= 0x41 && code <= 0x5a) ||
  (code >= 0x30 && code <= 0x3a) ||
  code === 0x2d ||
  code === 0x2e ||
  code === 0x5f ||
  code > 0x7f;

const takeName = (scanner: Scanner): string => {
  const from = scanner.at;
  const { text } = scanner;
  while (isNameCode(text.charCodeAt(scanner.at))) scanner.at += 1;
  const first = text.charCodeAt(from);
  if (scanner.at === from || (first >= 0x2d && first <= 0x3a)) fail(scanner, from, 'a name is due');
  return text.slice(from, scanner.at);
};

const expect = (scanner: Scanner, token: string): void => {
  if (!scanner.text.startsWith(token, scanner.at)) fail(scanner, scanner.at, `${token} is due`);
  scanner.at += token.length;
};

/** Moves past the next `token`; gives where it begins. */
const skipTo = (scanner: Scanner, token: string): number => {
  const at = scanner.text.indexOf(token, scanner.at);
  if (at < 0) fail(scanner, scanner.at, `${token} is missing`);
  scanner.at = at + token.length;
  return at;
};

const QUOTE = 0x22;
const APOSTROPHE = 0x27;

const takeAttribute = (scanner: Scanner): readonly [string, string] => {
  const { text } = scanner;
  const name = takeName(scanner);
  skipSpace(scanner);
  expect(scanner, '=');
  skipSpace(scanner);
  const quote = text.charCodeAt(scanner.at);
  if (quote !== QUOTE && quote !== APOSTROPHE) fail(scanner, scanner.at, 'a quote is due');
  const from = scanner.at + 1;
  scanner.at = from;
  const end = skipTo(scanner, quote === QUOTE ? '"' : "'");
  const less = text.indexOf('<', from);
  if (less >= 0 && less < end) fail(scanner, less, 'a < inside an attribute');
  const value = text.slice(from, end).replace(/\r\n|[\t\n\r]/g, ' ');
  return [name, expand(scanner, from, value)];
};

interface StartTag {
  readonly name: string;
  readonly attributes: Record<string, string> | undefined;
  readonly isEmpty: boolean;
}

const SLASH = 0x2f;
const GREATER = 0x3e;

/** At the character after `<`. */
const takeStartTag = (scanner: Scanner): StartTag => {
  const { text } = scanner;
  const name = takeName(scanner);
  let attributes: Record<string, string> | undefined;
  for (;;) {
    const isSpaced = skipSpace(scanner);
    const code = text.charCodeAt(scanner.at);
    if (code === GREATER || code === SLASH) break;
    if (!isSpaced) fail(scanner, scanner.at, 'a blank is due');
    const at = scanner.at;
    const [key, value] = takeAttribute(scanner);
    attributes ??= {};
    if (Object.hasOwn(attributes, key)) fail(scanner, at, `attribute ${key} twice`);
    if (key === '__proto__') fail(scanner, at, 'an attribute named __proto__');
    attributes[key] = value;
  }
  const isEmpty = text.charCodeAt(scanner.at) === SLASH;
  expect(scanner, isEmpty ? '/>' : '>');
  return { name, attributes, isEmpty };
};

const CDATA = '<![CDATA[';

/** Comments, processing instructions; `false` when there is none here. */
const skipMisc = (scanner: Scanner): boolean => {
  const { text, at } = scanner;
  if (text.startsWith('<!--', at)) {
    scanner.at = at + 4;
    skipTo(scanner, '-->');
    return true;
  }
  if (text.startsWith('<?', at)) {
    skipTo(scanner, '?>');
    return true;
  }
  if (text.startsWith('<!DOCTYPE', at)) throw eventError('EVENT_XML_DTD');
  return false;
};

const takeElement = (scanner: Scanner, depth: number): XmlElement => {
  scanner.elements += 1;
  if (depth > EVENT_XML_LIMITS.elementDepth || scanner.elements > EVENT_XML_LIMITS.elements) {
    throw eventError('EVENT_XML_LIMIT', {
      reason: 'too many or too deep elements',
    });
  }
  scanner.at += 1;
  const { name, attributes, isEmpty } = takeStartTag(scanner);
  const children: XmlElement[] = [];
  let content = '';
  while (!isEmpty) {
    const from = scanner.at;
    const end = scanner.text.indexOf('<', from);
    if (end < 0) fail(scanner, from, `</${name}> is missing`);
    if (end > from)
      content += expand(scanner, from, normalizeLineEnds(scanner.text.slice(from, end)));
    scanner.at = end;
    if (scanner.text.charCodeAt(end + 1) === SLASH) {
      expect(scanner, `</${name}`);
      skipSpace(scanner);
      expect(scanner, '>');
      break;
    }
    if (scanner.text.startsWith(CDATA, end)) {
      scanner.at += CDATA.length;
      const start = scanner.at;
      const stop = skipTo(scanner, ']]>');
      content += normalizeLineEnds(scanner.text.slice(start, stop));
    } else if (!skipMisc(scanner)) children.push(takeElement(scanner, depth + 1));
  }
  return toXmlElement(name, attributes, { children, text: content });
};

/**
 * The root element of a document. Throws EVENT_XML_MALFORMED with `line:column`, EVENT_XML_DTD or EVENT_XML_LIMIT.
 */
export const scanXml = (text: string): XmlElement => {
  if (text.length > EVENT_XML_LIMITS.characters) {
    throw eventError('EVENT_XML_LIMIT', {
      reason: `${text.length} characters`,
    });
  }
  const scanner: Scanner = {
    text,
    at: text.charCodeAt(0) === 0xfeff ? 1 : 0,
    elements: 0,
  };
  const skipAround = (): void => {
    do skipSpace(scanner);
    while (skipMisc(scanner));
  };
  skipAround();
  if (text.charCodeAt(scanner.at) !== 0x3c) fail(scanner, scanner.at, 'an element is due');
  const root = takeElement(scanner, 1);
  skipAround();
  if (scanner.at < text.length) fail(scanner, scanner.at, 'something follows the event');
  return root;
};
