/** The `WindowsEvent` as one JSON object with the members of the type; absent members are left out. */
import { eventError } from './event-errors.ts';
import type { EventDatum, WindowsEvent, XmlElement } from './windows-event.ts';

export const eventToJson = (event: WindowsEvent): string => JSON.stringify(event);

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === 'string';
const isCount: Check = (value) => Number.isInteger(value) && Number(value) >= 0;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isDatum = (value: unknown): value is EventDatum =>
  isObject(value) &&
  isText(value.value) &&
  Object.entries(value).every(([key, item]) => isText(item) && (key === 'name' || key === 'value'));

const TREE_DEPTH_MAX = 64;

const isElement = (value: unknown, depth = 1): value is XmlElement =>
  depth <= TREE_DEPTH_MAX &&
  isObject(value) &&
  isText(value.name) &&
  Object.entries(value).every(([key, item]) => {
    if (key === 'name' || key === 'text') return isText(item);
    if (key === 'attributes') return isObject(item) && Object.values(item).every(isText);
    return (
      key === 'children' &&
      Array.isArray(item) &&
      item.every((child) => isElement(child, depth + 1))
    );
  });

const REQUIRED = {
  provider: isText,
  eventId: isCount,
  systemTime: isText,
  when: (value) => Number.isInteger(value),
  recordId: isCount,
  channel: isText,
  computer: isText,
  data: (value) => Array.isArray(value) && value.every(isDatum),
} as const satisfies Readonly<Record<string, Check>>;

const OPTIONAL = {
  providerGuid: isText,
  eventSourceName: isText,
  qualifiers: isCount,
  version: isCount,
  level: isCount,
  task: isCount,
  opcode: isCount,
  keywords: isText,
  activityId: isText,
  relatedActivityId: isText,
  processId: isCount,
  threadId: isCount,
  userSid: isText,
  binary: isText,
  userData: (value) => isElement(value),
} as const satisfies Readonly<Record<string, Check>>;

const CHECKS: ReadonlyMap<string, Check> = new Map<string, Check>([
  ...Object.entries(REQUIRED),
  ...Object.entries(OPTIONAL),
]);

const invalid = (reason: string): Error => eventError('EVENT_JSON_INVALID', { reason });

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw eventError('EVENT_JSON_INVALID', { reason: 'it is not JSON' }, { cause });
  }
};

const assertEvent: (value: unknown) => asserts value is WindowsEvent = (value) => {
  if (!isObject(value)) throw invalid('it is not an object');
  for (const key of Object.keys(REQUIRED)) {
    if (!Object.hasOwn(value, key)) throw invalid(`${key} is missing`);
  }
  for (const [key, member] of Object.entries(value)) {
    const check = CHECKS.get(key);
    if (check === undefined) throw invalid(`${key} is not a member of an event`);
    if (!check(member)) throw invalid(`${key} has not the type it should have`);
  }
};

/** Reads what `eventToJson` writes. Throws EVENT_JSON_INVALID, also for members that an event does not have. */
export const eventFromJson = (text: string): WindowsEvent => {
  const value = parseJson(text);
  assertEvent(value);
  return value;
};
