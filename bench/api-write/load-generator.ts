/**
 * The sending side, a process of its own: posts prepared bodies over kept connections and says how much was acknowledged.
 * Arguments: URL, authorization header, seconds, connections, records a request.
 */
import { Agent, request } from 'node:https';
import { contentHash, createRid, recordToJson } from '@witness/record';
import { createEstate } from '../estate/index.ts';

const [url = '', authorization = '', seconds = '10', connections = '4', perRequest = '1000'] =
  process.argv.slice(2);
const BODIES = 40;

const makeBodies = (): Buffer[] => {
  const size = Number(perRequest);
  const estate = createEstate({ seed: 7, endsAt: Date.now(), days: 1, records: BODIES * size });
  const bodies: Buffer[] = [];
  for (const batch of estate.batches(size)) {
    // As a feed without a monitoring plan writes them.
    const records = batch.map(({ plan, item, ...content }) =>
      recordToJson({ ...content, rid: createRid(content.when, contentHash(content, '')) }),
    );
    bodies.push(Buffer.from(`[${records.join(',')}]`));
  }
  return bodies.slice(0, BODIES);
};

const agent = new Agent({
  keepAlive: true,
  maxSockets: Number(connections),
  rejectUnauthorized: false,
});

const post = (body: Buffer): Promise<number> =>
  new Promise((resolve, reject) => {
    const outgoing = request(
      `${url}/activity_records/?format=json`,
      { agent, method: 'POST', headers: { authorization, 'content-length': body.length } },
      (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode ?? 0));
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });

const bodies = makeBodies();
const statuses = new Map<number, number>();
const latenciesMs: number[] = [];
let next = 0;

const send = async (until: number): Promise<void> => {
  while (performance.now() < until) {
    const body = bodies[next % bodies.length];
    next += 1;
    if (!body) return;
    const startedAt = performance.now();
    const status = await post(body);
    latenciesMs.push(performance.now() - startedAt);
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  }
};

const run = async (durationMs: number): Promise<number> => {
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: Number(connections) }, () => send(startedAt + durationMs)),
  );
  return performance.now() - startedAt;
};

// Warm-up: connections, code, caches.
await run(3_000);
statuses.clear();
latenciesMs.length = 0;
const elapsedMs = await run(Number(seconds) * 1_000);
agent.destroy();
console.log(
  JSON.stringify({
    elapsedMs,
    statuses: Object.fromEntries(statuses),
    records: (statuses.get(200) ?? 0) * Number(perRequest),
    bodyBytes: bodies[0]?.length ?? 0,
    latenciesMs,
  }),
);
