/** What makes two records the same record. */
import { hash } from 'node:crypto';
import type { RecordContent } from './activity-record.ts';

/**
 * The parts of a record that decide its identity as one JSON array, in the form of RFC 8785 (lone surrogates as escapes).
 *
 * Frozen: a change gives every record collected again a second RID. The names of plan and item are left out because people
 * rename them; the plan's id is in, because each plan keeps its own records.
 */
export const canonicalForm = (content: RecordContent): string =>
  JSON.stringify([
    'record-1',
    content.who,
    content.whoKnownBy,
    content.action,
    content.what,
    content.when,
    content.where,
    content.objectType,
    content.workstation ?? null,
    content.dataSource,
    content.plan?.id ?? null,
    content.details.map((detail) => [
      detail.property,
      detail.before ?? null,
      detail.after ?? null,
      detail.message ?? null,
    ]),
  ]);

const HASH_DIGITS = 32;

/**
 * 32 upper-case hexadecimal digits: the first 128 bits of SHA-256 over the canonical form, a line feed, and the raw event's own
 * identity in UTF-8. The canonical form holds no line feed, so no two inputs run together.
 */
export const contentHash = (content: RecordContent, identity: string): string =>
  hash('sha256', `${canonicalForm(content)}\n${identity}`, 'hex')
    .slice(0, HASH_DIGITS)
    .toUpperCase();
