/** `node record/record-text.bench.ts`: what reading, writing and naming 1,000 records of about 300 bytes costs. */
import {
  type ActivityRecord,
  contentHash,
  createRid,
  formatWhen,
  parseRecordsJson,
  parseRecordsXml,
  parseWhen,
  recordsToJson,
  recordsToXml,
} from './index.ts';

const COUNT = 1000;
const ROUNDS_WARM_UP = 100;
const ROUNDS = 200;

const HASH = '00112233445566778899AABBCCDDEEFF';

const records: readonly ActivityRecord[] = Array.from({ length: COUNT }, (_, index) => ({
  rid: createRid(1_714_979_289_123 + index, HASH),
  who: `NORTHWIND\\m.murray${index % 50}`,
  whoKnownBy: 'client',
  action: 'Modified',
  what: `Doors\\North gate\\Reader ${index}`,
  when: 1_714_979_289_000 + index * 1000,
  where: 'gatekeeper.example.test',
  objectType: 'Badge',
  workstation: 'desk-3.example.test',
  dataSource: 'Netwrix API',
  details: [{ property: 'State', before: 'closed', after: `open ${index}` }],
}));
const json = JSON.stringify(
  (JSON.parse(recordsToJson(records, '')) as { ActivityRecordList: unknown }).ActivityRecordList,
);
const xml = recordsToXml(records, '');
const whens = records.map((record) => formatWhen(record.when));

const CASES: Readonly<Record<string, () => unknown>> = {
  'JSON.parse alone': () => JSON.parse(json),
  parseRecordsJson: () => parseRecordsJson(json),
  parseRecordsXml: () => parseRecordsXml(xml),
  recordsToJson: () => recordsToJson(records, ''),
  recordsToXml: () => recordsToXml(records, ''),
  'createRid + contentHash': () =>
    records.map((record) => createRid(record.when, contentHash(record, 'x'))),
  parseWhen: () => whens.map(parseWhen),
  formatWhen: () => records.map((record) => formatWhen(record.when)),
};

console.log(`${COUNT} records, ${json.length} characters of JSON, ${xml.length} of XML`);
for (const [name, run] of Object.entries(CASES)) {
  for (let round = 0; round < ROUNDS_WARM_UP; round += 1) run();
  const times = Array.from({ length: ROUNDS }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  }).sort((a, b) => a - b);
  const at = (part: number) => (times[Math.floor(ROUNDS * part)] ?? 0).toFixed(3);
  console.log(`${name.padEnd(24)} median ${at(0.5)} ms, fastest ${at(0)} ms`);
}
