/**
 * A pull reader for SOAP envelopes: namespaces, no tree, no copy of what is passed over. Refused: document types,
 * processing instructions (SOAP 1.2, 5), entities that are not predefined, depth and attributes beyond a limit.
 *
 * Lenient in one thing: control characters are taken as they are, since events hold them.
 */
import { wsmanError } from './wsman-errors.ts';
import { expandReferences } from './xml-references.ts';

export const ENVELOPE_LIMITS = {
  depth: 64,
  attributes: 64,
  /** Namespaces in scope at one place: every prefix is looked up among them. */
  namespaces: 64,
  /** Of header blocks together, and of a body that is no batch of events. */
  elements: 10_000,
  events: 100_000,
} as const;

export interface StartTag {
  readonly kind: 'start';
  readonly namespace: string;
  /** Local name. */
  readonly name: string;
  /** By local name, or `{namespace}name`. Declarations of namespaces are left out. */
  readonly attributes: ReadonlyMap<string, string>;
  /** Where the tag begins. */
  readonly from: number;
}

/** An empty element gives a start and an end, both of its one tag. */
export type XmlToken =
  | StartTag
  | { readonly kind: 'end'; readonly from: number }
  | { readonly kind: 'text'; readonly text: string; readonly from: number }
  | { readonly kind: 'document-end'; readonly from: number };

interface OpenElement {
  readonly qualifiedName: string;
  /** How many declarations were in scope before it. */
  readonly declarations: number;
}

interface Declaration {
  readonly prefix: string;
  readonly uri: string;
}

const XML_NAMESPACE = 'http://www.w3.org/XML/1998/namespace';
const CDATA = '<![CDATA[';
const CDATA_END = ']]>';
const NO_ATTRIBUTES: ReadonlyMap<string, string> = new Map();

const LETTER = 'A-Za-z_\\u0080-\\ud7ff\\uf900-\\ufffd';
const NAME = new RegExp(`[${LETTER}][\\w.${LETTER}-]*(?::[${LETTER}][\\w.${LETTER}-]*)?`, 'y');
const SPACE = /[ \t\r\n]*/y;
/** What an error shows of a name. */
const SHOWN = 80;

const isDeclaration = (name: string): boolean => name === 'xmlns' || name.startsWith('xmlns:');

/** `line:column`, both from 1. */
export const placeIn = (text: string, at: number): string => {
  let line = 1;
  let lineFrom = 0;
  for (let end = text.indexOf('\n'); end >= 0 && end < at; end = text.indexOf('\n', end + 1)) {
    line += 1;
    lineFrom = end + 1;
  }
  return `${line}:${at - lineFrom + 1}`;
};

export class XmlReader {
  readonly text: string;
  /** Where the next token begins. */
  at = 0;
  readonly #open: OpenElement[] = [];
  readonly #declarations: Declaration[] = [{ prefix: 'xml', uri: XML_NAMESPACE }];
  /** The end that an empty element still owes; -1 for none. */
  #owedEnd = -1;

  constructor(text: string) {
    this.text = text;
    if (text.startsWith('<?xml ')) this.at = this.#after('?>', 0);
  }

  /** Elements that are open. */
  get depth(): number {
    return this.#open.length;
  }

  fail(reason: string, at: number): never {
    throw wsmanError('WSMAN_XML_MALFORMED', { reason }, { location: placeIn(this.text, at) });
  }

  refuse(reason: string, at: number): never {
    throw wsmanError('WSMAN_SOAP_INVALID', { reason }, { location: placeIn(this.text, at) });
  }

  limit(reason: string, at: number): never {
    throw wsmanError('WSMAN_XML_LIMIT', { reason }, { location: placeIn(this.text, at) });
  }

  next(): XmlToken {
    if (this.#owedEnd >= 0) {
      const from = this.#owedEnd;
      this.#owedEnd = -1;
      this.#close();
      return { kind: 'end', from };
    }
    for (;;) {
      const from = this.at;
      const open = this.text.indexOf('<', from);
      if (open !== from) return this.#text(from, open);
      const second = this.text.charCodeAt(from + 1);
      if (second === 0x2f) return this.#endTag(from);
      if (second !== 0x21 && second !== 0x3f) return this.#startTag(from);
      if (this.text.startsWith(CDATA, from)) return this.#cdata(from);
      this.#skipDeclaration(from);
    }
  }

  /** The next token that is not white space between tags. Throws WSMAN_SOAP_INVALID on other text. */
  nextTag(): Exclude<XmlToken, { readonly kind: 'text' }> {
    for (;;) {
      const token = this.next();
      if (token.kind !== 'text') return token;
      if (token.text.trim() !== '') this.refuse('text between elements', token.from);
    }
  }

  /** Passes over the content and the end of the element that was just begun; gives where its end tag begins. */
  skipElement(): number {
    const outside = this.depth - 1;
    for (;;) {
      const token = this.next();
      if (token.kind === 'end' && this.depth === outside) return token.from;
    }
  }

  /** The text of a CDATA section that begins right here; undefined when none does. */
  takeCdata(): string | undefined {
    if (!this.text.startsWith(CDATA, this.at)) return undefined;
    const from = this.at + CDATA.length;
    this.at = this.#after(CDATA_END, from);
    return this.text.slice(from, this.at - CDATA_END.length);
  }

  skipSpace(): void {
    SPACE.lastIndex = this.at;
    SPACE.test(this.text);
    this.at = SPACE.lastIndex;
  }

  #after(token: string, from: number): number {
    const at = this.text.indexOf(token, from);
    if (at < 0) this.fail(`${token} is missing`, from);
    return at + token.length;
  }

  #text(from: number, open: number): XmlToken {
    if (open < 0 && this.depth > 0) this.fail('it ends inside an element', this.text.length);
    const end = open < 0 ? this.text.length : open;
    if (from === end) return { kind: 'document-end', from };
    this.at = end;
    const text = this.#expand(from, end);
    if (this.depth === 0 && text.trim() !== '') this.fail('text outside the envelope', from);
    return { kind: 'text', text, from };
  }

  #cdata(from: number): XmlToken {
    if (this.depth === 0) this.fail('text outside the envelope', from);
    const text = this.takeCdata() ?? '';
    return { kind: 'text', text, from };
  }

  /** Comments; everything else that begins like one is refused. */
  #skipDeclaration(from: number): void {
    if (this.text.startsWith('<!--', from)) {
      this.at = this.#after('-->', from + 4);
    } else if (this.text.startsWith('<!DOCTYPE', from)) {
      throw wsmanError('WSMAN_XML_DTD', {}, { location: placeIn(this.text, from) });
    } else this.fail('a declaration or processing instruction', from);
  }

  #startTag(from: number): StartTag {
    if (this.depth >= ENVELOPE_LIMITS.depth) {
      this.limit(`more than ${ENVELOPE_LIMITS.depth} levels`, from);
    }
    this.at = from + 1;
    const qualifiedName = this.#name();
    this.#open.push({ qualifiedName, declarations: this.#declarations.length });
    const raw = this.#attributes();
    const isEmpty = this.text.charCodeAt(this.at) === 0x2f;
    this.#expect(isEmpty ? '/>' : '>');
    if (isEmpty) this.#owedEnd = from;
    const colon = qualifiedName.indexOf(':');
    const prefix = colon < 0 ? '' : qualifiedName.slice(0, colon);
    return {
      kind: 'start',
      namespace: this.#resolve(prefix, from),
      name: colon < 0 ? qualifiedName : qualifiedName.slice(colon + 1),
      attributes: raw === undefined ? NO_ATTRIBUTES : this.#resolveAttributes(raw, from),
      from,
    };
  }

  #endTag(from: number): XmlToken {
    this.at = from + 2;
    const open = this.#open.at(-1);
    if (open === undefined) return this.fail('an end without a start', from);
    if (!this.text.startsWith(open.qualifiedName, this.at)) {
      this.fail(`</${open.qualifiedName.slice(0, SHOWN)}> is due`, from);
    }
    this.at += open.qualifiedName.length;
    this.skipSpace();
    this.#expect('>');
    this.#close();
    return { kind: 'end', from };
  }

  #close(): void {
    const open = this.#open.pop();
    if (open !== undefined) this.#declarations.length = open.declarations;
  }

  #expect(token: string): void {
    if (!this.text.startsWith(token, this.at)) this.fail(`${token} is due`, this.at);
    this.at += token.length;
  }

  #name(): string {
    NAME.lastIndex = this.at;
    const name = NAME.exec(this.text)?.[0];
    if (name === undefined) return this.fail('a name is due', this.at);
    this.at += name.length;
    return name;
  }

  /** Qualified names and values; declarations of namespaces are put in scope. */
  #attributes(): Map<string, string> | undefined {
    let attributes: Map<string, string> | undefined;
    for (let count = 0; ; count += 1) {
      const before = this.at;
      this.skipSpace();
      const code = this.text.charCodeAt(this.at);
      if (code === 0x2f || code === 0x3e) return attributes;
      if (before === this.at) this.fail('a blank is due', before);
      if (count >= ENVELOPE_LIMITS.attributes) {
        this.limit(`more than ${ENVELOPE_LIMITS.attributes} attributes`, this.at);
      }
      const from = this.at;
      const name = this.#name();
      attributes ??= new Map();
      if (attributes.has(name)) this.fail(`attribute ${name.slice(0, SHOWN)} twice`, from);
      const value = this.#attributeValue();
      attributes.set(name, value);
      if (isDeclaration(name)) this.#declare(name.slice('xmlns:'.length), value, from);
    }
  }

  #declare(prefix: string, uri: string, at: number): void {
    if (this.#declarations.length >= ENVELOPE_LIMITS.namespaces) {
      this.limit(`more than ${ENVELOPE_LIMITS.namespaces} namespaces`, at);
    }
    this.#declarations.push({ prefix, uri });
  }

  #attributeValue(): string {
    this.skipSpace();
    this.#expect('=');
    this.skipSpace();
    const quote = this.text[this.at];
    if (quote !== '"' && quote !== "'") return this.fail('a quote is due', this.at);
    const from = this.at + 1;
    this.at = this.#after(quote, from);
    const value = this.#expand(from, this.at - 1);
    if (this.text.slice(from, this.at).includes('<')) this.fail('a < inside an attribute', from);
    return value;
  }

  #resolve(prefix: string, at: number): string {
    for (let index = this.#declarations.length - 1; index >= 0; index -= 1) {
      const declaration = this.#declarations[index] as Declaration;
      if (declaration.prefix === prefix) return declaration.uri;
    }
    return prefix === '' ? '' : this.fail(`prefix ${prefix.slice(0, SHOWN)} is not declared`, at);
  }

  #resolveAttributes(raw: ReadonlyMap<string, string>, at: number): ReadonlyMap<string, string> {
    const attributes = new Map<string, string>();
    for (const [name, value] of raw) {
      if (isDeclaration(name)) continue;
      const colon = name.indexOf(':');
      const key =
        colon < 0 ? name : `{${this.#resolve(name.slice(0, colon), at)}}${name.slice(colon + 1)}`;
      if (attributes.has(key)) this.fail(`attribute ${name.slice(0, SHOWN)} twice`, at);
      attributes.set(key, value);
    }
    return attributes;
  }

  /** The text between two places, its references resolved. */
  #expand(from: number, end: number): string {
    return expandReferences(this.text.slice(from, end), (reason, offset) =>
      this.fail(reason, from + offset),
    );
  }
}
