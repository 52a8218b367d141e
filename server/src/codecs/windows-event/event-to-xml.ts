import { escapeXml, escapeXmlAttribute } from '@witness/record';
import { isTreeBody } from './event-from-tree.ts';
import { EVENT_NAMESPACE } from './parse-event-xml.ts';
import type { EventDatum, WindowsEvent } from './windows-event.ts';
import { xmlElementToText } from './xml-element.ts';

type Value = string | number | undefined;

const attribute = (name: string, value: Value): string =>
  value === undefined ? '' : ` ${name}="${escapeXmlAttribute(String(value))}"`;

const element = (name: string, value: Value): string =>
  value === undefined ? '' : `<${name}>${escapeXml(String(value))}</${name}>`;

const datum = ({ name, value }: EventDatum): string =>
  `<Data${attribute('Name', name)}>${escapeXml(value)}</Data>`;

/** An element that is nothing but attributes, left out when all are absent. */
const attributesOnly = (name: string, written: string): string =>
  written === '' ? '' : `<${name}${written}/>`;

const body = ({ data, binary, userData }: WindowsEvent): string => {
  const values = data.map(datum).join('') + element('Binary', binary);
  const eventData =
    userData === undefined || values !== '' ? `<EventData>${values}</EventData>` : '';
  if (userData === undefined) return eventData;
  const tree = xmlElementToText(userData);
  return eventData + (isTreeBody(userData.name) ? tree : `<UserData>${tree}</UserData>`);
};

/**
 * Canonical event XML: one line, members in the order of the schema, double quotes, nothing that is absent.
 * Characters that XML cannot hold become U+FFFD.
 */
export const eventToXml = (event: WindowsEvent): string =>
  [
    `<Event xmlns="${EVENT_NAMESPACE}"><System><Provider`,
    attribute('Name', event.provider),
    attribute('Guid', event.providerGuid),
    attribute('EventSourceName', event.eventSourceName),
    `/><EventID${attribute('Qualifiers', event.qualifiers)}>${event.eventId}</EventID>`,
    element('Version', event.version),
    element('Level', event.level),
    element('Task', event.task),
    element('Opcode', event.opcode),
    element('Keywords', event.keywords),
    `<TimeCreated${attribute('SystemTime', event.systemTime)}/>`,
    element('EventRecordID', event.recordId),
    attributesOnly(
      'Correlation',
      attribute('ActivityID', event.activityId) +
        attribute('RelatedActivityID', event.relatedActivityId),
    ),
    attributesOnly(
      'Execution',
      attribute('ProcessID', event.processId) + attribute('ThreadID', event.threadId),
    ),
    element('Channel', event.channel),
    element('Computer', event.computer),
    attributesOnly('Security', attribute('UserID', event.userSid)),
    `</System>${body(event)}</Event>`,
  ].join('');
