import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type EncryptedBody,
  encryptedTypeOf,
  isEncryptedType,
  readEncryptedBody,
  writeEncryptedBody,
} from '../index.ts';

const KERBEROS =
  'multipart/encrypted;protocol="application/HTTP-Kerberos-session-encrypted";boundary="Encrypted Boundary"';
const bytesOf = (text: string): Buffer => Buffer.from(text, 'latin1');

const BODY: EncryptedBody = {
  protocol: 'Kerberos',
  contentType: 'application/soap+xml;charset=UTF-16',
  length: 3240,
  signature: bytesOf('SIGN'),
  cipherText: bytesOf('\x00--Encrypted Boundary--\r\n\xff'),
};

const FRAMED =
  '--Encrypted Boundary\r\n' +
  'Content-Type: application/HTTP-Kerberos-session-encrypted\r\n' +
  'OriginalContent: type=application/soap+xml;charset=UTF-16;Length=3240\r\n' +
  '--Encrypted Boundary\r\n' +
  'Content-Type: application/octet-stream\r\n' +
  '\x04\x00\x00\x00SIGN\x00--Encrypted Boundary--\r\n\xff--Encrypted Boundary--\r\n';

test('the frame of Windows is read and written byte for byte', () => {
  assert.deepEqual(readEncryptedBody(bytesOf(FRAMED), KERBEROS), BODY);
  assert.equal(Buffer.from(writeEncryptedBody(BODY)).toString('latin1'), FRAMED);
  assert.equal(encryptedTypeOf('Kerberos'), KERBEROS);
});

test('both protocols, and variants that other clients write', () => {
  const spnego = FRAMED.replace('Kerberos', 'SPNEGO');
  assert.equal(readEncryptedBody(bytesOf(spnego), KERBEROS).protocol, 'SPNEGO');
  assert.equal(encryptedTypeOf('SPNEGO'), KERBEROS.replace('Kerberos', 'SPNEGO'));
  const read = (from: string | RegExp, to: string): EncryptedBody =>
    readEncryptedBody(bytesOf(FRAMED.replace(from, to)), KERBEROS);
  assert.deepEqual(read(/(Content-Type|OriginalContent)/g, '\t$1'), BODY);
  assert.deepEqual(read(/--\r\n$/, '--'), BODY);
  assert.deepEqual(read('HTTP-Kerberos', 'http-kerberos'), BODY);
  assert.deepEqual(read(';Length', '; length'), BODY);
  assert.deepEqual(read(/charset=UTF-16;/, ''), { ...BODY, contentType: 'application/soap+xml' });
  const other = bytesOf(FRAMED.replaceAll('--Encrypted Boundary', '--b'));
  assert.equal(readEncryptedBody(other, 'multipart/encrypted;boundary=b').length, 3240);
});

test('content types that are encrypted', () => {
  assert.ok(isEncryptedType(KERBEROS));
  assert.ok(isEncryptedType('Multipart/Encrypted'));
  assert.ok(!isEncryptedType('application/soap+xml;charset=UTF-16'));
});

test('the frame adds as many bytes as in the recorded conversation', () => {
  const check = (length: number, contentLength: number): void => {
    const [signature, cipherText] = [Buffer.alloc(60), Buffer.alloc(length)];
    const framed = writeEncryptedBody({ ...BODY, length, signature, cipherText });
    assert.equal(framed.length, contentLength);
  };
  check(3240, 3542);
  check(1430, 1732);
  check(19_555, 19_858);
});

const SIGNATURE_LENGTH = '\x04\x00\x00\x00';

test('frames that are none are refused', () => {
  const refuse = (message: RegExp, frame: string): void =>
    assert.throws(() => readEncryptedBody(bytesOf(frame), KERBEROS), {
      code: 'WSMAN_MULTIPART',
      message,
    });
  const replaced = (from: string | RegExp, to: string): string => FRAMED.replace(from, to);
  const upTo = (text: string): string => FRAMED.slice(0, FRAMED.indexOf(text) + text.length);
  const closing = '--Encrypted Boundary--\r\n';
  refuse(/its boundary is due/, '');
  refuse(/its boundary is due/, replaced(/^--/, '-'));
  refuse(/first part does not end/, replaced('\r\n--Encrypted Boundary\r\n', '\r\n'));
  refuse(/first part does not end/, replaced('Original', `${'x'.repeat(2000)}Original`));
  refuse(/protocol is unknown/, replaced('Kerberos', 'Basic'));
  refuse(/protocol is unknown/, replaced('Content-Type', 'Content'));
  refuse(/OriginalContent/, replaced(';Length=3240', ''));
  refuse(/OriginalContent/, replaced('3240', '99999999999'));
  refuse(/octet-stream is due/, replaced('octet-stream', 'xml'));
  refuse(/octet-stream is due/, upTo('octet-stream'));
  refuse(/closing boundary/, replaced(/--\r\n$/, '\r\n'));
  refuse(/closing boundary/, FRAMED.slice(0, -closing.length));
  refuse(/signature is missing/, `${upTo('octet-stream\r\n')}\x04${closing}`);
  refuse(/signature of 67108868/, replaced(SIGNATURE_LENGTH, '\x04\x00\x00\x04'));
  refuse(/signature of 36/, replaced(SIGNATURE_LENGTH, '$\x00\x00\x00'));
});

test('a bad boundary parameter is refused', () => {
  for (const boundary of ['', 'x'.repeat(71)]) {
    const type = `multipart/encrypted;boundary="${boundary}"`;
    assert.throws(() => readEncryptedBody(bytesOf(FRAMED), type), /a bad boundary/);
  }
});
