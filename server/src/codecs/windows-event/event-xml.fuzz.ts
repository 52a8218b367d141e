import assert from 'node:assert/strict';
import { WitnessError } from '@witness/record';
import { eventFromJson, eventToJson, eventToXml, parseEventXml } from '../index.ts';

type Random = () => number;

const integer = (random: Random, below: number): number => Math.floor(random() * below);

const pick = <Item>(random: Random, items: readonly Item[]): Item =>
  items[integer(random, items.length)] as Item;

const SEED =
  '<?xml version="1.0"?><Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System>' +
  '<Provider Name="P" Guid="{g}"/><EventID Qualifiers="1">4624</EventID><Version>2</Version><Level>0</Level>' +
  '<Keywords>0x8020000000000000</Keywords><TimeCreated SystemTime="2025-01-31T09:12:33.1234567Z"/>' +
  '<EventRecordID>7</EventRecordID><Execution ProcessID="1" ThreadID="2"/><Channel>Security</Channel>' +
  '<Computer>dc1</Computer><Security UserID="S-1-5-18"/></System><EventData><Data Name="A">x&amp;y</Data>' +
  '<Data><![CDATA[<z>]]></Data><Binary>00ff</Binary></EventData></Event>';

const TOKENS = [
  '<',
  '>',
  '/>',
  '</',
  '<!--',
  '-->',
  '<![CDATA[',
  ']]>',
  '<?',
  '?>',
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
  '\ud800',
  '😀',
  'Event',
  'System',
  'Data',
  'UserData',
  'xmlns',
  '<Data>',
  '</Data>',
  '<UserData><X a="1">',
  '</X></UserData>',
  '<EventData>',
  '</EventData>',
  '</Event>',
  '__proto__',
  'constructor',
  ':',
];

const mutate = (random: Random, text: string): string => {
  const at = integer(random, text.length);
  const until = at + integer(random, 12);
  return pick(random, [
    text.slice(0, at) + pick(random, TOKENS) + text.slice(at),
    text.slice(0, at) + text.slice(until),
    text.slice(0, at) + text.slice(at, until).repeat(3) + text.slice(until),
    text.slice(0, at) + pick(random, TOKENS) + text.slice(until),
  ]);
};

/** Whatever the text: an event that XML and JSON hold, or a WitnessError. */
export const fuzz = {
  name: 'event-xml',
  makeInput: (random: Random): Uint8Array => {
    let text = SEED;
    for (let count = integer(random, 8); count > 0; count -= 1) text = mutate(random, text);
    return Buffer.from(text, 'utf16le');
  },
  check: (input: Uint8Array): void => {
    const text = Buffer.from(input).toString('utf16le');
    try {
      const event = parseEventXml(text);
      assert.deepEqual(eventFromJson(eventToJson(event)), event);
      const again = parseEventXml(eventToXml(event));
      assert.deepEqual(parseEventXml(eventToXml(again)), again);
      assert.equal(again.data.length, event.data.length);
    } catch (error) {
      if (!(error instanceof WitnessError)) throw error;
    }
  },
};
