/** One page of enum or search: read in chunks, turned into text at once, and never more of it than the limits allow. */
import {
  type ActivityRecord,
  RECORDS_NAMESPACE,
  recordsToXml,
  recordToJson,
} from '@witness/record';
import type { AuditStore, Condition, Visibility } from '../../store/index.ts';
import type { WalkPosition } from './continuation-mark.ts';
import type { IntegrationApiLimits } from './limits.ts';
import type { Format } from './request-format.ts';

export interface PageRequest {
  readonly position: WalkPosition;
  /** `nothing`: the question cannot match, the store need not be asked. */
  readonly where: Condition | 'everything' | 'nothing';
  readonly visible: Visibility;
  readonly count: number;
  readonly format: Format;
  readonly signal: AbortSignal;
}

export interface Page {
  /** Behind the last record, or behind what was looked at in vain. */
  readonly position: WalkPosition;
  readonly records: number;
  /** Texts of the records, without what stands around them. */
  readonly parts: readonly Buffer[];
}

type PageLimits = Pick<
  IntegrationApiLimits,
  'pageRecordsMax' | 'pageBytesMax' | 'pageRecordsFloor' | 'pageBytesCeiling' | 'pageChunkRecords'
>;

const XML_HEAD = `<?xml version="1.0" standalone="yes"?>\n<ActivityRecordList xmlns="${RECORDS_NAMESPACE}">`;
const XML_TAIL = '</ActivityRecordList>';
const XML_EMPTY_LENGTH = recordsToXml([], '').length;

/** Records of a list as text; `isFirst` because JSON separates them. */
const FORMATS: Readonly<
  Record<Format, (records: readonly ActivityRecord[], isFirst: boolean) => string>
> = {
  json: (records, isFirst) => `${isFirst ? '' : ','}${records.map(recordToJson).join(',')}`,
  xml: (records) =>
    recordsToXml(records, '').slice(XML_EMPTY_LENGTH - XML_TAIL.length, -XML_TAIL.length),
};

/** The document around the records; the mark is base64, which needs no escapes. */
const FRAMES: Readonly<Record<Format, (mark: string) => readonly [head: string, tail: string]>> = {
  json: (mark) => ['{"ActivityRecordList":[', `],"ContinuationMark":"${mark}"}`],
  xml: (mark) => [`${XML_HEAD}<ContinuationMark>${mark}</ContinuationMark>`, XML_TAIL],
};

/** Chunks of records in the walk's order, each with the position behind it; as many as are asked for until `count` are out. */
async function* readChunks(
  store: AuditStore,
  { position, where, visible, count, signal }: PageRequest,
  chunkRecords: number,
): AsyncGenerator<{ readonly records: readonly ActivityRecord[]; readonly behind: WalkPosition }> {
  const condition = typeof where === 'object' ? { where } : {};
  if (position.order === 'newest') {
    const after = position.after ? { after: position.after } : {};
    const request = { ...condition, ...after, visible, limit: count, signal };
    for await (const records of store.search(request)) {
      for (let start = 0; start < records.length; start += chunkRecords) {
        const slice = records.slice(start, start + chunkRecords);
        const last = slice.at(-1);
        if (!last) continue;
        yield {
          records: slice,
          behind: { order: 'newest', after: { when: last.when, rid: last.rid } },
        };
      }
    }
    return;
  }
  let { after } = position;
  for (let left = count; left > 0; ) {
    const limit = Math.min(left, chunkRecords);
    const place = after ? { after } : {};
    const { records, next } = await store.enumerate({
      ...condition,
      ...place,
      visible,
      limit,
      signal,
    });
    after = next;
    left -= records.length;
    // Also without records: the position has moved past arrivals that do not match.
    yield { records, behind: { order: 'arrival', after } };
    if (records.length < limit) return;
  }
}

export const readPage = async (
  store: AuditStore,
  request: PageRequest,
  limits: PageLimits,
): Promise<Page> => {
  const parts: Buffer[] = [];
  let { position } = request;
  let records = 0;
  let bytes = 0;
  const isFull = (): boolean =>
    (bytes >= limits.pageBytesMax && records >= limits.pageRecordsFloor) ||
    bytes >= limits.pageBytesCeiling;
  if (request.where === 'nothing') return { position, records, parts };
  const bounded = { ...request, count: Math.min(request.count, limits.pageRecordsMax) };
  for await (const chunk of readChunks(store, bounded, limits.pageChunkRecords)) {
    position = chunk.behind;
    if (chunk.records.length === 0) continue;
    const part = Buffer.from(FORMATS[request.format](chunk.records, records === 0));
    parts.push(part);
    records += chunk.records.length;
    bytes += part.length;
    if (isFull()) break;
  }
  return { position, records, parts };
};

/** The page as a document. */
export const toDocument = (page: Page, mark: string, format: Format): readonly Buffer[] => {
  const [head, tail] = FRAMES[format](mark);
  return [Buffer.from(head), ...page.parts, Buffer.from(tail)];
};
