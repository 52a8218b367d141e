/** Section 1 of the wire contract, and slow, broken or hostile clients. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ADMIN, authorizationOf, basic } from './testing/accounts.ts';
import { call, ENUM, find, page, record, SEARCH, WRITE, writeJson } from './testing/call.ts';
import { openTestApi, type TestApi } from './testing/open-test-api.ts';
import { openRawConnection } from './testing/raw-connection.ts';

let api: TestApi;
before(async () => {
  api = await openTestApi();
});
after(() => api[Symbol.asyncDispose]());

const AUTHORIZATION = basic(ADMIN.userName, ADMIN.password);
const head = (target: string, headers: readonly string[]): string =>
  [`POST ${target} HTTP/1.1`, 'Host: witness', ...headers, '', ''].join('\r\n');
const signedIn = `Authorization: ${AUTHORIZATION}`;
const bodyOf = (what: string): string => JSON.stringify([record({ What: what })]);
const lengthOf = (body: string | Uint8Array): string => `Content-Length: ${body.length}`;
const JSON_WRITE = `${WRITE}?format=json`;

const chunked = (body: string, size: number): string => {
  let text = '';
  for (let start = 0; start < body.length; start += size) {
    const piece = body.slice(start, start + size);
    text += `${piece.length.toString(16)};x=y\r\n${piece}\r\n`;
  }
  return `${text}0\r\nTrailer: z\r\n\r\n`;
};

const whats = async (text: string): Promise<string[]> =>
  (await find(api, { What: { Equals: text } })).map(({ What }) => What);

for (const isSecure of [false, true]) {
  const by = isSecure ? 'https' : 'http';
  test(`1: write, enum and search over ${by}`, async () => {
    await using own = await openTestApi({ isSecure });
    assert.equal((await writeJson(own, [record({ What: by })])).status, 200);
    assert.equal((await page(own, ENUM)).ActivityRecordList[0]?.What, by);
    assert.equal((await find(own, { What: by })).length, 1);
  });
  test(`1: one connection for many requests over ${by}`, async () => {
    await using own = await openTestApi({ isSecure });
    using connection = await openRawConnection(own);
    for (let round = 0; round < 20; round += 1) {
      const body = bodyOf(`round ${round}`);
      connection.send(head(JSON_WRITE, [signedIn, lengthOf(body)]) + body);
      assert.equal((await connection.answer()).status, 200);
    }
    assert.equal((await page(own, ENUM)).ActivityRecordList.length, 20);
  });
}

test('1: the answer of a page names its length and type', async () => {
  const xml = await call(api, ENUM);
  assert.equal(xml.headers['content-type'], 'application/xml');
  assert.equal(xml.headers['content-length'], String(Buffer.byteLength(xml.text)));
  const json = await call(api, `${ENUM}?format=json`);
  assert.equal(json.headers['content-type'], 'application/json');
  assert.equal(json.headers['content-length'], String(Buffer.byteLength(json.text)));
});

for (const size of [1, 7, 4096]) {
  test(`1: a chunked body in chunks of ${size}`, async () => {
    using connection = await openRawConnection(api);
    const what = `chunks of ${size}`;
    connection.send(head(JSON_WRITE, [signedIn, 'Transfer-Encoding: chunked']));
    connection.send(chunked(bodyOf(what), size));
    assert.equal((await connection.answer()).status, 200);
    assert.deepEqual(await whats(what), [what]);
  });
}

test('1: a body that arrives byte by byte', async () => {
  using connection = await openRawConnection(api);
  const body = bodyOf('byte by byte');
  for (const byte of head(JSON_WRITE, [signedIn, lengthOf(body)]) + body) {
    connection.send(byte);
    await new Promise(setImmediate);
  }
  assert.equal((await connection.answer()).status, 200);
});

test('1: Expect: 100-continue is answered before the body is sent', async () => {
  using connection = await openRawConnection(api);
  const body = bodyOf('expected');
  connection.send(head(JSON_WRITE, [signedIn, lengthOf(body), 'Expect: 100-continue']));
  assert.equal((await connection.answer()).status, 100);
  connection.send(body);
  assert.equal((await connection.answer()).status, 200);
  assert.deepEqual(await whats('expected'), ['expected']);
});

test('1: Expect: 100-continue with a chunked body', async () => {
  using connection = await openRawConnection(api);
  const headers = [signedIn, 'Transfer-Encoding: chunked', 'Expect: 100-Continue'];
  connection.send(head(JSON_WRITE, headers));
  assert.equal((await connection.answer()).status, 100);
  connection.send(chunked(bodyOf('expected in chunks'), 100));
  assert.equal((await connection.answer()).status, 200);
});

const decided: readonly [title: string, target: string, headers: readonly string[], number][] = [
  ['no credentials', JSON_WRITE, [], 401],
  ['no such path', '/nothing', [signedIn], 404],
  ['a wrong method', `${SEARCH}/x`, [signedIn], 404],
  ['a bad count', `${ENUM}?count=x`, [signedIn], 400],
  ['a content encoding', JSON_WRITE, [signedIn, 'Content-Encoding: gzip'], 400],
];
for (const [title, target, headers, status] of decided) {
  test(`1: Expect: 100-continue with ${title} is ${status} at once; the body may still come`, async () => {
    using connection = await openRawConnection(api);
    const body = bodyOf('never stored');
    connection.send(head(target, [...headers, lengthOf(body), 'Expect: 100-continue']));
    const answer = await connection.answer();
    assert.equal(answer.status, status);
    assert.doesNotMatch(answer.head, /^connection: close/im);
    connection.send(body);
    const again = bodyOf(`again after ${title}`);
    connection.send(head(JSON_WRITE, [signedIn, lengthOf(again)]) + again);
    assert.equal((await connection.answer()).status, 200);
    assert.deepEqual(await whats('never stored'), []);
  });
}

test('1: Expect: 100-continue with a body beyond all limits is 413, and the connection ends', async () => {
  using connection = await openRawConnection(api);
  const length = `Content-Length: ${1024 ** 4}`;
  connection.send(head(JSON_WRITE, [signedIn, length, 'Expect: 100-continue']));
  const answer = await connection.answer();
  assert.equal(answer.status, 413);
  assert.match(answer.head, /^connection: close/im);
  await connection.ended();
});

test('1: another expectation is 417', async () => {
  using connection = await openRawConnection(api);
  connection.send(head(JSON_WRITE, [signedIn, 'Content-Length: 0', 'Expect: tea']));
  assert.equal((await connection.answer()).status, 417);
});

const BOM = '\uFEFF';
test('1: a byte order mark does not disturb', async () => {
  const xml = (root: string, inner = '') =>
    `${BOM}<?xml version="1.0"?><${root}>${inner}</${root}>`;
  const answers = [
    await call(api, JSON_WRITE, { body: `${BOM}${bodyOf('marked')}` }),
    await call(api, WRITE, { body: xml('ActivityRecordList') }),
    await call(api, SEARCH, { body: xml('ActivityRecordSearch') }),
    await call(api, `${SEARCH}?format=json`, { body: `${BOM}{}` }),
  ];
  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 200, 200, 200],
  );
  assert.deepEqual(await whats('marked'), ['marked']);
});

test('1: text is UTF-8 in both directions', async () => {
  const what = 'Ünïcödé 日本語 \u{1F600} \u00e9\u0301 Ω';
  assert.equal((await writeJson(api, [record({ What: what })])).status, 200);
  assert.deepEqual(await whats(what), [what]);
  const xml = await call(api, ENUM);
  assert.ok(xml.text.includes(`<What>${what}</What>`));
});

test('2.1: challenge-driven: the whole request again on the same connection', async () => {
  for (const size of [10, 100_000, 3_000_000]) {
    using connection = await openRawConnection(api);
    const body = JSON.stringify([record({ What: 'x'.repeat(size) })]);
    connection.send(head(JSON_WRITE, [lengthOf(body)]) + body);
    const answer = await connection.answer();
    assert.equal(answer.status, 401);
    assert.equal(answer.body, '');
    assert.match(answer.head, /^www-authenticate: basic realm=/im);
    assert.doesNotMatch(answer.head, /^connection: close/im);
    connection.send(head(JSON_WRITE, [signedIn, lengthOf(body)]) + body);
    assert.equal((await connection.answer()).status, 200);
  }
});

test('2.1: challenge-driven with a chunked body', async () => {
  using connection = await openRawConnection(api);
  const body = chunked(bodyOf('challenged'), 50);
  connection.send(head(JSON_WRITE, ['Transfer-Encoding: chunked']) + body);
  assert.equal((await connection.answer()).status, 401);
  connection.send(head(JSON_WRITE, [signedIn, 'Transfer-Encoding: chunked']) + body);
  assert.equal((await connection.answer()).status, 200);
});

test('2.1: signing in belongs to the request, not to the connection', async () => {
  using connection = await openRawConnection(api);
  const statuses: number[] = [];
  for (const headers of [[signedIn], [], [signedIn], []]) {
    connection.send(head(JSON_WRITE, [...headers, 'Content-Length: 2']));
    connection.send('[]');
    statuses.push((await connection.answer()).status);
  }
  assert.deepEqual(statuses, [200, 401, 200, 401]);
});

test('2.1: refused bodies are drained for every status, on one connection', async () => {
  using connection = await openRawConnection(api);
  const body = 'x'.repeat(300_000);
  const refused: readonly [string, readonly string[], number][] = [
    [JSON_WRITE, [], 401],
    ['/nothing', [signedIn], 404],
    [`${ENUM}?count=x`, [signedIn], 400],
    [JSON_WRITE, [`Authorization: ${authorizationOf('reviewer')}`], 401],
    [JSON_WRITE, [signedIn, 'Content-Encoding: br'], 400],
  ];
  for (const [target, headers, status] of refused) {
    connection.send(head(target, [...headers, lengthOf(body)]) + body);
    assert.equal((await connection.answer()).status, status);
  }
  connection.send(head(JSON_WRITE, [signedIn, 'Content-Length: 2']));
  connection.send('[]');
  assert.equal((await connection.answer()).status, 200);
});

test('2.1: beyond the bound of draining the connection is cut', async () => {
  await using own = await openTestApi({ limits: { drainBytesMax: 100_000 } });
  using connection = await openRawConnection(own);
  connection.send(head(JSON_WRITE, ['Content-Length: 9000000']));
  assert.equal((await connection.answer()).status, 401);
  connection.send(Buffer.alloc(200_000));
  await connection.ended();
});

test('3: GET enum with a body: ignored, and the connection stays', async () => {
  using connection = await openRawConnection(api);
  const body = 'x'.repeat(100_000);
  for (let round = 0; round < 3; round += 1) {
    const headers = [signedIn, lengthOf(body)];
    connection.send(head(`${ENUM}?count=1`, headers).replace('POST', 'GET') + body);
    assert.equal((await connection.answer()).status, 200);
  }
});

test('1: HTTP/1.0', async () => {
  using connection = await openRawConnection(api);
  connection.send(
    head(`${ENUM}?count=1`, [signedIn]).replace('POST', 'GET').replace('/1.1', '/1.0'),
  );
  assert.equal((await connection.answer()).status, 200);
  await connection.ended();
});

test('1: pipelined requests are answered in turn', async () => {
  using connection = await openRawConnection(api);
  const body = bodyOf('pipelined');
  const write = head(JSON_WRITE, [signedIn, lengthOf(body)]) + body;
  const unsigned = head(JSON_WRITE, [lengthOf(body)]) + body;
  const missing = head('/nothing', [signedIn, 'Content-Length: 0']);
  connection.send(write + unsigned + missing + write);
  const statuses: number[] = [];
  for (let index = 0; index < 4; index += 1) statuses.push((await connection.answer()).status);
  assert.deepEqual(statuses, [200, 401, 404, 200]);
});

const junk: readonly [title: string, bytes: string | Uint8Array, status: number][] = [
  ['a TLS greeting', Uint8Array.of(0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3, 13, 10, 13, 10), 400],
  ['bytes that are nothing', Buffer.alloc(64, 0xff), 400],
  ['another protocol', 'SSH-2.0-OpenSSH_9.6\r\n', 400],
  ['an endless header', `GET / HTTP/1.1\r\nX: ${'a'.repeat(20_000)}`, 431],
  ['a header without a colon', 'GET / HTTP/1.1\r\nHost: a\r\nnonsense\r\n\r\n', 400],
  ['no host', 'GET / HTTP/1.1\r\n\r\n', 400],
  ['a negative length', head(WRITE, [signedIn, 'Content-Length: -1']), 400],
  ['a length that is no number', head(WRITE, [signedIn, 'Content-Length: 1x']), 400],
  ['two lengths', head(WRITE, [signedIn, 'Content-Length: 1', 'Content-Length: 2']), 400],
  [
    'a length and chunks',
    head(WRITE, [signedIn, 'Content-Length: 1', 'Transfer-Encoding: chunked']),
    400,
  ],
];
for (const [title, bytes, status] of junk) {
  test(`1: ${title} is ${status}, empty, and the end of the connection`, async () => {
    using connection = await openRawConnection(api);
    connection.send(bytes);
    const answer = await connection.answer();
    assert.equal(answer.status, status);
    assert.equal(answer.body, '');
    await connection.ended();
    assert.equal((await call(api, ENUM)).status, 200);
  });
}

test('1: junk behind a good request does not spoil its answer', async () => {
  using connection = await openRawConnection(api);
  connection.send(`${head(JSON_WRITE, [signedIn, 'Content-Length: 2'])}[]\0\0\0 junk\r\n\r\n`);
  const answer = await connection.answer();
  assert.ok(answer.status === 200 || answer.status === 400, String(answer.status));
  await connection.ended();
});

test('1: a broken chunk ends the connection and stores nothing', async () => {
  using connection = await openRawConnection(api);
  const body = bodyOf('broken chunk');
  connection.send(head(JSON_WRITE, [signedIn, 'Transfer-Encoding: chunked']));
  connection.send(`${body.length.toString(16)}\r\n${body}\r\nZZ\r\n`);
  assert.equal((await connection.answer()).status, 400);
  await connection.ended();
  assert.deepEqual(await whats('broken chunk'), []);
});

test('1: a connection that ends within the body stores nothing', async () => {
  const body = bodyOf('broken off');
  {
    using connection = await openRawConnection(api);
    connection.send(head(JSON_WRITE, [signedIn, `Content-Length: ${body.length + 1}`]) + body);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  for (let round = 0; ; round += 1) {
    const codes = api.events.map(({ fields }) => fields?.code);
    if (codes.includes('INTEGRATION_API_BODY_BROKEN_OFF')) break;
    assert.ok(round < 200);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  assert.deepEqual(await whats('broken off'), []);
});

test('1: slow headers end with 408', async () => {
  await using own = await openTestApi({ limits: { headersTimeoutMs: 60, requestTimeoutMs: 60 } });
  using connection = await openRawConnection(own);
  connection.send('POST /netwrix HTTP/1.1\r\nHost: a\r\n');
  assert.equal((await connection.answer()).status, 408);
  await connection.ended();
});

test('1: a slow body ends with 408 although bytes keep coming', async () => {
  await using own = await openTestApi({ limits: { headersTimeoutMs: 60, requestTimeoutMs: 120 } });
  using connection = await openRawConnection(own);
  connection.send(head(JSON_WRITE, [signedIn, 'Content-Length: 1000']));
  const drip = setInterval(() => connection.send('['), 10);
  assert.equal((await connection.answer()).status, 408);
  clearInterval(drip);
  await connection.ended();
});

test('1: a client that says nothing is cut', async () => {
  await using own = await openTestApi({ limits: { idleTimeoutMs: 50 } });
  using silent = await openRawConnection(own);
  using stopped = await openRawConnection(own);
  stopped.send(head(JSON_WRITE, [signedIn, 'Content-Length: 1000']));
  await silent.ended();
  await stopped.ended();
});

test('1: a client that waits for the store is not cut', async () => {
  await using own = await openTestApi({ limits: { idleTimeoutMs: 40 } });
  const wait = Promise.withResolvers<void>();
  own.sink.pause = wait.promise;
  setTimeout(wait.resolve, 200);
  assert.equal((await writeJson(own, [record()])).status, 200);
});

test('1: no more connections than the limit', async () => {
  await using own = await openTestApi({ limits: { connectionsMax: 2 } });
  using first = await openRawConnection(own);
  using second = await openRawConnection(own);
  await assert.rejects(call(own, ENUM));
  assert.ok(first.isOpen && second.isOpen);
});

test('1: closing lets a request finish and tells its client', async () => {
  await using own = await openTestApi({ limits: { closeGraceMs: 5000 } });
  const wait = Promise.withResolvers<void>();
  own.sink.pause = wait.promise;
  const answer = writeJson(own, [record({ What: 'while closing' })]);
  while (own.sink.batches.length === 0) await new Promise(setImmediate);
  const closed = own.api.close();
  setTimeout(wait.resolve, 30);
  assert.equal((await answer).status, 200);
  assert.equal((await answer).headers.connection, 'close');
  await closed;
  await assert.rejects(call(own, ENUM));
});

test('1: closing does not wait for a request that never ends', async () => {
  const own = await openTestApi({ limits: { closeGraceMs: 50 } });
  own.sink.pause = new Promise(() => {});
  const answer = writeJson(own, [record()]);
  answer.catch(() => {});
  while (own.sink.batches.length === 0) await new Promise(setImmediate);
  await own.api.close();
  await assert.rejects(answer);
});
