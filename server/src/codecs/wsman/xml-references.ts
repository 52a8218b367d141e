/** References in XML text: the five entities of XML 1.0 and characters by number; no others, since none can be declared. */

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
]);
const CODE = /^#(?:x([\da-fA-F]{1,6})|(\d{1,7}))$/;
/** Longest reference: `&#x10FFFF;`. */
const REFERENCE_LENGTH_MAX = 10;

/** Any scalar value but NUL: control characters, which XML 1.0 forbids, stand in events. */
const isCharacter = (code: number): boolean =>
  (code > 0 && code < 0xd800) || (code > 0xdfff && code <= 0x10ffff);

const toCharacter = (name: string): string | undefined => {
  const [, hex, decimal] = CODE.exec(name) ?? [];
  const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
  return isCharacter(code) ? String.fromCodePoint(code) : undefined;
};

/** The text with its references resolved; `onFault` is told of one that is none, with its offset, and throws. */
export const expandReferences = (
  text: string,
  onFault: (reason: string, offset: number) => never,
): string => {
  let ampersand = text.indexOf('&');
  if (ampersand < 0) return text;
  let expanded = '';
  let copied = 0;
  while (ampersand >= 0) {
    const semicolon = text.indexOf(';', ampersand);
    if (semicolon < 0 || semicolon - ampersand > REFERENCE_LENGTH_MAX) {
      onFault('a bare ampersand', ampersand);
    }
    const name = text.slice(ampersand + 1, semicolon);
    const character = ENTITIES.get(name) ?? toCharacter(name);
    expanded += text.slice(copied, ampersand);
    expanded += character ?? onFault(`unknown reference &${name};`, ampersand);
    copied = semicolon + 1;
    ampersand = text.indexOf('&', copied);
  }
  return expanded + text.slice(copied);
};
