/** The event parser below the tree reader: saxes, set up so that V8 keeps it fast. */
import { SaxesParser } from 'saxes';

/** Namespaces on; a declared version 1.1 changes nothing, its looser characters and line ends stay refused. */
const OPTIONS = { xmlns: true, defaultXMLVersion: '1.0', forceXMLVersion: true } as const;

type Saxes = SaxesParser<typeof OPTIONS>;

/** What is used of saxes; its private members are hidden, so that a subclass may declare them. */
const Base: new (options: typeof OPTIONS) => Pick<Saxes, 'on' | 'write' | 'line' | 'column'> =
  SaxesParser;

/**
 * saxes adds a property per handler under a computed name; from the fifth on V8 turns the parser into a dictionary and parsing
 * takes five times as long. Declared beforehand the properties are part of its shape. With other names inside saxes this would
 * have no effect, and be as slow again.
 */
export class XmlParser extends Base {
  readonly errorHandler = undefined;
  readonly doctypeHandler = undefined;
  readonly openTagStartHandler = undefined;
  readonly attributeHandler = undefined;
  readonly openTagHandler = undefined;
  readonly closeTagHandler = undefined;
  readonly textHandler = undefined;
  readonly cdataHandler = undefined;

  constructor() {
    super(OPTIONS);
  }
}
