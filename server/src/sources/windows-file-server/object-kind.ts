/**
 * File or folder: Windows calls both `File`. Said only where something shows it: a folder has something below it, is
 * shared, or has entries in its access list that descendants inherit; a known extension makes a file. Everything else stays
 * `File or folder`.
 */
import { FILE_ACCESS } from '../../windows-events/index.ts';
import { EVENT, type FileEvent } from './file-event.ts';
import type { Opening } from './opening.ts';
import { keyOf, nameOf, parentOf } from './paths.ts';

export const FILE = 'File';
export const FOLDER = 'Folder';
export const FILE_OR_FOLDER = 'File or folder';
export const NAMED_PIPE = 'Named pipe';

/** Extensions that nobody gives to folders. `.0`, `.old`, `.d` or `.net` are not among them. */
const EXTENSIONS: ReadonlySet<string> = new Set(
  (
    '7z accdb avi bak bat bmp cab cat cer cfg cmd com conf config cpl csv dat db dll dmp doc docm docx dot dotm dotx dwg ' +
    'eml eps evtx exe gif gz htm html ico inf ini iso jar jpeg jpg js json key lnk log mdb mof mov mp3 mp4 mpp msg msi mui ' +
    'odp ods odt one ost pcap pdf pem pfx png pol ppt pptm pptx ps1 psd pst pub py rar reg rtf scr sql sqlite svg ' +
    'sys tar tif tiff tmp txt url vbs vhd vhdx vsd vsdx wav wmv xsd xls xlsb xlsm xlsx xml yaml yml zip'
  ).split(' '),
);

const hasFileExtension = (name: string): boolean => {
  const dot = name.lastIndexOf('.');
  return dot >= 0 && EXTENSIONS.has(name.slice(dot + 1).toLowerCase());
};

/** `report.docx:Zone.Identifier`; the colon of a drive stands before a backslash. */
const hasStream = (name: string): boolean => name.includes(':');

const PIPE_PREFIXES = ['ipc$\\', '\\device\\namedpipe\\'];

export interface ObjectKinds {
  readonly isFolder: (pathKey: string) => boolean;
  readonly kindOf: (pathKey: string) => string;
}

/** What the events of one computer show together, whatever their order. */
export const objectKinds = (
  events: readonly FileEvent[],
  openings: readonly Opening[],
): ObjectKinds => {
  const folders = new Set<string>();
  const files = new Set<string>();

  const addParents = (pathKey: string): void => {
    let parent = parentOf(pathKey);
    while (parent !== undefined && !folders.has(parent)) {
      folders.add(parent);
      parent = parentOf(parent);
    }
  };

  for (const { path, share, changes, head, isFolder } of events) {
    if (path !== undefined) {
      const pathKey = keyOf(path);
      addParents(pathKey);
      if (isFolder === true) folders.add(pathKey);
    }
    if (share?.localPath !== undefined) folders.add(keyOf(share.localPath));
    if (head.eventId !== EVENT.hardLinkCreated) continue;
    // Hard links exist of files only.
    for (const file of [path, ...(changes ?? []).map(({ after }) => after)]) {
      if (file !== undefined) files.add(keyOf(file));
    }
  }
  for (const { used, pathKey } of openings) {
    if ((used & FILE_ACCESS.deleteChild) !== 0 && pathKey !== '') folders.add(pathKey);
  }

  const kindOf = (pathKey: string): string => {
    if (PIPE_PREFIXES.some((prefix) => pathKey.startsWith(prefix))) return NAMED_PIPE;
    if (folders.has(pathKey) || pathKey.endsWith(':\\')) return FOLDER;
    const name = nameOf(pathKey);
    return files.has(pathKey) || hasStream(name) || hasFileExtension(name) ? FILE : FILE_OR_FOLDER;
  };
  return { isFolder: (pathKey) => folders.has(pathKey), kindOf };
};
