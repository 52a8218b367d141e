import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CREATE_WINDOW_MS, RENAME_WINDOW_MS } from './new-names.ts';
import {
  ALICE,
  actor,
  BOB,
  createScene,
  draftsOf,
  type Scene,
  sentence,
  touch,
} from './testing.ts';

type Actor = ReturnType<typeof actor>;

const PLAN = 'D:\\Data\\plan.docx';
const OTHER = 'D:\\Data\\other.docx';
const DELETE = 0x10000;
const WRITE = 0x2;

/** Sentences and new names of what Alice does. */
const check = (expected: readonly string[], play: (alice: Actor, scene: Scene) => void): void => {
  const scene = createScene();
  play(actor(scene, ALICE), scene);
  const shown = draftsOf(scene.events).map((draft) => {
    const name = draft.details.find(({ property }) => property === 'New name')?.after;
    return name === undefined ? sentence(draft) : `${sentence(draft)} -> ${name}`;
  });
  assert.deepEqual(shown, expected);
};

const rename = (alice: Actor, from: string, to: string): void => {
  alice.open(from, '0x10', 0x110080);
  alice.use(from, '0x10', DELETE);
  touch(alice, to, { handle: '0x14', mask: WRITE });
  alice.close('0x10');
};

describe('renamed and moved', () => {
  it('is told by the folder of the new name', () => {
    check([`Renamed File ${PLAN} -> ${OTHER}`], (alice) => rename(alice, PLAN, OTHER));
    check([`Moved File ${PLAN} -> E:\\plan.docx`], (alice) => rename(alice, PLAN, 'E:\\plan.docx'));
    check([`Moved File ${PLAN} -> E:\\x.docx`], (alice) => rename(alice, PLAN, 'E:\\x.docx'));
    check([`Renamed File ${PLAN} -> D:\\DATA\\Plan2.docx`], (alice) =>
      rename(alice, PLAN, 'D:\\DATA\\Plan2.docx'),
    );
  });

  it('follows a name through several renames', () => {
    check([`Renamed File ${PLAN} -> ${OTHER}`, `Renamed File ${OTHER} -> ${PLAN}`], (alice) => {
      rename(alice, PLAN, OTHER);
      rename(alice, OTHER, PLAN);
    });
  });

  it('is found where closings are not audited', () => {
    check([`Renamed File ${PLAN} -> ${OTHER}`], (alice) => {
      alice.use(PLAN, '0x10', DELETE);
      alice.use(OTHER, '0x14', WRITE);
    });
  });

  it('is found right after the handle was closed only when name or folder is the same', () => {
    const after = (to: string) => (alice: Actor) => {
      touch(alice, PLAN, { handle: '0x10', mask: DELETE });
      alice.use(to, '0x14', WRITE);
    };
    check([`Renamed File ${PLAN} -> ${OTHER}`], after(OTHER));
    check([`Moved File ${PLAN} -> E:\\plan.docx`], after('E:\\plan.docx'));
    check([`Modified File ${PLAN}`, 'Modified File E:\\x.docx'], after('E:\\x.docx'));
  });

  it('is not guessed', () => {
    const two = [`Modified File ${PLAN}`, `Modified File ${OTHER}`];
    check(two, (alice, scene) => {
      alice.use(PLAN, '0x10', DELETE);
      scene.wait(RENAME_WINDOW_MS);
      alice.use(OTHER, '0x14', WRITE);
    });
    // Another process, another session.
    check(two, (alice, scene) => {
      alice.use(PLAN, '0x10', DELETE);
      actor(scene, { ...ALICE, process: '0x99' }).use(OTHER, '0x14', WRITE);
    });
    check(two, (alice, scene) => {
      alice.use(PLAN, '0x10', DELETE);
      actor(scene, BOB).use(OTHER, '0x14', WRITE);
    });
    // The other file was there before.
    check([`Read File ${OTHER}`, ...two], (alice) => {
      alice.use(OTHER, '0x0c', 0x1);
      alice.use(PLAN, '0x10', DELETE);
      alice.use(OTHER, '0x14', WRITE);
    });
    // A deletion is a deletion.
    check([`Removed File ${PLAN}`, `Modified File ${OTHER}`], (alice) => {
      alice.use(PLAN, '0x10', DELETE);
      alice.deleted('0x10');
      alice.use(OTHER, '0x14', WRITE);
    });
    // Nothing was added.
    check([`Modified File ${PLAN}`, `Read File ${OTHER}`], (alice) => {
      alice.use(PLAN, '0x10', DELETE);
      alice.use(OTHER, '0x14', 0x1);
    });
  });

  it('gives a new name to the object whose right to delete was used last', () => {
    const other = 'D:\\Data\\c.docx';
    check([`Modified File ${PLAN}`, `Renamed File ${other} -> ${OTHER}`], (alice) => {
      alice.use(PLAN, '0x10', DELETE);
      alice.use(other, '0x18', DELETE);
      alice.use(OTHER, '0x14', WRITE);
    });
    check([`Renamed File ${PLAN} -> ${OTHER}`, `Moved File ${other} -> E:\\c.docx`], (alice) => {
      rename(alice, PLAN, OTHER);
      alice.use(other, '0x18', DELETE);
      alice.use('E:\\c.docx', '0x1c', WRITE);
    });
  });
});

describe('created', () => {
  it('is shown by the use of the folder right before', () => {
    check([`Added File ${PLAN}`], (alice) => {
      alice.use('D:\\Data', '0x10', WRITE);
      alice.use(PLAN, '0x14', WRITE);
    });
    check(['Modified Folder D:\\Data', `Modified File ${PLAN}`], (alice, scene) => {
      alice.use('D:\\Data', '0x10', WRITE);
      scene.wait(CREATE_WINDOW_MS);
      alice.use(PLAN, '0x14', WRITE);
    });
    check(['Modified Folder D:\\Data', `Read File ${PLAN}`], (alice) => {
      alice.use('D:\\Data', '0x10', WRITE);
      alice.use(PLAN, '0x14', 0x1);
    });
  });

  it('is shown by a name that had gone', () => {
    check([`Removed File ${PLAN}`, `Added File ${PLAN}`], (alice) => {
      alice.use(PLAN, '0x10', DELETE);
      alice.deleted('0x10');
      alice.use(PLAN, '0x14', WRITE);
    });
    check([`Renamed File ${PLAN} -> ${OTHER}`, `Added File ${PLAN}`], (alice, scene) => {
      rename(alice, PLAN, OTHER);
      scene.wait(5_000);
      alice.use(PLAN, '0x18', WRITE);
    });
  });

  it('is shown once for each use of the folder', () => {
    check([`Added File ${PLAN}`, `Modified File ${OTHER}`], (alice) => {
      alice.use('D:\\Data', '0x10', WRITE);
      alice.use(PLAN, '0x14', WRITE);
      alice.use(OTHER, '0x18', WRITE);
    });
  });

  it('of a folder, then of a file in it, are two', () => {
    check(['Added Folder D:\\Data\\New', 'Added File D:\\Data\\New\\a.txt'], (alice) => {
      alice.use('D:\\Data', '0x10', 0x4);
      alice.use('D:\\Data\\New', '0x14', WRITE);
      alice.use('D:\\Data\\New\\a.txt', '0x18', WRITE);
    });
  });
});
