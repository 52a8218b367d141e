/**
 * The conformance suite every source passes. Golden pairs are `<case>.input.json` (a WindowsEvent, or an array of those
 * that arrive together) and `<case>.expected.json` (their interpretation, fragments joined) in the source's `testdata`;
 * UPDATE_GOLDENS=1 rewrites what is expected.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { isActorExplained, RECORD_LIMITS, WitnessError } from '@witness/record';
import type { WindowsEvent, XmlElement } from '../codecs/index.ts';
import { sidOfHex, wellKnownName } from '../windows-events/index.ts';
import { type Interpreter, interpretTogether } from './interpret-together.ts';
import type { Interpretation, RecordDraft, SourceDeclaration } from './source.ts';
import { describeCollection } from './testing-collection.ts';

export interface GoldenCase {
  readonly name: string;
  readonly events: readonly WindowsEvent[];
  readonly expectedFile: string;
}

const INPUT = '.input.json';

/** Cases of one source; `folder` is its testdata folder. */
export const goldenCases = (folder: URL): GoldenCase[] => {
  const path = fileURLToPath(folder);
  if (!existsSync(path)) return [];
  return readdirSync(path)
    .filter((file) => file.endsWith(INPUT))
    .sort()
    .map((file) => {
      const name = file.slice(0, -INPUT.length);
      const input: unknown = JSON.parse(readFileSync(join(path, file), 'utf8'));
      return {
        name,
        events: (Array.isArray(input) ? input : [input]) as WindowsEvent[],
        expectedFile: join(path, `${name}.expected.json`),
      };
    });
};

const compareGolden = ({ expectedFile }: GoldenCase, actual: Interpretation): void => {
  const text = `${JSON.stringify(actual, undefined, 2)}\n`;
  if (process.env.UPDATE_GOLDENS === '1') writeFileSync(expectedFile, text);
  assert.ok(existsSync(expectedFile), `no ${expectedFile}; run with UPDATE_GOLDENS=1 and review`);
  assert.deepEqual(JSON.parse(text), JSON.parse(readFileSync(expectedFile, 'utf8')));
};

const textsOf = (element: XmlElement): string[] => [
  element.text ?? '',
  ...(element.children ?? []).flatMap(textsOf),
];

const valuesOf = (event: WindowsEvent): string[] => [
  ...event.data.map((datum) => datum.value),
  ...(event.userData === undefined ? [] : textsOf(event.userData)),
  event.userSid ?? '',
];

/** SIDs as text, or as bytes in hexadecimal digits somewhere in it. */
const sidsIn = (value: string): string[] => [
  value.trim(),
  ...(value.match(/\b01[0-9a-f]{14,}\b/gi) ?? []).flatMap((hex) => sidOfHex(hex) ?? []),
];

/** A known actor is written in the events, or stands behind a SID written there. */
const assertActorFromEvents = (draft: RecordDraft, events: readonly WindowsEvent[]): void => {
  assert.ok(isActorExplained(draft), 'an unknown actor needs a detail Who');
  assert.equal(draft.who === 'Unknown', draft.whoKnownBy === 'unknown');
  const values = events.flatMap(valuesOf);
  if (draft.whoKnownBy === 'lookup') {
    assert.ok(
      values.some((value) => sidsIn(value).some((sid) => wellKnownName(sid) === draft.who)),
      draft.who,
    );
  }
  if (draft.whoKnownBy === 'event') {
    const name = draft.who.slice(draft.who.lastIndexOf('\\') + 1).replace(/…$/, '');
    const isWritten = values.some(
      (value) => value.trim() === draft.who || (name !== '' && value.includes(name)),
    );
    assert.ok(isWritten, draft.who);
  }
};

/** The time of an event, or one that its text states (SQL Server's audit writes to the log later than it audits). */
const assertWhenFromEvents = (draft: RecordDraft, events: readonly WindowsEvent[]): void => {
  if (events.some(({ when }) => when === draft.when)) return;
  const stated = new Date(draft.when).toISOString().slice(0, -1).replace('T', ' ');
  assert.ok(
    events.flatMap(valuesOf).some((value) => value.replace('T', ' ').includes(stated)),
    stated,
  );
};

const assertWithinLimits = (draft: RecordDraft): void => {
  assert.ok(draft.who.length <= RECORD_LIMITS.whoLength);
  assert.ok(draft.where.length <= RECORD_LIMITS.whereLength);
  assert.ok(draft.objectType.length <= RECORD_LIMITS.objectTypeLength);
  assert.ok(draft.details.length <= RECORD_LIMITS.detailsPerRecord);
  for (const { property } of draft.details) {
    assert.ok(property !== '' && property.length <= RECORD_LIMITS.propertyLength, property);
  }
};

const assertConforms = (
  source: SourceDeclaration,
  events: readonly WindowsEvent[],
  drafts: readonly RecordDraft[],
): void => {
  assert.ok(drafts.length > 0, 'interpreted events yield a record');
  assert.equal(new Set(drafts.map((draft) => draft.identity)).size, drafts.length);
  for (const draft of drafts) {
    assert.equal(draft.dataSource, source.title);
    assertWhenFromEvents(draft, events);
    assert.ok(source.actions.includes(draft.action), `action ${draft.action} is not declared`);
    assert.ok(
      source.objectTypes === '*' || source.objectTypes.includes(draft.objectType),
      `object type ${draft.objectType} is not declared`,
    );
    assertActorFromEvents(draft, events);
    assertWithinLimits(draft);
  }
};

const HOSTILE = [
  '',
  '-',
  ' ',
  '%%99999 %%1794',
  '0x',
  '0xZZ',
  '\u0000\uFFFE\uD800<&>',
  '\\',
  '$',
  '@',
  'toString',
  '__proto__',
  'S-1-',
  '-1',
  '9'.repeat(400),
] as const;

const withDatum = (event: WindowsEvent, at: number, value: string | undefined): WindowsEvent => ({
  ...event,
  data: event.data.flatMap((datum, i) =>
    i !== at ? [datum] : value === undefined ? [] : [{ ...datum, value }],
  ),
});

const without = (event: WindowsEvent, name: keyof WindowsEvent): WindowsEvent => {
  const { [name]: _, ...rest } = event;
  return rest as WindowsEvent;
};

/** The event with one part missing or hostile at a time. */
const mutationsOf = (event: WindowsEvent): WindowsEvent[] => [
  ...event.data.flatMap((_, i) => [
    withDatum(event, i, undefined),
    ...HOSTILE.map((value) => withDatum(event, i, value)),
  ]),
  { ...event, data: [] },
  { ...event, data: event.data.map(({ value }) => ({ value })) },
  { ...event, computer: '' },
  { ...event, computer: 'x'.repeat(400) },
  { ...event, systemTime: 'not a time' },
  { ...event, keywords: 'none' },
  { ...event, userSid: 'S-1-0-0' },
  { ...event, userData: { name: 'Other' } },
  ...(['keywords', 'level', 'userSid', 'userData', 'version'] as const).map((name) =>
    without(event, name),
  ),
];

/** Events of which one is damaged, or some came in another batch. */
const variationsOf = (events: readonly WindowsEvent[]): (readonly WindowsEvent[])[] => [
  ...events.flatMap((event, i) => mutationsOf(event).map((one) => events.with(i, one))),
  ...(events.length > 1
    ? events.flatMap((_, i) => [events.slice(0, i), events.slice(i), events.toSpliced(i, 1)])
    : []
  ).filter((some) => some.length > 0),
];

const interpreterOf = ({
  interpretWindowsEvent,
  joinFragments,
}: SourceDeclaration): Interpreter => ({
  interpret: (event) => interpretWindowsEvent?.(event) ?? assert.fail('interprets no events'),
  join: (fragments) => joinFragments?.(fragments) ?? assert.fail('joins no fragments'),
});

const interpretOrReject = (
  source: SourceDeclaration,
  events: readonly WindowsEvent[],
): Interpretation | undefined => {
  try {
    return interpretTogether(interpreterOf(source), events);
  } catch (error) {
    assert.ok(error instanceof WitnessError, `not a coded error: ${String(error)}`);
    return undefined;
  }
};

const describeWindowsEvents = (source: SourceDeclaration, testdata: URL): void => {
  const cases = goldenCases(testdata);

  it('has a case for every event it claims', () => {
    const ids = new Set(cases.flatMap(({ events }) => events.map(({ eventId }) => eventId)));
    const missing = (source.windowsEvents ?? [])
      .flatMap(({ eventIds }) => eventIds)
      .filter((id) => !ids.has(id));
    assert.deepEqual(missing, []);
    assert.ok(cases.length > 0);
  });

  describeCollection(
    source,
    cases.flatMap(({ events }) => events),
  );

  for (const golden of cases) {
    it(`interprets ${golden.name}`, () => {
      const interpret = (): Interpretation =>
        interpretTogether(interpreterOf(source), golden.events);
      const interpretation = interpret();
      compareGolden(golden, interpretation);
      assertConforms(source, golden.events, interpretation.drafts);
      assert.deepEqual(interpret(), interpretation, 'pure');
    });
  }

  it('makes conforming records or coded errors of damaged events', () => {
    for (const { name, events } of cases) {
      for (const variation of variationsOf(events)) {
        const interpretation = interpretOrReject(source, variation);
        if (interpretation === undefined) continue;
        try {
          assertConforms(source, variation, interpretation.drafts);
        } catch (error) {
          throw new Error(`${name} damaged: ${JSON.stringify(variation)}`, { cause: error });
        }
      }
    }
  });
};

/** Runs the suite on one source; `testdata` is the URL of its testdata folder, ending with a slash. */
export const describeSource = (source: SourceDeclaration, testdata: URL): void => {
  describe(`source ${source.id}`, () => {
    it('declares itself completely', () => {
      assert.match(source.id, /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
      for (const text of [source.title, source.summary]) assert.notEqual(text.trim(), '');
      for (const list of [source.itemTypes, source.ports, source.examples]) {
        assert.ok(list.length > 0);
      }
      for (const { title, search } of source.examples) {
        assert.ok(title.trim() !== '' && search.trim() !== '');
      }
      for (const { port } of source.ports) assert.match(port, /^\d{1,5}(-\d{1,5})?$/);
    });

    it('has settings with defaults and refuses unknown ones', () => {
      assert.ok(source.settings.safeParse({}).success);
      const refused = source.settings.safeParse({ noSuchSetting: 1 });
      assert.equal(refused.success, false);
      assert.match(String(refused.error), /noSuchSetting/);
    });

    if (source.interpretWindowsEvent !== undefined) describeWindowsEvents(source, testdata);
  });
};
