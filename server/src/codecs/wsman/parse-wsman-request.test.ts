import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseEventXml, parseWsmanRequest, type WsmanRequest } from '../index.ts';
import {
  buildEnd,
  buildEnumerate,
  buildEvents,
  buildHeartbeat,
  buildSubscriptionEnd,
  type ClientMessage,
  type EventsMessage,
} from './testing.ts';

const CLIENT: ClientMessage = {
  to: 'http://wec.example.org:5985/wsman/SubscriptionManager/WEC',
  machineId: 'pc1.example.org',
  messageId: 'uuid:E9802257-6A7D-4C0D-BFA4-E81C7B1C447E',
  operationId: 'uuid:03A3D1BB-9B16-4847-9F04-C9A8ED38E1E4',
  sessionId: 'uuid:D25DD033-C406-44AB-8443-85E1BC794F10',
};
const DELIVERY = { ...CLIENT, identifier: '219C5353-5F3D-4CD7-A644-F6B69E57C1C1' };

const HEADER = {
  to: CLIENT.to,
  machineId: CLIENT.machineId,
  replyTo: 'http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous',
  maxEnvelopeBytes: 512_000,
  messageId: CLIENT.messageId,
  locale: 'en-US',
  dataLocale: 'en-US',
  sessionId: CLIENT.sessionId,
  operationId: CLIENT.operationId,
  sequenceId: 1,
  operationTimeoutMs: 60_000,
};
const WSMAN = 'http://schemas.dmtf.org/wbem/wsman/1/wsman';

const NAMESPACES =
  'xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" ' +
  'xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd" xmlns:e="http://schemas.xmlsoap.org/ws/2004/08/eventing"';

/** An Events message of a hand-written header and body. */
const soap = (bodyXml: string, headerXml = '', action = `${WSMAN}/Events`): Uint8Array =>
  Buffer.from(
    `<s:Envelope ${NAMESPACES}><s:Header><a:Action>${action}</a:Action>` +
      `<a:MessageID>uuid:1</a:MessageID>${headerXml}</s:Header><s:Body>${bodyXml}</s:Body></s:Envelope>`,
  );

const events = (bytes: Uint8Array): Extract<WsmanRequest, { kind: 'events' }> => {
  const request = parseWsmanRequest(bytes);
  assert.ok(request.kind === 'events', request.kind);
  return request;
};

const refuse = (
  bytes: Uint8Array,
  code: string,
  { message, location }: { readonly message?: RegExp; readonly location?: string } = {},
): void =>
  assert.throws(
    () => parseWsmanRequest(bytes),
    (error: Error & { code: string; location?: string }) => {
      assert.equal(error.code, code, error.message);
      if (message !== undefined) assert.match(error.message, message);
      if (location !== undefined) assert.equal(error.location, location);
      return true;
    },
  );

const EVENT =
  "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='P'/><EventID>1</EventID>" +
  "<TimeCreated SystemTime='2025-01-31T09:12:33.1234567Z'/><EventRecordID>7</EventRecordID><Channel>C</Channel>" +
  "<Computer>pc1</Computer></System><EventData><Data Name='D'>a]]&gt;b &amp; ä</Data></EventData></Event>";
const RENDERED = EVENT.replace(
  '</Event>',
  "<RenderingInfo Culture='en-US'><Message>m</Message></RenderingInfo></Event>",
);

test('an Enumerate', () => {
  assert.deepEqual(parseWsmanRequest(buildEnumerate(CLIENT)), {
    kind: 'enumerate',
    encoding: 'utf-16le',
    isOptimized: true,
    maxElements: 32_000,
    header: {
      ...HEADER,
      action: 'http://schemas.xmlsoap.org/ws/2004/09/enumeration/Enumerate',
      resourceUri: 'http://schemas.microsoft.com/wbem/wsman/1/SubscriptionManager/Subscription',
      isAckRequested: false,
    },
  });
  const other = Buffer.from(buildEnumerate({ ...CLIENT, encoding: 'utf-8' }))
    .toString()
    .replace('SubscriptionManager/Subscription<', 'windows/shell/cmd<');
  assert.equal(parseWsmanRequest(Buffer.from(other)).kind, 'other');
});

test('a heartbeat', () => {
  assert.deepEqual(parseWsmanRequest(buildHeartbeat({ ...DELIVERY, encoding: 'utf-8' })), {
    kind: 'heartbeat',
    encoding: 'utf-8',
    header: {
      ...HEADER,
      action: `${WSMAN}/Heartbeat`,
      identifier: DELIVERY.identifier,
      isAckRequested: true,
    },
  });
  refuse(
    soap('<w:Events><w:Event>x</w:Event></w:Events>', '', `${WSMAN}/Heartbeat`),
    'WSMAN_SOAP_INVALID',
    {
      message: /a heartbeat with events/,
    },
  );
});

test('events come as they were sent, whatever way they are put in', () => {
  const bookmarkXml =
    '<BookmarkList><Bookmark Channel="C" RecordId="7" IsCurrent="true"/></BookmarkList>';
  const message: EventsMessage = { ...DELIVERY, events: [EVENT, RENDERED], bookmarkXml };
  for (const form of ['cdata', 'escaped', 'elements'] as const) {
    for (const encoding of ['utf-16le', 'utf-16be', 'utf-8'] as const) {
      const request = events(buildEvents({ ...message, form, encoding }));
      assert.deepEqual(request.events, [EVENT, RENDERED], form);
      assert.equal(request.encoding, encoding);
      assert.equal(request.header.bookmarkXml, bookmarkXml);
      assert.equal(request.header.isAckRequested, true);
      assert.equal(request.droppedEvents, 0);
    }
  }
  assert.equal(parseEventXml(EVENT).data[0]?.value, 'a]]>b & ä');
});

test('content format, acknowledgement and dropped events', () => {
  const message: EventsMessage = { ...DELIVERY, events: [EVENT] };
  assert.equal(events(buildEvents(message)).contentFormat, 'Events');
  assert.equal(
    events(buildEvents({ ...message, events: [EVENT, RENDERED] })).contentFormat,
    'RenderedText',
  );
  assert.equal(
    events(buildEvents({ ...message, isAckRequested: false })).header.isAckRequested,
    false,
  );
  assert.equal(events(buildEvents({ ...message, droppedEvents: 12 })).droppedEvents, 12);
  assert.deepEqual(events(buildEvents({ ...message, events: [] })).events, []);
  const direct = '<w:Events><w:DroppedEvents Action="x">3</w:DroppedEvents></w:Events>';
  assert.equal(events(soap(direct)).droppedEvents, 3);
});

test('CDATA, blanks and mark-up around events', () => {
  const check = (content: string, expected: string): void =>
    assert.deepEqual(
      events(soap(`<w:Events>\n<w:Event>${content}</w:Event>\n</w:Events>`)).events,
      [expected],
    );
  check('\r\n <![CDATA[ <E/>\n]]> \n', '<E/>');
  check('<![CDATA[<E>]]]]><![CDATA[></E>]]>', '<E>]]></E>');
  check('<![CDATA[<E>]]><!-- c --></w:Event><!-- c -->'.replace('</w:Event>', ''), '<E>');
  check('&lt;E&gt;&#x41;&amp;amp;&lt;/E&gt;', '<E>A&amp;</E>');
  check('&lt;E&gt;<![CDATA[&amp;]]>&lt;/E&gt;', '<E>&amp;</E>');
  check(' <E a="1"><F/>\r\n<![CDATA[<]]></E> ', '<E a="1"><F/>\r\n<![CDATA[<]]></E>');
  check('<![CDATA[<!DOCTYPE x>]]>', '<!DOCTYPE x>');
  check('<![CDATA[\u0001]]>', '\u0001');
});

test('what is no batch of events is refused', () => {
  const bad = (body: string, message: RegExp): void =>
    refuse(soap(body), 'WSMAN_SOAP_INVALID', { message });
  bad('', /Events is due/);
  bad('<w:Event/>', /Events is due/);
  bad('<Events/>', /Events is due/);
  bad('<w:Events/><w:Events/>', /something after/);
  bad('<w:Events>text</w:Events>', /text between/);
  bad('<w:Events><e:Event>x</e:Event></w:Events>', /Event among the events/);
  bad('<w:Events><w:Other>x</w:Other></w:Events>', /Other among the events/);
  bad('<w:Events><w:Event/></w:Events>', /an empty Event/);
  bad('<w:Events><w:Event> <![CDATA[ ]]></w:Event></w:Events>', /an empty Event/);
  bad('<w:Events><w:Event><![CDATA[x]]><E/></w:Event></w:Events>', /CDATA and elements/);
  bad('<w:Events><w:Event><![CDATA[x]]>y</w:Event></w:Events>', /text between/);
  bad('<w:Events><w:Event><E/><E/></w:Event></w:Events>', /two elements/);
  bad('<w:Events><w:Event>x<E/></w:Event></w:Events>', /text and elements/);
});

test('the end of a subscription, with what Windows says about it', () => {
  const request = parseWsmanRequest(buildSubscriptionEnd(DELIVERY));
  assert.ok(request.kind === 'subscription-end');
  const { status, reason, faultCode, header } = request;
  assert.deepEqual(
    [status, reason, faultCode, header.isAckRequested, header.identifier],
    [
      'http://schemas.xmlsoap.org/ws/2004/08/eventing/SourceCancelling',
      'The forwarder failed to read events.',
      1717,
      true,
      DELIVERY.identifier,
    ],
  );
  const action = 'http://schemas.xmlsoap.org/ws/2004/08/eventing/SubscriptionEnd';
  const bare = parseWsmanRequest(
    soap('<e:SubscriptionEnd><e:Reason>down</e:Reason></e:SubscriptionEnd>', '', action),
  );
  assert.ok(bare.kind === 'subscription-end');
  assert.deepEqual([bare.status, bare.reason, bare.faultCode], ['', 'down', undefined]);
  refuse(soap('', '', action), 'WSMAN_SOAP_INVALID', { message: /SubscriptionEnd is due/ });
});

test('messages without an answer of their own', () => {
  assert.equal(parseWsmanRequest(buildEnd({ messageId: 'uuid:1' })).kind, 'end');
  assert.equal(parseWsmanRequest(soap('', '', `${WSMAN}/Ack`)).kind, 'ack');
  const other = parseWsmanRequest(soap('<x><y/></x><z/>text', '', 'urn:what'));
  assert.deepEqual(
    [other.kind, other.header.action, other.header.messageId],
    ['other', 'urn:what', 'uuid:1'],
  );
  const identify = (header: string): string =>
    parseWsmanRequest(
      Buffer.from(
        `<s:Envelope ${NAMESPACES} xmlns:i="http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd">${header}<s:Body>\n<i:Identify/></s:Body></s:Envelope>`,
      ),
    ).kind;
  assert.deepEqual([identify(''), identify('<s:Header/>')], ['identify', 'identify']);
});

test('headers as facts', () => {
  const header = (xml: string) => events(soap('<w:Events/>', xml)).header;
  assert.equal(
    header('<w:OperationTimeout>P1DT2H3M4.5S</w:OperationTimeout>').operationTimeoutMs,
    93_784_500,
  );
  assert.equal(
    header('<w:OperationTimeout>soon</w:OperationTimeout>').operationTimeoutMs,
    undefined,
  );
  assert.equal(header('<w:MaxEnvelopeSize>-1</w:MaxEnvelopeSize>').maxEnvelopeBytes, undefined);
  assert.equal(header('<e:Identifier>\n A\n</e:Identifier>').identifier, 'A');
  assert.equal(header('<e:Identifier></e:Identifier>').identifier, undefined);
  assert.equal(header('<a:RelatesTo>uuid:2</a:RelatesTo>').relatesTo, 'uuid:2');
  assert.equal(header('<w:Bookmark>urn:x</w:Bookmark>').bookmarkXml, undefined);
  assert.equal(header('<w:Bookmark>\n<B  a="1"/>\n</w:Bookmark>').bookmarkXml, '<B  a="1"/>');
  assert.equal(
    header('<x y="1">z</x><x/><w:Unknown s:mustUnderstand="false"/>').isAckRequested,
    false,
  );
});

test('headers that deceive are refused', () => {
  const bad = (xml: string, message: RegExp, code = 'WSMAN_SOAP_INVALID'): void =>
    refuse(soap('<w:Events/>', xml), code, { message });
  bad('<a:MessageID>uuid:2</a:MessageID>', /the header MessageID twice/);
  bad('<e:Identifier>a</e:Identifier><e:Identifier>b</e:Identifier>', /Identifier twice/);
  bad('<e:Identifier>a&#10;b</e:Identifier>', /control character in identifier/);
  bad(`<e:Identifier>${'x'.repeat(2049)}</e:Identifier>`, /identifier of 2049 characters/);
  bad('<w:Bookmark><B/><B/></w:Bookmark>', /bookmark that does not stand alone/);
  bad('<w:Bookmark><w:B/></w:Bookmark>', /bookmark that does not stand alone/);
  bad(`<w:Bookmark><B a="${'x'.repeat(300_000)}"/></w:Bookmark>`, /too long/);
  bad('text', /text between elements/);
  bad('<w:Unknown s:mustUnderstand="1"/>', /the header Unknown/, 'WSMAN_NOT_UNDERSTOOD');
});
