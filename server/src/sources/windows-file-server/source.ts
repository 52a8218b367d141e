import { z } from 'zod';
import type { WindowsEvent } from '../../codecs/index.ts';
import { field, SECURITY_AUDITING, SECURITY_LOG } from '../../windows-events/index.ts';
import { defineSource } from '../source.ts';
import { WINDOWS_EVENT_PORTS } from '../windows-event-ports.ts';
import { LOGON_SESSIONS } from '../windows-setup-parts.ts';
import { ACTION } from './activity.ts';
import { FILE_SERVERS_TITLE } from './activity-record.ts';
import { EVENT } from './file-event.ts';
import { interpretFileEvent, joinFileEvents, WINDOWS_FILE_SERVER_ID } from './interpret.ts';
import { FILE, FILE_OR_FOLDER, FOLDER, NAMED_PIPE } from './object-kind.ts';
import { SHARE, TRANSACTION } from './share-activities.ts';
import { HANDLES } from './to-file-activities.ts';
import { FILE_SERVER_SETUP } from './windows-setup.ts';

/** Registry keys, processes, SAM objects and others use the same events. */
const isFileObject = (event: WindowsEvent): boolean =>
  field(event, 'ObjectServer') === 'Security' && field(event, 'ObjectType') === 'File';

/** Subcategories of Object Access other than File System: Registry, Kernel Object, SAM, Other, Certification, Application. */
const OTHER_TASKS: ReadonlySet<number> = new Set([12801, 12802, 12803, 12804, 12805, 12806]);

/** These do not name the class of the object, but the subcategory they were audited for tells it. */
const isFileHandle = (event: WindowsEvent): boolean =>
  field(event, 'ObjectServer') === 'Security' &&
  (event.task === undefined || !OTHER_TASKS.has(event.task));

export const windowsFileServer = defineSource({
  id: WINDOWS_FILE_SERVER_ID,
  title: FILE_SERVERS_TITLE,
  summary:
    'What people did with files, folders and shares of Windows computers: read, created, changed, deleted, renamed, moved, permissions, refused attempts.',
  itemTypes: ['Windows file share', 'Computer'],
  settings: z.strictObject({}),
  ports: WINDOWS_EVENT_PORTS,
  actions: Object.values(ACTION),
  objectTypes: [FILE, FOLDER, FILE_OR_FOLDER, SHARE, NAMED_PIPE, TRANSACTION, HANDLES],
  examples: [
    { title: 'Deleted files', search: 'source:"File Servers" action:Removed' },
    { title: 'Permission changes', search: 'source:"File Servers" property:Permission' },
    {
      title: 'Refused attempts to read',
      search: 'source:"File Servers" action:"Read (Failed Attempt)"',
    },
    { title: 'Shares added', search: 'source:"File Servers" action:Added type:Share' },
  ],
  windowsEvents: [
    {
      provider: SECURITY_AUDITING,
      channel: SECURITY_LOG,
      eventIds: [
        EVENT.handleRequested,
        EVENT.deletionRequested,
        EVENT.accessUsed,
        EVENT.permissionsChanged,
        EVENT.auditChanged,
      ],
      when: isFileObject,
    },
    {
      provider: SECURITY_AUDITING,
      channel: SECURITY_LOG,
      eventIds: [EVENT.handleClosed, EVENT.objectDeleted],
      when: isFileHandle,
    },
    {
      provider: SECURITY_AUDITING,
      channel: SECURITY_LOG,
      eventIds: [
        EVENT.hardLinkCreated,
        EVENT.transactionChanged,
        EVENT.shareAccessed,
        EVENT.shareAdded,
        EVENT.shareModified,
        EVENT.shareRemoved,
        EVENT.shareChecked,
      ],
    },
  ],
  needsEvents: [LOGON_SESSIONS],
  windowsSetup: FILE_SERVER_SETUP,
  interpretWindowsEvent: interpretFileEvent,
  joinFragments: joinFileEvents,
});
