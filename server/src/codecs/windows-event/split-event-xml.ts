/**
 * Cuts a file of event XML into its events, whatever is around them: an `Events` root (Event Viewer, wevtutil /e), one
 * event after the other without a root (wevtutil, one line each from Get-WinEvent), or other wrapping elements.
 */
import { eventError } from './event-errors.ts';
import { EVENT_XML_LIMITS } from './xml-scanner.ts';

/** The text of one `Event` element. */
export interface EventXmlText {
  readonly xml: string;
  /** Bytes from the start of the file. */
  readonly offset: number;
}

export type ByteSource = Uint8Array | AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/** By byte order mark, or by the zeros of a first `<` in UTF-16. */
const encodingOf = (first: Uint8Array): Encoding => {
  const [a, b] = first;
  if ((a === 0xff && b === 0xfe) || (a === 0x3c && b === 0)) return 'utf-16le';
  return (a === 0xfe && b === 0xff) || (a === 0 && b === 0x3c) ? 'utf-16be' : 'utf-8';
};

interface Tag {
  readonly kind: 'start' | 'end' | 'empty';
  /** Without prefix. */
  readonly name: string;
  readonly end: number;
}

/** What a `<` begins; `more` when the text ends too early to tell. */
type Piece = Tag | { readonly kind: 'more' } | { readonly kind: 'skip'; readonly end: number };

const MORE: Piece = { kind: 'more' };

const after = (text: string, token: string, from: number): Piece => {
  const at = text.indexOf(token, from);
  return at < 0 ? MORE : { kind: 'skip', end: at + token.length };
};

const NAME = /[^\s/>]*/y;

const nameAt = (text: string, at: number): string => {
  NAME.lastIndex = at;
  const name = NAME.exec(text)?.[0] ?? '';
  return name.slice(name.indexOf(':') + 1);
};

/** The `>` that closes the tag at `at`, quotes skipped; -1 when the text ends first. */
const tagEnd = (text: string, at: number): number => {
  for (let from = at; ; ) {
    const end = text.indexOf('>', from);
    if (end < 0) return -1;
    let quote = '';
    for (let index = from; index < end; index += 1) {
      const character = text[index] as string;
      if (quote === '' && (character === '"' || character === "'")) quote = character;
      else if (character === quote) quote = '';
    }
    if (quote === '') return end;
    const closing = text.indexOf(quote, end);
    if (closing < 0) return -1;
    from = closing + 1;
  }
};

/** Characters that must be there to tell `<![CDATA[` and `<!DOCTYPE` apart. */
const DECLARATION_LENGTH = 9;

const declarationAt = (text: string, at: number): Piece => {
  if (text.startsWith('<!--', at)) return after(text, '-->', at + 4);
  if (text.length - at < DECLARATION_LENGTH) return MORE;
  if (text.startsWith('<![CDATA[', at)) return after(text, ']]>', at + DECLARATION_LENGTH);
  throw eventError('EVENT_XML_DTD');
};

const pieceAt = (text: string, at: number): Piece => {
  const second = text[at + 1];
  if (second === undefined) return MORE;
  if (second === '!') return declarationAt(text, at);
  if (second === '?') return after(text, '?>', at);
  const close = tagEnd(text, at);
  if (close < 0) return MORE;
  const end = close + 1;
  if (second === '/') return { kind: 'end', name: nameAt(text, at + 2), end };
  return {
    kind: text[close - 1] === '/' ? 'empty' : 'start',
    name: nameAt(text, at + 1),
    end,
  };
};

/** Finds events in text that arrives in parts. Holds the text from the event that is not complete yet. */
class EventCutter {
  #text = '';
  /** Up to where the text is understood. */
  #at = 0;
  /** Where the event begins that the text is inside of; -1 outside. */
  #eventAt = -1;
  #depth = 0;
  /** Byte offset of the character at `#counted`. */
  #offset: number;
  #counted = 0;
  readonly #byteLength: (text: string) => number;

  constructor(offset: number, byteLength: (text: string) => number) {
    this.#offset = offset;
    this.#byteLength = byteLength;
  }

  /** Puts the events that `text` completes into `events`. */
  add(text: string, events: EventXmlText[]): void {
    this.#text += text;
    for (let open = this.#next(); open >= 0; open = this.#next()) {
      const piece = pieceAt(this.#text, open);
      if (piece.kind === 'more') break;
      this.#at = piece.end;
      if (piece.kind === 'skip') continue;
      this.#step(piece, open);
      if (this.#eventAt < 0 || this.#depth > 0) continue;
      this.#count(this.#eventAt);
      events.push({
        xml: this.#text.slice(this.#eventAt, piece.end),
        offset: this.#offset,
      });
      this.#eventAt = -1;
    }
    this.#forget();
    if (this.#text.length > EVENT_XML_LIMITS.characters) {
      throw eventError('EVENT_XML_LIMIT', { reason: 'an event does not end' }, this.#location());
    }
  }

  end(): void {
    if (this.#text === '') return;
    const reason = 'the file ends inside an event or a tag';
    throw eventError('EVENT_XML_MALFORMED', { reason }, this.#location());
  }

  #next(): number {
    const open = this.#text.indexOf('<', this.#at);
    this.#at = open < 0 ? this.#text.length : open;
    return open;
  }

  #step({ kind, name }: Tag, open: number): void {
    if (this.#eventAt < 0 && name === 'Event' && kind !== 'end') {
      this.#eventAt = open;
      this.#depth = 0;
    }
    if (kind === 'start') this.#depth += 1;
    else if (kind === 'end') this.#depth -= 1;
  }

  #count(index: number): void {
    this.#offset += this.#byteLength(this.#text.slice(this.#counted, index));
    this.#counted = index;
  }

  #forget(): void {
    const keepFrom = this.#eventAt < 0 ? this.#at : this.#eventAt;
    this.#count(keepFrom);
    this.#text = this.#text.slice(keepFrom);
    this.#at -= keepFrom;
    this.#counted = 0;
    if (this.#eventAt >= 0) this.#eventAt = 0;
  }

  #location(): { readonly location: string } {
    return { location: `offset ${this.#offset}` };
  }
}

const PIECE_BYTES = 65_536;
const EMPTY = new Uint8Array(0);

/** The longest byte order mark; the first piece holds it whole, unless the file is shorter. */
const HEAD_BYTES = 3;

async function* piecesOf(source: ByteSource): AsyncGenerator<Uint8Array> {
  const parts = source instanceof Uint8Array ? [source] : source;
  let head: Uint8Array | undefined = EMPTY;
  for await (const part of parts) {
    let rest: Uint8Array = part;
    if (head !== undefined) {
      rest = Buffer.concat([head, part]);
      head = rest.length < HEAD_BYTES ? rest : undefined;
      if (head !== undefined) continue;
    }
    for (let at = 0; at < rest.length; at += PIECE_BYTES) yield rest.subarray(at, at + PIECE_BYTES);
  }
  if (head !== undefined && head.length > 0) yield head;
}

interface Reader {
  readonly decode: (piece: Uint8Array, isLast: boolean) => string;
  readonly cutter: EventCutter;
}

const BYTE_ORDER_MARKS: readonly (readonly number[])[] = [
  [0xef, 0xbb, 0xbf],
  [0xff, 0xfe],
  [0xfe, 0xff],
];

const createReader = (first: Uint8Array): Reader => {
  const encoding = encodingOf(first);
  const decoder = new TextDecoder(encoding, { fatal: true });
  const mark = BYTE_ORDER_MARKS.find((bytes) => bytes.every((byte, at) => first[at] === byte));
  const byteLength =
    encoding === 'utf-8' ? Buffer.byteLength : (text: string): number => text.length * 2;
  return {
    cutter: new EventCutter(mark?.length ?? 0, (text) => byteLength(text)),
    decode: (piece, isLast) => {
      try {
        return decoder.decode(piece, { stream: !isLast });
      } catch (cause) {
        throw eventError('EVENT_XML_ENCODING', { encoding }, { cause });
      }
    },
  };
};

/**
 * The events of a file of event XML, in batches, in file order; UTF-8, or UTF-16 with or without byte order mark. The
 * texts are not parsed: `parseEventXml` may still refuse one. Holds one event at a time.
 *
 * Rejects with EVENT_XML_ENCODING, EVENT_XML_DTD, EVENT_XML_LIMIT or, when the file ends early, EVENT_XML_MALFORMED,
 * always after the events before that place, and with what the source throws.
 */
export async function* splitEventXml(source: ByteSource): AsyncGenerator<readonly EventXmlText[]> {
  let reader: Reader | undefined;
  for await (const piece of piecesOf(source)) {
    reader ??= createReader(piece);
    const events: EventXmlText[] = [];
    try {
      reader.cutter.add(reader.decode(piece, false), events);
    } catch (error) {
      if (events.length > 0) yield events;
      throw error;
    }
    if (events.length > 0) yield events;
  }
  reader?.decode(EMPTY, true);
  reader?.cutter.end();
}
