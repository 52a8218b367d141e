import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  parseXmlList,
  parseXmlTree,
  WitnessError,
  XML_LIMITS,
  type XmlLimits,
  type XmlNode,
} from './index.ts';

/** A tree as nested arrays: name, text, children. */
type Shape = readonly [name: string, text: string, ...children: Shape[]];

const shapeOf = (node: XmlNode): Shape => [node.name, node.text, ...node.children.map(shapeOf)];

const check = (xml: string, expected: Shape): void =>
  assert.deepEqual(shapeOf(parseXmlTree(xml)), expected, xml);

const refuse = (
  xml: string,
  expected: { readonly code: string; readonly location?: string; readonly message?: RegExp },
  limits: Partial<XmlLimits> = {},
): void =>
  assert.throws(
    () => parseXmlTree(xml, limits),
    (error) => {
      assert.ok(error instanceof WitnessError, xml);
      assert.equal(error.code, expected.code, xml);
      if (expected.location) assert.equal(error.location, expected.location, xml);
      if (expected.message) assert.match(error.message, expected.message, xml);
      return true;
    },
  );

test('elements, text, CDATA, references, comments and instructions', () => {
  check('<a/>', ['a', '']);
  check('\uFEFF<?xml version="1.0" encoding="UTF-16"?>\n<a></a>\n', ['a', '']);
  check('<a>x<b>y</b>z</a>', ['a', 'xz', ['b', 'y']]);
  check('<a> <b/> <b/> </a>', ['a', '   ', ['b', ''], ['b', '']]);
  check('<a>1<![CDATA[<&]]]]><![CDATA[>]]>2</a>', ['a', '1<&]]>2']);
  check('<a>&lt;&gt;&amp;&quot;&apos;&#65;&#x42;&#x1D11E;</a>', ['a', '<>&"\'AB𝄞']);
  check('<a>x<!-- y --><?z w?>v</a>', ['a', 'xv']);
  check('<!-- before --><a/><!-- behind -->', ['a', '']);
  check('<a>äöü 漢字 𝄞</a>', ['a', 'äöü 漢字 𝄞']);
});

test('line ends become LF, references to CR stay', () => {
  check('<a>1\r\n2\r3\n4</a>', ['a', '1\n2\n3\n4']);
  check('<a>1&#13;&#10;2&#13;</a>', ['a', '1\r\n2\r']);
  check('<a>\r</a>\r', ['a', '\n']);
  check('<a><![CDATA[\r\n]]></a>', ['a', '\n']);
  assert.equal(parseXmlTree('<a b="1\r\n2&#13;&#10;&#9;"/>').attributes.b, '1 2\r\n\t');
});

test('namespaces are resolved, prefixes do not matter', () => {
  const node = parseXmlTree(
    '<p:a xmlns:p="urn:1" xmlns="urn:2"><b/><p:c xmlns=""><d/></p:c></p:a>',
  );
  const of = (child: XmlNode | undefined) => `${child?.namespace}|${child?.name}`;
  assert.equal(of(node), 'urn:1|a');
  assert.equal(of(node.children[0]), 'urn:2|b');
  assert.equal(of(node.children[1]), 'urn:1|c');
  assert.equal(of(node.children[1]?.children[0]), '|d');
  assert.equal(parseXmlTree('<xml:a/>').namespace, 'http://www.w3.org/XML/1998/namespace');
});

test('attributes are named by local name or namespace and name, declarations are left out', () => {
  const node = parseXmlTree(
    '<a xmlns="urn:1" xmlns:p="urn:2" b="1" p:b="2" xml:lang="en" __proto__="3" constructor="4"/>',
  );
  assert.deepEqual(Object.entries(node.attributes), [
    ['b', '1'],
    ['{urn:2}b', '2'],
    ['{http://www.w3.org/XML/1998/namespace}lang', 'en'],
    ['__proto__', '3'],
    ['constructor', '4'],
  ]);
  assert.deepEqual(Object.keys(parseXmlTree('<a xmlns="urn:1"/>').attributes), []);
});

test('a node knows its place', () => {
  const node = parseXmlTree('<root>\n  <child a="1"\n b="2"/>\n</root>');
  assert.deepEqual([node.line, node.column], [1, 6]);
  assert.deepEqual([node.children[0]?.line, node.children[0]?.column], [2, 9]);
});

test('what is not well-formed is refused at its place', () => {
  const code = 'XML_MALFORMED';
  refuse('', { code, message: /document must contain a root element$/ });
  refuse('   ', { code });
  refuse('text', { code });
  refuse('<a>', { code, message: /unclosed tag: a$/ });
  refuse('<a></b>', { code, location: '1:7', message: /unexpected close tag$/ });
  refuse('<a>\n<b></a>', { code, location: '2:7' });
  refuse('<a/><b/>', { code });
  refuse('<a/>text', { code });
  refuse('<a b=1/>', { code });
  refuse('<a b/>', { code });
  refuse('<a b="1" b="2"/>', { code, message: /duplicate attribute/ });
  refuse('<a xmlns:p="u" xmlns:q="u" p:b="1" q:b="2"/>', { code, message: /duplicate attribute/ });
  refuse('<a b="<"/>', { code });
  refuse('<p:a/>', { code, message: /unbound namespace prefix/ });
  refuse('<a p:b=""/>', { code, message: /unbound namespace prefix/ });
  refuse('<a>&nbsp;</a>', { code, message: /undefined entity$/ });
  refuse('<a>&toString;&constructor;&__proto__;</a>', { code, message: /undefined entity$/ });
  refuse('<a>&</a>', { code });
  refuse('<a>&#0;</a>', { code });
  refuse('<a>&#xD800;</a>', { code });
  refuse('<a>&#x110000;</a>', { code });
  refuse('<a>\0</a>', { code, message: /disallowed character$/ });
  refuse('<a>\u0001</a>', { code });
  refuse('<a>\uFFFE</a>', { code });
  refuse('<a>]]></a>', { code });
  refuse('<a><!-- -- --></a>', { code });
  refuse('<a><![CDATA[x</a>', { code });
  refuse(' <?xml version="1.0"?><a/>', { code });
  refuse('<a><1/></a>', { code });
  refuse('<a', { code });
});

test('a declared version 1.1 loosens nothing', () => {
  check('<?xml version="1.1"?><a>x</a>', ['a', 'x']);
  refuse('<?xml version="1.1"?><a>&#1;</a>', { code: 'XML_MALFORMED' });
  check('<?xml version="1.1"?><a>\u0085\u2028</a>', ['a', '\u0085\u2028']);
});

test('a lone surrogate cannot swallow mark-up', () => {
  refuse('<a>\uD800</a>', { code: 'XML_MALFORMED', message: /lone surrogate/ });
  refuse('<a>\uDC00</a>', { code: 'XML_MALFORMED', message: /lone surrogate/ });
});

test('every document type is refused, whatever it declares', () => {
  const code = 'XML_DTD_REFUSED';
  refuse('<!DOCTYPE a><a/>', { code, location: '1:12' });
  refuse('<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', { code });
  refuse('<!DOCTYPE a [<!ENTITY x SYSTEM "http://example.test/x">]><a>&x;</a>', { code });
  const laughs = Array.from(
    { length: 9 },
    (_, index) => `<!ENTITY l${index + 1} "${`&l${index};`.repeat(10)}">`,
  );
  refuse(`<!DOCTYPE a [<!ENTITY l0 "ha">${laughs.join('')}]><a>&l9;</a>`, { code });
  refuse('<a/><!DOCTYPE a>', { code: 'XML_MALFORMED' });
});

test('size, depth, elements and attributes are bounded', () => {
  const code = 'XML_TOO_LARGE';
  refuse('<a>12345</a>', { code, message: /more than 11 characters$/ }, { lengthMax: 11 });
  check('<a>12345</a>', ['a', '12345']);
  refuse('<a><b><c/></b></a>', { code, message: /more than 2 levels$/ }, { depthMax: 2 });
  assert.equal(parseXmlTree('<a><b/><b/></a>', { depthMax: 2 }).children.length, 2);
  refuse('<a><b/>\n<b/></a>', { code, location: '2:3' }, { elementsMax: 2 });
  assert.equal(parseXmlTree('<a><b/></a>', { elementsMax: 2 }).children.length, 1);
  refuse('<a b="" c=""/>', { code, message: /more than 1 attributes$/ }, { attributesMax: 1 });
  refuse('<a b=""><c d=""/></a>', { code }, { attributesMax: 1 });
  const depth = XML_LIMITS.depthMax;
  assert.ok(parseXmlTree('<a>'.repeat(depth) + '</a>'.repeat(depth)));
  refuse('<a>'.repeat(1_000_000), { code, message: /more than 64 levels$/ });
  refuse('<a>'.repeat(depth + 1) + '</a>'.repeat(depth + 1), { code });
  refuse(
    `<a ${Array.from({ length: 101 }, (_, i) => `a${i}=""`).join(' ')}/>`,
    { code },
    {
      attributesMax: 100,
    },
  );
});

test('a long name does not fill an error', () => {
  refuse(`<a></${'b'.repeat(100_000)}>`, { code: 'XML_MALFORMED', message: /^.{1,200}$/ });
});

test('parseXmlList hands children over as they end and does not keep them', () => {
  const seen: string[] = [];
  const root = parseXmlList('<r n="1">x<a>1<b>2</b></a>y<c/></r>', (child, parent) =>
    seen.push(`${parent.name}${parent.attributes.n}:${JSON.stringify(shapeOf(child))}`),
  );
  assert.deepEqual(seen, ['r1:["a","1",["b","2"]]', 'r1:["c",""]']);
  assert.deepEqual(shapeOf(root), ['r', 'xy']);
  assert.deepEqual(shapeOf(parseXmlList('<r/>', () => assert.fail('no child'))), ['r', '']);
});

test('parseXmlList holds each child to the limits, not the list', () => {
  const limits = { elementsMax: 4, attributesMax: 2 };
  const read = (xml: string): number => {
    let children = 0;
    parseXmlList(xml, () => (children += 1), limits);
    return children;
  };
  assert.equal(read(`<r>${'<a b="" c=""><b/><c/></a>'.repeat(100)}</r>`), 100);
  assert.throws(() => read('<r><a/><a><b/><c/><d/><e/></a></r>'), { code: 'XML_TOO_LARGE' });
  assert.throws(() => read('<r><a/><a b="" c="" d=""/></r>'), { code: 'XML_TOO_LARGE' });
});

test('parseXmlList reports a fault after the children before it', () => {
  const seen: string[] = [];
  assert.throws(() => parseXmlList('<r><a/><b></r>', (child) => seen.push(child.name)), {
    code: 'XML_MALFORMED',
  });
  assert.equal(seen[0], 'a');
});

test('a million characters of hostile text are read in linear time', () => {
  const length = 1_000_000;
  const texts = [
    `<a>${'&amp;'.repeat(length / 5)}</a>`,
    `<a>${']'.repeat(length)}</a>`,
    `<a b="${'x '.repeat(length / 2)}"/>`,
    `<a>${'<![CDATA[x]]>'.repeat(length / 13)}</a>`,
    `<a>${'<b/>'.repeat(length / 4)}</a>`,
    `<a>${'\r'.repeat(length)}</a>`,
    `<a><!--${' -'.repeat(length / 2)}`,
    `<!DOCTYPE a [${'<!-- x -->'.repeat(length / 10)}`,
    `<a &${'x'.repeat(length)};`,
    `<${'a'.repeat(length)}/>`,
  ];
  for (const text of texts) {
    const start = performance.now();
    try {
      parseXmlTree(text);
    } catch (error) {
      assert.ok(error instanceof WitnessError);
    }
    assert.ok(performance.now() - start < 5000, text.slice(0, 20));
  }
});
