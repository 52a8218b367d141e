/** Reads what `@clickhouse/client` sends: statement, parameters and settings in the URL, in the body, or as form parts. */
import type { IncomingMessage } from 'node:http';
import { STATEMENT_BYTES_MAX } from './engine-settings.ts';

export interface EngineRequest {
  readonly sql: string;
  readonly queryId: string;
  readonly database: string;
  readonly settings: ReadonlyMap<string, string>;
  readonly parameters: ReadonlyMap<string, string>;
  /** For `INSERT ... FORMAT x`: the statement as far as FORMAT, and the format; the body is the data. */
  readonly insert?: { readonly head: string; readonly format: string };
}

/** Names in the URL that are not settings, and settings that only mean something to an HTTP server. */
const NOT_SETTINGS = new Set([
  'query',
  'query_id',
  'database',
  'default_format',
  'session_id',
  'role',
  'user',
  'password',
  'compress',
  'decompress',
  'quota_key',
  'enable_http_compression',
  'wait_end_of_query',
  'buffer_size',
  'client_protocol_version',
  'send_progress_in_http_headers',
  'cancel_http_readonly_queries_on_client_close',
  // Fixed when a connection opens: the statement that would raise it is measured by it.
  'max_query_size',
]);

const readBody = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > STATEMENT_BYTES_MAX) throw new RangeError('statement too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};

/** RFC 7578 as the client writes it: `name="..."` parts between CRLF boundaries. */
const readParts = (body: Buffer, boundary: string): Map<string, string> => {
  const parts = new Map<string, string>();
  const delimiter = Buffer.from(`--${boundary}`);
  let at = body.indexOf(delimiter);
  while (at >= 0) {
    const next = body.indexOf(delimiter, at + delimiter.length);
    if (next < 0) break;
    const headEnd = body.indexOf('\r\n\r\n', at);
    const name = /name="([^"]*)"/.exec(body.toString('latin1', at, headEnd))?.[1];
    if (name !== undefined && headEnd >= 0 && headEnd < next) {
      parts.set(name, body.toString('utf8', headEnd + 4, next - 2));
    }
    at = next;
  }
  return parts;
};

const INSERT = /^(\s*INSERT\s+INTO\s[\s\S]*?)\sFORMAT\s+(\w+)\s*$/i;

export const readEngineRequest = async (request: IncomingMessage): Promise<EngineRequest> => {
  const url = new URL(request.url ?? '/', 'http://engine');
  const values = new Map(url.searchParams);
  const boundary = /^multipart\/form-data;\s*boundary="?([^";]+)/.exec(
    request.headers['content-type'] ?? '',
  )?.[1];
  if (boundary !== undefined) {
    for (const [name, value] of readParts(await readBody(request), boundary))
      values.set(name, value);
  }
  const inUrl = values.get('query') ?? '';
  const insert = INSERT.exec(inUrl);
  const isDataInBody = insert !== null && request.method === 'POST';
  const sql =
    boundary !== undefined || isDataInBody
      ? inUrl
      : [inUrl, (await readBody(request)).toString('utf8')].filter(Boolean).join('\n');
  const named = [...values];
  return {
    sql,
    queryId: values.get('query_id') || crypto.randomUUID(),
    database: /^\w+$/.exec(values.get('database') ?? '')?.[0] ?? 'default',
    parameters: new Map(
      named.flatMap(([name, value]) =>
        /^param_\w+$/.test(name) ? [[name.slice('param_'.length), value] as const] : [],
      ),
    ),
    settings: new Map(
      named.filter(
        ([name]) =>
          /^[a-z]\w*$/.test(name) &&
          !NOT_SETTINGS.has(name) &&
          !name.startsWith('param_') &&
          !name.startsWith('http_'),
      ),
    ),
    ...(isDataInBody && { insert: { head: insert[1] ?? '', format: insert[2] ?? '' } }),
  };
};
