import assert from 'node:assert/strict';
import { test } from 'node:test';
import { escapeXml, escapeXmlAttribute, parseXmlTree } from './index.ts';

test('escapeXml escapes mark-up and what a parser would change', () => {
  const check = (text: string, expected: string): void => assert.equal(escapeXml(text), expected);
  check('', '');
  check('plain ünïcödé 𝄞', 'plain ünïcödé 𝄞');
  check(`a & b < c > d " e ' f`, 'a &amp; b &lt; c &gt; d &quot; e &apos; f');
  check(']]>', ']]&gt;');
  check('tab\tline\nreturn\r\n', 'tab\tline\nreturn&#13;\n');
  check('&amp;', '&amp;amp;');
});

test('escapeXml replaces what XML 1.0 cannot hold', () => {
  const check = (text: string, expected: string): void => assert.equal(escapeXml(text), expected);
  check('\0', '\uFFFD');
  check('a\u0001\u0008\u000B\u000C\u000E\u001Fb', 'a\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFDb');
  check('\uFFFE\uFFFF', '\uFFFD\uFFFD');
  check('\uD800', '\uFFFD');
  check('\uDC00x', '\uFFFDx');
  check('\uD800\uD834\uDD1E\uDC00', '\uFFFD\uD834\uDD1E\uFFFD');
  check('\u007F\u0085\u2028\uD7FF\uE000\uFFFD', '\u007F\u0085\u2028\uD7FF\uE000\uFFFD');
});

test('escapeXmlAttribute keeps tabs and line feeds through a parser', () => {
  assert.equal(escapeXmlAttribute('a\tb\nc\rd"e'), 'a&#9;b&#10;c&#13;d&quot;e');
  assert.equal(escapeXmlAttribute('\0'), '\uFFFD');
});

test('every character of the first plane and the ends of the others survive or become U+FFFD', () => {
  const allowed = /^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]$/u;
  const codes = [
    ...Array.from({ length: 0x10000 }, (_, code) => code),
    ...[0x10000, 0x1ffff, 0x20000, 0xfffff, 0x100000, 0x10ffff],
  ];
  const characters = codes.map((code) => String.fromCodePoint(code));
  // A blank between keeps neighbouring surrogates from making a pair.
  const text = characters.join(' ');
  const expected = characters
    .map((character) => (allowed.test(character) ? character : '\uFFFD'))
    .join(' ');
  const node = parseXmlTree(`<a b="${escapeXmlAttribute(text)}">${escapeXml(text)}</a>`);
  assert.equal(node.text, expected);
  assert.equal(node.attributes.b, expected);
});
