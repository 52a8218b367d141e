import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { securityEvent } from '../../windows-events/testing.ts';
import { windowsFileServer } from './index.ts';
import { HANDLE_PAUSE_MS } from './opening.ts';
import {
  ALICE,
  actor,
  BACKUP,
  BOB,
  createScene,
  draftsOf,
  isClaimed,
  type Scene,
  sentence,
} from './testing.ts';

type Play = (scene: Scene) => void;

const sentencesOf = (play: Play): string[] => {
  const scene = createScene();
  play(scene);
  return draftsOf(scene.events).map(sentence);
};

const alice = (scene: Scene) => actor(scene, ALICE);

const PLAN = 'D:\\Data\\plan.docx';

describe('what is claimed', () => {
  const check = (
    eventId: number,
    data: Readonly<Record<string, string>>,
    expected: boolean,
  ): void => assert.equal(isClaimed(securityEvent(eventId, data)), expected, `${eventId}`);

  it('is objects of the file system, not keys, processes and accounts', () => {
    const of = (server: string, type: string) => ({ ObjectServer: server, ObjectType: type });
    for (const eventId of [4656, 4659, 4663, 4670, 4907]) {
      check(eventId, of('Security', 'File'), true);
      for (const type of ['Key', 'Process', 'Token', 'SC_MANAGER OBJECT', 'Event']) {
        check(eventId, of('Security', type), false);
      }
      check(eventId, of('Security Account Manager', 'SAM_USER'), false);
    }
    check(4658, { ObjectServer: 'Security' }, true);
    check(4660, { ObjectServer: 'Security Account Manager' }, false);
    const closing = (task: number) =>
      securityEvent(4658, { ObjectServer: 'Security', HandleId: '0x10' }, { task });
    const tasks = [12800, 12801, 12802, 12803, 12804, 12807, 12812];
    assert.deepEqual(
      tasks.filter((task) => isClaimed(closing(task))),
      [12800, 12807, 12812],
    );
    check(4661, of('Security Account Manager', 'SAM_USER'), false);
  });

  it('is everything about shares', () => {
    for (const eventId of [5140, 5142, 5143, 5144, 5145]) check(eventId, {}, true);
  });
});

describe('one record for one action', () => {
  const check = (expected: readonly string[], play: Play): void =>
    assert.deepEqual(sentencesOf(play), expected);

  it('by the strongest right that was used', () => {
    const used =
      (mask: number): Play =>
      (scene) =>
        alice(scene).use(PLAN, '0x10', mask);
    const of = (mask: number, action: string): void =>
      check([`${action} File ${PLAN}`], used(mask));
    of(0x1, 'Read');
    of(0x20, 'Read');
    of(0x80, 'Read');
    of(0x2, 'Modified');
    of(0x4, 'Modified');
    of(0x10, 'Modified');
    of(0x100, 'Modified');
    of(0x40000, 'Modified');
    of(0x80000, 'Modified');
    of(0x3, 'Modified');
  });

  it('joined by handle, process and logon id', () => {
    check([`Modified File ${PLAN}`], (scene) => {
      alice(scene).open(PLAN, '0x10', 0x12019f);
      alice(scene).use(PLAN, '0x10', 0x1);
      alice(scene).use(PLAN, '0x10', 0x2);
      alice(scene).close('0x10');
    });
    const other = { ...ALICE, process: '0x99' };
    check([`Removed File ${PLAN}`, 'Read File D:\\Data\\b.txt'], (scene) => {
      alice(scene).use(PLAN, '0x10', 0x10000);
      actor(scene, other).use('D:\\Data\\b.txt', '0x10', 0x1);
      alice(scene).deleted('0x10');
    });
  });

  it('of a handle that is used again for something else', () => {
    check([`Read File ${PLAN}`, 'Modified File D:\\Data\\b.txt'], (scene) => {
      alice(scene).use(PLAN, '0x10', 0x1);
      alice(scene).use('D:\\Data\\b.txt', '0x10', 0x2);
    });
    check([`Read File ${PLAN}`, `Modified File ${PLAN}`], (scene) => {
      alice(scene).open(PLAN, '0x10', 0x1);
      alice(scene).use(PLAN, '0x10', 0x1);
      alice(scene).open(PLAN, '0x10', 0x2);
      alice(scene).use(PLAN, '0x10', 0x2);
    });
  });

  it('of a handle that nobody closes, until it rests', () => {
    const writes =
      (ms: number): Play =>
      (scene) => {
        alice(scene).use(PLAN, '0x10', 0x2);
        scene.wait(ms);
        alice(scene).use(PLAN, '0x10', 0x2);
      };
    check([`Modified File ${PLAN}`], writes(HANDLE_PAUSE_MS - 2));
    check([`Modified File ${PLAN}`, `Modified File ${PLAN}`], writes(HANDLE_PAUSE_MS));
  });

  it('of events that arrive out of order', () => {
    const scene = createScene();
    alice(scene).open(PLAN, '0x10', 0x10000);
    alice(scene).use(PLAN, '0x10', 0x10000);
    alice(scene).deleted('0x10');
    assert.deepEqual(draftsOf(scene.events.toReversed()).map(sentence), [`Removed File ${PLAN}`]);
  });
});

describe('who, where, from where', () => {
  it('is what the events say', () => {
    const scene = createScene();
    actor(scene, BOB).check('Data', 'D:\\Data', { target: 'plan.docx', mask: 0x120089 });
    actor(scene, BOB).use(PLAN, '0x10', 0x1);
    actor(scene, BACKUP).use(PLAN, '0x14', 0x1);
    const [bob, backup] = draftsOf(scene.events);
    assert.equal(bob?.who, 'CONTOSO\\bob');
    assert.equal(bob?.whoKnownBy, 'event');
    assert.equal(bob?.where, 'fs01.contoso.com');
    assert.equal(bob?.workstation, '10.1.2.30');
    assert.equal(bob?.what, '\\\\fs01.contoso.com\\Data\\plan.docx');
    assert.deepEqual(bob?.session, { computer: 'fs01.contoso.com', logonId: BOB.logonId });
    assert.equal(backup?.workstation, undefined);
    assert.equal(backup?.session, undefined);
  });

  it('takes the network name of a share that leads there, when one does', () => {
    const check = (shares: readonly (readonly [string, string])[], expected: string): void => {
      const scene = createScene();
      for (const [name, path] of shares) actor(scene, BOB).shareAccess(name, path);
      actor(scene, BOB).use(PLAN, '0x10', 0x1);
      assert.equal(draftsOf(scene.events).at(-1)?.what, expected);
    };
    check([['Data', 'D:\\Data']], '\\\\fs01.contoso.com\\Data\\plan.docx');
    check([['D$', 'D:\\']], '\\\\fs01.contoso.com\\D$\\Data\\plan.docx');
    check([['Other', 'D:\\Dat']], PLAN);
    check(
      [
        ['Data', 'D:\\Data'],
        ['D$', 'D:\\'],
      ],
      PLAN,
    );
  });

  it('gives a new name its network name too', () => {
    const scene = createScene();
    actor(scene, BOB).shareAccess('Data', 'D:\\Data');
    actor(scene, BOB).use(PLAN, '0x10', 0x10000);
    actor(scene, BOB).use('D:\\Data\\b.docx', '0x14', 0x2);
    const renamed = draftsOf(scene.events).at(-1);
    assert.equal(renamed?.what, '\\\\fs01.contoso.com\\Data\\plan.docx');
    assert.deepEqual(renamed?.details[0], {
      property: 'New name',
      after: '\\\\fs01.contoso.com\\Data\\b.docx',
    });
  });

  it('leaves local work its local path', () => {
    const scene = createScene();
    actor(scene, BOB).shareAccess('Data', 'D:\\Data');
    actor(scene, { ...BOB, process: '0x77' }).use(PLAN, '0x10', 0x1);
    assert.equal(draftsOf(scene.events).at(-1)?.what, PLAN);
  });

  it('teaches the address of a session, but not that of the computer itself', () => {
    const logonsOf = (address: string) => {
      const event = securityEvent(5140, {
        SubjectUserName: 'bob',
        SubjectDomainName: 'CONTOSO',
        SubjectLogonId: '0x7c01d2',
        IpAddress: address,
        ShareName: '\\\\*\\Data',
      });
      return windowsFileServer.interpretWindowsEvent?.(event).logons;
    };
    assert.deepEqual(logonsOf('::ffff:10.1.2.30'), [
      {
        computer: 'dc01.contoso.com',
        logonId: '0x7c01d2',
        account: 'CONTOSO\\bob',
        address: '10.1.2.30',
      },
    ]);
    assert.deepEqual(logonsOf('127.0.0.1'), []);
    assert.deepEqual(logonsOf('::1'), []);
  });

  it('is unknown with the reason when the event names nobody', () => {
    const event = securityEvent(4663, { ObjectName: PLAN, HandleId: '0x10', AccessMask: '0x1' });
    const [draft] = draftsOf([event]);
    assert.equal(draft?.who, 'Unknown');
    assert.ok(draft?.details.some(({ property, message }) => property === 'Who' && message));
  });
});

describe('file or folder', () => {
  const check = (expected: string, play: Play): void => {
    const scene = createScene();
    play(scene);
    assert.equal(draftsOf(scene.events)[0]?.objectType, expected);
  };

  it('is said only where something shows it', () => {
    check('File', (scene) => alice(scene).use('D:\\Data\\plan.docx', '0x10', 0x1));
    check('File or folder', (scene) => alice(scene).use('D:\\Data\\v1.0', '0x10', 0x1));
    check('File or folder', (scene) => alice(scene).use('D:\\Data\\notes', '0x10', 0x1));
    check('File', (scene) => alice(scene).use('D:\\Data\\notes:stream', '0x10', 0x1));
    check('Folder', (scene) => alice(scene).use('D:\\', '0x10', 0x1));
    check('Folder', (scene) => alice(scene).use('D:\\Data\\x', '0x10', 0x40));
    check('Folder', (scene) => {
      alice(scene).use('D:\\Data\\q1.xlsx', '0x10', 0x2);
      alice(scene).use('D:\\Data\\q1.xlsx\\deep\\a.txt', '0x14', 0x2);
    });
    check('Folder', (scene) => {
      alice(scene).use('D:\\Data', '0x10', 0x2);
      actor(scene, BOB).shareAccess('Data', 'D:\\Data');
    });
  });

  it('is shown by entries that descendants inherit, unless they are those of the parent', () => {
    const reason =
      (text: string): Play =>
      (scene) =>
        alice(scene).refused('D:\\Data\\notes', 0x1, text);
    check('Folder', reason('%%4416:\t%%1802\tD:(D;OICI;FR;;;BU)'));
    check('File or folder', reason('%%4416:\t%%1812\tD:(D;OICI;FR;;;BU)'));
    check('File or folder', reason('%%4416:\t%%1801\tD:(A;ID;FA;;;BA)'));
    const sd =
      (now: string): Play =>
      (scene) =>
        alice(scene).permissions('D:\\Data\\notes', '0x10', { old: 'D:', now });
    check('Folder', sd('D:(A;CI;FA;;;BA)'));
    check('File or folder', sd('D:(A;ID;FA;;;BA)'));
  });
});

describe('security descriptors', () => {
  const detailsOf = (old: string, now: string) => {
    const scene = createScene();
    alice(scene).permissions(PLAN, '0x10', { old, now });
    return draftsOf(scene.events)[0]?.details ?? [];
  };

  it('are compared entry by entry in words', () => {
    assert.deepEqual(detailsOf('D:(A;;FA;;;BA)(A;;FR;;;WD)', 'D:(A;;FA;;;BA)').slice(0, 1), [
      { property: 'Permission', before: 'Allow Everyone: Read; this object only' },
    ]);
  });

  it('are shown as they are when words cannot say the difference', () => {
    const check = (old: string, now: string): void =>
      assert.deepEqual(detailsOf(old, now)[0], {
        property: 'Security descriptor',
        before: old,
        after: now,
      });
    check('D:(A;;FA;;;BA)', 'D:ARAI(A;;FA;;;BA)');
    check('no descriptor', 'D:(A;;FA;;;BA)');
  });
});
