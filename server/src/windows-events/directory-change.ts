/**
 * Directory service changes, 5136 to 5141: one event for each value removed or added, joined into what happened to one object
 * in one operation. Source: Microsoft, "Audit Directory Service Changes".
 */
import type { Detail } from '@witness/record';
import type { WindowsEvent } from '../codecs/index.ts';
import { subjectActor } from './actor.ts';
import { directoryPath } from './distinguished-name.ts';
import { windowsEventError } from './errors.ts';
import { type EventRecord, eventIdentity, eventRecord } from './event-record.ts';
import { field, rawField } from './fields.ts';
import { messageText } from './message-table.ts';
import { sessionOf } from './sessions.ts';

export type DirectoryChangeKind = 'modified' | 'created' | 'restored' | 'moved' | 'deleted';

const KINDS: ReadonlyMap<number, DirectoryChangeKind> = new Map([
  [5136, 'modified'],
  [5137, 'created'],
  [5138, 'restored'],
  [5139, 'moved'],
  [5141, 'deleted'],
]);

export const DIRECTORY_CHANGE_EVENT_IDS: readonly number[] = [...KINDS.keys()];

/** What one event says; plain data. */
export interface DirectoryChangePart {
  readonly kind: DirectoryChangeKind;
  /** Who, when, where and identity of the event; its details say why an actor is unknown. */
  readonly record: EventRecord;
  readonly objectClass: string;
  readonly name: string;
  /** 5138, 5139. */
  readonly oldName?: string;
  /** 5141: with all below it. */
  readonly isTree?: boolean;
  /** Of a directory that is not AD DS. */
  readonly directory?: string;
  /** 5136. */
  readonly value?: AttributeValue;
}

export interface AttributeValue {
  readonly attribute: string;
  readonly syntax?: string;
  readonly text: string;
  readonly isAdded: boolean;
}

const VALUE_DELETED = '%%14675';
const ACTIVE_DIRECTORY = '%%14676';
const YES: ReadonlySet<string> = new Set(['%%14678', '%%1842', 'yes', 'true']);

const required = (event: WindowsEvent, name: string): string => {
  const value = field(event, name);
  if (value !== undefined) return value;
  throw windowsEventError('WINDOWS_EVENT_FIELD_MISSING', { eventId: event.eventId, field: name });
};

const attributeValue = (event: WindowsEvent): AttributeValue => {
  const syntax = field(event, 'AttributeSyntaxOID');
  return {
    attribute: required(event, 'AttributeLDAPDisplayName'),
    ...(syntax !== undefined && { syntax }),
    text: rawField(event, 'AttributeValue') ?? '',
    isAdded: field(event, 'OperationType') !== VALUE_DELETED,
  };
};

const hasOldName = (kind: DirectoryChangeKind): boolean => kind === 'restored' || kind === 'moved';

const directoryOf = (event: WindowsEvent): { readonly directory?: string } => {
  const type = field(event, 'DSType');
  if (type === undefined || type === ACTIVE_DIRECTORY) return {};
  return { directory: `${field(event, 'DSName') ?? ''} (${messageText(type) ?? type})`.trim() };
};

/** Operation and object. An event without an operation stands for itself. */
const keyOf = (event: WindowsEvent, name: string): string => {
  const operation = field(event, 'OpCorrelationID');
  if (operation === undefined) return eventIdentity(event);
  const object = field(event, 'ObjectGUID') ?? name;
  // An operation has one actor; whoever forges an id must not be mixed with others.
  const session = field(event, 'SubjectLogonId') ?? '';
  return [event.computer, operation, object, session].join('|').toLowerCase();
};

export interface KeyedPart {
  readonly key: string;
  readonly value: DirectoryChangePart;
}

/** Throws WINDOWS_EVENT_FIELD_MISSING for an event that does not say which object, or which attribute. */
export const directoryChangePart = (event: WindowsEvent, dataSource: string): KeyedPart => {
  const kind = KINDS.get(event.eventId) ?? 'modified';
  const name = required(event, hasOldName(kind) ? 'NewObjectDN' : 'ObjectDN');
  const record = eventRecord(event, {
    dataSource,
    actor: subjectActor(event),
    action: 'Modified',
    objectType: field(event, 'ObjectClass') ?? 'object',
    what: directoryPath(name),
    session: sessionOf(event),
    details: [],
  });
  const oldName = hasOldName(kind) ? field(event, 'OldObjectDN') : undefined;
  const tree = field(event, 'TreeDelete')?.toLowerCase();
  const value: DirectoryChangePart = {
    kind,
    record,
    objectClass: record.objectType,
    name,
    ...(oldName !== undefined && { oldName }),
    ...(tree !== undefined && { isTree: YES.has(tree) }),
    ...directoryOf(event),
    ...(kind === 'modified' && { value: attributeValue(event) }),
  };
  return { key: keyOf(event, name), value };
};

export interface AttributeChange {
  readonly attribute: string;
  readonly syntax?: string;
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

/** What happened to one object in one operation. */
export interface ObjectChange {
  readonly kind: DirectoryChangeKind;
  readonly objectClass: string;
  /** The distinguished name the object has now, or had last. */
  readonly name: string;
  readonly oldName?: string;
  readonly isTree: boolean;
  readonly attributes: readonly AttributeChange[];
  /** Of the first event; the actor's explanation, and the directory where it is not AD DS. */
  readonly record: EventRecord;
  readonly notes: readonly Detail[];
}

/** The kind that says most; creating an object includes giving it values. */
const WEIGHTS: readonly DirectoryChangeKind[] = [
  'modified',
  'moved',
  'restored',
  'created',
  'deleted',
];

interface ValueLists {
  readonly attribute: string;
  readonly syntax?: string;
  readonly removed: string[];
  readonly added: string[];
}

const attributesOf = (parts: readonly DirectoryChangePart[]): AttributeChange[] => {
  const byName = new Map<string, ValueLists>();
  for (const { value } of parts) {
    if (value === undefined) continue;
    const { attribute, syntax, text, isAdded } = value;
    const key = attribute.toLowerCase();
    const lists: ValueLists = byName.get(key) ?? {
      attribute,
      ...(syntax !== undefined && { syntax }),
      removed: [],
      added: [],
    };
    byName.set(key, lists);
    (isAdded ? lists.added : lists.removed).push(text);
  }
  return [...byName.values()];
};

/** Of at least one part. The identity is that of the first event and the key. */
export const objectChange = (
  key: string,
  [first, ...others]: readonly [DirectoryChangePart, ...DirectoryChangePart[]],
): ObjectChange => {
  const parts = [first, ...others];
  const main = parts.reduce((best, part) =>
    WEIGHTS.indexOf(part.kind) > WEIGHTS.indexOf(best.kind) ? part : best,
  );
  const oldName = parts.find((part) => part.oldName !== undefined)?.oldName;
  const { directory } = first;
  return {
    kind: main.kind,
    objectClass: main.objectClass,
    name: main.name,
    ...(oldName !== undefined && { oldName }),
    isTree: parts.some(({ isTree }) => isTree === true),
    attributes: attributesOf(parts),
    record: { ...first.record, identity: `${first.record.identity}|${key}` },
    notes: [
      ...(directory === undefined ? [] : [{ property: 'Directory', after: directory }]),
      ...first.record.details,
    ],
  };
};
