/** Events of file servers for tests, field for field as Windows documents them. */
import type { WindowsEvent } from '../../codecs/index.ts';
import { SECURITY_AUDITING } from '../../windows-events/index.ts';
import type { RecordDraft, WindowsEventClaim } from '../source.ts';
import { toFileEvent } from './file-event.ts';
import { windowsFileServer } from './source.ts';
import { toFileActivities } from './to-file-activities.ts';

export interface Session {
  readonly user: string;
  readonly logonId: string;
  readonly sid?: string;
  readonly process?: string;
  readonly program?: string;
}

export const ALICE: Session = {
  user: 'alice',
  logonId: '0x5a1f3c',
  process: '0x1b40',
  program: 'C:\\Windows\\explorer.exe',
};

/** Bob works over the network: the server service acts for him. */
export const BOB: Session = { user: 'bob', logonId: '0x7c01d2', process: '0x4', program: '' };

export const BACKUP: Session = {
  user: 'FS01$',
  logonId: '0x3e7',
  sid: 'S-1-5-18',
  process: '0x9c4',
  program: 'C:\\Windows\\System32\\svchost.exe',
};

type Data = Readonly<Record<string, string>>;

export interface Scene {
  /** In the order of the calls. */
  readonly events: WindowsEvent[];
  readonly wait: (ms: number) => void;
  readonly event: (eventId: number, data: Data, isFailure?: boolean) => void;
}

const START = Date.UTC(2026, 0, 31, 9, 0, 0, 0);
const NO_TRANSACTION = '{00000000-0000-0000-0000-000000000000}';
const COMPUTER = 'fs01.contoso.com';

/** Subcategories of audit. */
const FILE_SYSTEM = 12800;
const TASKS: Readonly<Record<number, number>> = {
  4670: 13570,
  4907: 13568,
  5140: 12808,
  5142: 12808,
  5143: 12808,
  5144: 12808,
  5145: 12811,
};

export const createScene = (firstRecordId = 5_000, computer = COMPUTER): Scene => {
  let when = START;
  const events: WindowsEvent[] = [];
  return {
    events,
    wait: (ms) => {
      when += ms;
    },
    event: (eventId, data, isFailure = false) => {
      events.push({
        provider: SECURITY_AUDITING,
        eventId,
        version: eventId === 4656 ? 1 : 0,
        level: 0,
        task: TASKS[eventId] ?? FILE_SYSTEM,
        keywords: isFailure ? '0x8010000000000000' : '0x8020000000000000',
        systemTime: `${new Date(when).toISOString().slice(0, -1)}4567Z`,
        when,
        recordId: firstRecordId + events.length,
        channel: 'Security',
        computer,
        data: Object.entries(data).map(([name, value]) => ({ name, value })),
      });
      when += 2;
    },
  };
};

const subject = ({ user, logonId, sid }: Session): Data => ({
  SubjectUserSid: sid ?? `S-1-5-21-1004336348-1177238915-682003330-${1100 + user.length}`,
  SubjectUserName: user,
  SubjectDomainName: 'CONTOSO',
  SubjectLogonId: logonId,
});

const process = ({ process: id, program }: Session): Data => ({
  ProcessId: id ?? '0x4',
  ProcessName: program ?? '',
});

const hex = (mask: number): string => `0x${mask.toString(16)}`;

/** What one session does in a scene. */
export const actor = (scene: Scene, session: Session) => {
  const object = (path: string, handle: string): Data => ({
    ...subject(session),
    ObjectServer: 'Security',
    ObjectType: 'File',
    ObjectName: path,
    HandleId: handle,
  });
  const handleOnly = (handle: string): Data => ({
    ...subject(session),
    ObjectServer: 'Security',
    HandleId: handle,
    ...process(session),
  });
  const share = (name: string, localPath: string): Data => ({
    ...subject(session),
    ObjectType: 'File',
    IpAddress: '10.1.2.30',
    IpPort: '51234',
    ShareName: `\\\\*\\${name}`,
    ShareLocalPath: localPath === '' ? '' : `\\??\\${localPath}`,
  });
  return {
    open: (path: string, handle: string, mask: number) =>
      scene.event(4656, {
        ...object(path, handle),
        TransactionId: NO_TRANSACTION,
        AccessMask: hex(mask),
        PrivilegeList: '-',
        ...process(session),
      }),
    /** Refused; `reason` as AccessReason has it. */
    refused: (path: string, mask: number, reason = '-') =>
      scene.event(
        4656,
        {
          ...object(path, '0x0'),
          TransactionId: NO_TRANSACTION,
          AccessReason: reason,
          AccessMask: hex(mask),
          ...process(session),
        },
        true,
      ),
    use: (path: string, handle: string, mask: number) =>
      scene.event(4663, { ...object(path, handle), AccessMask: hex(mask), ...process(session) }),
    deleted: (handle: string, transaction = NO_TRANSACTION) =>
      scene.event(4660, { ...handleOnly(handle), TransactionId: transaction }),
    close: (handle: string) => scene.event(4658, handleOnly(handle)),
    deleteOnClose: (path: string, handle: string, isFailure = false) =>
      scene.event(
        4659,
        {
          ...object(path, handle),
          TransactionId: NO_TRANSACTION,
          AccessMask: '0x10080',
          ProcessId: '0x4',
        },
        isFailure,
      ),
    permissions: (
      path: string,
      handle: string,
      sd: { readonly old: string; readonly now: string },
    ) =>
      scene.event(4670, {
        ...object(path, handle),
        OldSd: sd.old,
        NewSd: sd.now,
        ...process(session),
      }),
    auditing: (path: string, handle: string, sd: { readonly old: string; readonly now: string }) =>
      scene.event(4907, {
        ...object(path, handle),
        OldSd: sd.old,
        NewSd: sd.now,
        ...process(session),
      }),
    link: (existing: string, link: string) =>
      scene.event(4664, {
        ...subject(session),
        FileName: existing,
        LinkName: link,
        TransactionId: NO_TRANSACTION,
      }),
    transaction: (id: string, state = '48') =>
      scene.event(4985, {
        ...subject(session),
        TransactionId: id,
        NewState: state,
        ResourceManager: '{5f5c2a6e-0a0c-11ed-9d31-806e6f6e6963}',
        ...process(session),
      }),
    shareAccess: (name: string, localPath: string, isFailure = false) =>
      scene.event(
        5140,
        { ...share(name, localPath), AccessMask: '0x1', AccessList: '%%4416' },
        isFailure,
      ),
    check: (
      name: string,
      localPath: string,
      at: { readonly target: string; readonly mask: number; readonly reason?: string },
    ) =>
      scene.event(
        5145,
        {
          ...share(name, localPath),
          RelativeTargetName: at.target,
          AccessMask: hex(at.mask),
          AccessReason: at.reason ?? '-',
        },
        at.reason !== undefined,
      ),
    shareChange: (eventId: 5142 | 5143 | 5144, data: Data = {}) =>
      scene.event(eventId, {
        ...subject(session),
        ShareName: '\\\\*\\Data',
        ShareLocalPath: 'D:\\Data',
        ...data,
      }),
  };
};

/** Opens, uses and closes. */
export const touch = (
  who: ReturnType<typeof actor>,
  path: string,
  { handle, mask }: { readonly handle: string; readonly mask: number },
): void => {
  who.open(path, handle, mask);
  who.use(path, handle, mask);
  who.close(handle);
};

/** As the routing of events decides it. */
export const isClaimed = (event: WindowsEvent): boolean => {
  const claims: readonly WindowsEventClaim[] = windowsFileServer.windowsEvents;
  return claims.some(
    ({ provider, eventIds, when }) =>
      provider === event.provider && eventIds.includes(event.eventId) && (when?.(event) ?? true),
  );
};

export const draftsOf = (events: readonly WindowsEvent[]): RecordDraft[] =>
  toFileActivities(events.map(toFileEvent));

/** How many events the record says it stands for. */
export const eventsBehind = ({ details }: RecordDraft): number =>
  1 + Number(details.find(({ property }) => property === 'Events folded')?.after ?? 0);

/** `Read File D:\Data\a.txt`. */
export const sentence = ({ action, objectType, what }: RecordDraft): string =>
  `${action} ${objectType} ${what}`;
