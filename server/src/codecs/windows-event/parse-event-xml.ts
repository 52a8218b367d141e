import { eventError } from './event-errors.ts';
import { eventFromTree } from './event-from-tree.ts';
import type { WindowsEvent, XmlElement } from './windows-event.ts';
import { scanXml } from './xml-scanner.ts';

export const EVENT_NAMESPACE = 'http://schemas.microsoft.com/win/2004/08/events/event';

const hasOtherNamespace = ({ attributes }: XmlElement): boolean =>
  attributes?.xmlns !== undefined &&
  attributes.xmlns !== '' &&
  attributes.xmlns !== EVENT_NAMESPACE;

/**
 * The XML text of one `Event` element. RenderingInfo and elements unknown to the schema are passed over.
 *
 * Throws EVENT_XML_MALFORMED, EVENT_XML_DTD, EVENT_XML_LIMIT, EVENT_XML_NOT_AN_EVENT.
 */
export const parseEventXml = (xml: string): WindowsEvent => {
  const root = scanXml(xml);
  const event = hasOtherNamespace(root)
    ? `its namespace is ${root.attributes?.xmlns}`
    : eventFromTree(root);
  if (typeof event === 'string') throw eventError('EVENT_XML_NOT_AN_EVENT', { reason: event });
  return event;
};
