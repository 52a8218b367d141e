import assert from 'node:assert/strict';
import { parseXmlTree, WitnessError } from '@witness/record';
import {
  parseWsmanRequest,
  readEncryptedBody,
  type WsmanRequest,
  writeAck,
  writeEncryptedBody,
  writeEnumerateResponse,
  writeFault,
} from '../index.ts';
import {
  buildEnd,
  buildEnumerate,
  buildEvents,
  buildHeartbeat,
  buildSubscriptionEnd,
} from './testing.ts';

type Random = () => number;

const integer = (random: Random, below: number): number => Math.floor(random() * below);

const pick = <Item>(random: Random, items: readonly Item[]): Item =>
  items[integer(random, items.length)] as Item;

const MESSAGE = {
  to: 'http://w/',
  machineId: 'pc',
  messageId: 'uuid:1',
  operationId: 'uuid:2',
  identifier: 'I',
  encoding: 'utf-8',
  bookmarkXml: '<BookmarkList><Bookmark Channel="C" RecordId="7"/></BookmarkList>',
  events: ['<Event><System/></Event>', '<Event a="1">]]&gt;&amp;</Event>'],
  droppedEvents: 2,
} as const;

const SEEDS = [
  buildEnumerate(MESSAGE),
  buildHeartbeat(MESSAGE),
  buildEvents(MESSAGE),
  buildEvents({ ...MESSAGE, form: 'escaped' }),
  buildEvents({ ...MESSAGE, form: 'elements' }),
  buildSubscriptionEnd(MESSAGE),
  buildEnd(MESSAGE),
].map((bytes) => Buffer.from(bytes).toString());

const FRAME = Buffer.from(
  writeEncryptedBody({
    protocol: 'Kerberos',
    contentType: 'application/soap+xml;charset=UTF-16',
    length: 4,
    signature: Buffer.from('sign'),
    cipherText: Buffer.from('text'),
  }),
).toString('latin1');

const TOKENS = [
  '<',
  '>',
  '/>',
  '</',
  '<!--',
  '-->',
  '<![CDATA[',
  ']]>',
  '<?xml ?>',
  '<!DOCTYPE a>',
  '&',
  ';',
  '&lt;',
  '&#65;',
  '&#x0;',
  '"',
  "'",
  '=',
  ' ',
  '\r\n',
  '\u0000',
  '😀',
  'xmlns:q="u"',
  'xmlns="u"',
  ' s:mustUnderstand="true"',
  '<w:Event>',
  '</w:Event>',
  '<w:Events>',
  '</w:Events>',
  '<w:Bookmark><x/></w:Bookmark>',
  '<s:Body>',
  '</s:Header>',
  '<a:MessageID>',
  '--Encrypted Boundary',
  '__proto__',
];

const mutate = (random: Random, text: string): string => {
  const at = integer(random, text.length);
  const until = at + integer(random, 40);
  return pick(random, [
    text.slice(0, at) + pick(random, TOKENS) + text.slice(at),
    text.slice(0, at) + text.slice(until),
    text.slice(0, at) + text.slice(at, until).repeat(3) + text.slice(until),
    text.slice(0, at) + pick(random, TOKENS) + text.slice(until),
  ]);
};

const xmlOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

/** Whatever was read can be answered with well-formed XML that holds its own bookmark. */
const checkAnswers = ({ header }: WsmanRequest): void => {
  const answering = { messageId: 'A', encoding: 'utf-8' } as const;
  parseXmlTree(
    xmlOf(writeFault({ ...answering, to: header }, 'internal-error', { message: '', machine: '' })),
  );
  const { messageId, bookmarkXml } = header;
  if (messageId === undefined) return;
  const to = { ...header, messageId };
  parseXmlTree(xmlOf(writeAck({ ...answering, to })));
  if (bookmarkXml === undefined) return;
  const response = writeEnumerateResponse({ ...answering, to }, [
    {
      version: 'V',
      identifier: 'I',
      messageId: 'M',
      operationId: 'O',
      name: 'n',
      address: 'http://w/',
      authentication: { kind: 'kerberos' },
      contentFormat: 'Events',
      contentEncoding: 'UTF-16',
      isCompressed: true,
      ignoresChannelErrors: true,
      heartbeatMs: 1000,
      connectionRetry: { total: 1, intervalMs: 1000 },
      maxTimeMs: 1000,
      maxEnvelopeBytes: 1000,
      query: '<QueryList/>',
      start: { bookmarkXml },
    },
  ]);
  parseXmlTree(xmlOf(response));
};

const orRefused = (work: () => void): void => {
  try {
    work();
  } catch (error) {
    if (!(error instanceof WitnessError)) throw error;
  }
};

/** Whatever the bytes, as text of either encoding and as an encrypted frame: values that hold together, or a WitnessError. */
export const fuzz = {
  name: 'wsman',
  makeInput: (random: Random): Uint8Array => {
    let text = random() < 0.2 ? FRAME : pick(random, SEEDS);
    for (let count = integer(random, 6); count > 0; count -= 1) text = mutate(random, text);
    return Buffer.from(text, random() < 0.2 ? 'utf16le' : 'utf8');
  },
  check: (input: Uint8Array): void => {
    let request: WsmanRequest | undefined;
    orRefused(() => {
      request = parseWsmanRequest(input);
    });
    if (request !== undefined) {
      if (request.kind === 'events') assert.ok(request.events.every((xml) => xml.trim() !== ''));
      checkAnswers(request);
    }
    orRefused(() => {
      const { signature, cipherText } = readEncryptedBody(input, 'multipart/encrypted');
      assert.ok(signature.length + cipherText.length < input.length);
    });
  },
};
