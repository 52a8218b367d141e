/** The error list, in both formats. Its namespace differs from the one of the records. */
import { escapeXml } from '@witness/record';
import type { Format } from './request-format.ts';

export type ErrorCategory = 'InputError' | 'ServerError' | 'XMLError';

export interface ApiFault {
  readonly category: ErrorCategory;
  readonly description: string;
  /** A path into the request in XML terms, also for JSON. */
  readonly location?: string | undefined;
}

export const ERROR_NAMESPACE = 'http://schemas.netwrix.com/api/v1/';

const toXml = ({ category, description, location }: ApiFault): string => {
  const place = location === undefined ? '' : `<Location>${escapeXml(location)}</Location>`;
  return (
    `<?xml version="1.0" encoding="UTF-8" ?>\n<ErrorList xmlns="${ERROR_NAMESPACE}"><Error>` +
    `<Category>${category}</Category><Description>${escapeXml(description)}</Description>${place}</Error></ErrorList>`
  );
};

const toJson = ({ category, description, location }: ApiFault): string =>
  JSON.stringify({
    ErrorList: [{ Category: category, Description: description, Location: location }],
  });

export const toErrorList = (fault: ApiFault, format: Format): string =>
  format === 'json' ? toJson(fault) : toXml(fault);
