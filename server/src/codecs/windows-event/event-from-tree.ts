/** An `Event` element as a tree to a `WindowsEvent`, by https://learn.microsoft.com/windows/win32/wes/eventschema-schema */
import { createEventFields, type EventFields, toWindowsEvent } from './system-fields.ts';
import { tryParseSystemTime } from './system-time.ts';
import type { EventDatum, WindowsEvent, XmlElement } from './windows-event.ts';
import { xmlElementToText } from './xml-element.ts';

const textOf = (element: XmlElement): string => element.text ?? '';

/** Decimal or `0x` hexadecimal, as event XML writes numbers; `undefined` for anything else. */
export const tryParseNumber = (text: string | undefined): number | undefined =>
  text !== undefined && /^\s*(\d{1,20}|0x[\da-f]{1,16})\s*$/i.test(text) ? Number(text) : undefined;

/** Beside System; their tree stands in for UserData. */
const TREE_BODIES: ReadonlySet<string> = new Set([
  'BinaryEventData',
  'DebugData',
  'ProcessingErrorData',
]);

/** Whether an element stands beside System itself rather than inside UserData. */
export const isTreeBody = (name: string): boolean => TREE_BODIES.has(name);

type Reader = (fields: EventFields, element: XmlElement) => void;

const SYSTEM_READERS = new Map<string, Reader>(
  Object.entries<Reader>({
    Provider: (fields, { attributes }) => {
      fields.provider = attributes?.Name;
      fields.providerGuid = attributes?.Guid;
      fields.eventSourceName = attributes?.EventSourceName;
    },
    EventID: (fields, element) => {
      fields.eventId = tryParseNumber(textOf(element));
      fields.qualifiers = tryParseNumber(element.attributes?.Qualifiers);
    },
    Version: (fields, element) => {
      fields.version = tryParseNumber(textOf(element));
    },
    Level: (fields, element) => {
      fields.level = tryParseNumber(textOf(element));
    },
    Task: (fields, element) => {
      fields.task = tryParseNumber(textOf(element));
    },
    Opcode: (fields, element) => {
      fields.opcode = tryParseNumber(textOf(element));
    },
    Keywords: (fields, element) => {
      fields.keywords = element.text;
    },
    TimeCreated: (fields, { attributes }) => {
      const time = tryParseSystemTime(attributes?.SystemTime ?? '');
      fields.systemTime = time?.text;
      fields.when = time?.ms;
    },
    EventRecordID: (fields, element) => {
      fields.recordId = tryParseNumber(textOf(element));
    },
    Correlation: (fields, { attributes }) => {
      fields.activityId = attributes?.ActivityID;
      fields.relatedActivityId = attributes?.RelatedActivityID;
    },
    Execution: (fields, { attributes }) => {
      fields.processId = tryParseNumber(attributes?.ProcessID);
      fields.threadId = tryParseNumber(attributes?.ThreadID);
    },
    Channel: (fields, element) => {
      fields.channel = element.text;
    },
    Computer: (fields, element) => {
      fields.computer = element.text;
    },
    Security: (fields, { attributes }) => {
      fields.userSid = attributes?.UserID;
    },
  }),
);

/** Elements inside a value (ComplexData, embedded XML) are kept as XML text. */
const datumValue = (element: XmlElement): string =>
  element.children === undefined
    ? textOf(element)
    : textOf(element) + element.children.map(xmlElementToText).join('');

const toDatum = (element: XmlElement): EventDatum => {
  const isData = element.name === 'Data';
  const name = element.attributes?.Name ?? (isData ? undefined : element.name);
  const value = datumValue(element);
  return name ? { name, value } : { value };
};

/** Adds what `EventData`, `UserData` or another body holds. */
export const readBody: Reader = (fields, element) => {
  if (element.name === 'EventData') {
    for (const child of element.children ?? []) {
      if (child.name === 'Binary') fields.binary ??= child.text?.toUpperCase();
      else fields.data.push(toDatum(child));
    }
  } else if (element.name === 'UserData') {
    fields.userData ??= element.children?.[0];
  } else if (TREE_BODIES.has(element.name)) {
    fields.userData ??= element;
  }
};

/** The event, or in words why the tree is none. RenderingInfo and unknown elements are passed over. */
export const eventFromTree = (root: XmlElement): WindowsEvent | string => {
  if (root.name !== 'Event') return `the root element is ${root.name}, not Event`;
  const fields = createEventFields();
  const system = root.children?.find((child) => child.name === 'System');
  if (system === undefined) return 'Event has no System';
  for (const child of system.children ?? []) SYSTEM_READERS.get(child.name)?.(fields, child);
  for (const child of root.children ?? []) readBody(fields, child);
  return toWindowsEvent(fields);
};
