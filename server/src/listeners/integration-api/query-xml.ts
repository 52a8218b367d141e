/** Questions in XML. White space around values is ignored; any prefix and a missing namespace are taken. */
import { parseXmlTree, RECORDS_NAMESPACE, type XmlNode } from '@witness/record';
import { apiError, shown } from './errors.ts';
import {
  FILTER_ENTRIES_MAX,
  FILTER_LIST_LOCATION,
  type FilterEntry,
  type SearchBody,
  toFilterEntry,
} from './filter-entry.ts';

const NAMESPACES: ReadonlySet<string> = new Set([
  RECORDS_NAMESPACE,
  '',
  /** The documentation of version 10.6 printed it so. */
  'http//schemas.netwrix.com/api/v1/activity_records/',
]);

/** A search is root, list, filter, part; a little more is let through so that the refusal can name the element. */
const LIMITS = {
  depthMax: 8,
  elementsMax: 4 * FILTER_ENTRIES_MAX,
  attributesMax: 4 * FILTER_ENTRIES_MAX,
};

const SEARCH_LOCATION = '/ActivityRecordSearch';

const MEMBERS: ReadonlyMap<string, 'mark' | 'entries'> = new Map([
  ['ContinuationMark', 'mark'],
  ['FilterList', 'entries'],
]);

const unknown = (element: string, location: string) =>
  apiError('INTEGRATION_API_ELEMENT_UNKNOWN', { element: shown(element) }, { location });

const readRoot = (text: string, expected: string): XmlNode => {
  const root = parseXmlTree(text, LIMITS);
  if (root.name === expected && NAMESPACES.has(root.namespace)) return root;
  const found = `the element ${shown(root.name)} in the namespace "${shown(root.namespace)}"`;
  throw apiError('INTEGRATION_API_ROOT_WRONG', { found, expected: `an ${expected}` });
};

const refuseForeign = (node: XmlNode, location: string): void => {
  if (!NAMESPACES.has(node.namespace)) {
    throw unknown(`${node.name} in the namespace "${shown(node.namespace)}"`, location);
  }
};

/** Text beside child elements is a mistake, such as a value in front of a filter's tag. */
const refuseText = (node: XmlNode, location: string): void => {
  const text = node.text.trim();
  if (text !== '') throw unknown(`The text "${shown(text)}"`, location);
};

/** Attributes with a prefix (`xsi:...`) belong to tools and are let be. */
const operatorOf = (node: XmlNode, location: string): string | undefined => {
  for (const name of Object.keys(node.attributes)) {
    if (name !== 'Operator' && !name.startsWith('{'))
      throw unknown(`The attribute ${name}`, location);
  }
  return node.attributes.Operator;
};

const readEntry = (node: XmlNode, location: string): FilterEntry => {
  refuseForeign(node, location);
  if (node.children.length > 0) refuseText(node, location);
  const parts = node.children.map((part) => {
    const partLocation = `${location}/${shown(part.name)}`;
    refuseForeign(part, partLocation);
    const [below] = part.children;
    if (below) throw unknown(below.name, `${partLocation}/${shown(below.name)}`);
    return { name: part.name, text: part.text.trim() };
  });
  return toFilterEntry({
    filter: node.name,
    operator: operatorOf(node, location),
    value: parts.length > 0 ? parts : node.text.trim(),
    location,
  });
};

const readFilterList = (list: XmlNode): FilterEntry[] => {
  refuseText(list, FILTER_LIST_LOCATION);
  if (list.children.length > FILTER_ENTRIES_MAX) {
    throw apiError('INTEGRATION_API_FILTERS_TOO_MANY', { countMax: FILTER_ENTRIES_MAX });
  }
  const numbers = new Map<string, number>();
  return list.children.map((node) => {
    const number = (numbers.get(node.name) ?? 0) + 1;
    numbers.set(node.name, number);
    return readEntry(node, `${FILTER_LIST_LOCATION}/${shown(node.name)}[${number}]`);
  });
};

const markOf = (node: XmlNode): string => {
  const [below] = node.children;
  if (below) throw unknown(below.name, `/ContinuationMark/${shown(below.name)}`);
  return node.text.trim();
};

export const readSearchXml = (text: string): SearchBody => {
  const root = readRoot(text, 'ActivityRecordSearch');
  refuseText(root, SEARCH_LOCATION);
  const found: { mark?: string; entries?: FilterEntry[] } = {};
  for (const node of root.children) {
    const location = `${SEARCH_LOCATION}/${shown(node.name)}`;
    refuseForeign(node, location);
    const member = MEMBERS.get(node.name);
    if (member && member in found) {
      throw apiError('INTEGRATION_API_ELEMENT_REPEATED', { element: node.name }, { location });
    }
    if (member === 'mark') found.mark = markOf(node);
    else if (member === 'entries') found.entries = readFilterList(node);
    else throw unknown(node.name, location);
  }
  return found;
};

export const readMarkXml = (text: string): string => markOf(readRoot(text, 'ContinuationMark'));
