/**
 * The body of an Events message. Events are sliced, not parsed: each comes as CDATA, which the subscription asks for, as
 * escaped text, or as elements (MS-WSMV 3.1.4.1.30.1, option CDATA).
 */
import { createBudget, readElement } from './soap-element.ts';
import { ACTION, NAMESPACE } from './vocabulary.ts';
import { ENVELOPE_LIMITS, type StartTag, type XmlReader } from './xml-reader.ts';

export type ContentFormat = 'Events' | 'RenderedText';

export interface EventBatch {
  /** The XML text of each event as it was sent, in the order of sending. They share the memory of the envelope. */
  readonly events: readonly string[];
  /** `RenderedText` when any event carries its text rendered in the language of its computer. */
  readonly contentFormat: ContentFormat;
  /** Events the computer says it dropped since the last batch (DSP0226, 10.2.11). */
  readonly droppedEvents: number;
}

const CDATA = '<![CDATA[';

/** Sections in a row are one text: `]]>` inside an event is split over two. */
const takeCdataRun = (reader: XmlReader): string => {
  let xml = reader.takeCdata() ?? '';
  for (let more = reader.takeCdata(); more !== undefined; more = reader.takeCdata()) xml += more;
  return xml;
};

const takeElements = (reader: XmlReader, first: StartTag): string => {
  reader.skipElement();
  return reader.text.slice(first.from, reader.at);
};

/** Escaped text, or one element; to the end tag of the `w:Event`. */
const takeOther = (reader: XmlReader, at: number): string => {
  let text = '';
  let element: string | undefined;
  for (;;) {
    const token = reader.next();
    if (token.kind === 'end') break;
    if (token.kind === 'text') text += token.text;
    else if (token.kind === 'start' && element === undefined) element = takeElements(reader, token);
    else reader.refuse('two elements in one Event', token.from);
  }
  const trimmed = text.trim();
  if (element !== undefined && trimmed !== '') reader.refuse('an Event of text and elements', at);
  return element ?? trimmed;
};

/** At the content of a `w:Event`; passes its end tag. */
const takeEvent = (reader: XmlReader, at: number): string => {
  const from = reader.at;
  reader.skipSpace();
  if (!reader.text.startsWith(CDATA, reader.at)) {
    reader.at = from;
    return takeOther(reader, at);
  }
  const xml = takeCdataRun(reader);
  if (reader.nextTag().kind !== 'end') reader.refuse('an Event of CDATA and elements', at);
  return xml.trim();
};

const countDropped = (reader: XmlReader, start: StartTag): number => {
  const { text, children } = readElement(reader, start, createBudget());
  const [digits = '0'] = /\d{1,9}/.exec(text === '' ? (children[0]?.text ?? '') : text) ?? [];
  return Number(digits);
};

const RENDERING = '<RenderingInfo';

const formatOf = (events: readonly string[]): ContentFormat =>
  events.some((xml) => xml.includes(RENDERING)) ? 'RenderedText' : 'Events';

/** At the content of `w:Events`; passes its end tag. */
export const readEventBatch = (reader: XmlReader): EventBatch => {
  const events: string[] = [];
  let droppedEvents = 0;
  for (;;) {
    const token = reader.nextTag();
    if (token.kind !== 'start') {
      return { events, contentFormat: formatOf(events), droppedEvents };
    }
    const isDropped =
      token.name === 'DroppedEvents' || token.attributes.get('Action') === ACTION.droppedEvents;
    if (token.namespace !== NAMESPACE.wsman || (token.name !== 'Event' && !isDropped)) {
      reader.refuse(`${token.name} among the events`, token.from);
    }
    if (isDropped) {
      droppedEvents += countDropped(reader, token);
      continue;
    }
    if (events.length >= ENVELOPE_LIMITS.events) {
      reader.limit(`more than ${ENVELOPE_LIMITS.events} events`, token.from);
    }
    const xml = takeEvent(reader, token.from);
    if (xml === '') reader.refuse('an empty Event', token.from);
    events.push(xml);
  }
};
