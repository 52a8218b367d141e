/** The SOAP header of a request as facts. */
import { parseXmlTree } from '@witness/record';
import { childOf, createBudget, readElement, type SoapElement } from './soap-element.ts';
import { NAMESPACE } from './vocabulary.ts';
import { wsmanError } from './wsman-errors.ts';
import { placeIn, type XmlReader } from './xml-reader.ts';

export interface WsmanHeader {
  readonly action?: string;
  readonly to?: string;
  /** As it was sent: Windows compares the `RelatesTo` of the answer with it, letter case included. */
  readonly messageId?: string;
  readonly relatesTo?: string;
  readonly resourceUri?: string;
  /** What the computer calls itself, usually its DNS name. Only a claim. */
  readonly machineId?: string;
  /** Address to answer to. */
  readonly replyTo?: string;
  readonly operationTimeoutMs?: number;
  /** The largest answer that the client takes. */
  readonly maxEnvelopeBytes?: number;
  readonly sessionId?: string;
  readonly operationId?: string;
  readonly sequenceId?: number;
  readonly activityId?: string;
  readonly locale?: string;
  readonly dataLocale?: string;
  /** Which subscription the message belongs to: the `e:Identifier` of its NotifyTo. */
  readonly identifier?: string;
  /** The XML inside `w:Bookmark`: one element that stands alone as a document. */
  readonly bookmarkXml?: string;
  readonly isAckRequested: boolean;
}

const TEXT_LENGTH_MAX = 2048;
/** A bookmark has about a hundred characters for every channel. */
const BOOKMARK_LENGTH_MAX = 256 * 1024;

const DURATION =
  /^P(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,9}(?:\.\d{1,9})?)S)?)?$/;

/** An XML Schema duration without years and months, in milliseconds. */
const toMs = (text: string): number | undefined => {
  const match = DURATION.exec(text);
  if (match === null) return undefined;
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = match
    .slice(1)
    .map((part) => Number(part ?? 0));
  return Math.round((days * 86_400 + hours * 3600 + minutes * 60 + seconds) * 1000);
};

const toNumber = (text: string): number | undefined =>
  /^\d{1,10}$/.test(text) ? Number(text) : undefined;

type Facts = Partial<WsmanHeader>;
type ReadFact = (block: SoapElement) => Facts | string;

type NameOf<Value> = {
  [Name in keyof WsmanHeader]-?: WsmanHeader[Name] extends Value | undefined ? Name : never;
}[keyof WsmanHeader];

const UNFIT = /\p{Cc}/u;

const factOf = (name: NameOf<string>, text: string): Facts | string => {
  if (text.length > TEXT_LENGTH_MAX) return `a ${name} of ${text.length} characters`;
  if (UNFIT.test(text)) return `a control character in ${name}`;
  return text === '' ? {} : { [name]: text };
};

const text =
  (name: NameOf<string>): ReadFact =>
  (block) =>
    factOf(name, block.text);

/** Numbers that are none are left out: nothing depends on them. */
const number =
  (name: NameOf<number>, parse: (text: string) => number | undefined): ReadFact =>
  (block) => {
    const value = parse(block.text);
    return value === undefined ? {} : { [name]: value };
  };

const language =
  (name: 'locale' | 'dataLocale'): ReadFact =>
  (block) =>
    factOf(name, block.attributes.get(`{${NAMESPACE.xml}}lang`) ?? '');

const readReplyTo: ReadFact = (block) =>
  factOf('replyTo', childOf(block, NAMESPACE.addressing, 'Address')?.text ?? '');

const readBookmark: ReadFact = ({ children, innerXml }) => {
  if (children.length === 0) return {};
  if (innerXml.length > BOOKMARK_LENGTH_MAX) return 'a bookmark that is too long';
  try {
    parseXmlTree(innerXml);
  } catch {
    return 'a bookmark that does not stand alone, so it could not be given back';
  }
  return { bookmarkXml: innerXml };
};

const FACTS: ReadonlyMap<string, ReadFact> = new Map([
  [`{${NAMESPACE.addressing}}Action`, text('action')],
  [`{${NAMESPACE.addressing}}To`, text('to')],
  [`{${NAMESPACE.addressing}}MessageID`, text('messageId')],
  [`{${NAMESPACE.addressing}}RelatesTo`, text('relatesTo')],
  [`{${NAMESPACE.addressing}}ReplyTo`, readReplyTo],
  [`{${NAMESPACE.wsman}}ResourceURI`, text('resourceUri')],
  [`{${NAMESPACE.wsman}}OperationTimeout`, number('operationTimeoutMs', toMs)],
  [`{${NAMESPACE.wsman}}MaxEnvelopeSize`, number('maxEnvelopeBytes', toNumber)],
  [`{${NAMESPACE.wsman}}Locale`, language('locale')],
  [`{${NAMESPACE.wsman}}Bookmark`, readBookmark],
  [`{${NAMESPACE.wsman}}AckRequested`, () => ({ isAckRequested: true })],
  [`{${NAMESPACE.microsoft}}DataLocale`, language('dataLocale')],
  [`{${NAMESPACE.microsoft}}SessionId`, text('sessionId')],
  [`{${NAMESPACE.microsoft}}OperationID`, text('operationId')],
  [`{${NAMESPACE.microsoft}}SequenceId`, number('sequenceId', toNumber)],
  [`{${NAMESPACE.microsoft}}ActivityId`, text('activityId')],
  [`{${NAMESPACE.machineId}}MachineID`, text('machineId')],
  [`{${NAMESPACE.eventing}}Identifier`, text('identifier')],
]);

const MUST_UNDERSTAND = `{${NAMESPACE.soap}}mustUnderstand`;
const isTrue = (value: string | undefined): boolean => value === 'true' || value === '1';

const readBlock = (reader: XmlReader, block: SoapElement, seen: Set<string>): Facts => {
  const key = `{${block.namespace}}${block.name}`;
  const read = FACTS.get(key);
  if (read === undefined) {
    if (!isTrue(block.attributes.get(MUST_UNDERSTAND))) return {};
    const location = placeIn(reader.text, block.from);
    throw wsmanError('WSMAN_NOT_UNDERSTOOD', { header: block.name }, { location });
  }
  if (seen.has(key)) reader.refuse(`the header ${block.name} twice`, block.from);
  seen.add(key);
  const facts = read(block);
  return typeof facts === 'string' ? reader.refuse(facts, block.from) : facts;
};

/**
 * Reads the blocks of the `Header` whose start tag was just taken, up to its end tag. A block that is known must not come
 * twice: two receivers could believe different ones.
 */
export const readHeader = (reader: XmlReader): WsmanHeader => {
  const budget = createBudget();
  const seen = new Set<string>();
  const header: Facts = {};
  for (;;) {
    const token = reader.nextTag();
    if (token.kind !== 'start') return { isAckRequested: false, ...header };
    Object.assign(header, readBlock(reader, readElement(reader, token, budget), seen));
  }
};
