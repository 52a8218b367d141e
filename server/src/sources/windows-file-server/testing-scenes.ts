/** The scenes behind `testdata`, one for each event id and folding rule, played again by the property tests. */
import { ALICE, actor, BACKUP, BOB, type Scene, touch } from './testing.ts';

type Play = (scene: Scene) => void;

const PLAN = 'D:\\Data\\plan.docx';
const WRITE = 0x2;
const DELETE = 0x10000;
const TRANSACTION = '{0f1c2d3e-4b5a-6978-8796-a5b4c3d2e1f0}';
const EVERYONE_IN = {
  old: 'D:AI(A;ID;FA;;;SY)(A;ID;FA;;;BA)(A;ID;0x1200a9;;;BU)',
  now: 'D:AI(A;;FA;;;WD)(A;ID;FA;;;SY)(A;ID;FA;;;BA)(A;ID;0x1200a9;;;BU)',
};

const alice = (scene: Scene) => actor(scene, ALICE);
const bob = (scene: Scene) => actor(scene, BOB);

const SINGLE: Readonly<Record<string, Play>> = {
  '4656-opened-only': (scene) => alice(scene).open(PLAN, '0xcf4', 0x10080),
  '4656-refused-delete': (scene) =>
    alice(scene).refused(
      PLAN,
      0x10080,
      '%%1537:\t%%1805\r\n\t\t\t\t%%4423:\t%%1801\tD:(A;;0x1200a9;;;BU)',
    ),
  '4656-refused-folder': (scene) => {
    alice(scene).refused('D:\\Data', 0x2);
    alice(scene).use(PLAN, '0xcf0', 0x1);
  },
  '4656-refused-read': (scene) => alice(scene).refused(PLAN, 0x120089),
  '4656-refused-write': (scene) =>
    alice(scene).refused(
      PLAN,
      0x12019f,
      '%%1538:\t%%1801\tD:(A;;0x1200a9;;;BU)\r\n\t\t\t\t%%4417:\t%%1805\r\n\t\t\t\t%%4418:\t%%1805',
    ),
  '4658-handle-of-earlier-batch': (scene) => alice(scene).close('0xcf4'),
  '4659-delete-on-close': (scene) => bob(scene).deleteOnClose(PLAN, '0xd10'),
  '4659-refused': (scene) => bob(scene).deleteOnClose(PLAN, '0x0', true),
  '4660-name-in-earlier-batch': (scene) => alice(scene).deleted('0xcf4'),
  '4663-attributes': (scene) => alice(scene).use(PLAN, '0xcf4', 0x100),
  '4663-owner': (scene) => alice(scene).use('D:\\Data\\Archive', '0xcf4', 0x80000),
  '4663-read': (scene) => alice(scene).use(PLAN, '0xcf4', 0x1),
  '4663-write': (scene) => alice(scene).use(PLAN, '0xcf4', 0x6),
  '4663-delete-unresolved': (scene) => alice(scene).use(PLAN, '0xcf4', DELETE),
  '4664-hard-link': (scene) => alice(scene).link(PLAN, 'D:\\Data\\plan-link.docx'),
  '4670-permissions': (scene) => alice(scene).permissions(PLAN, '0xcf4', EVERYONE_IN),
  '4907-auditing': (scene) =>
    alice(scene).auditing('D:\\Data', '0xcf4', {
      old: '',
      now: 'S:ARAI(AU;OICISAFA;0x1f01ff;;;WD)',
    }),
  '4985-transaction': (scene) => actor(scene, BACKUP).transaction(TRANSACTION),
  '5140-share': (scene) => bob(scene).shareAccess('Data', 'D:\\Data'),
  '5140-refused': (scene) => bob(scene).shareAccess('ADMIN$', 'C:\\Windows', true),
  '5142-share-added': (scene) => alice(scene).shareChange(5142),
  '5143-share-modified': (scene) =>
    alice(scene).shareChange(5143, {
      ObjectType: 'Directory',
      OldRemark: 'N/A',
      NewRemark: 'Team data',
      OldMaxUsers: '0xffffffff',
      NewMaxUsers: '0x14',
      OldShareFlags: '0x0',
      NewShareFlags: '0x8830',
      OldSD: 'O:BAG:DUD:(A;;0x1200a9;;;BU)',
      NewSD: 'O:BAG:DUD:(A;;0x1200a9;;;BU)(A;;FA;;;WD)',
    }),
  '5144-share-removed': (scene) => alice(scene).shareChange(5144),
  '5145-delete-requested': (scene) =>
    bob(scene).check('Data', 'D:\\Data', { target: 'old.xlsx', mask: 0x10080 }),
  '5145-folder-of-share': (scene) =>
    bob(scene).check('Data', 'D:\\Data', { target: '\\', mask: 0x100081 }),
  '5145-pipe': (scene) => bob(scene).check('IPC$', '', { target: 'svcctl', mask: 0x12019f }),
  '5145-read-requested': (scene) =>
    bob(scene).check('Data', 'D:\\Data', { target: 'q1\\old.xlsx', mask: 0x120089 }),
  '5145-refused': (scene) =>
    bob(scene).check('Data', 'D:\\Data', {
      target: 'old.xlsx',
      mask: 0x120196,
      reason: '%%4417:\t%%1805\r\n\t\t\t\t%%4418:\t%%1805',
    }),
  '5145-write-requested': (scene) =>
    bob(scene).check('Data', 'D:\\Data', { target: 'old.xlsx', mask: 0x120196 }),
};

const renameOf = (scene: Scene, from: string, to: string): void => {
  const { open, use, close } = alice(scene);
  open(from, '0xa10', 0x110080);
  use(from, '0xa10', DELETE);
  open(to, '0xa14', 0x100002);
  use(to, '0xa14', WRITE);
  close('0xa14');
  close('0xa10');
};

const deletionOf = (scene: Scene, path: string): void => {
  const { open, use, deleted, close } = alice(scene);
  open(path, '0xa10', 0x10080);
  use(path, '0xa10', DELETE);
  deleted('0xa10');
  close('0xa10');
};

const TOGETHER: Readonly<Record<string, Play>> = {
  'created-again': (scene) => {
    deletionOf(scene, PLAN);
    touch(alice(scene), PLAN, { handle: '0xa20', mask: 0x6 });
  },
  'created-in-folder': (scene) => {
    alice(scene).use('D:\\Data', '0xa0c', WRITE);
    touch(alice(scene), 'D:\\Data\\notes', { handle: '0xa20', mask: 0x6 });
  },
  'created-folder': (scene) => {
    alice(scene).use('D:\\Data', '0xa0c', 0x4);
    touch(alice(scene), 'D:\\Data\\New folder', { handle: '0xa20', mask: 0x80 });
    alice(scene).use('D:\\Data\\New folder\\x.txt', '0xa24', 0x1);
  },
  deleted: (scene) => deletionOf(scene, PLAN),
  'moved-away': (scene) => renameOf(scene, PLAN, 'D:\\Archive\\plan.docx'),
  'moved-into-folder': (scene) => {
    touch(alice(scene), 'D:\\Archive\\2025.zip', { handle: '0x900', mask: 0x1 });
    renameOf(scene, PLAN, 'D:\\Archive');
  },
  renamed: (scene) => renameOf(scene, PLAN, 'D:\\Data\\plan 2026.docx'),
  'permissions-through-handle': (scene) => {
    const { open, use, permissions, close } = alice(scene);
    open(PLAN, '0xb00', 0x60000);
    use(PLAN, '0xb00', 0x40000);
    permissions(PLAN, '0xb00', EVERYONE_IN);
    close('0xb00');
  },
  'read-through-share': (scene) => {
    bob(scene).shareAccess('Data', 'D:\\Data');
    bob(scene).check('Data', 'D:\\Data', { target: 'plan.docx', mask: 0x120089 });
    touch(bob(scene), PLAN, { handle: '0xc00', mask: 0x1 });
    touch(bob(scene), 'D:\\Data\\q1\\sheet.xlsx', { handle: '0xc04', mask: 0x1 });
  },
};

const wordSave = (scene: Scene): void => {
  const { open, use, close } = alice(scene);
  touch(alice(scene), 'D:\\Data\\~$an.docx', { handle: '0xe00', mask: 0x6 });
  touch(alice(scene), PLAN, { handle: '0xe04', mask: 0x1 });
  scene.wait(20_000);
  touch(alice(scene), 'D:\\Data\\~WRD0001.tmp', { handle: '0xe08', mask: 0x6 });
  renameOf(scene, PLAN, 'D:\\Data\\~WRL0003.tmp');
  open('D:\\Data\\~WRD0001.tmp', '0xe10', 0x110080);
  use('D:\\Data\\~WRD0001.tmp', '0xe10', DELETE);
  touch(alice(scene), PLAN, { handle: '0xe14', mask: WRITE });
  close('0xe10');
  deletionOf(scene, 'D:\\Data\\~WRL0003.tmp');
  deletionOf(scene, 'D:\\Data\\~$an.docx');
};

const excelSave = (scene: Scene): void => {
  touch(alice(scene), 'D:\\Data\\9F3A7000', { handle: '0xe08', mask: 0x6 });
  deletionOf(scene, 'D:\\Data\\plan.xlsx');
  renameOf(scene, 'D:\\Data\\9F3A7000', 'D:\\Data\\plan.xlsx');
};

const FOLDED: Readonly<Record<string, Play>> = {
  'fold-closed-handles': (scene) => {
    for (const handle of ['0x10', '0x14', '0x18']) alice(scene).close(handle);
  },
  'fold-computer-reads': (scene) => {
    for (const name of ['a.txt', 'b.txt', 'c.txt']) {
      touch(actor(scene, BACKUP), `D:\\Data\\${name}`, { handle: '0x200', mask: 0x1 });
    }
  },
  'fold-excel-save': excelSave,
  'fold-office-save': wordSave,
  'fold-properties-of-folder': (scene) => {
    for (const name of ['a.txt', 'b.txt', 'c.txt']) {
      touch(alice(scene), `D:\\Data\\${name}`, { handle: '0x200', mask: 0x20080 });
    }
  },
  'fold-properties-of-read-file': (scene) => {
    touch(alice(scene), PLAN, { handle: '0x200', mask: 0x80 });
    touch(alice(scene), PLAN, { handle: '0x204', mask: 0x1 });
  },
  'fold-repeated-reads': (scene) => {
    for (let i = 0; i < 5; i += 1) {
      touch(alice(scene), PLAN, { handle: '0x200', mask: 0x1 });
      scene.wait(30_000);
    }
  },
  'fold-repeated-refusals': (scene) => {
    for (const mask of [0x13019f, 0x120196, 0x17019f]) alice(scene).refused(PLAN, mask);
  },
  'fold-share-check': (scene) => {
    bob(scene).check('Data', 'D:\\Data', { target: 'plan.docx', mask: 0x12019f });
    touch(bob(scene), PLAN, { handle: '0xc00', mask: 0x1 });
  },
  'fold-shell-files': (scene) => {
    touch(alice(scene), 'D:\\Data\\Thumbs.db', { handle: '0x200', mask: 0x6 });
    touch(alice(scene), 'D:\\Data\\desktop.ini', { handle: '0x200', mask: 0x1 });
    touch(alice(scene), PLAN, { handle: '0x204', mask: 0x1 });
    alice(scene).use(`${PLAN}:Zone.Identifier`, '0x208', 0x1);
  },
  'fold-transaction': (scene) => {
    alice(scene).use(PLAN, '0x200', DELETE);
    alice(scene).deleted('0x200', TRANSACTION);
    actor(scene, BACKUP).transaction(TRANSACTION);
  },
};

export const SCENES: Readonly<Record<string, Play>> = { ...SINGLE, ...TOGETHER, ...FOLDED };
