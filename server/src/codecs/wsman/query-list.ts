/** Structured event queries (Windows Event Log, Query Schema) for exactly the events that are wanted. */
import { escapeXml, escapeXmlAttribute } from '@witness/record';
import { wsmanError } from './wsman-errors.ts';

/** Events of one channel. Without `eventIds` and `xpath`: all of them. */
export interface EventSelection {
  /** For example `Security`. */
  readonly channel: string;
  /** Only events of this provider; needed where event ids mean something per provider only, as in Application. */
  readonly provider?: string;
  readonly eventIds?: readonly number[];
  /** A whole XPath instead, for example `*[System[Level=2]]`; within the limits of Windows by its author. */
  readonly xpath?: string;
}

/**
 * Comparisons in one XPath. Windows documents 32 (Query Schema, Select) and elsewhere 20; in practice a Select of more
 * than 22 is refused.
 */
const TERMS_MAX = 22;
const CHANNEL_LENGTH_MAX = 256;
const EVENT_ID_MAX = 65_535;

const fail = (reason: string): never => {
  throw wsmanError('WSMAN_QUERY_INVALID', { reason });
};

interface Term {
  readonly xpath: string;
  readonly comparisons: number;
}

const termOf = (first: number, last: number): readonly Term[] => {
  if (last - first >= 2) {
    return [{ xpath: `(EventID>=${first} and EventID<=${last})`, comparisons: 2 }];
  }
  return Array.from({ length: last - first + 1 }, (_, index) => ({
    xpath: `EventID=${first + index}`,
    comparisons: 1,
  }));
};

/** Ids in order; three or more in a row are one range. */
const termsOf = (eventIds: Iterable<number>): readonly Term[] => {
  const sorted = [...new Set(eventIds)].sort((a, b) => a - b);
  const terms: Term[] = [];
  let first = sorted[0];
  sorted.forEach((id, index) => {
    if (first === undefined || sorted[index + 1] === id + 1) return;
    terms.push(...termOf(first, id));
    first = sorted[index + 1];
  });
  return terms;
};

/** Terms in groups of no more than so many comparisons. */
const groupsOf = (terms: readonly Term[], comparisonsMax: number): readonly (readonly Term[])[] => {
  const groups: Term[][] = [];
  let left = 0;
  for (const term of terms) {
    if (term.comparisons > left) {
      groups.push([]);
      left = comparisonsMax;
    }
    groups.at(-1)?.push(term);
    left -= term.comparisons;
  }
  return groups;
};

/** XPath 1.0 cannot escape inside a literal. */
const literalOf = (text: string): string => {
  if (!text.includes("'")) return `'${text}'`;
  return text.includes('"') ? fail(`${text} holds both kinds of quotes`) : `"${text}"`;
};

/** What is wanted of one channel and provider. */
interface Wanted {
  readonly provider: string | undefined;
  readonly eventIds: Set<number>;
  isAll: boolean;
}

const xpathsOf = ({ provider, eventIds, isAll }: Wanted): readonly string[] => {
  const ofProvider = provider === undefined ? '' : `Provider[@Name=${literalOf(provider)}]`;
  if (isAll) return [ofProvider === '' ? '*' : `*[System[${ofProvider}]]`];
  const comparisonsMax = provider === undefined ? TERMS_MAX : TERMS_MAX - 1;
  return groupsOf(termsOf(eventIds), comparisonsMax).map((group) => {
    const ids = `(${group.map(({ xpath }) => xpath).join(' or ')})`;
    return `*[System[${ofProvider === '' ? ids : `${ofProvider} and ${ids}`}]]`;
  });
};

interface Channel {
  /** By provider. */
  readonly wanted: Map<string, Wanted>;
  readonly xpaths: Set<string>;
}

const checkSelection = ({ channel, eventIds, xpath }: EventSelection): void => {
  if (channel === '' || channel.length > CHANNEL_LENGTH_MAX) fail(`a channel named "${channel}"`);
  if (xpath !== undefined && eventIds !== undefined) fail(`${channel} by ids and by XPath`);
  for (const id of eventIds ?? []) {
    if (!Number.isInteger(id) || id < 0 || id > EVENT_ID_MAX) fail(`an event id of ${id}`);
  }
};

const addSelection = (channel: Channel, selection: EventSelection): void => {
  const { provider, eventIds, xpath } = selection;
  if (xpath !== undefined) {
    channel.xpaths.add(xpath);
    return;
  }
  const key = provider ?? '';
  const wanted = channel.wanted.get(key) ?? { provider, eventIds: new Set(), isAll: false };
  channel.wanted.set(key, wanted);
  if (eventIds === undefined) wanted.isAll = true;
  for (const id of eventIds ?? []) wanted.eventIds.add(id);
};

/** Quotes need no escape in text, and are what an administrator compares. */
const escapeText = (text: string): string =>
  escapeXml(text).replaceAll('&apos;', "'").replaceAll('&quot;', '"');

/**
 * The `QueryList` of all selections: one Query per channel in the order given, with as many Select elements as the limits
 * of Windows need. The same selections give the same text. Throws WSMAN_QUERY_INVALID.
 */
export const toQueryList = (selections: readonly EventSelection[]): string => {
  const channels = new Map<string, Channel>();
  for (const selection of selections) {
    checkSelection(selection);
    const channel = channels.get(selection.channel) ?? { wanted: new Map(), xpaths: new Set() };
    channels.set(selection.channel, channel);
    addSelection(channel, selection);
  }
  const queries = [...channels].map(([path, { wanted, xpaths }]) => {
    const all = [...[...wanted.values()].flatMap(xpathsOf), ...xpaths];
    const selects = all.map(
      (xpath) => `<Select Path="${escapeXmlAttribute(path)}">${escapeText(xpath)}</Select>`,
    );
    return selects.length === 0 ? fail(`nothing is wanted of ${path}`) : selects.join('');
  });
  if (queries.length === 0) fail('nothing is wanted');
  const list = queries.map((selects, id) => `<Query Id="${id}">${selects}</Query>`);
  return `<QueryList>${list.join('')}</QueryList>`;
};
