/** `type/subtype; name=value; name="quoted value"` (RFC 9110, 8.3.1), read leniently: a content type refuses nothing. */
export interface ContentType {
  /** In lower case; empty when there is none. */
  readonly type: string;
  /** By name in lower case; the first of a name counts. */
  readonly parameters: ReadonlyMap<string, string>;
}

const PARAMETER = /;\s*([^\s=;"]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;"]*))/g;
/** Longer ones are no content types, and the pattern is spared them. */
const LENGTH_MAX = 1024;

export const parseContentType = (text: string): ContentType => {
  const bounded = text.slice(0, LENGTH_MAX);
  const parameters = new Map<string, string>();
  for (const [, name = '', quoted, plain = ''] of bounded.matchAll(PARAMETER)) {
    const key = name.toLowerCase();
    if (parameters.has(key)) continue;
    parameters.set(key, quoted === undefined ? plain.trim() : quoted.replace(/\\(.)/g, '$1'));
  }
  const end = bounded.indexOf(';');
  return {
    type: (end < 0 ? bounded : bounded.slice(0, end)).trim().toLowerCase(),
    parameters,
  };
};
