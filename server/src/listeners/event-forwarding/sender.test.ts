/** Whose events they are: machine names, the computer of an event, and what happens when the two differ. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseEventXml } from '../../codecs/index.ts';
import { ITEM_TYPE_UNVERIFIED } from '../../sources/index.ts';
import { computerOfEvent } from './computer-of-event.ts';
import { machineOfNames, machineOfPrincipal } from './machine.ts';
import { eventXml, eventXmls } from './testing/event-xml.ts';
import { openTestForwarding } from './testing/open-test-forwarding.ts';
import { createRecordingSink } from './testing/recording-sink.ts';
import { openWindowsClient } from './testing/windows-client.ts';

test('a certificate names a computer', () => {
  const check = (names: readonly string[], name: string | undefined) =>
    assert.equal(machineOfNames(names)?.name, name, names.join());
  check(['PC1.Example.ORG'], 'pc1.example.org');
  check(['PC1'], 'pc1');
  check(['*.example.org', 'pc1.example.org'], 'pc1.example.org');
  check(['10.0.0.1'], undefined);
  check(['*.example.org'], undefined);
  check(['Alice Example'], undefined);
  check(['..', 'a/b', 'a\nb', ''], undefined);
  check(['a'.repeat(254)], undefined);
  check([], undefined);
});

const checkOwn = (machine: ReturnType<typeof machineOfNames>, own: string[], foreign: string[]) => {
  for (const name of own) assert.equal(machine?.isOwn(name), true, name);
  for (const name of foreign) assert.equal(machine?.isOwn(name), false, name);
};

test('which computers are its own, by certificate', () => {
  checkOwn(
    machineOfNames(['pc1.example.org', 'alias.example.org']),
    ['pc1.example.org', 'PC1.EXAMPLE.ORG', 'pc1', 'PC1', 'alias'],
    ['pc2', 'pc1.example.com', 'pc1.', '', 'pc1.example.org.evil', 'example.org'],
  );
  checkOwn(machineOfNames(['pc1']), ['pc1', 'PC1'], ['pc1.example.org']);
});

test('which computers are its own, by principal', () => {
  checkOwn(
    machineOfPrincipal('PC1$@EXAMPLE.ORG', ['branch.example.net']),
    ['pc1', 'PC1.example.org', 'pc1.branch.example.net'],
    ['pc1.other.org', 'pc2', 'pc1$', 'pc', 'pc1.org', ''],
  );
  // Account names end after 15 characters.
  checkOwn(
    machineOfPrincipal('VERYLONGCOMPUTE$@EXAMPLE.ORG'),
    ['verylongcomputername.example.org', 'VERYLONGCOMPUTE'],
    ['verylongcomput', 'verylongcomputername.example.net'],
  );
  const none = [
    'alice@EXAMPLE.ORG',
    'HTTP/pc1@EXAMPLE.ORG',
    'pc1$',
    '$@X',
    'a$b$@X',
    'WELLKNOWN/ANONYMOUS@X',
  ];
  for (const principal of none) assert.equal(machineOfPrincipal(principal), undefined, principal);
  assert.equal(machineOfPrincipal('PC1$@EXAMPLE.ORG')?.name, 'pc1.example.org');
});

const EVENT = eventXml({ computer: 'dc1.example.org' });
const within = (from: string, to: string): string => EVENT.replace(from, to);

/** Events made to show one computer to a hasty reader and another one to the parser. */
const DECEPTIVE: readonly string[] = [
  EVENT,
  within('<System>', '<!-- <Computer>pc1</Computer> --><System>'),
  within('<System>', '<System><!-- <Computer>pc1</Computer></System> -->'),
  within('<System>', '<System><Computer>pc1</Computer>'),
  within('</System>', '<Computer>pc1</Computer></System>'),
  within('</System>', '</System><System><Computer>pc1</Computer></System>'),
  within('<System>', '<EventData><System><Computer>pc1</Computer></System></EventData><System>'),
  within('<System>', '<System><x><Computer>pc1</Computer></x>'),
  within('<System>', '<System><x:Computer xmlns:x="y">pc1</x:Computer>'),
  within(
    "<Provider Name='Test'/>",
    "<Provider Name='Test'>&lt;Computer>pc1&lt;/Computer></Provider>",
  ),
  within("Name='Test'", `Name='"&gt;Computer' Guid="'/>"`),
  within(
    '<Computer>dc1.example.org</Computer>',
    '<Computer><![CDATA[dc1.example.org]]></Computer>',
  ),
  within('<Computer>dc1.example.org</Computer>', '<Computer>dc&#49;.example.org</Computer>'),
  within(
    '<Computer>dc1.example.org</Computer>',
    '<Computer a="<">pc1</Computer><Computer>dc1.example.org</Computer>',
  ),
  within('<Computer>dc1.example.org</Computer>', '<Computer><b/>dc1.example.org</Computer>'),
  within('<Computer>dc1.example.org</Computer>', '<Computer>\n dc1.example.org\t</Computer>'),
  within('<System>', '<System a="1">'),
  EVENT.replaceAll('<System>', '<s:System>').replaceAll('</System>', '</s:System>'),
  `<?xml version="1.0"?>\n${EVENT}`,
  `\ufeff${EVENT}`,
];

test('the computer is read as the parser reads it, whatever the event does', () => {
  for (const xml of DECEPTIVE) {
    const parsed = (() => {
      try {
        return parseEventXml(xml.replace(/^\ufeff/, '')).computer.trim();
      } catch {
        return undefined;
      }
    })();
    assert.equal(computerOfEvent(xml), parsed, xml);
  }
});

const PIECES = [
  '<System>',
  '</System>',
  '<Computer>',
  '</Computer>',
  '<Computer>pc1</Computer>',
  '<!--',
  '-->',
  '<![CDATA[',
  ']]>',
  '<?a ',
  '?>',
  "'",
  '"',
  '<',
  '>',
  '/>',
  '&lt;',
  '&#x43;',
  ' ',
  '\n',
  '<x:Computer>',
  'x',
  "<a b='",
  '<Event>',
  '</Event>',
];

/** Pseudo-random, the same in every run (Park and Miller). */
const createRandom = (seed: number): ((below: number) => number) => {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
};

test('so it is for events that are cut up and put together anew', () => {
  const random = createRandom(42);
  let readable = 0;
  for (let round = 0; round < 20_000; round += 1) {
    let xml = EVENT;
    for (let change = random(4); change >= 0; change -= 1) {
      const at = random(Math.min(xml.length, 500));
      const piece = PIECES[random(PIECES.length)] ?? '';
      const removed = random(3) === 0 ? random(40) : 0;
      const copied = random(4) === 0 ? xml.slice(at, at + random(120)) : '';
      xml = xml.slice(0, at) + (copied === '' ? piece : copied) + xml.slice(at + removed);
    }
    let parsed: string;
    try {
      parsed = parseEventXml(xml).computer.trim();
    } catch {
      continue;
    }
    readable += 1;
    assert.equal(computerOfEvent(xml), parsed, xml);
  }
  assert.ok(readable > 300, `only ${readable} readable`);
});

test('an event that cannot be read has no computer', () => {
  for (const xml of ['', '<Event', 'text', '<!DOCTYPE a><Event/>', '<Event></Event>', '<a/>']) {
    assert.equal(computerOfEvent(xml), undefined, xml);
  }
});

test('hostile lengths take no time', () => {
  const blanks = ' '.repeat(100_000);
  const hostile = [
    within('<System>', `<System>${blanks}`),
    within('<System>', `<System>${'<a b="c"/>'.repeat(20_000)}<`),
    within('<System>', `<System><a ${'b="c" '.repeat(20_000)}`),
    within('<Computer>', `<Computer>${'x'.repeat(1_000_000)}`),
    `<Event${blanks}`,
  ];
  const started = performance.now();
  for (const xml of hostile) computerOfEvent(xml);
  assert.ok(performance.now() - started < 3000);
});

test('events of others are stored all the same, apart and marked, and told of once an hour', async () => {
  let now = Date.UTC(2024, 4, 6, 7, 30);
  const sink = createRecordingSink();
  await using server = await openTestForwarding({ sink, clock: () => now, https: {} });
  using client = await openWindowsClient(server);
  const mixed = [
    ...eventXmls(2),
    ...eventXmls(2, 10, 'DC1.example.org'),
    ...eventXmls(1, 20, 'dc2'),
  ];
  for (let round = 0; round < 3; round += 1) {
    assert.equal(
      (await client.send([...mixed, ...eventXmls(1, 30, 'dc1.EXAMPLE.org')])).status,
      200,
    );
  }
  const [own, unverified] = [false, true].map((isMarked) =>
    sink.batches.find(
      (batch) => batch.input === 'windows-event-xml' && isMarked === (batch.item !== undefined),
    ),
  );
  assert.equal(own?.events.length, 2);
  assert.equal(unverified?.events.length, 4);
  assert.deepEqual(unverified?.item, { name: 'pc1.example.org', type: ITEM_TYPE_UNVERIFIED });
  assert.equal(unverified?.origin.sender, 'pc1.example.org');
  const expected = ['DC1.example.org', 'dc2'].map((computer) => [
    'Sender not verified',
    `Events of ${computer} delivered by pc1.example.org`,
    Date.UTC(2024, 4, 6, 7),
  ]);
  const told = () => sink.told().map(({ action, what, when }) => [action, what, when]);
  assert.deepEqual(told(), expected);
  now += 3_600_000;
  await client.send(mixed);
  assert.equal(told().length, 4);
});

test('a declared forwarder may send what it is declared for', async () => {
  const sink = createRecordingSink();
  const asked: string[] = [];
  await using server = await openTestForwarding({
    sink,
    declaredForwarders: (machine) => {
      asked.push(machine);
      return machine.startsWith('relay') ? ['*'] : ['DC1.Example.Org'];
    },
  });
  using client = await openWindowsClient(server);
  using relay = await openWindowsClient({ ...server, machine: 'RELAY.example.org' });
  await client.send(eventXmls(1));
  assert.deepEqual(asked, []);
  await client.send(eventXmls(3, 1, 'dc1.example.org'));
  await relay.send([...eventXmls(1, 1, 'a'), ...eventXmls(1, 1, 'b'), ...eventXmls(1, 1, 'c')]);
  assert.deepEqual(asked, ['pc1.example.org', 'relay.example.org']);
  assert.deepEqual([sink.told().length, sink.batches.filter(({ item }) => item).length], [0, 0]);
  await client.send(eventXmls(1, 1, 'dc2.example.org'));
  assert.equal(sink.told().length, 1);
});

test('a sender that makes up computers is told of so often, and not more', async () => {
  const sink = createRecordingSink();
  await using server = await openTestForwarding({ sink });
  using client = await openWindowsClient(server);
  const made = (from: number) =>
    Array.from({ length: 400 }, (_, index) =>
      eventXml({ computer: `x${from + index}.example.org` }),
    );
  await client.send(made(0));
  await client.send(made(400));
  assert.equal(sink.batches.flatMap(({ item, events }) => (item ? events : [])).length, 800);
  const told = sink.told();
  assert.equal(told.length, 101);
  assert.equal(told.at(-1)?.what, 'Events of more than 100 computers delivered by pc1.example.org');
});

test('an event that cannot be read goes the way of all others, to be kept as rejected', async () => {
  const sink = createRecordingSink();
  await using server = await openTestForwarding({ sink });
  using client = await openWindowsClient(server);
  const hostile = '<!DOCTYPE a [<!ENTITY b "c">]><Event>&b;</Event>';
  assert.equal((await client.send([eventXml(), hostile, '<Event'])).status, 200);
  assert.equal(sink.batches[0]?.events.length, 3);
  assert.equal(sink.told().length, 0);
});
