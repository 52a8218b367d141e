/** Enum and search: which walk a request means, one page of it, and the mark that continues it. */
import { decodeText } from '@witness/record';
import type { AuditStore, Visibility } from '../../store/index.ts';
import { type Answer, CONTENT_TYPES } from './answer.ts';
import type { Places } from './byte-budget.ts';
import { type CompileContext, compileFilters } from './compile-filters.ts';
import type { ContinuationMarks, MarkedWalk, Walk } from './continuation-mark.ts';
import { apiError } from './errors.ts';
import type { FilterEntry } from './filter-entry.ts';
import type { IntegrationApiLimits } from './limits.ts';
import { QUERY_READERS } from './query-body.ts';
import { readPage, toDocument } from './read-page.ts';
import type { Format } from './request-format.ts';

export interface Reading {
  readonly store: AuditStore;
  readonly marks: ContinuationMarks;
  readonly limits: IntegrationApiLimits;
  readonly pages: Places;
  readonly compileContext: () => CompileContext;
}

export interface ReadRequest {
  readonly walk: Walk;
  readonly visible: Visibility;
  readonly count: number;
  readonly format: Format;
  readonly signal: AbortSignal;
}

export interface ReadOutcome {
  readonly answer: Answer;
  readonly records: number;
}

/** A question, and whether it begins a walk: only that is worth a self-audit record. */
export interface Question {
  readonly walk: Walk;
  readonly isFirstPage: boolean;
}

/** The walk of all records from the beginning. */
export const EVERYTHING: Question = {
  walk: { position: { order: 'arrival' }, entries: [] },
  isFirstPage: true,
};

const decodeBody = (bytes: Uint8Array): string => {
  const text = decodeText(bytes);
  if (text.trim() === '') throw apiError('INTEGRATION_API_BODY_EMPTY');
  return text;
};

/** The filters of the request count; without any, the mark's own. */
const withFilters = (marked: MarkedWalk, given: readonly FilterEntry[] | undefined): Walk => {
  const entries = given ?? marked.entries;
  if (!entries) throw apiError('INTEGRATION_API_MARK_WITHOUT_FILTERS');
  return { position: marked.position, entries };
};

/** A mark posted to enum continues whatever walk it came from. Throws INTEGRATION_API_*, XML_* or TEXT_*. */
export const readMarkBody = (
  marks: ContinuationMarks,
  bytes: Uint8Array,
  format: Format,
): Question => ({
  walk: withFilters(marks.parseMark(QUERY_READERS[format].mark(decodeBody(bytes))), undefined),
  isFirstPage: false,
});

/** Search parameters, continued when there is a mark. Throws INTEGRATION_API_*, XML_* or TEXT_*. */
export const readSearchBody = (
  marks: ContinuationMarks,
  bytes: Uint8Array,
  format: Format,
): Question => {
  const { mark, entries } = QUERY_READERS[format].search(decodeBody(bytes));
  return mark === undefined
    ? { walk: { position: { order: 'newest' }, entries: entries ?? [] }, isFirstPage: true }
    : { walk: withFilters(marks.parseMark(mark), entries), isFirstPage: false };
};

/** Waits for one of the places where pages are built; the place is free again when the answer is released. */
export const answerPage = async (
  { store, marks, limits, pages, compileContext }: Reading,
  { walk, visible, count, format, signal }: ReadRequest,
): Promise<ReadOutcome> => {
  const where = compileFilters(walk.entries, compileContext());
  const release = await pages.take();
  try {
    const request = { position: walk.position, where, visible, count, format, signal };
    const page = await readPage(store, request, limits);
    const mark = marks.toMark({ position: page.position, entries: walk.entries });
    const body = toDocument(page, mark, format);
    return {
      answer: { status: 200, contentType: CONTENT_TYPES[format], body, release },
      records: page.records,
    };
  } catch (error) {
    release();
    throw error;
  }
};
