/** What a client asks: the body of a search, or a mark posted to enum, in either format. */

import type { SearchBody } from './filter-entry.ts';
import { readMarkJson, readSearchJson } from './query-json.ts';
import { readMarkXml, readSearchXml } from './query-xml.ts';
import type { Format } from './request-format.ts';

export interface QueryReader {
  readonly search: (text: string) => SearchBody;
  /** The mark posted to enum. */
  readonly mark: (text: string) => string;
}

/**
 * The text is not empty. Throws INTEGRATION_API_JSON_MALFORMED, XML_* or INTEGRATION_API_* with the place in XML terms.
 */
export const QUERY_READERS: Readonly<Record<Format, QueryReader>> = {
  json: { search: readSearchJson, mark: readMarkJson },
  xml: { search: readSearchXml, mark: readMarkXml },
};
