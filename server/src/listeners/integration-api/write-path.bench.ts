/**
 * What a write costs before it reaches the pipeline, on one core: bytes of a request to raw events, in both formats.
 * Run it with node; the first lines are the ordinary body, the last ones show when a body belongs into the worker.
 */

import { toRawEvents } from './place-records.ts';
import { parseRecords } from './record-reader.ts';
import type { Format } from './request-format.ts';
import { record } from './testing/call.ts';

const records = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    record({
      Who: `NORTHWIND\\user${index % 97}`,
      What: `\\\\files.example.test\\share\\folder ${index % 50}\\document ${index}.docx`,
      Workstation: `desk-${index % 40}.example.test`,
      DetailList: [{ PropertyName: 'Size', Before: `${index} KB`, After: `${index + 1} KB` }],
    }),
  );

const xmlOf = (value: unknown, name: string): string => {
  if (Array.isArray(value)) return value.map((one) => xmlOf(one, name)).join('');
  const inner =
    typeof value === 'object' && value !== null
      ? Object.entries(value)
          .map(([key, below]) =>
            key === 'DetailList'
              ? `<DetailList>${xmlOf(below, 'Detail')}</DetailList>`
              : xmlOf(below, key),
          )
          .join('')
      : String(value);
  return `<${name}>${inner}</${name}>`;
};

const BODIES: Readonly<Record<Format, (count: number) => Uint8Array>> = {
  json: (count) => Buffer.from(JSON.stringify(records(count))),
  xml: (count) =>
    Buffer.from(
      `<ActivityRecordList>${xmlOf(records(count), 'ActivityRecord')}</ActivityRecordList>`,
    ),
};

const measure = (format: Format, count: number): void => {
  const body = BODIES[format](count);
  const rounds = Math.max(3, Math.ceil(40_000 / count));
  const best = { parse: Infinity, place: Infinity };
  for (let round = 0; round < rounds; round += 1) {
    const start = performance.now();
    const parsed = parseRecords(body, format);
    const middle = performance.now();
    toRawEvents(parsed, []);
    best.parse = Math.min(best.parse, middle - start);
    best.place = Math.min(best.place, performance.now() - middle);
  }
  const total = best.parse + best.place;
  console.log(
    `${format} ${count} records, ${(body.length / 1024).toFixed(0)} KiB: parse ${best.parse.toFixed(1)} ms, ` +
      `place ${best.place.toFixed(1)} ms, ${Math.round((count / total) * 1000)} records/s`,
  );
};

for (const format of ['json', 'xml'] as const) {
  for (const count of [1, 1000, 10_000]) measure(format, count);
}
