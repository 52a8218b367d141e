/** Events a second of one core, from the decoded event to the record, in batches of both usual sizes. Run it as a script. */
import type { WindowsEvent } from '../../codecs/index.ts';
import { windowsFileServer } from './index.ts';
import { actor, createScene, touch } from './testing.ts';

const EVENTS = 100_000;
const USERS = 50;
const FILES = 5_000;
const BATCH_SIZES = [1_000, 50_000] as const;
const MASKS = [0x1, 0x1, 0x1, 0x6, 0x80, 0x10000] as const;

/** A file server at work: shares, checks, handles opened, used and closed. */
const workDay = (): WindowsEvent[] => {
  const scene = createScene();
  for (let i = 0; scene.events.length < EVENTS; i += 1) {
    const number = i % USERS;
    const user = { user: `user${number}`, logonId: `0x${(0x1000 + number).toString(16)}` };
    const who = actor(scene, { ...user, process: '0x4' });
    const name = `dept${i % 20}\\doc${(i * 7_919) % FILES}.docx`;
    if (i % 10 === 0) who.shareAccess('Data', 'D:\\Data');
    who.check('Data', 'D:\\Data', { target: name, mask: 0x120089 });
    touch(who, `D:\\Data\\${name}`, {
      handle: `0x${(4 + (i % 4_096)).toString(16)}`,
      mask: MASKS[i % MASKS.length] ?? 0x1,
    });
  }
  return scene.events;
};

const measure = (events: readonly WindowsEvent[], batchSize: number): void => {
  const startedAt = performance.now();
  let records = 0;
  for (let at = 0; at < events.length; at += batchSize) {
    const fragments = events
      .slice(at, at + batchSize)
      .flatMap((event) => windowsFileServer.interpretWindowsEvent(event).fragments ?? []);
    records += windowsFileServer.joinFragments(fragments).drafts.length;
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  const rate = Math.round(events.length / seconds);
  console.log(`batches of ${batchSize}: ${rate} events/s, ${events.length} -> ${records} records`);
};

const events = workDay();
for (const batchSize of BATCH_SIZES) {
  measure(events, batchSize);
  measure(events, batchSize);
}
