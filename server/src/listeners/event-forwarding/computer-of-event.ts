/** Which computer an event says it is of, without reading all of its XML. */
import { parseEventXml } from '../../codecs/index.ts';

const ATTRIBUTES = String.raw`(?:\s+[A-Za-z]+=(?:'[^'<>]*'|"[^"<>]*"))*\s*`;
const OTHER = String.raw`(?:\s*<(?!Computer\b)[A-Za-z]+${ATTRIBUTES}(?:\/>|>[^<>]*<\/[A-Za-z]+>))*`;

/**
 * An event as Windows writes it, up to the end of `System`: flat elements, one Computer, no comment, no CDATA. Anything
 * else is read by the parser that interprets the event later, so that the two never see different computers.
 */
const AS_WINDOWS = new RegExp(
  String.raw`^\s*<Event\s+xmlns=(['"])http:\/\/schemas\.microsoft\.com\/win\/2004\/08\/events\/event\1\s*>\s*<System>` +
    String.raw`${OTHER}\s*<Computer>([^<>&]*)<\/Computer>${OTHER}\s*<\/System>`,
);

/** Undefined for an event that cannot be read; the pipeline then keeps it as rejected. */
export const computerOfEvent = (xml: string): string | undefined => {
  const [, , computer] = AS_WINDOWS.exec(xml) ?? [];
  if (computer !== undefined) return computer.trim();
  try {
    return parseEventXml(xml).computer.trim();
  } catch {
    return undefined;
  }
};
