/**
 * The conformance suite every source passes. Golden pairs are `<case>.input.json` (a WindowsEvent) and
 * `<case>.expected.json` (its interpretation) in the source's `testdata`; UPDATE_GOLDENS=1 rewrites what is expected.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { isActorExplained, RECORD_LIMITS, WitnessError } from '@witness/record';
import type { WindowsEvent, XmlElement } from '../codecs/index.ts';
import { wellKnownName } from '../windows-events/index.ts';
import type { Interpretation, RecordDraft, SourceDeclaration } from './source.ts';

export interface GoldenCase {
  readonly name: string;
  readonly event: WindowsEvent;
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
      return {
        name,
        event: JSON.parse(readFileSync(join(path, file), 'utf8')) as WindowsEvent,
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

/** A known actor is written in the event, or stands behind a SID written there. */
const assertActorFromEvent = (draft: RecordDraft, event: WindowsEvent): void => {
  assert.ok(isActorExplained(draft), 'an unknown actor needs a detail Who');
  assert.equal(draft.who === 'Unknown', draft.whoKnownBy === 'unknown');
  const values = valuesOf(event);
  if (draft.whoKnownBy === 'lookup') {
    assert.ok(
      values.some((value) => wellKnownName(value.trim()) === draft.who),
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
  event: WindowsEvent,
  drafts: readonly RecordDraft[],
): void => {
  assert.ok(drafts.length > 0, 'an interpreted event yields a record');
  assert.equal(new Set(drafts.map((draft) => draft.identity)).size, drafts.length);
  for (const draft of drafts) {
    assert.equal(draft.dataSource, source.title);
    assert.equal(draft.when, event.when);
    assert.ok(source.actions.includes(draft.action), `action ${draft.action} is not declared`);
    assert.ok(
      source.objectTypes === '*' || source.objectTypes.includes(draft.objectType),
      `object type ${draft.objectType} is not declared`,
    );
    assertActorFromEvent(draft, event);
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

const interpretOrReject = (
  source: SourceDeclaration,
  event: WindowsEvent,
): Interpretation | undefined => {
  try {
    return source.interpretWindowsEvent?.(event);
  } catch (error) {
    assert.ok(error instanceof WitnessError, `not a coded error: ${String(error)}`);
    return undefined;
  }
};

const describeWindowsEvents = (source: SourceDeclaration, testdata: URL): void => {
  const cases = goldenCases(testdata);

  it('has a case for every event it claims', () => {
    const ids = new Set(cases.map(({ event }) => event.eventId));
    const missing = (source.windowsEvents ?? [])
      .flatMap(({ eventIds }) => eventIds)
      .filter((id) => !ids.has(id));
    assert.deepEqual(missing, []);
    assert.ok(cases.length > 0);
  });

  for (const golden of cases) {
    it(`interprets ${golden.name}`, () => {
      const interpretation = source.interpretWindowsEvent?.(golden.event);
      assert.ok(interpretation);
      compareGolden(golden, interpretation);
      assertConforms(source, golden.event, interpretation.drafts);
      assert.deepEqual(source.interpretWindowsEvent?.(golden.event), interpretation, 'pure');
    });
  }

  it('makes conforming records or coded errors of damaged events', () => {
    for (const { name, event } of cases) {
      for (const mutation of mutationsOf(event)) {
        const interpretation = interpretOrReject(source, mutation);
        if (interpretation === undefined) continue;
        try {
          assertConforms(source, mutation, interpretation.drafts);
        } catch (error) {
          throw new Error(`${name} damaged: ${JSON.stringify(mutation)}`, { cause: error });
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
