/** The OpenAPI 3.1 description, made from the tables the code itself works with. */
import { RECORD_LIMITS } from '@witness/record';
import { ENDPOINTS, type Endpoint, type EndpointId } from './endpoints.ts';
import { FILTERS, type FilterName, type FilterRule, TIMEFRAMES } from './filters.ts';
import type { IntegrationApiLimits } from './limits.ts';
import { COUNT_DEFAULT, COUNT_MAX } from './request-format.ts';

type Json = Readonly<Record<string, unknown>>;

const text = (maxLength?: number): Json => ({ type: 'string', ...(maxLength && { maxLength }) });
const reference = (name: string): Json => ({ $ref: `#/components/schemas/${name}` });
const object = (properties: Json, required: readonly string[] = []): Json => ({
  type: 'object',
  properties,
  ...(required.length > 0 && { required }),
  additionalProperties: false,
});

const WHEN: Json = {
  type: 'string',
  pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?(Z|[+-]\\d{2}:\\d{2})$',
  description: 'With an offset: 2024-05-06T07:08:09Z, 2024-05-06T09:08:09+02:00.',
};
const TIME_OF_DAY: Json = {
  type: 'string',
  pattern: '^\\d{2}:\\d{2}:\\d{2}(Z|[+-]\\d{2}:\\d{2})$',
};

const RECORD_MANDATORY = ['Who', 'Action', 'What', 'When', 'Where', 'ObjectType'] as const;
const RECORD_TEXTS: Json = {
  Who: text(RECORD_LIMITS.whoLength),
  Action: text(),
  What: text(),
  When: WHEN,
  Where: text(RECORD_LIMITS.whereLength),
  ObjectType: text(RECORD_LIMITS.objectTypeLength),
  Workstation: text(),
  DataSource: { ...text(), description: 'Always Netwrix API on what was written here.' },
};
const DETAIL: Json = {
  Before: text(),
  After: text(),
  PropertyName: text(RECORD_LIMITS.propertyLength),
};

const written = object(
  {
    ...RECORD_TEXTS,
    MonitoringPlan: object({ ID: text(), Name: text(RECORD_LIMITS.planNameLength) }, ['Name']),
    Item: object({ Name: text() }, ['Name']),
    IsArchiveOnly: { enum: ['', true, false, 'true', 'false', 1, 0, '1', '0'] },
    DetailList: {
      type: 'array',
      maxItems: RECORD_LIMITS.detailsPerRecord,
      items: object({ ...DETAIL, Message: text() }, ['PropertyName']),
    },
    RID: { ...text(), description: 'Ignored.' },
  },
  RECORD_MANDATORY,
);

const returned = object(
  {
    ...RECORD_TEXTS,
    RID: { type: 'string', pattern: '^\\d{17}[0-9A-F]{32}$' },
    MonitoringPlan: object({ ID: text(), Name: text() }, ['ID', 'Name']),
    Item: object({ Name: text() }, ['Name']),
    DetailList: {
      type: 'array',
      items: object({ ...DETAIL, Message: text() }, ['PropertyName']),
    },
  },
  [...RECORD_MANDATORY, 'RID', 'DataSource'],
);

/** One value, several, or operators around either. */
const filterSchema = (value: Json, { operators }: FilterRule): Json => {
  const withOperator = {
    ...object(
      Object.fromEntries(
        operators.map((operator) => [
          operator,
          { anyOf: [value, { type: 'array', items: value }] },
        ]),
      ),
    ),
    minProperties: 1,
  };
  const one: Json = { anyOf: [value, withOperator] };
  return {
    anyOf: [...(one.anyOf as readonly Json[]), { type: 'array', items: one }],
    description: `Operators: ${operators.join(', ')}; ${operators[0]} when none is given.`,
  };
};

const TIMED_VALUES: Readonly<Record<'when' | 'workingHours', Json>> = {
  when: {
    ...object({
      ...Object.fromEntries(TIMEFRAMES.map((timeframe) => [timeframe, { const: '' }])),
      From: WHEN,
      To: WHEN,
    }),
    minProperties: 1,
  },
  workingHours: object({ From: TIME_OF_DAY, To: TIME_OF_DAY }, ['From', 'To']),
};

const toFilterSchema = ([name, rule]: readonly [string, FilterRule]): [string, Json] => [
  name,
  filterSchema(rule.kind === 'text' ? text(rule.lengthMax) : TIMED_VALUES[rule.kind], rule),
];

const FILTER_RULES = Object.entries(FILTERS) as readonly (readonly [FilterName, FilterRule])[];

const SCHEMAS: Json = {
  WrittenRecord: written,
  ActivityRecord: returned,
  ActivityRecordList: object(
    {
      ActivityRecordList: { type: 'array', items: reference('ActivityRecord') },
      ContinuationMark: reference('ContinuationMark'),
    },
    ['ActivityRecordList', 'ContinuationMark'],
  ),
  ContinuationMark: {
    type: 'string',
    contentEncoding: 'base64',
    description: 'A place between records. Opaque; stays good.',
  },
  FilterList: object(Object.fromEntries(FILTER_RULES.map(toFilterSchema))),
  ActivityRecordSearch: object({
    ContinuationMark: reference('ContinuationMark'),
    FilterList: reference('FilterList'),
  }),
  ErrorList: object(
    {
      ErrorList: {
        type: 'array',
        items: object(
          {
            Category: { enum: ['InputError', 'ServerError', 'XMLError'] },
            Description: text(),
            Location: text(),
          },
          ['Category', 'Description'],
        ),
      },
    },
    ['ErrorList'],
  ),
};

const FORMAT_PARAMETER: Json = {
  name: 'format',
  in: 'query',
  description: 'The format of the body and of the answer; xml when absent.',
  schema: { enum: ['json', 'xml'] },
};
const COUNT_PARAMETER: Json = {
  name: 'count',
  in: 'query',
  description: 'Records of the page.',
  schema: { type: 'integer', minimum: 1, maximum: COUNT_MAX, default: COUNT_DEFAULT },
};

const inBothFormats = (schema: Json): Json => ({
  'application/json': { schema },
  'application/xml': { schema: { type: 'string', description: 'The same as XML.' } },
});

const withErrors = (description: string): Json => ({
  description,
  content: inBothFormats(reference('ErrorList')),
});
const retryAfter: Json = {
  'Retry-After': { description: 'Seconds.', schema: { type: 'integer' } },
};

const REFUSED: Json = {
  description:
    'Not signed in, or the role is missing. Without a body. Retry-After when the account is locked for a time.',
  headers: { 'WWW-Authenticate': { schema: { type: 'string' } }, ...retryAfter },
};
const PAGE: Json = {
  description: 'A page. Only one without records is the end.',
  content: inBothFormats(reference('ActivityRecordList')),
};
const INVALID = withErrors('The parameters or the body are not valid.');
const TOO_LARGE: Json = { description: 'The body is too large. Without a body.' };
const FAILED = withErrors(
  'Failed within the server. Without a body when the request was not well-formed JSON.',
);
const BUSY = { ...withErrors('Busy: send the same again later.'), headers: retryAfter };

/** Every status an operation can have, by endpoint and method; 405 belongs to all other methods. */
const OPERATIONS: Readonly<Record<EndpointId, Readonly<Record<string, Json>>>> = {
  write: {
    post: {
      summary: 'Write Activity Records: all of them or none',
      requestBody: {
        required: true,
        content: inBothFormats({
          anyOf: [{ type: 'array', items: reference('WrittenRecord') }, reference('WrittenRecord')],
        }),
      },
      parameters: [FORMAT_PARAMETER],
      responses: {
        200: { description: 'Stored and visible. Without a body.' },
        400: INVALID,
        401: REFUSED,
        413: TOO_LARGE,
        500: FAILED,
        503: BUSY,
      },
    },
  },
  enum: {
    get: {
      summary: 'The first page of all records, oldest arrival first',
      parameters: [FORMAT_PARAMETER, COUNT_PARAMETER],
      responses: { 200: PAGE, 400: INVALID, 401: REFUSED, 500: FAILED },
    },
    post: {
      summary: 'The page behind a continuation mark',
      requestBody: { required: true, content: inBothFormats(reference('ContinuationMark')) },
      parameters: [FORMAT_PARAMETER, COUNT_PARAMETER],
      responses: {
        200: PAGE,
        400: INVALID,
        401: REFUSED,
        413: TOO_LARGE,
        500: FAILED,
        503: BUSY,
      },
    },
  },
  search: {
    post: {
      summary: 'Records that match, newest first',
      requestBody: { required: true, content: inBothFormats(reference('ActivityRecordSearch')) },
      parameters: [FORMAT_PARAMETER, COUNT_PARAMETER],
      responses: {
        200: PAGE,
        400: INVALID,
        401: REFUSED,
        413: TOO_LARGE,
        500: FAILED,
        503: BUSY,
      },
    },
  },
  'open-api': {
    get: {
      summary: 'This description',
      responses: {
        200: {
          description: 'OpenAPI 3.1.',
          content: { 'application/json': { schema: { type: 'object' } } },
        },
        401: REFUSED,
        500: FAILED,
      },
    },
  },
};

const toPath = ({ id, path }: Endpoint): [string, Json] => [
  path,
  Object.fromEntries(
    Object.entries(OPERATIONS[id]).map(([method, operation]) => [
      method,
      { operationId: `${id}-${method}`, ...operation },
    ]),
  ),
];

export const createOpenApi = (limits: IntegrationApiLimits): object => ({
  openapi: '3.1.0',
  info: {
    title: 'Witness Integration API',
    version: '1',
    description:
      `Activity Records in and out. Bodies of writes may have ${limits.bodyBytesMax} bytes. ` +
      'Every path also works with a trailing slash; another method is 405 with Allow, another path 404.',
  },
  security: [{ basic: [] }, { bearer: [] }],
  paths: Object.fromEntries(ENDPOINTS.map(toPath)),
  components: {
    securitySchemes: {
      basic: { type: 'http', scheme: 'basic' },
      bearer: { type: 'http', scheme: 'bearer' },
    },
    schemas: SCHEMAS,
  },
});
