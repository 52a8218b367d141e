import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseWsmanRequest } from '../index.ts';
import { buildEvents } from './testing.ts';

const WSMAN = 'http://schemas.dmtf.org/wbem/wsman/1/wsman';
const NAMESPACES =
  'xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" ' +
  'xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"';

/** An Events message of a hand-written header and body. */
const soap = (bodyXml: string, headerXml = ''): Uint8Array =>
  Buffer.from(
    `<s:Envelope ${NAMESPACES}><s:Header><a:Action>${WSMAN}/Events</a:Action>` +
      `<a:MessageID>uuid:1</a:MessageID>${headerXml}</s:Header><s:Body>${bodyXml}</s:Body></s:Envelope>`,
  );

const refuse = (bytes: Uint8Array, code: string, location?: string): void =>
  assert.throws(() => parseWsmanRequest(bytes), {
    code,
    ...(location !== undefined && { location }),
  });

test('envelopes that are none', () => {
  const bad = (xml: string, code: string, location?: string): void =>
    refuse(Buffer.from(xml), code, location);
  const open = `<s:Envelope ${NAMESPACES}>`;
  bad('', 'WSMAN_SOAP_INVALID', '1:1');
  bad('text', 'WSMAN_XML_MALFORMED', '1:1');
  bad('<Envelope/>', 'WSMAN_SOAP_INVALID');
  bad('<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"/>', 'WSMAN_SOAP_INVALID');
  bad(`${open}</s:Envelope>`, 'WSMAN_SOAP_INVALID');
  bad(`${open}<s:Header/></s:Envelope>`, 'WSMAN_SOAP_INVALID');
  bad(`${open}<s:Body/></s:Envelope>`, 'WSMAN_HEADER_MISSING');
  bad(
    `${open}<s:Header><a:Action>${WSMAN}/Heartbeat</a:Action></s:Header><s:Body/></s:Envelope>`,
    'WSMAN_HEADER_MISSING',
  );
  bad(
    `${open}<s:Header><a:Action>x</a:Action></s:Header><s:Body/><s:Body/></s:Envelope>`,
    'WSMAN_SOAP_INVALID',
  );
  bad(
    `${open}<s:Header><a:Action>x</a:Action></s:Header><s:Body/></s:Envelope><x/>`,
    'WSMAN_XML_MALFORMED',
  );
  bad(`${open}\n<s:Header`, 'WSMAN_XML_MALFORMED', '2:10');
});

test('XML that is malformed or hostile is refused at its place', () => {
  const bad = (body: string, code: string, location?: string): void =>
    refuse(soap(`<w:Events>\n<w:Event>${body}</w:Event></w:Events>`), code, location);
  bad('<a></b>', 'WSMAN_XML_MALFORMED', '2:13');
  bad('<a>', 'WSMAN_XML_MALFORMED');
  bad('</a>', 'WSMAN_XML_MALFORMED');
  bad('<a', 'WSMAN_XML_MALFORMED');
  bad('<1/>', 'WSMAN_XML_MALFORMED');
  bad('<a b/>', 'WSMAN_XML_MALFORMED');
  bad('<a b=c/>', 'WSMAN_XML_MALFORMED');
  bad('<a b="1"c="2"/>', 'WSMAN_XML_MALFORMED');
  bad('<a b="1" b="2"/>', 'WSMAN_XML_MALFORMED');
  bad('<a xmlns:x="u" xmlns:y="u" x:b="1" y:b="2"/>', 'WSMAN_XML_MALFORMED');
  bad('<a b="<"/>', 'WSMAN_XML_MALFORMED');
  bad('<x:a/>', 'WSMAN_XML_MALFORMED');
  bad('<a x:b=""/>', 'WSMAN_XML_MALFORMED');
  bad('&nbsp;', 'WSMAN_XML_MALFORMED');
  bad('&', 'WSMAN_XML_MALFORMED');
  bad('&#0;', 'WSMAN_XML_MALFORMED');
  bad('&#xD800;', 'WSMAN_XML_MALFORMED');
  bad('&#x110000;', 'WSMAN_XML_MALFORMED');
  bad('<?php?>', 'WSMAN_XML_MALFORMED');
  bad('<![CDATA[', 'WSMAN_XML_MALFORMED');
  bad('<!-- ', 'WSMAN_XML_MALFORMED');
  bad('<!ENTITY a "b">', 'WSMAN_XML_MALFORMED');
  bad('<!DOCTYPE a>', 'WSMAN_XML_DTD', '2:10');
  bad('<a>'.repeat(100), 'WSMAN_XML_LIMIT', '2:190');
  bad(`<a ${Array.from({ length: 65 }, (_, n) => `b${n}=""`).join(' ')}/>`, 'WSMAN_XML_LIMIT');
  bad(
    `<a ${Array.from({ length: 62 }, (_, n) => `xmlns:b${n}=""`).join(' ')}/>`,
    'WSMAN_XML_LIMIT',
  );
  refuse(Buffer.from('<!DOCTYPE x [<!ENTITY a "b">]><s:Envelope/>'), 'WSMAN_XML_DTD', '1:1');
  refuse(soap('<w:Events/>', '<x>&lol;</x>'), 'WSMAN_XML_MALFORMED');
  refuse(soap('<w:Events/>', '<x/>'.repeat(10_001)), 'WSMAN_XML_LIMIT');
  refuse(soap(`<w:Events>${'<w:Event>x</w:Event>'.repeat(100_001)}</w:Events>`), 'WSMAN_XML_LIMIT');
});

test('half a message is never a whole one', () => {
  const whole = buildEvents({
    to: 'http://w/',
    machineId: 'pc1',
    messageId: 'uuid:1',
    identifier: 'I',
    events: ['<Event>ä</Event>', '<Event a="b">&amp;</Event>'],
    encoding: 'utf-8',
  });
  for (let length = 0; length < whole.length; length += 1) {
    assert.throws(
      () => parseWsmanRequest(whole.subarray(0, length)),
      /^WitnessError: The SOAP message|valid UTF-8/,
    );
  }
});

test('megabytes of hostile text are read in linear time', () => {
  const length = 4_000_000;
  const bodies = [
    '<w:Event>x</w:Event>'.repeat(length / 40),
    `<w:Event>${'<a/>'.repeat(length / 4)}</w:Event>`,
    `<w:Event><![CDATA[${']]'.repeat(length / 2)}]]></w:Event>`,
    `<w:Event>${'<![CDATA[x]]>'.repeat(length / 13)}</w:Event>`,
    `<w:Event>${'&amp;'.repeat(length / 5)}</w:Event>`,
    `<w:Event>${'<!-- -->'.repeat(length / 8)}x</w:Event>`,
    `<w:Event a="${' x'.repeat(length / 2)}">x</w:Event>`,
    `<w:Event${' '.repeat(length)}>x</w:Event>`,
    `<w:Event>${' '.repeat(length)}</w:Event>`,
    `<w:Event><${'a'.repeat(length)}/></w:Event>`,
    `<w:Event>${'&'.repeat(length)}</w:Event>`,
    `<w:Event><a ${'b="" '.repeat(60)}${Array.from({ length: 55 }, (_, n) => `xmlns:b${n}=""`).join(' ')}>${'<a/>'.repeat(length / 4)}</a></w:Event>`,
  ];
  for (const body of bodies) {
    const bytes = soap(`<w:Events>${body}</w:Events>`);
    const start = performance.now();
    try {
      parseWsmanRequest(bytes);
    } catch (error) {
      assert.match(String(error), /WitnessError/);
    }
    assert.ok(performance.now() - start < 5000, body.slice(0, 40));
  }
});
