/**
 * `npm run bench [-- name...]`: runs the measurements one after the other and writes `bench/results/<name>.json`. Nothing else should run
 * meanwhile. `WITNESS_BENCH_RECORDS` sets the size of the search measurement (default ten million).
 */
import { measureApiWrite } from './api-write/api-write.ts';
import { writeResult } from './measure.ts';
import { measureRoom } from './room-bench.ts';
import { measureSearch } from './search/search.ts';

const MEASUREMENTS: Readonly<Record<string, () => Promise<object>>> = {
  evtx: measureRoom('server/src/codecs/evtx/evtx.bench.ts'),
  'event-forwarding': measureRoom(
    'server/src/listeners/event-forwarding/event-forwarding.bench.ts',
  ),
  'api-write': measureApiWrite,
  search: measureSearch,
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(MEASUREMENTS, name));
if (unknown.length > 0) {
  console.error(
    `No measurement ${unknown.join(', ')}; there are ${Object.keys(MEASUREMENTS).join(', ')}.`,
  );
  process.exit(2);
}
for (const [name, measure] of Object.entries(MEASUREMENTS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.error(`Measuring ${name} ...`);
  writeResult(name, await measure());
}
