/** The facts of one event, as plain data that can wait for the other events of its computer. */
import type { Detail } from '@witness/record';
import type { WindowsEvent } from '../../codecs/index.ts';
import {
  type Actor,
  accountKind,
  addressOf,
  auditOutcome,
  field,
  fileAccessOfList,
  hexField,
  isLoopback,
  numberField,
  refusedFileAccess,
  shareFlagChanges,
  subjectActor,
  userLimitWords,
  windowsEventError,
} from '../../windows-events/index.ts';
import { joinPath, localPathOf } from './paths.ts';
import { securityChanges } from './security-changes.ts';

export interface ShareFacts {
  /** `Data` of `\\*\Data`. */
  readonly name: string;
  /** Absent for IPC$. */
  readonly localPath?: string;
  /** Below the share; empty for the share itself. */
  readonly relative: string;
}

export interface FileEvent {
  /** The event without its data. */
  readonly head: WindowsEvent;
  readonly isFailure: boolean;
  readonly actor: Actor;
  /** A computer or a Windows service, no person. */
  readonly isMachine: boolean;
  /** `0x0` when absent. */
  readonly logonId: string;
  /** Process id as written, `0x4`; empty when absent. */
  readonly process: string;
  readonly program?: string;
  /** Empty when there is none. */
  readonly handle: string;
  /** On the computer itself; for pipes below IPC$ `IPC$\svcctl`. */
  readonly path?: string;
  /** Rights asked for, or used. */
  readonly access: number;
  readonly refused: number;
  readonly transaction?: string;
  readonly share?: ShareFacts;
  readonly address?: string;
  readonly changes?: readonly Detail[];
  /** Its access list has entries that descendants inherit, as only folders have. */
  readonly isFolder?: true;
}

export const EVENT = {
  handleRequested: 4656,
  handleClosed: 4658,
  deletionRequested: 4659,
  objectDeleted: 4660,
  accessUsed: 4663,
  hardLinkCreated: 4664,
  permissionsChanged: 4670,
  auditChanged: 4907,
  transactionChanged: 4985,
  shareAccessed: 5140,
  shareAdded: 5142,
  shareModified: 5143,
  shareRemoved: 5144,
  shareChecked: 5145,
} as const;

type Part = Partial<
  Pick<FileEvent, 'path' | 'handle' | 'share' | 'address' | 'changes' | 'isFolder'>
>;

const missing = (event: WindowsEvent, name: string) =>
  windowsEventError('WINDOWS_EVENT_FIELD_MISSING', { eventId: event.eventId, field: name });

/** A handle of no object, as refused requests have it. */
const NO_HANDLE = '0x0';

const handleOf = (event: WindowsEvent): string => {
  const handle = hexField(event, 'HandleId');
  return handle === undefined || handle === NO_HANDLE ? '' : handle;
};

/** An object without a name still has its handle: other events may name it. */
const objectPart = (event: WindowsEvent): Part => {
  const name = field(event, 'ObjectName');
  const handle = handleOf(event);
  if (name !== undefined) return { path: localPathOf(name), handle };
  if (handle === '') throw missing(event, 'ObjectName');
  return { handle };
};

const handlePart = (event: WindowsEvent): Part => {
  const handle = handleOf(event);
  if (handle === '') throw missing(event, 'HandleId');
  return { handle };
};

/** An entry of an access list in SDDL that files or folders below inherit: `(A;OICI;FA;;;BA)`. */
const INHERITABLE = /\([A-Z]+;[A-Z]*(?:OI|CI)/;
/** The same as the reason of a right; `%%1811` would name an entry of the parent folder. */
const INHERITABLE_REASON = /%%180[12]:?\s+D:\([A-Z]+;[A-Z]*(?:OI|CI)/;

const folderPart = (text: string | undefined, inheritable: RegExp): Part =>
  text !== undefined && inheritable.test(text) ? { isFolder: true } : {};

const requestPart = (event: WindowsEvent): Part => ({
  ...objectPart(event),
  ...folderPart(field(event, 'AccessReason'), INHERITABLE_REASON),
});

const securityPart = (event: WindowsEvent): Part => ({
  ...objectPart(event),
  changes: securityChanges(event),
  ...folderPart(field(event, 'NewSd'), INHERITABLE),
});

const HARD_LINK = 'Hard link to';

const linkPart = (event: WindowsEvent): Part => {
  const path = field(event, 'LinkName');
  if (path === undefined) throw missing(event, 'LinkName');
  const existing = field(event, 'FileName');
  return {
    path: localPathOf(path),
    changes: existing === undefined ? [] : [{ property: HARD_LINK, after: localPathOf(existing) }],
  };
};

/** Windows documents the state as a number only. */
const transactionPart = (event: WindowsEvent): Part => {
  const after = field(event, 'NewState');
  return after === undefined ? {} : { changes: [{ property: 'New state', after }] };
};

const ANY_SERVER = '\\\\*\\';

const shareOf = (event: WindowsEvent): ShareFacts => {
  const written = field(event, 'ShareName');
  if (written === undefined) throw missing(event, 'ShareName');
  const name = written.startsWith(ANY_SERVER) ? written.slice(ANY_SERVER.length) : written;
  const localPath = field(event, 'ShareLocalPath');
  const target = field(event, 'RelativeTargetName') ?? '\\';
  const relative = target.startsWith('\\') ? target.slice(1) : target;
  return localPath === undefined
    ? { name, relative }
    : { name, localPath: localPathOf(localPath), relative };
};

const addressIn = (event: WindowsEvent): Part => {
  const address = addressOf(field(event, 'IpAddress'));
  return address === undefined || isLoopback(address) ? {} : { address };
};

const sharePart = (event: WindowsEvent): Part => ({ share: shareOf(event), ...addressIn(event) });

const shareCheckPart = (event: WindowsEvent): Part => {
  const share = shareOf(event);
  const { localPath, name, relative } = share;
  const folder = localPath ?? name;
  return {
    share,
    path: relative === '' ? folder : joinPath(folder, relative),
    ...addressIn(event),
  };
};

const SHARE_VALUES = [
  { property: 'Description', before: 'OldRemark', after: 'NewRemark' },
  { property: 'User limit', before: 'OldMaxUsers', after: 'NewMaxUsers', words: userLimitWords },
] as const;

const shareChanges = (event: WindowsEvent): Detail[] => {
  const details: Detail[] = [];
  for (const { property, ...spec } of SHARE_VALUES) {
    const words = 'words' in spec ? spec.words : (text: string) => text;
    const before = words(field(event, spec.before) ?? '');
    const after = words(field(event, spec.after) ?? '');
    if (before !== after) details.push({ property, before, after });
  }
  const [oldFlags, newFlags] = [field(event, 'OldShareFlags'), field(event, 'NewShareFlags')];
  if (oldFlags !== undefined && newFlags !== undefined) {
    details.push(...shareFlagChanges(oldFlags, newFlags));
  }
  return [...details, ...securityChanges(event)];
};

const PARTS: ReadonlyMap<number, (event: WindowsEvent) => Part> = new Map([
  [EVENT.handleRequested, requestPart],
  [EVENT.handleClosed, handlePart],
  [EVENT.deletionRequested, objectPart],
  [EVENT.objectDeleted, handlePart],
  [EVENT.accessUsed, objectPart],
  [EVENT.hardLinkCreated, linkPart],
  [EVENT.permissionsChanged, securityPart],
  [EVENT.auditChanged, securityPart],
  [EVENT.transactionChanged, transactionPart],
  [EVENT.shareAccessed, sharePart],
  [EVENT.shareAdded, sharePart],
  [EVENT.shareModified, (event) => ({ ...sharePart(event), changes: shareChanges(event) })],
  [EVENT.shareRemoved, sharePart],
  [EVENT.shareChecked, shareCheckPart],
]);

const NO_TRANSACTION = '{00000000-0000-0000-0000-000000000000}';

const transactionOf = (event: WindowsEvent): string | undefined => {
  const id = field(event, 'TransactionId');
  return id === NO_TRANSACTION ? undefined : id;
};

const accessOf = (event: WindowsEvent): number => {
  const mask = numberField(event, 'AccessMask');
  if (mask !== undefined) return mask;
  const list = field(event, 'AccessList');
  return list === undefined ? 0 : fileAccessOfList(list);
};

const headOf = (event: WindowsEvent): WindowsEvent => {
  const { provider, eventId, systemTime, when, recordId, channel, computer } = event;
  return { provider, eventId, systemTime, when, recordId, channel, computer, data: [] };
};

const isMachine = (event: WindowsEvent): boolean => {
  const kind = accountKind(field(event, 'SubjectUserName'), field(event, 'SubjectUserSid'));
  return kind !== undefined && kind !== 'anonymous';
};

/** Throws WINDOWS_EVENT_FIELD_MISSING when the event says nothing of what it is about. */
export const toFileEvent = (event: WindowsEvent): FileEvent => {
  const part = PARTS.get(event.eventId);
  if (part === undefined) {
    throw windowsEventError('WINDOWS_EVENT_UNEXPECTED', {
      eventId: event.eventId,
      source: 'windows-file-server',
    });
  }
  const isFailure = auditOutcome(event) === 'failure';
  const program = field(event, 'ProcessName');
  const transaction = transactionOf(event);
  return {
    head: headOf(event),
    isFailure,
    actor: subjectActor(event),
    isMachine: isMachine(event),
    logonId: hexField(event, 'SubjectLogonId') ?? '0x0',
    process: hexField(event, 'ProcessId') ?? '',
    ...(program !== undefined && { program }),
    handle: '',
    access: accessOf(event),
    refused: isFailure ? refusedFileAccess(field(event, 'AccessReason') ?? '') : 0,
    ...(transaction !== undefined && { transaction }),
    ...part(event),
  };
};
