/** Text to XML 1.0 text that reads back as the same text, as far as XML can hold it. */

/** Mark-up characters, CR (a parser would turn it into LF), and everything outside the Char production of XML 1.0. */
const TEXT_SPECIAL = /[&<>"']|[^\t\n\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;
/** In attributes a parser also turns tab and LF into blanks. */
const ATTRIBUTE_SPECIAL = /[&<>"']|[^\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&apos;'],
  ['\t', '&#9;'],
  ['\n', '&#10;'],
  ['\r', '&#13;'],
]);

const REPLACEMENT = '\uFFFD';

const escapeCharacter = (character: string): string => ESCAPES.get(character) ?? REPLACEMENT;

/** For element content. Characters XML cannot hold (controls, lone surrogates, U+FFFE, U+FFFF) become U+FFFD. */
export const escapeXml = (text: string): string => text.replace(TEXT_SPECIAL, escapeCharacter);

/** For attribute values between either kind of quotes; as `escapeXml`, and tab and LF survive too. */
export const escapeXmlAttribute = (text: string): string =>
  text.replace(ATTRIBUTE_SPECIAL, escapeCharacter);
