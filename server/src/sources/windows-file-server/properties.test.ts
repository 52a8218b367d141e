/** What holds for any events: each counts once, and sessions that have nothing to do with each other stay so. */
import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { decodeEvtx, type WindowsEvent } from '../../codecs/index.ts';
import type { Fragment, RecordDraft } from '../source.ts';
import { windowsFileServer } from './index.ts';
import { actor, createScene, draftsOf, eventsBehind, isClaimed, type Session } from './testing.ts';
import { SCENES } from './testing-scenes.ts';

/** Mulberry32: small, seeded, good enough to mix events. */
const createRandom = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
};

const SEEDS = Array.from({ length: 150 }, (_, i) => i + 1);

const NAMES = [
  'plan.docx',
  'a.txt',
  '~WRD0001.tmp',
  '~$an.docx',
  'Thumbs.db',
  'desktop.ini',
  '9F3A7000',
  'sub',
];
const MASKS = [0x1, 0x2, 0x4, 0x6, 0x80, 0x100, 0x10000, 0x10080, 0x20000, 0x40000, 0x120089];

/** What a session does at random in a folder of its own. */
const wander = (session: Session, random: () => number): WindowsEvent[] => {
  const pick = <Item>(items: readonly Item[]): Item =>
    items[Math.floor(random() * items.length)] ?? assert.fail('nothing to pick from');
  const folder = `D:\\Data\\${session.user}`;
  const scene = createScene(Number(session.logonId) * 1_000);
  const who = actor(scene, session);
  const handle = (): string => `0x${(1 + Math.floor(random() * 4)).toString(16)}`;
  const path = (): string => (random() < 0.1 ? folder : `${folder}\\${pick(NAMES)}`);
  const sd = { old: 'D:(A;;FA;;;BA)', now: 'D:(A;;FA;;;WD)' };
  const deeds: readonly (() => void)[] = [
    () => who.open(path(), handle(), pick(MASKS)),
    () => who.use(path(), handle(), pick(MASKS)),
    () => who.use(path(), handle(), pick(MASKS)),
    () => who.deleted(handle()),
    () => who.close(handle()),
    () => who.close(handle()),
    () => who.refused(path(), pick(MASKS)),
    () => who.deleteOnClose(path(), handle()),
    () => who.permissions(path(), handle(), sd),
    () => who.link(path(), path()),
    () => who.shareAccess(session.user, folder),
    () => who.check(session.user, folder, { target: pick(NAMES), mask: pick(MASKS) }),
    () => scene.wait(Math.floor(random() * 40_000)),
    () => scene.wait(200),
  ];
  for (let i = 0; i < 40; i += 1) pick(deeds)();
  return scene.events;
};

const SESSIONS: readonly Session[] = [
  { user: 'u1', logonId: '0x101', process: '0x4' },
  { user: 'u2', logonId: '0x102', process: '0x4' },
  { user: 'FS01$', logonId: '0x103', process: '0x300' },
];

const sorted = (drafts: readonly RecordDraft[]): RecordDraft[] =>
  drafts.toSorted((a, b) => (a.identity < b.identity ? -1 : 1));

const assertCounted = (drafts: readonly RecordDraft[], events: number, name: string): void => {
  assert.equal(
    drafts.reduce((sum, draft) => sum + eventsBehind(draft), 0),
    events,
    name,
  );
  assert.equal(new Set(drafts.map(({ identity }) => identity)).size, drafts.length, name);
};

describe('any events', () => {
  it('count in exactly one record', () => {
    for (const [name, play] of Object.entries(SCENES)) {
      const scene = createScene();
      play(scene);
      assertCounted(draftsOf(scene.events), scene.events.length, name);
    }
    for (const seed of SEEDS) {
      const random = createRandom(seed);
      const events = SESSIONS.flatMap((session) => wander(session, random));
      assertCounted(draftsOf(events), events.length, `seed ${seed}`);
    }
  });

  it('of different sessions give the same records together as alone', () => {
    for (const seed of SEEDS) {
      const random = createRandom(seed);
      const parts = SESSIONS.map((session) => wander(session, random));
      const alone = sorted(parts.flatMap(draftsOf));
      const mixed = parts.flat().toSorted((a, b) => a.when - b.when);
      assert.deepEqual(sorted(draftsOf(mixed)), alone, `seed ${seed}`);
      assert.deepEqual(sorted(draftsOf(parts.toReversed().flat())), alone, `seed ${seed}`);
    }
  });

  it('are true of any part', () => {
    for (const seed of SEEDS) {
      const random = createRandom(seed);
      const events = SESSIONS.flatMap((session) => wander(session, random));
      const at = Math.floor(random() * events.length);
      for (const part of [events.slice(0, at), events.slice(at)]) {
        assertCounted(draftsOf(part), part.length, `seed ${seed}`);
      }
    }
  });
});

describe('the corpora', () => {
  const corpora = process.env.WITNESS_CORPORA ?? '';

  it('lose no event and reject none', (t) => {
    if (!existsSync(corpora))
      return t.skip(`corpora absent: ${corpora || 'WITNESS_CORPORA not set'}`);
    let events = 0;
    for (const file of globSync('windows-{file-server,server}/**/*.evtx', {
      cwd: corpora,
    }).sort()) {
      const byComputer = new Map<string, Fragment[]>();
      for (const chunk of decodeEvtx(readFileSync(join(corpora, file)))) {
        for (const event of chunk.events.filter(isClaimed)) {
          for (const fragment of windowsFileServer.interpretWindowsEvent?.(event).fragments ?? []) {
            const group = byComputer.get(fragment.key);
            if (group === undefined) byComputer.set(fragment.key, [fragment]);
            else group.push(fragment);
          }
        }
      }
      for (const fragments of byComputer.values()) {
        const { drafts } = windowsFileServer.joinFragments?.(fragments) ?? assert.fail('no join');
        assertCounted(drafts, fragments.length, file);
        events += fragments.length;
      }
    }
    return assert.ok(events > 1_000);
  });
});
