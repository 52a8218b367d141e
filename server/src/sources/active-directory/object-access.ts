/** 4662: an access to an object of the directory, with what was read, written or used. Source: Microsoft, "4662(S, F)". */
import type { Detail } from '@witness/record';
import type { ObjectTypeUse, WindowsEvent } from '../../codecs/index.ts';
import {
  auditOutcome,
  directoryPath,
  eventRecord,
  expandMessages,
  field,
  isComputerAccount,
  isExtendedRight,
  numberField,
  objectTypeName,
  SECRET_REPLICATION_RIGHTS,
  SUBJECT,
  sessionOf,
  sidFacts,
  subjectActor,
  windowsEventError,
} from '../../windows-events/index.ts';
import type { Interpretation } from '../source.ts';
import { ACTIVE_DIRECTORY } from './title.ts';

export const OBJECT_ACCESS = 4662;

/** Other servers (WMI, for instance) write the same event about objects of their own. */
export const isDirectoryAccess = (event: WindowsEvent): boolean =>
  field(event, 'ObjectServer') === 'DS';

interface AccessKind {
  readonly bit: number;
  readonly action: 'Added' | 'Removed' | 'Modified' | 'Read';
  /** What the GUIDs of the event stand for. */
  readonly use: ObjectTypeUse;
}

/** The first that the mask has; the events of the directory have one bit each. */
const ACCESS_KINDS: readonly AccessKind[] = [
  { bit: 0x1, action: 'Added', use: 'class' },
  { bit: 0x2 | 0x40 | 0x10000, action: 'Removed', use: 'class' },
  { bit: 0x20 | 0x40000 | 0x80000, action: 'Modified', use: 'property' },
  { bit: 0x8, action: 'Modified', use: 'validated write' },
  { bit: 0x100, action: 'Read', use: 'extended right' },
];
const READ: AccessKind = { bit: 0, action: 'Read', use: 'property' };

/** Extended rights that change something when they are used. */
const CHANGING_RIGHTS: ReadonlySet<string> = new Set([
  '00299570-246d-11d0-a768-00aa006e0529',
  'ab721a53-1e2f-11d0-9819-00aa0040529b',
  '9923a32a-3607-11d2-b9be-0000f87a36b2',
  '1131f6ac-9c07-11d1-f79f-00c04fc2dcd2',
  'ba33815a-4f93-4c76-87f3-57574bff8109',
  '45ec5156-db7e-47bb-b53f-dbeb2d03c40f',
  'ccc2dc7d-a6ad-4a7a-8846-c04e3cc53501',
  '280f369c-67c7-438e-ae98-1d46f3c6f541',
  '05c74c5e-4deb-43b4-bd9f-86664c2a7fd5',
  'e2a36dc9-ae17-47c3-b58b-be34c55ba633',
  'e12b56b6-0a95-11d1-adbb-00c04fd8d5cd',
  'd58d5f36-0a98-11d1-adbb-00c04fd8d5cd',
  'bae50096-4752-11d1-9052-00c04fc2d4cf',
  '014bf69c-7b3b-11d1-85f6-08002be74fab',
  'cc17b1fb-33d9-11d2-97d4-00c04fd8d5cd',
]);

const FAILED = {
  Added: 'Add (Failed Attempt)',
  Removed: 'Remove (Failed Attempt)',
  Modified: 'Modify (Failed Attempt)',
  Read: 'Read (Failed Attempt)',
} as const;

/** Actions beside those of account management. */
export const ACCESS_ACTIONS: readonly string[] = ['Read', FAILED.Read];

/** Stands above attributes that no property set has. */
const NO_PROPERTY_SET = '771727b1-31b8-4cdf-ae62-4fe39fadf89e';

const GUIDS = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;

const guidsIn = (text: string | undefined): string[] =>
  [...new Set((text ?? '').match(GUIDS) ?? [])].map((guid) => guid.toLowerCase());

const kindOf = (event: WindowsEvent): AccessKind => {
  const mask = numberField(event, 'AccessMask') ?? 0;
  return ACCESS_KINDS.find(({ bit }) => (mask & bit) !== 0) ?? READ;
};

const actionOf = (event: WindowsEvent, kind: AccessKind, guids: readonly string[]): string => {
  const isChange = kind.use === 'extended right' && guids.some((one) => CHANGING_RIGHTS.has(one));
  const action = isChange ? 'Modified' : kind.action;
  return auditOutcome(event) === 'failure' ? FAILED[action] : action;
};

const GET_CHANGES_ALL = '1131f6ad-9c07-11d1-f79f-00c04fc2dcd2';

/** A domain controller does the same all day; who else does takes the password hashes of the domain. */
const replicationDetails = (event: WindowsEvent, guids: readonly string[]): Detail[] => {
  if (!guids.some((guid) => SECRET_REPLICATION_RIGHTS.has(guid))) return [];
  const what = guids.includes(GET_CHANGES_ALL)
    ? 'Data of the domain was requested as replication does, password hashes included'
    : 'Data of the domain was requested as replication does';
  const whom = isComputerAccount(field(event, 'SubjectUserName') ?? '')
    ? 'usual for domain controllers'
    : 'usual only for directory synchronization services';
  return [{ property: 'DCSync', message: `${what}; ${whom}` }];
};

/** The GUIDs less the object's own class, which ends or begins the list. */
const propertyDetails = (guids: readonly string[], { use }: AccessKind): Detail[] =>
  guids.map((guid) => ({
    property: isExtendedRight(guid) ? 'Right' : 'Property',
    after: objectTypeName(guid, use) ?? `{${guid}}`,
  }));

const classOf = (event: WindowsEvent): string => {
  const [guid] = guidsIn(field(event, 'ObjectType'));
  if (guid === undefined) return 'object';
  return objectTypeName(guid, 'class') ?? `{${guid}}`;
};

/** Only objects created or deleted below it are named; the object itself is a GUID. */
const objectOf = (event: WindowsEvent): string => {
  const name = field(event, 'ObjectName');
  if (name === undefined) {
    throw windowsEventError('WINDOWS_EVENT_FIELD_MISSING', {
      eventId: event.eventId,
      field: 'ObjectName',
    });
  }
  const [guid] = guidsIn(name);
  return guid !== undefined && name.startsWith('%{') ? `{${guid}}` : directoryPath(name);
};

const childDetails = (event: WindowsEvent): Detail[] => {
  const child = field(event, 'AdditionalInfo');
  return child === undefined ? [] : [{ property: 'Child object', after: directoryPath(child) }];
};

export const interpretObjectAccess = (event: WindowsEvent): Interpretation => {
  const kind = kindOf(event);
  const ownClass = guidsIn(field(event, 'ObjectType'))[0];
  const all = guidsIn(field(event, 'Properties'));
  const guids = all.filter((guid) => guid !== ownClass && guid !== NO_PROPERTY_SET);
  const access = expandMessages(field(event, 'AccessList') ?? '').replace(/\s*[\r\n]+\s*/g, ', ');
  const record = eventRecord(event, {
    dataSource: ACTIVE_DIRECTORY.title,
    actor: subjectActor(event),
    action: actionOf(event, kind, guids),
    objectType: classOf(event),
    what: objectOf(event),
    session: sessionOf(event),
    details: [
      ...(access === '' ? [] : [{ property: 'Access', after: access }]),
      ...propertyDetails(guids, kind),
      ...childDetails(event),
      ...replicationDetails(event, guids),
    ],
  });
  return { drafts: [record], sids: sidFacts(event, SUBJECT) };
};
