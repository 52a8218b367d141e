/** File Servers: who read, changed, moved and removed which file. */
import type { Detail, RecordContent } from '@witness/record';
import {
  changed,
  NO_DETAILS,
  noted,
  type PersonActivity,
  type Scene,
  type ServiceActivity,
} from './activity.ts';
import { drawFile, fileNameOf, folderOf } from './file-names.ts';
import {
  createItems,
  DEPARTMENTS,
  type Department,
  DOMAIN,
  type Person,
  PLANS,
} from './organisation.ts';
import { mix, weighted } from './random.ts';

const fileServerItem = createItems('Windows file share');

const serverOf = ({ organisation }: Scene, department: Department): string =>
  organisation.fileServers[DEPARTMENTS.indexOf(department) % organisation.fileServers.length] ?? '';

interface FileChange {
  readonly action: string;
  readonly objectType: 'File' | 'Folder';
  readonly details: (scene: Scene, hash: number, path: string) => readonly Detail[];
}

const sizes = ({ random }: Scene): readonly Detail[] => {
  const before = 8000 + random.skewed(20_000_000, 4);
  return [changed('Size', String(before), String(before + random.below(60_000) - 20_000))];
};

const file = (action: string, details: FileChange['details'] = () => NO_DETAILS): FileChange => ({
  action,
  objectType: 'File',
  details,
});

const drawChange = weighted<FileChange>([
  [620, file('Read')],
  [190, file('Modified', sizes)],
  [90, file('Added')],
  [
    22,
    file('Renamed', (_, hash, path) => [
      changed('Name', fileNameOf(mix(hash)), path.slice(path.lastIndexOf('\\') + 1)),
    ]),
  ],
  [
    14,
    file('Moved', (scene, hash) => [
      changed('Location', folderOf('IT', hash), folderOf('IT', scene.random.below(1 << 30))),
    ]),
  ],
  [30, file('Removed')],
  [
    9,
    file('Copied', (_, hash) => [noted('Destination', `\\\\FS01\\Exchange$\\${fileNameOf(hash)}`)]),
  ],
  [10, file('Read (Failed Attempt)', () => [noted('Cause', 'Access denied')])],
  [8, { action: 'Added', objectType: 'Folder', details: () => NO_DETAILS }],
  [
    4,
    {
      action: 'Modified',
      objectType: 'Folder',
      details: ({ organisation, random }) => [
        changed(
          'Permissions',
          '',
          `${random.pick(organisation.people).account}: Modify (allow, this folder, subfolders and files)`,
        ),
      ],
    },
  ],
]);

const SHARED_DEPARTMENT_CHANCE = 0.08;

/** Where the person touches a file: `\\FS03\Sales\Customers\2026\Cobalt\Offer Falcon 4711 v3.docx`. */
const drawPath = (scene: Scene, person: Person): { path: string; server: string; hash: number } => {
  const { random } = scene;
  const department = random.chance(SHARED_DEPARTMENT_CHANCE)
    ? random.pick(DEPARTMENTS)
    : person.department;
  const departmentIndex = DEPARTMENTS.indexOf(department);
  const hash = drawFile(random, { index: person.index, departmentIndex });
  const server = serverOf(scene, department);
  const folder = folderOf(department, hash >>> 2);
  return { path: `\\\\${server}\\${department}\\${folder}\\${fileNameOf(hash)}`, server, hash };
};

export const touchFile: PersonActivity = (scene, person, when): RecordContent => {
  const { path, server, hash } = drawPath(scene, person);
  const { action, objectType, details } = drawChange(scene.random);
  return {
    who: person.account,
    whoKnownBy: 'event',
    action,
    what: objectType === 'File' ? path : path.slice(0, path.lastIndexOf('\\')),
    when,
    where: `${server}.${DOMAIN}`,
    objectType,
    workstation: scene.random.chance(0.3) ? person.address : person.workstation,
    dataSource: 'File Servers',
    plan: PLANS.files,
    item: fileServerItem(`\\\\${server}`),
    details: details(scene, hash, path),
  };
};

export const backUpFile: ServiceActivity = (scene, account, when): RecordContent => {
  const person = scene.random.pick(scene.organisation.people);
  const { path, server } = drawPath(scene, person);
  return {
    who: account,
    whoKnownBy: 'event',
    action: 'Read',
    what: path,
    when,
    where: `${server}.${DOMAIN}`,
    objectType: 'File',
    workstation: `BKP01.${DOMAIN}`,
    dataSource: 'File Servers',
    plan: PLANS.files,
    item: fileServerItem(`\\\\${server}`),
    details: NO_DETAILS,
  };
};
