/** Small trees of what is small in an envelope: header blocks, and bodies other than batches of events. */
import { ENVELOPE_LIMITS, type StartTag, type XmlReader } from './xml-reader.ts';

export interface SoapElement {
  readonly namespace: string;
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly SoapElement[];
  /** Character data of its own, without blanks around it. */
  readonly text: string;
  /** Its content as it was sent, without blanks around it. */
  readonly innerXml: string;
  /** Where it begins in the envelope. */
  readonly from: number;
}

/** How many elements may still be read. */
export interface ElementBudget {
  left: number;
}

export const createBudget = (): ElementBudget => ({ left: ENVELOPE_LIMITS.elements });

/** Reads the rest of the element whose start tag was just taken. */
export const readElement = (
  reader: XmlReader,
  start: StartTag,
  budget: ElementBudget,
): SoapElement => {
  budget.left -= 1;
  if (budget.left < 0) {
    reader.limit(`more than ${ENVELOPE_LIMITS.elements} elements`, start.from);
  }
  const innerFrom = reader.at;
  const children: SoapElement[] = [];
  let text = '';
  for (;;) {
    const token = reader.next();
    if (token.kind === 'start') children.push(readElement(reader, token, budget));
    else if (token.kind === 'text') text += token.text;
    else {
      const { namespace, name, attributes, from } = start;
      const innerXml = reader.text.slice(innerFrom, Math.max(innerFrom, token.from)).trim();
      return { namespace, name, attributes, children, text: text.trim(), innerXml, from };
    }
  }
};

/** The first child of a name. */
export const childOf = (
  parent: SoapElement | undefined,
  namespace: string,
  name: string,
): SoapElement | undefined =>
  parent?.children.find((child) => child.name === name && child.namespace === namespace);
