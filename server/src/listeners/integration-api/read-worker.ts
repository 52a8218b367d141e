/** Runs in a worker thread: parses a large body, waits for the plans it names, and gives back the raw events. */
import { parentPort } from 'node:worker_threads';
import type { IncomingRecord } from '@witness/record';
import { destinationsOf, toRawEvents } from './place-records.ts';
import { parseRecords } from './record-reader.ts';
import { type FromWorker, type ToWorker, toPlainError } from './worker-protocol.ts';

let records: readonly IncomingRecord[] = [];

const answer = (request: ToWorker): FromWorker => {
  if (request.kind === 'parse') {
    records = parseRecords(request.bytes, request.format);
    return { kind: 'parsed', destinations: destinationsOf(records), count: records.length };
  }
  const { events } = toRawEvents(records, request.places);
  records = [];
  return { kind: 'placed', events };
};

const tryAnswer = (request: ToWorker): FromWorker => {
  try {
    return answer(request);
  } catch (error) {
    records = [];
    return { kind: 'failed', error: toPlainError(error) };
  }
};

parentPort?.on('message', (request: ToWorker) => {
  const reply = tryAnswer(request);
  const moved = reply.kind === 'placed' ? reply.events.map((event) => event.buffer) : [];
  parentPort?.postMessage(reply, moved);
});
