/** What telemetry and self-audit learn of requests. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { authorizationOf } from './testing/accounts.ts';
import { call, ENUM, page, record, SEARCH, WRITE, writeJson } from './testing/call.ts';
import { openTestApi } from './testing/open-test-api.ts';
import { openRawConnection } from './testing/raw-connection.ts';

test('every request is one named event with route, status, account and counts', async () => {
  await using api = await openTestApi();
  await writeJson(api, [record(), record()], { authorization: authorizationOf('feed') });
  await page(api, ENUM);
  await page(api, SEARCH, { body: '{}' });
  await call(api, '/nothing', { authorization: null });
  await call(api, `${WRITE}?format=json`, { body: '[{}]' });
  const requests = api.events.filter(({ name }) => name === 'integration-api.request');
  assert.deepEqual(
    requests.map(({ level, fields, counts }) => ({
      level,
      route: fields?.route,
      status: fields?.status,
      user: fields?.user,
      records: fields?.records,
      code: fields?.code,
      metrics: counts?.map(({ metric }) => metric).join(' '),
    })),
    [
      ['write', '200', 'feed', 2, undefined],
      ['enum', '200', 'NORTHWIND\\admin', 2, undefined],
      ['search', '200', 'NORTHWIND\\admin', 2, undefined],
      ['none', '401', undefined, undefined, undefined],
      ['write', '400', 'NORTHWIND\\admin', undefined, 'RECORD_ELEMENT_MISSING'],
    ].map(([route, status, user, records, code]) => ({
      level: 'debug',
      route,
      status,
      user,
      records,
      code,
      metrics:
        route === 'search'
          ? 'witness_requests_total witness_searches_total'
          : 'witness_requests_total',
    })),
  );
  assert.deepEqual(requests[0]?.counts?.[0]?.labels, {
    listener: 'integration-api',
    route: 'write',
    status: '200',
  });
});

test('failures are told with their cause, and no password or body is', async () => {
  await using api = await openTestApi();
  const failure = new TypeError('disk');
  api.sink.failure = failure;
  await writeJson(api, [record({ What: 'private' })]);
  const event = api.events.at(-1);
  assert.equal(event?.level, 'error');
  assert.equal(event?.error, failure);
  assert.doesNotMatch(JSON.stringify(api.events), /private|pa:ss/);
});

test('the start is told with address and port', async () => {
  await using api = await openTestApi();
  assert.deepEqual(api.events[0]?.fields, { address: '127.0.0.1', port: api.port, tls: false });
});

test('2.2: self-audit: the first page of enum only', async () => {
  await using api = await openTestApi();
  const { ContinuationMark } = await page(api, ENUM);
  await page(api, ENUM, { body: JSON.stringify(ContinuationMark) });
  assert.deepEqual(
    api.audits.map(({ what, details }) => ({ what, details })),
    [{ what: 'Integration API enumeration', details: undefined }],
  );
});

test('2.2: self-audit: long filters are cut', async () => {
  await using api = await openTestApi();
  await page(api, SEARCH, { body: JSON.stringify({ FilterList: { What: 'x'.repeat(9000) } }) });
  assert.equal(api.audits[0]?.details?.[0]?.after?.length, 2003);
});

test('2.2: self-audit: refused questions are not reading', async () => {
  await using api = await openTestApi();
  await call(api, `${SEARCH}?count=x`, { body: '<ActivityRecordSearch/>' });
  await call(api, ENUM, { authorization: authorizationOf('feed') });
  assert.deepEqual(api.audits, []);
});

test('a client that goes away aborts the question and is no failure of ours', async () => {
  const asked = Promise.withResolvers<AbortSignal | undefined>();
  await using api = await openTestApi();
  await using own = await openTestApi({
    store: {
      ...api.store,
      enumerate: ({ signal }) => {
        asked.resolve(signal);
        return new Promise((_, reject) => {
          signal?.addEventListener('abort', () => reject(new TypeError('cancelled')));
        });
      },
    },
  });
  const connection = await openRawConnection(own);
  connection.send(
    `GET ${ENUM} HTTP/1.1\r\nHost: a\r\nAuthorization: ${authorizationOf('reviewer')}\r\n\r\n`,
  );
  const signal = await asked.promise;
  connection[Symbol.dispose]();
  await new Promise((resolve) => signal?.addEventListener('abort', resolve));
  while (own.events.length < 2) await new Promise(setImmediate);
  assert.equal(own.events[1]?.level, 'debug');
  assert.equal(own.events[1]?.fields?.status, 'gone');
});
