import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type EventXmlText, splitEventXml } from '../index.ts';

const A = '<Event xmlns="urn:e"><System a=">"/><Event>inner</Event></Event>';
const B = '<Event><Data>ü 世界 <![CDATA[</Event>]]><!-- </Event> --></Data></Event>';
const C = '<e:Event/>';

const collect = async (source: Parameters<typeof splitEventXml>[0]): Promise<EventXmlText[]> => {
  const texts: EventXmlText[] = [];
  for await (const batch of splitEventXml(source)) texts.push(...batch);
  return texts;
};

function* pieces(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const swapped = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();

const ENCODINGS: readonly (readonly [mark: string, encode: (text: string) => Buffer])[] = [
  ['', (text) => Buffer.from(text)],
  ['\ufeff', (text) => Buffer.from(text)],
  ['', (text) => Buffer.from(text, 'utf16le')],
  ['\ufeff', (text) => Buffer.from(text, 'utf16le')],
  ['', swapped],
  ['\ufeff', swapped],
];

/** The events of `text` in every encoding and in pieces of several sizes, with the byte offset of each. */
const check = async (text: string, expected: readonly string[]): Promise<void> => {
  for (const [mark, encode] of ENCODINGS) {
    const bytes = encode(mark + text);
    let from = 0;
    const wanted = expected.map((xml) => {
      const at = text.indexOf(xml, from);
      from = at + xml.length;
      return { xml, offset: encode(mark + text.slice(0, at)).length };
    });
    assert.deepEqual(await collect(bytes), wanted);
    for (const size of [1, 7, 64]) assert.deepEqual(await collect(pieces(bytes, size)), wanted);
  }
};

test('with a root, without a root, with other wrapping', async () => {
  await check(`<?xml version="1.0"?>\r\n<Events>\r\n${A}\r\n${B}${C}</Events>\r\n`, [A, B, C]);
  await check(`${A}${B}\n${C}`, [A, B, C]);
  await check(`<root><list>${A}</list><Events/></root>`, [A]);
  await check(`<!-- <Event/> --><Events>${C}</Events>`, [C]);
});

test('nothing to find', async () => {
  assert.deepEqual(await collect(new Uint8Array(0)), []);
  await check('<Events></Events>', []);
  await check('<EventsX><EventY/></EventsX>', []);
});

/** Fails with `code` after the events before that place. */
const checkFails = async (bytes: Uint8Array, code: string, before: number): Promise<void> => {
  const texts: EventXmlText[] = [];
  await assert.rejects(
    async () => {
      for await (const batch of splitEventXml(bytes)) texts.push(...batch);
    },
    { name: 'WitnessError', code },
  );
  assert.equal(texts.length, before);
};

test('files that end early or are hostile', async () => {
  await checkFails(Buffer.from(`${A}<Event><Data>`), 'EVENT_XML_MALFORMED', 1);
  await checkFails(Buffer.from(`${A}<Eve`), 'EVENT_XML_MALFORMED', 1);
  await checkFails(Buffer.from(`${A}<!DOCTYPE x>${A}`), 'EVENT_XML_DTD', 1);
  await checkFails(Buffer.from(`<Event>${'x'.repeat(5_000_000)}`), 'EVENT_XML_LIMIT', 0);
  await checkFails(Buffer.from([0x3c, 0x61, 0xff, 0xfe]), 'EVENT_XML_ENCODING', 0);
  await checkFails(Buffer.from([0xc3]), 'EVENT_XML_ENCODING', 0);
});

test('ending early ends the source', async () => {
  let isClosed = false;
  const source = async function* (): AsyncGenerator<Uint8Array> {
    try {
      for (;;) yield Buffer.from(A);
    } finally {
      isClosed = true;
    }
  };
  for await (const _ of splitEventXml(source())) break;
  assert.equal(isClosed, true);
});

test('a file far larger than an event passes through', async () => {
  const many = function* (): Generator<Uint8Array> {
    for (let count = 0; count < 200; count += 1) yield Buffer.from(A.repeat(500));
  };
  let events = 0;
  for await (const batch of splitEventXml(many())) events += batch.length;
  assert.equal(events, 100_000);
});
