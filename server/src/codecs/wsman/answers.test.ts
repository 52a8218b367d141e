import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseXmlTree, WitnessError, type XmlNode } from '@witness/record';
import {
  type AnswerableHeader,
  faultOfError,
  newGuid,
  type WsmanSubscription,
  writeAck,
  writeEnumerateResponse,
  writeFault,
  writeIdentifyResponse,
  wsmanError,
} from '../index.ts';
import { FAULTS, type WsmanFault } from './faults.ts';

const TO: AnswerableHeader = {
  messageId: 'uuid:e9802257-<&>',
  operationId: 'uuid:03A3D1BB',
  sequenceId: 4,
  isAckRequested: true,
};
const ANSWERING = {
  messageId: '45697184-34FA-4722-BF84-AF362DAF7832',
  to: TO,
  encoding: 'utf-8',
} as const;

const SUBSCRIPTION: WsmanSubscription = {
  version: 'V',
  identifier: 'I<',
  messageId: 'M',
  operationId: 'O',
  name: 'Witness & Co',
  address: 'https://wec.example.org:5986/wsman/subscriptions/I?a=1&b=2',
  authentication: { kind: 'certificate', issuerThumbprints: ['ab'.repeat(20), 'CD'.repeat(20)] },
  contentFormat: 'Events',
  contentEncoding: 'UTF-8',
  isCompressed: false,
  ignoresChannelErrors: false,
  heartbeatMs: 900_500,
  connectionRetry: { total: 3, intervalMs: 1500 },
  maxTimeMs: 250,
  maxElements: 20,
  maxEnvelopeBytes: 1_048_576,
  query: '<QueryList><Query Id="0"><Select Path="Security">*</Select></Query></QueryList>',
  start: 'earliest',
};

const all = (node: XmlNode, name: string): XmlNode[] => [
  ...(node.name === name ? [node] : []),
  ...node.children.flatMap((child) => all(child, name)),
];
const texts = (node: XmlNode, name: string): string[] => all(node, name).map(({ text }) => text);

const answer = (...subscriptions: WsmanSubscription[]): XmlNode =>
  parseXmlTree(Buffer.from(writeEnumerateResponse(ANSWERING, subscriptions)).toString());

test('a subscription says all that it was given', () => {
  const root = answer(SUBSCRIPTION);
  const check = (name: string, expected: readonly string[]): void =>
    assert.deepEqual(texts(root, name), expected, name);
  check('RelatesTo', [TO.messageId]);
  check('Version', ['uuid:V']);
  check('Identifier', ['I<', 'I<']);
  check('Thumbprint', ['AB'.repeat(20), 'CD'.repeat(20)]);
  check('Heartbeats', ['PT900.500S']);
  check('ConnectionRetry', ['PT1.5S']);
  check('MaxTime', ['PT0.250S']);
  check('MaxElements', ['20']);
  check('MaxEnvelopeSize', ['1048576', '1048576']);
  check('ContentEncoding', ['UTF-8']);
  check('Option', ['Witness & Co', '', 'Events']);
  check('Bookmark', ['http://schemas.dmtf.org/wbem/wsman/1/wsman/bookmark/earliest']);
  check('Locale', []);
  check('SequenceId', ['4', '1']);
  assert.deepEqual(texts(root, 'Address').slice(1), [SUBSCRIPTION.address, SUBSCRIPTION.address]);
  const [authentication] = all(root, 'Authentication');
  assert.equal(
    authentication?.namespace,
    'http://schemas.microsoft.com/wbem/wsman/1/authentication',
  );
  assert.equal(
    authentication?.attributes.Profile,
    'http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/mutual',
  );
  assert.ok(all(root, 'Thumbprint').every(({ attributes }) => attributes.Role === 'issuer'));
});

test('choices of a subscription', () => {
  const kerberos = answer({ ...SUBSCRIPTION, authentication: { kind: 'kerberos' }, start: 'now' });
  assert.equal(
    all(kerberos, 'Authentication')[0]?.attributes.Profile,
    'http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/http/spnego-kerberos',
  );
  assert.deepEqual(
    [all(kerberos, 'ClientCertificate').length, all(kerberos, 'Bookmark').length],
    [0, 0],
  );
  const resumed = answer({
    ...SUBSCRIPTION,
    start: { bookmarkXml: '<BookmarkList/>' },
    locale: 'de-DE',
  });
  assert.equal(all(resumed, 'BookmarkList').length, 1);
  assert.equal(all(resumed, 'Locale').length, 2);
  assert.equal(all(answer(SUBSCRIPTION, SUBSCRIPTION), 'Subscription').length, 2);
  assert.equal(all(answer(), 'Items').length, 1);
});

test('an answer that would be broken is not written', () => {
  const refuse = (change: Partial<WsmanSubscription>, message: RegExp): void =>
    assert.throws(() => answer({ ...SUBSCRIPTION, ...change }), {
      code: 'WSMAN_ANSWER_INVALID',
      message,
    });
  refuse({ query: '<Query/>' }, /the query is no QueryList/);
  refuse({ query: '<QueryList>' }, /the query is no XML/);
  refuse({ query: '<QueryList/><x/>' }, /the query is no XML/);
  refuse({ start: { bookmarkXml: '</w:Bookmark>' } }, /the bookmark is no XML/);
  refuse({ authentication: { kind: 'certificate', issuerThumbprints: [] } }, /needs an issuer/);
  refuse(
    { authentication: { kind: 'certificate', issuerThumbprints: ['ab"'] } },
    /no SHA-1 thumbprint/,
  );
});

test('an Ack without operation has none', () => {
  const bare = writeAck({ ...ANSWERING, to: { messageId: 'uuid:A', isAckRequested: true } });
  const root = parseXmlTree(Buffer.from(bare).toString());
  assert.deepEqual([all(root, 'OperationID').length, all(root, 'SequenceId').length], [0, 0]);
  assert.deepEqual(texts(root, 'RelatesTo'), ['uuid:A']);
});

test('every fault is a SOAP 1.2 fault', () => {
  for (const fault of Object.keys(FAULTS) as WsmanFault[]) {
    const bytes = writeFault(ANSWERING, fault, { message: 'a < b', machine: 'wec"1' });
    const root = parseXmlTree(Buffer.from(bytes).toString());
    const { code, subcode, action, reason, windowsCode, detail } = FAULTS[fault];
    assert.deepEqual(texts(root, 'Action'), [action]);
    assert.deepEqual(texts(root, 'Value'), subcode === undefined ? [code] : [code, subcode]);
    assert.deepEqual(texts(root, 'Text'), [`${reason} a < b`]);
    assert.deepEqual(texts(root, 'FaultDetail'), detail === undefined ? [] : [detail]);
    const [windows] = all(root, 'WSManFault');
    assert.equal(
      windows?.attributes.Code,
      windowsCode === undefined ? undefined : String(windowsCode),
    );
    if (windows !== undefined) assert.equal(windows.attributes.Machine, 'wec"1');
    assert.equal(
      all(root, 'Detail').length,
      windowsCode === undefined && detail === undefined ? 0 : 1,
    );
  }
});

test('a fault for a request that could not be read', () => {
  const to = { isAckRequested: false };
  const bytes = writeFault({ ...ANSWERING, to }, 'invalid-message', { message: '', machine: '' });
  const root = parseXmlTree(Buffer.from(bytes).toString());
  assert.equal(all(root, 'RelatesTo').length, 0);
  assert.deepEqual(texts(root, 'Text'), ['The message is not valid and cannot be processed.']);
});

test('each error has its fault', () => {
  const SERVER_SIDE = ['WSMAN_ANSWER_INVALID', 'WSMAN_QUERY_INVALID'];
  for (const code of Object.keys(wsmanError.table)) {
    assert.equal(faultOfError(code) === 'internal-error', SERVER_SIDE.includes(code), code);
  }
  assert.equal(faultOfError('SPOOL_FULL'), 'internal-error');
  assert.ok(wsmanError('WSMAN_XML_DTD') instanceof WitnessError);
});

test('Identify is answered with the protocol and no version', () => {
  const bytes = Buffer.from(writeIdentifyResponse('utf-16le'));
  assert.equal(bytes.readUInt16LE(0), 0xfeff);
  const root = parseXmlTree(bytes.toString('utf16le').slice(1));
  assert.deepEqual(texts(root, 'ProtocolVersion'), [
    'http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd',
  ]);
  assert.deepEqual(texts(root, 'ProductVersion'), ['']);
});

test('GUIDs are in upper case and of version 4', () => {
  assert.equal(
    newGuid((count) => new Uint8Array(count).fill(0xff)),
    'FFFFFFFF-FFFF-4FFF-BFFF-FFFFFFFFFFFF',
  );
  assert.equal(
    newGuid((count) => new Uint8Array(count)),
    '00000000-0000-4000-8000-000000000000',
  );
});
