import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contentTypeOf, openBody } from '../index.ts';
import { decodeBody, encodeBody } from './body-text.ts';
import { parseContentType } from './content-type.ts';
import { compressSldc } from './testing.ts';

const TEXT = '<a>ä漢𝄞</a>';
const utf8 = Buffer.from(TEXT);
const utf16 = Buffer.from(TEXT, 'utf16le');
const bigEndian = Buffer.from(utf16).swap16();
const mark = (hex: string, bytes: Buffer): Buffer =>
  Buffer.concat([Buffer.from(hex, 'hex'), bytes]);

test('encodings by mark, by zeros, by charset', () => {
  const check = (bytes: Uint8Array, contentType: string, encoding: string): void =>
    assert.deepEqual(decodeBody(bytes, contentType), { text: TEXT, encoding });
  check(mark('fffe', utf16), '', 'utf-16le');
  check(mark('feff', bigEndian), '', 'utf-16be');
  check(mark('efbbbf', utf8), '', 'utf-8');
  check(mark('fffe', utf16), 'application/soap+xml;charset=UTF-8', 'utf-16le');
  check(utf16, '', 'utf-16le');
  check(bigEndian, 'application/soap+xml;charset=UTF-16', 'utf-16be');
  check(utf16, 'application/soap+xml;charset=UTF-16', 'utf-16le');
  check(utf8, '', 'utf-8');
  check(utf8, 'application/soap+xml; charset="utf-8"', 'utf-8');
});

test('a charset decides where nothing else tells', () => {
  const bytes = Buffer.from('漢漢', 'utf16le');
  assert.equal(decodeBody(bytes, 'x/y;charset=utf-16').text, '漢漢');
  assert.equal(decodeBody(Buffer.from(bytes).swap16(), 'x/y;charset=UTF-16BE').text, '漢漢');
  assert.deepEqual(decodeBody(Buffer.alloc(0)), { text: '', encoding: 'utf-8' });
});

test('what is no text of its charset is refused', () => {
  const refuse = (hex: string, contentType = ''): void =>
    assert.throws(() => decodeBody(Buffer.from(hex, 'hex'), contentType), {
      code: 'WSMAN_CHARSET',
    });
  refuse('fffe3c');
  refuse('feff003c3f');
  refuse('3cff');
  refuse('3cc3');
  refuse('3c', 'text/xml;charset=koi8-r');
});

test('an unpaired surrogate stays, since a body refused for it would come for ever', () => {
  assert.equal(decodeBody(Buffer.from('fffe3c0000d83e00', 'hex')).text, '<\ud800>');
});

test('bodies are written with the mark that Windows expects', () => {
  assert.deepEqual(encodeBody(TEXT, 'utf-16le'), mark('fffe', utf16));
  assert.deepEqual(encodeBody(TEXT, 'utf-16be'), mark('feff', bigEndian));
  assert.deepEqual(encodeBody(TEXT, 'utf-8'), utf8);
  assert.equal(contentTypeOf('utf-16le'), 'application/soap+xml;charset=UTF-16');
  assert.equal(contentTypeOf('utf-16be'), 'application/soap+xml;charset=UTF-16');
  assert.equal(contentTypeOf('utf-8'), 'application/soap+xml;charset=UTF-8');
});

test('content encodings: none, SLDC, and SLDC that is none', () => {
  const plain = mark('fffe', utf16);
  const check = (bytes: Uint8Array, contentEncoding: string | undefined): void =>
    assert.deepEqual(Buffer.from(openBody(bytes, contentEncoding, { bytesMax: 100 })), plain);
  check(plain, undefined);
  check(plain, '');
  check(plain, 'Identity');
  check(plain, 'SLDC');
  check(compressSldc(plain), 'SLDC');
  check(compressSldc(plain, 2), ' sldc ');
});

test('other encodings and sizes are refused', () => {
  const refuse = (bytes: Uint8Array, contentEncoding: string, code: string): void =>
    assert.throws(() => openBody(bytes, contentEncoding, { bytesMax: 20 }), { code });
  refuse(utf8, 'gzip', 'WSMAN_CONTENT_ENCODING');
  refuse(utf8, 'SLDC, gzip', 'WSMAN_CONTENT_ENCODING');
  refuse(Buffer.alloc(21), '', 'WSMAN_BODY_LIMIT');
  refuse(Buffer.alloc(21), 'SLDC', 'WSMAN_BODY_LIMIT');
  refuse(compressSldc(Buffer.alloc(21)), 'SLDC', 'WSMAN_BODY_LIMIT');
});

test('content types are read leniently', () => {
  const check = (text: string, type: string, parameters: Record<string, string>): void => {
    const read = parseContentType(text);
    assert.deepEqual([read.type, Object.fromEntries(read.parameters)], [type, parameters], text);
  };
  check('', '', {});
  check('Text/XML', 'text/xml', {});
  check('a/b;c=d', 'a/b', { c: 'd' });
  check('a/b ; C = d ; e="f;g\\"h"', 'a/b', { c: 'd', e: 'f;g"h' });
  check('a/b;c=1;c=2;;=;x', 'a/b', { c: '1' });
  check(`a/b;c=${'x'.repeat(5000)}`, 'a/b', { c: 'x'.repeat(1018) });
});
