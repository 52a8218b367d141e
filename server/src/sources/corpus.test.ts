/**
 * Every event of the public corpora, decoded and interpreted, as one summary that is reviewed when it changes:
 * records per source, action and object type, and how the actor is known. UPDATE_GOLDENS=1 rewrites it.
 */
import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { isActorExplained, WitnessError } from '@witness/record';
import { decodeEvtx, eventToXml, type WindowsEvent } from '../codecs/index.ts';
import { groupFragments } from './interpret-together.ts';
import type { InputInterpretation } from './raw-input.ts';
import { RAW_INPUTS } from './raw-inputs.ts';
import type { Fragment, RecordDraft } from './source.ts';
import { claimantsOf, sourceOf } from './windows-routing.ts';

const CORPORA = process.env.WITNESS_CORPORA ?? '';
const SUMMARY = new URL('./testdata/corpus-summary.json', import.meta.url);
const NOTHING = new Uint8Array();

const eventsOf = function* (file: string): Generator<WindowsEvent> {
  for (const { events } of decodeEvtx(readFileSync(file))) yield* events;
};

/** Writing and reading XML takes long; a part of the events is enough. */
const XML_EVERY = 10;

/** A record must not depend on the form its event arrived in, or importing a file twice would double it. */
const assertSameFromXml = (
  event: WindowsEvent,
  { drafts, fragments }: InputInterpretation,
  file: string,
): void => {
  const xml = new TextEncoder().encode(eventToXml(event));
  const fromXml = RAW_INPUTS['windows-event-xml']?.interpret(xml, { receivedAt: 0 });
  assert.deepEqual(fromXml?.drafts, drafts, `${file} ${event.recordId}`);
  assert.deepEqual(fromXml?.fragments, fragments, `${file} ${event.recordId}`);
};

const count = (counts: Map<string, number>, key: string): void => {
  counts.set(key, (counts.get(key) ?? 0) + 1);
};

const sorted = (counts: Map<string, number>): Record<string, number> =>
  Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));

it('interprets every event of the corpora', (t) => {
  if (!existsSync(CORPORA))
    return t.skip(`corpora absent: ${CORPORA || 'WITNESS_CORPORA not set'}`);
  const files = globSync('**/*.evtx', { cwd: CORPORA }).sort();
  assert.ok(files.length > 0);
  const records = new Map<string, number>();
  const actors = new Map<string, number>();
  const rejected = new Map<string, number>();
  let events = 0;
  const countRecord = (draft: RecordDraft, place: string): void => {
    assert.ok(isActorExplained(draft), place);
    const type = draft.dataSource === 'Event Log' ? '' : ` / ${draft.objectType}`;
    count(records, `${draft.dataSource} / ${draft.action}${type}`);
    const isResolvable = draft.whoSid === undefined ? '' : ', SID given';
    count(actors, `${draft.dataSource} / ${draft.whoKnownBy}${isResolvable}`);
  };
  for (const file of files) {
    // As if a file were one batch.
    const fragments: Fragment[] = [];
    for (const event of eventsOf(join(CORPORA, file))) {
      events += 1;
      assert.ok(claimantsOf(event).length <= 1, `${file} ${event.eventId}`);
      try {
        const interpretation =
          RAW_INPUTS['windows-event-json']?.interpret(NOTHING, { parsed: event, receivedAt: 0 }) ??
          assert.fail('no input');
        assert.equal(interpretation.position?.recordId, event.recordId);
        if (events % XML_EVERY === 0) assertSameFromXml(event, interpretation, file);
        for (const draft of interpretation.drafts) countRecord(draft, `${file} ${event.recordId}`);
        fragments.push(...(interpretation.fragments ?? []));
      } catch (error) {
        if (!(error instanceof WitnessError)) throw error;
        count(rejected, `${sourceOf(event).title} / ${event.eventId} / ${error.code}`);
      }
    }
    for (const group of groupFragments(fragments)) {
      const joined = RAW_INPUTS['windows-event-json']?.join?.(group, { receivedAt: 0 });
      for (const draft of joined?.drafts ?? []) countRecord(draft, `${file} ${group[0]?.key}`);
    }
  }
  const summary = {
    files: files.length,
    events,
    records: sorted(records),
    actors: sorted(actors),
    rejected: sorted(rejected),
  };
  const text = `${JSON.stringify(summary, undefined, 2)}\n`;
  if (process.env.UPDATE_GOLDENS === '1') writeFileSync(SUMMARY, text);
  return assert.deepEqual(summary, JSON.parse(readFileSync(SUMMARY, 'utf8')));
});
