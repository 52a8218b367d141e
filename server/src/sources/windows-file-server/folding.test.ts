import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RecordDraft } from '../source.ts';
import { NAMED_MAX } from './activity-record.ts';
import {
  FOLDS,
  LOOK_WINDOW_MS,
  REPEAT_WINDOWS_MS,
  SHARE_CHECK_WINDOW_MS,
  SHELL_WINDOW_MS,
} from './folding.ts';
import { LOCK_WINDOW_MS, SAVE_WINDOW_MS } from './temporary-files.ts';
import {
  ALICE,
  actor,
  BACKUP,
  BOB,
  createScene,
  draftsOf,
  eventsBehind,
  type Scene,
  sentence,
} from './testing.ts';

type Actor = ReturnType<typeof actor>;
type Play = (alice: Actor, scene: Scene) => void;

const PLAN = 'D:\\Data\\plan.docx';
const READ = 0x1;
const WRITE = 0x2;
const DELETE = 0x10000;
const LOOK = 0x80;

const play = (scenario: Play): RecordDraft[] => {
  const scene = createScene();
  scenario(actor(scene, ALICE), scene);
  const drafts = draftsOf(scene.events);
  const counted = drafts.reduce((sum, draft) => sum + eventsBehind(draft), 0);
  assert.equal(counted, scene.events.length, 'each event counts once');
  return drafts;
};

/** `Read File D:\... x3`: the number of events behind the record. */
const check = (expected: readonly string[], scenario: Play): void =>
  assert.deepEqual(
    play(scenario).map((draft) => {
      const events = eventsBehind(draft);
      return events === 1 ? sentence(draft) : `${sentence(draft)} x${events}`;
    }),
    expected,
  );

const namesOf = (property: string, drafts: readonly RecordDraft[]): (string | undefined)[] =>
  drafts.flatMap(({ details }) =>
    details.filter((detail) => detail.property === property).map(({ after }) => after),
  );

it('every rule says what it does', () => {
  assert.equal(new Set(FOLDS.map(({ rule }) => rule)).size, FOLDS.length);
  for (const { title } of FOLDS) assert.match(title, /^[A-Z].+\.$/);
});

describe('repeated', () => {
  const windowMs = REPEAT_WINDOWS_MS.get('Read') ?? 0;
  const readsAfter =
    (ms: number): Play =>
    (alice, scene) => {
      alice.use(PLAN, '0x10', READ);
      scene.wait(ms);
      alice.use(PLAN, '0x14', READ);
    };

  it('counts the same action within its window', () => {
    check([`Read File ${PLAN} x2`], readsAfter(windowMs - 2));
    check([`Read File ${PLAN}`, `Read File ${PLAN}`], readsAfter(windowMs));
  });

  it('keeps other people, files and actions apart', () => {
    check([`Read File ${PLAN}`, `Read File ${PLAN}`], (alice, scene) => {
      alice.use(PLAN, '0x10', READ);
      actor(scene, BOB).use(PLAN, '0x14', READ);
    });
    check([`Read File ${PLAN}`, `Modified File ${PLAN}`, `Read File ${PLAN}.zip`], (alice) => {
      alice.use(PLAN, '0x10', READ);
      alice.use(PLAN, '0x14', WRITE);
      alice.use(`${PLAN}.zip`, '0x18', READ);
    });
  });

  it('never folds deletions and permission changes', () => {
    const sd = { old: 'D:(A;;FA;;;BA)', now: 'D:(A;;FA;;;WD)' };
    check([`Modified File ${PLAN}`, `Modified File ${PLAN}`], (alice) => {
      alice.permissions(PLAN, '0x10', sd);
      alice.permissions(PLAN, '0x14', { old: sd.now, now: sd.old });
    });
    check([`Removed File ${PLAN}`, `Removed File ${PLAN}`], (alice) => {
      alice.deleteOnClose(PLAN, '0x10');
      alice.deleteOnClose(PLAN, '0x14');
    });
  });

  it('ends with the object', () => {
    check([`Modified File ${PLAN}`, `Removed File ${PLAN} x2`, `Added File ${PLAN}`], (alice) => {
      alice.use(PLAN, '0x10', WRITE);
      alice.use(PLAN, '0x14', DELETE);
      alice.deleted('0x14');
      alice.use(PLAN, '0x18', WRITE);
    });
    check([`Read File ${PLAN}`, `Removed File ${PLAN}`, `Read File ${PLAN}`], (alice, scene) => {
      alice.use(PLAN, '0x10', READ);
      actor(scene, BOB).deleteOnClose(PLAN, '0x14');
      alice.use(PLAN, '0x18', READ);
    });
  });

  it('takes the writing of what was just created as part of that', () => {
    check([`Added File ${PLAN} x3`], (alice) => {
      alice.use('D:\\Data', '0x10', WRITE);
      alice.use(PLAN, '0x14', WRITE);
      alice.use(PLAN, '0x18', WRITE);
    });
  });

  it('adds up the rights that were refused', () => {
    const drafts = play((alice) => {
      alice.refused(PLAN, 0x2, '%%4417:\t%%1805');
      alice.refused(PLAN, 0x4, '%%4418:\t%%1805');
    });
    assert.deepEqual(namesOf('Access refused', drafts), [
      'WriteData (or AddFile), AppendData (or AddSubdirectory or CreatePipeInstance)',
    ]);
  });
});

describe('properties only', () => {
  it('belongs to what was done with the object', () => {
    const lookAfter =
      (ms: number): Play =>
      (alice, scene) => {
        alice.use(PLAN, '0x10', READ);
        scene.wait(ms);
        alice.use(PLAN, '0x14', LOOK);
      };
    check([`Read File ${PLAN} x2`], lookAfter(LOOK_WINDOW_MS - 2));
    check([`Read File ${PLAN}`, `Read File ${PLAN}`], lookAfter(LOOK_WINDOW_MS));
  });

  it('of several objects is one record of their folder, which names them', () => {
    const drafts = play((alice) => {
      for (const name of ['a', 'b', 'c']) alice.use(`D:\\Data\\${name}.txt`, `0x${name}`, LOOK);
    });
    assert.deepEqual(drafts.map(sentence), ['Read Folder D:\\Data']);
    assert.deepEqual(namesOf('Object', drafts), [
      'D:\\Data\\a.txt',
      'D:\\Data\\b.txt',
      'D:\\Data\\c.txt',
    ]);
  });

  it('names many and counts the rest', () => {
    const drafts = play((alice) => {
      for (let i = 0; i < NAMED_MAX + 7; i += 1) alice.use(`D:\\Data\\${i}.txt`, `0x1${i}`, LOOK);
    });
    assert.equal(namesOf('Object', drafts).length, NAMED_MAX);
    assert.match(JSON.stringify(drafts), /"7 more names\."/);
  });

  it('of one object is a record of it', () => {
    check([`Read File ${PLAN}`], (alice) => alice.use(PLAN, '0x10', LOOK));
  });
});

describe('share check', () => {
  const checkThenUse =
    (ms: number): Play =>
    (_, scene) => {
      const bob = actor(scene, BOB);
      bob.check('Data', 'D:\\Data', { target: 'PLAN.docx', mask: 0x12019f });
      scene.wait(ms);
      bob.use(PLAN, '0x10', READ);
    };

  it('belongs to the use that follows; its name and address go there', () => {
    const unc = '\\\\fs01.contoso.com\\Data\\PLAN.docx';
    const [draft, ...others] = play(checkThenUse(SHARE_CHECK_WINDOW_MS - 2));
    assert.deepEqual(others, []);
    assert.equal(draft?.what, unc);
    assert.equal(draft?.action, 'Read');
    assert.equal(draft?.workstation, '10.1.2.30');
    assert.match(
      namesOf('Access requested', draft === undefined ? [] : [draft])[0] ?? '',
      /WriteData/,
    );
    assert.equal(play(checkThenUse(SHARE_CHECK_WINDOW_MS)).length, 2);
  });

  it('that was refused stays', () => {
    const drafts = play((_, scene) => {
      const bob = actor(scene, BOB);
      bob.check('Data', 'D:\\Data', {
        target: 'plan.docx',
        mask: WRITE,
        reason: '%%4417:\t%%1805',
      });
      bob.use(PLAN, '0x10', READ);
    });
    assert.deepEqual(
      drafts.map(({ action }) => action),
      ['Modify (Failed Attempt)', 'Read'],
    );
  });
});

describe('temporary file', () => {
  const renamed = (alice: Actor, from: string, to: string): void => {
    alice.open(from, '0xa0', 0x110080);
    alice.use(from, '0xa0', DELETE);
    alice.use(to, '0xa4', WRITE);
    alice.close('0xa0');
  };

  it('that takes the name of a document is a change of the document', () => {
    const drafts = play((alice) => {
      alice.use('D:\\Data\\ppt41FC.tmp', '0x10', 0x6);
      renamed(alice, 'D:\\Data\\ppt41FC.tmp', 'D:\\Data\\talk.pptx');
    });
    assert.deepEqual(drafts.map(sentence), ['Modified File D:\\Data\\talk.pptx']);
    assert.deepEqual(namesOf('Temporary file', drafts), ['D:\\Data\\ppt41FC.tmp']);
  });

  it('belongs to the only document changed close by', () => {
    const near =
      (name: string, ms = 0): Play =>
      (alice, scene) => {
        alice.use(`D:\\Data\\${name}`, '0x10', 0x6);
        scene.wait(ms);
        alice.use(PLAN, '0x14', WRITE);
      };
    for (const name of [
      '~WRD0001.tmp',
      '1C2D3E40.tmp',
      'mso1A2B.tmp',
      '~DF01AB.TMP',
      'lu12ab34cd.tmp',
    ]) {
      check([`Modified File ${PLAN} x2`], near(name));
    }
    const apart = ['Modified File D:\\Data\\~WRD0001.tmp', `Modified File ${PLAN}`];
    check([`Modified File ${PLAN} x2`], near('~WRD0001.tmp', SAVE_WINDOW_MS - 2));
    check(apart, near('~WRD0001.tmp', SAVE_WINDOW_MS));
    check(['Modified File D:\\Data\\my.tmp', `Modified File ${PLAN}`], near('my.tmp'));
  });

  it('stays when it could belong to two documents, to none, or to somebody else', () => {
    check(
      [
        'Modified File D:\\Data\\~WRD0001.tmp',
        `Modified File ${PLAN}`,
        'Modified File D:\\Data\\b.docx',
      ],
      (alice) => {
        alice.use('D:\\Data\\~WRD0001.tmp', '0x10', 0x6);
        alice.use(PLAN, '0x14', WRITE);
        alice.use('D:\\Data\\b.docx', '0x18', WRITE);
      },
    );
    check(['Modified File D:\\Data\\~WRD0001.tmp'], (alice) =>
      alice.use('D:\\Data\\~WRD0001.tmp', '0x10', 0x6),
    );
    check(['Modified File D:\\Data\\~WRD0001.tmp', `Modified File ${PLAN}`], (alice, scene) => {
      alice.use('D:\\Data\\~WRD0001.tmp', '0x10', 0x6);
      actor(scene, BOB).use(PLAN, '0x14', WRITE);
    });
  });

  it('that locks a document belongs to it by name', () => {
    const locked =
      (lock: string, document: string, ms = 0): Play =>
      (alice, scene) => {
        alice.use(`D:\\Data\\${lock}`, '0x10', 0x6);
        scene.wait(ms);
        alice.use(`D:\\Data\\${document}`, '0x14', READ);
      };
    check(['Read File D:\\Data\\report.docx x2'], locked('~$port.docx', 'report.docx'));
    check(['Read File D:\\Data\\a.docx x2'], locked('~$a.docx', 'a.docx'));
    check(['Read File D:\\Data\\a.ods x2'], locked('.~lock.a.ods#', 'a.ods'));
    check(['Read File D:\\Data\\a.docx x2'], locked('~$a.docx', 'a.docx', LOCK_WINDOW_MS - 2));
    assert.equal(play(locked('~$a.docx', 'a.docx', LOCK_WINDOW_MS)).length, 2);
    assert.equal(play(locked('~$port.docx', 'other.docx')).length, 2);
  });
});

describe('shell file', () => {
  const near =
    (name: string, mask: number, ms = 0): Play =>
    (alice, scene) => {
      alice.use(`D:\\Data\\${name}`, '0x10', mask);
      scene.wait(ms);
      alice.use(PLAN, '0x14', READ);
    };

  it('belongs to what the person did in the folder', () => {
    check([`Read File ${PLAN} x2`], near('Thumbs.db', 0x6));
    check([`Read File ${PLAN} x2`], near('desktop.ini', READ));
    check([`Read File ${PLAN} x2`], near('plan.docx:Zone.Identifier', READ));
    check([`Read File ${PLAN} x2`], near('Thumbs.db', READ, SHELL_WINDOW_MS - 2));
    assert.equal(play(near('Thumbs.db', READ, SHELL_WINDOW_MS)).length, 2);
  });

  it('that somebody changes stays', () => {
    assert.equal(play(near('desktop.ini', WRITE)).length, 2);
    assert.equal(play(near('plan.docx:Zone.Identifier', WRITE)).length, 2);
  });

  it('alone stays', () => {
    check(['Read File D:\\Data\\desktop.ini'], (alice) =>
      alice.use('D:\\Data\\desktop.ini', '0x10', READ),
    );
  });
});

describe('computer reads', () => {
  const both =
    (mask: number, who = BACKUP): Play =>
    (_, scene) => {
      actor(scene, who).use('D:\\Data\\a.txt', '0x10', mask);
      actor(scene, who).use('D:\\Data\\b.txt', '0x14', mask);
    };

  it('are one record for a folder', () => {
    check(['Read Folder D:\\Data x2'], both(READ));
  });

  it('of pipes are not those of a folder', () => {
    const drafts = play((_, scene) => {
      for (const target of ['samr', 'lsarpc']) {
        actor(scene, BACKUP).check('IPC$', '', { target, mask: 0x12019f });
      }
    });
    assert.deepEqual(
      drafts.map(({ objectType }) => objectType),
      ['Named pipe', 'Named pipe'],
    );
  });

  it('of people are not folded, changes by computers neither', () => {
    assert.equal(play(both(READ, ALICE)).length, 2);
    assert.equal(play(both(WRITE)).length, 2);
  });
});

describe('transaction', () => {
  const ID = '{0f1c2d3e-4b5a-6978-8796-a5b4c3d2e1f0}';
  const ends =
    (id: string): Play =>
    (alice, scene) => {
      alice.use(PLAN, '0x10', DELETE);
      alice.deleted('0x10', ID);
      actor(scene, BACKUP).transaction(id);
    };

  it('belongs to what was done in it', () => {
    check([`Removed File ${PLAN} x3`], ends(ID));
    assert.equal(play(ends('{ffffffff-4b5a-6978-8796-a5b4c3d2e1f0}')).length, 2);
  });
});
