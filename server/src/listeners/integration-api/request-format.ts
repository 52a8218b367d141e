/** Which format a request is read in and answered in; and how many records it asks for. */

import type { EndpointId } from './endpoints.ts';
import { apiError } from './errors.ts';

export type Format = 'json' | 'xml';

export const COUNT_DEFAULT = 1000;
export const COUNT_MAX = 2_147_483_647;

/** `application/json; Charset=UTF-8` -> `application/json`. */
const mediaTypeOf = (contentType: string | undefined): string =>
  (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';

/**
 * `format` decides. Without it, a JSON content type counts where a body is a question (search, posted mark) and nowhere else:
 * writing is then XML whatever the header says.
 */
export const formatOf = (request: {
  readonly endpoint: EndpointId | undefined;
  readonly method: string;
  readonly parameters: URLSearchParams;
  readonly contentType: string | undefined;
}): Format => {
  const given = request.parameters.get('format')?.toLowerCase();
  if (given === 'json' || given === 'xml') return given;
  const isQuestion =
    request.method === 'POST' && (request.endpoint === 'enum' || request.endpoint === 'search');
  return isQuestion && mediaTypeOf(request.contentType) === 'application/json' ? 'json' : 'xml';
};

/** The `count` parameter; 1000 when absent. Throws INTEGRATION_API_COUNT_INVALID. */
export const countOf = (parameters: URLSearchParams): number => {
  const text = parameters.get('count');
  if (text === null) return COUNT_DEFAULT;
  const count = /^\d{1,20}$/.test(text) ? Number(text) : 0;
  if (count < 1 || count > COUNT_MAX) throw apiError('INTEGRATION_API_COUNT_INVALID');
  return count;
};
