/** One request through Node's own client, signed in as the administrator unless told otherwise. */
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { ADMIN, basic } from './accounts.ts';
import type { TestApi } from './open-test-api.ts';

export const BASE = '/netwrix/api/v1';
export const WRITE = `${BASE}/activity_records/`;
export const ENUM = `${BASE}/activity_records/enum`;
export const SEARCH = `${BASE}/activity_records/search`;

export interface CallOptions {
  readonly method?: string;
  readonly body?: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  /** Without Content-Length. */
  readonly isChunked?: boolean;
  /** Null: none. */
  readonly authorization?: string | null;
}

export interface CallAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Name and value in turn, as received. */
  readonly rawHeaders: readonly string[];
  readonly text: string;
}

export const call = (
  api: Pick<TestApi, 'port' | 'isSecure'>,
  path: string,
  options: CallOptions = {},
): Promise<CallAnswer> => {
  const { body, authorization = basic(ADMIN.userName, ADMIN.password) } = options;
  const method = options.method ?? (body === undefined ? 'GET' : 'POST');
  return new Promise((resolve, reject) => {
    const request = (api.isSecure ? httpsRequest : httpRequest)(
      {
        host: '127.0.0.1',
        port: api.port,
        method,
        path,
        rejectUnauthorized: false,
        headers: {
          ...(authorization !== null && { Authorization: authorization }),
          ...(body !== undefined &&
            !options.isChunked && { 'Content-Length': String(Buffer.byteLength(body)) }),
          ...options.headers,
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: Object.fromEntries(
              Object.entries(response.headers).map(([name, value]) => [name, String(value)]),
            ),
            rawHeaders: response.rawHeaders,
            text: Buffer.concat(chunks).toString('utf8'),
          }),
        );
      },
    );
    request.on('error', reject);
    request.end(body);
  });
};

export interface JsonRecord {
  readonly RID: string;
  readonly Who: string;
  readonly What: string;
  readonly When: string;
  readonly [member: string]: unknown;
}

export interface JsonPage {
  readonly ActivityRecordList: readonly JsonRecord[];
  readonly ContinuationMark: string;
}

/** A page in JSON; fails when the answer is no 200. */
export const page = async (
  api: Pick<TestApi, 'port' | 'isSecure'>,
  path: string,
  options: CallOptions = {},
): Promise<JsonPage> => {
  const target = path.includes('?') ? `${path}&format=json` : `${path}?format=json`;
  const answer = await call(api, target, options);
  if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`);
  return JSON.parse(answer.text);
};

/** A search in JSON, all in one page. */
export const find = async (
  api: Pick<TestApi, 'port' | 'isSecure'>,
  filterList: unknown,
  options: CallOptions = {},
): Promise<readonly JsonRecord[]> =>
  (await page(api, SEARCH, { body: JSON.stringify({ FilterList: filterList }), ...options }))
    .ActivityRecordList;

export interface WrittenRecord {
  readonly [element: string]: unknown;
}

/** A valid record, with these members instead. */
export const record = (members: WrittenRecord = {}): WrittenRecord => ({
  Who: 'NORTHWIND\\m.murray',
  Action: 'Added',
  What: 'Badges\\4711',
  When: '2024-05-06T07:08:09Z',
  Where: 'gatekeeper.example.test',
  ObjectType: 'Badge',
  ...members,
});

export const writeJson = async (
  api: Pick<TestApi, 'port' | 'isSecure'>,
  records: unknown,
  options: CallOptions = {},
): Promise<CallAnswer> =>
  call(api, `${WRITE}?format=json`, { body: JSON.stringify(records), ...options });
