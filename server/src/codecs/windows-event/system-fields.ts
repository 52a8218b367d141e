/** The fields of System while an event is read, and the one place that makes a `WindowsEvent` of them. */
import type { EventDatum, WindowsEvent, XmlElement } from './windows-event.ts';

/** Everything that a reader may find; `undefined` where the event has nothing. */
export interface EventFields {
  provider: string | undefined;
  providerGuid: string | undefined;
  eventSourceName: string | undefined;
  eventId: number | undefined;
  qualifiers: number | undefined;
  version: number | undefined;
  level: number | undefined;
  task: number | undefined;
  opcode: number | undefined;
  keywords: string | undefined;
  systemTime: string | undefined;
  when: number | undefined;
  recordId: number | undefined;
  activityId: string | undefined;
  relatedActivityId: string | undefined;
  processId: number | undefined;
  threadId: number | undefined;
  channel: string | undefined;
  computer: string | undefined;
  userSid: string | undefined;
  data: EventDatum[];
  binary: string | undefined;
  userData: XmlElement | undefined;
}

export const createEventFields = (): EventFields => ({
  provider: undefined,
  providerGuid: undefined,
  eventSourceName: undefined,
  eventId: undefined,
  qualifiers: undefined,
  version: undefined,
  level: undefined,
  task: undefined,
  opcode: undefined,
  keywords: undefined,
  systemTime: undefined,
  when: undefined,
  recordId: undefined,
  activityId: undefined,
  relatedActivityId: undefined,
  processId: undefined,
  threadId: undefined,
  channel: undefined,
  computer: undefined,
  userSid: undefined,
  data: [],
  binary: undefined,
  userData: undefined,
});

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/**
 * The event, or what it lacks to be one: an EventID and a time. A missing provider, channel or computer is an empty
 * text and a missing record number is 0, since constructed and rendered events lack them and can still be told apart.
 *
 * Optional members are added one by one in a fixed order and only when present, so that events compare equal by value
 * and share few hidden classes.
 */
export const toWindowsEvent = (fields: EventFields): WindowsEvent | string => {
  const { eventId, systemTime, when } = fields;
  if (eventId === undefined) return 'System has no EventID';
  if (systemTime === undefined || when === undefined) return 'System has no valid TimeCreated';
  const event: Mutable<WindowsEvent> = {
    provider: fields.provider ?? '',
    eventId,
    systemTime,
    when,
    recordId: fields.recordId ?? 0,
    channel: fields.channel ?? '',
    computer: fields.computer ?? '',
    data: fields.data,
  };
  if (fields.providerGuid) event.providerGuid = fields.providerGuid;
  if (fields.eventSourceName) event.eventSourceName = fields.eventSourceName;
  if (fields.qualifiers !== undefined) event.qualifiers = fields.qualifiers;
  if (fields.version !== undefined) event.version = fields.version;
  if (fields.level !== undefined) event.level = fields.level;
  if (fields.task !== undefined) event.task = fields.task;
  if (fields.opcode !== undefined) event.opcode = fields.opcode;
  if (fields.keywords) event.keywords = fields.keywords;
  if (fields.activityId) event.activityId = fields.activityId;
  if (fields.relatedActivityId) event.relatedActivityId = fields.relatedActivityId;
  if (fields.processId !== undefined) event.processId = fields.processId;
  if (fields.threadId !== undefined) event.threadId = fields.threadId;
  if (fields.userSid) event.userSid = fields.userSid;
  if (fields.binary) event.binary = fields.binary;
  if (fields.userData) event.userData = fields.userData;
  return event;
};
