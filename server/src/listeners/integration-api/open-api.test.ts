/** The description of the API: valid, complete, and true of what the server sends and takes. */
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { ENDPOINTS } from './endpoints.ts';
import { FILTERS } from './filters.ts';
import { toLimits } from './limits.ts';
import { createOpenApi } from './open-api.ts';
import { BASE, call, ENUM, page, record, SEARCH, writeJson } from './testing/call.ts';
import { openTestApi, type TestApi } from './testing/open-test-api.ts';

type Json = Readonly<Record<string, unknown>>;
interface Description {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Json; readonly securitySchemes: Json };
  readonly security: readonly Json[];
}
interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly responses: Readonly<Record<string, Json>>;
  readonly requestBody?: Json;
}

let api: TestApi;
let description: Description;
before(async () => {
  api = await openTestApi();
  const answer = await call(api, `${BASE}/openapi.json`);
  assert.equal(answer.status, 200);
  assert.equal(answer.headers['content-type'], 'application/json');
  description = JSON.parse(answer.text);
});
after(() => api[Symbol.asyncDispose]());

/** Fastify's own validator. */
const requireHere = createRequire(createRequire(import.meta.url).resolve('fastify'));
interface Validate {
  (value: unknown): boolean;
  readonly errors?: unknown;
}
const validators = new Map<string, Validate>();
const compile = (schema: string): Validate => {
  const known = validators.get(schema);
  if (known) return known;
  const { default: Ajv } = requireHere('ajv/dist/2020.js');
  const ajv = new Ajv({ strict: false, validateFormats: false });
  ajv.addSchema({ $id: 'api', components: description.components });
  const validate: Validate = ajv.compile({ $ref: `api#/components/schemas/${schema}` });
  validators.set(schema, validate);
  return validate;
};

test('3: the description is the one of createIntegrationApi', () => {
  assert.deepEqual(JSON.parse(JSON.stringify(api.api.openApi())), description);
  assert.deepEqual(JSON.parse(JSON.stringify(createOpenApi(toLimits()))), description);
});

test('3: it needs credentials like everything else', async () => {
  const answer = await call(api, `${BASE}/openapi.json`, { authorization: null });
  assert.equal(answer.status, 401);
});

test('3: structure of OpenAPI 3.1', () => {
  assert.match(description.openapi, /^3\.1\.\d+$/);
  const ids = new Set<string>();
  for (const operations of Object.values(description.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      assert.match(method, /^(get|post)$/);
      assert.ok(operation.summary.length > 0);
      assert.ok(!ids.has(operation.operationId));
      ids.add(operation.operationId);
      for (const [status, response] of Object.entries(operation.responses)) {
        assert.match(status, /^[1-5]\d\d$/);
        assert.equal(typeof response.description, 'string');
      }
    }
  }
  for (const scheme of description.security.flatMap(Object.keys)) {
    assert.ok(scheme in description.components.securitySchemes);
  }
});

test('3: every reference leads somewhere', () => {
  const text = JSON.stringify(description);
  for (const [, name] of text.matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
    assert.ok(name && name in description.components.schemas, name);
  }
});

test('3: every endpoint with exactly its methods', () => {
  assert.deepEqual(
    Object.fromEntries(
      Object.entries(description.paths).map(([path, operations]) => [
        path,
        Object.keys(operations).map((method) => method.toUpperCase()),
      ]),
    ),
    Object.fromEntries(ENDPOINTS.map(({ path, methods }) => [path, [...methods]])),
  );
});

test('9.2: every filter with its operators', () => {
  const { properties } = description.components.schemas.FilterList as {
    readonly properties: Readonly<Record<string, Json>>;
  };
  assert.deepEqual(Object.keys(properties), Object.keys(FILTERS));
  for (const [name, rule] of Object.entries(FILTERS)) {
    assert.ok(String(properties[name]?.description).includes(rule.operators.join(', ')));
  }
});

test('10: statuses are those the server really gives', async () => {
  const statuses = (path: string, method: string) =>
    Object.keys(description.paths[path]?.[method]?.responses ?? {}).map(Number);
  const write = `${BASE}/activity_records`;
  const seen = {
    write: [
      (await writeJson(api, [])).status,
      (await writeJson(api, [{}])).status,
      (await writeJson(api, [], { authorization: null })).status,
      (await call(api, `${write}?format=json`, { body: '{' })).status,
    ],
    enum: [
      (await call(api, ENUM)).status,
      (await call(api, `${ENUM}?count=x`)).status,
      (await call(api, ENUM, { authorization: null })).status,
    ],
    search: [
      (await call(api, SEARCH, { body: '' })).status,
      (await call(api, SEARCH, { body: ' '.repeat(2 * 1024 * 1024) })).status,
    ],
  };
  assert.ok(seen.write.every((status) => statuses(write, 'post').includes(status)));
  assert.ok(seen.enum.every((status) => statuses(ENUM, 'get').includes(status)));
  assert.ok(seen.search.every((status) => statuses(SEARCH, 'post').includes(status)));
});

const takes = (schema: string, value: unknown, isValid: boolean): void => {
  const validate = compile(schema);
  assert.equal(validate(value), isValid, JSON.stringify([value, validate.errors]));
};

test('5: answers match their schemas', async () => {
  const full = record({
    MonitoringPlan: { Name: 'Doors' },
    Item: { Name: 'Badge feed' },
    Workstation: 'w',
    DetailList: [{ PropertyName: 'p', Before: 'b', After: 'a' }],
  });
  assert.equal((await writeJson(api, [full, record()])).status, 200);
  const got = await page(api, ENUM);
  assert.equal(got.ActivityRecordList.length, 2);
  takes('ActivityRecordList', got, true);
  takes('ActivityRecordList', { ActivityRecordList: [] }, false);
  const error = await call(api, `${ENUM}?format=json&count=x`);
  takes('ErrorList', JSON.parse(error.text), true);
  takes('WrittenRecord', full, true);
  takes('WrittenRecord', got.ActivityRecordList[0], true);
  takes('WrittenRecord', { ...full, AuditedSystem: 'x' }, false);
  takes('WrittenRecord', record({ Who: undefined }), false);
});

test('9.1: what the schema of a search takes, the server takes, and the other way round', async () => {
  const cases: readonly [filterList: unknown, isValid: boolean][] = [
    [{}, true],
    [{ Who: 'a' }, true],
    [{ Who: ['a', { Equals: 'b' }] }, true],
    [{ Who: { Equals: ['a', 'b'], NotInGroup: 'c' } }, true],
    [{ When: { Today: '' } }, true],
    [{ When: [{ From: '2024-05-06T07:08:09Z' }, { NotEqualTo: { Today: '' } }] }, true],
    [{ WorkingHours: { From: '09:00:00Z', To: '17:00:00+01:00' } }, true],
    [{ Whoo: 'a' }, false],
    [{ Who: { Like: 'a' } }, false],
    [{ Who: {} }, false],
    [{ What: { InGroup: 'a' } }, false],
    [{ Action: { Contains: 'a' } }, false],
    [{ When: 'Today' }, false],
    [{ When: {} }, false],
    [{ When: { Tomorrow: '' } }, false],
    [{ WorkingHours: { From: '09:00:00Z' } }, false],
    [{ RID: 'x'.repeat(50) }, false],
  ];
  for (const [FilterList, isValid] of cases) {
    takes('ActivityRecordSearch', { FilterList }, isValid);
    const answer = await call(api, `${SEARCH}?format=json`, {
      body: JSON.stringify({ FilterList }),
    });
    assert.equal(answer.status, isValid ? 200 : 400, answer.text);
  }
});
