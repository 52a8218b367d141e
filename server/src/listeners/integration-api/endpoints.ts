/** The paths of the Integration API; routing, the `Allow` header and the OpenAPI description come from this table. */

export const PATH_PREFIX = '/netwrix/api/v1';

export type EndpointId = 'write' | 'enum' | 'search' | 'open-api';

export interface Endpoint {
  readonly id: EndpointId;
  /** Without trailing slash; each also works with one. */
  readonly path: string;
  readonly methods: readonly ('GET' | 'POST')[];
}

export const ENDPOINTS: readonly Endpoint[] = [
  { id: 'write', path: `${PATH_PREFIX}/activity_records`, methods: ['POST'] },
  { id: 'enum', path: `${PATH_PREFIX}/activity_records/enum`, methods: ['GET', 'POST'] },
  { id: 'search', path: `${PATH_PREFIX}/activity_records/search`, methods: ['POST'] },
  { id: 'open-api', path: `${PATH_PREFIX}/openapi.json`, methods: ['GET'] },
];

/** Scheme and host of a target in absolute form, which a server must accept (RFC 9112, 3.2.2). */
const ORIGIN = /^https?:\/\/[^/?#]*/i;

/**
 * The request target as the router takes it: without origin and fragment; a path that cannot be decoded becomes one that does not exist.
 */
export const toRoutableTarget = (target: string): string => {
  const local = target.replace(ORIGIN, '').replace(/#.*$/s, '');
  const [path = ''] = local.split('?', 1);
  try {
    decodeURI(path);
    return path.startsWith('/') ? local : `/${local}`;
  } catch {
    return '/';
  }
};

/** Of a request target; `+` and percent escapes decoded, broken escapes kept as they are. */
export const parametersOf = (target: string): URLSearchParams => {
  const at = target.indexOf('?');
  return new URLSearchParams(at < 0 ? '' : target.slice(at + 1));
};
