/** Every kind of raw event there is. */
import { decodeText } from '@witness/record';
import { eventFromJson, parseEventXml, type WindowsEvent } from '../codecs/index.ts';
import {
  activityRecordLineInput,
  activityRecordsCollectedInput,
  activityRecordsJsonInput,
} from './integration-api/index.ts';
import type { RawInput } from './raw-input.ts';
import { interpretWindowsEvent, joinWindowsFragments } from './windows-routing.ts';

const isWindowsEvent = (value: unknown): value is WindowsEvent =>
  typeof value === 'object' && value !== null && 'provider' in value && 'eventId' in value;

const windowsInput = (id: string, parse: (text: string) => WindowsEvent): RawInput => ({
  id,
  identity: 'content',
  interpret: (bytes, context) =>
    interpretWindowsEvent(
      isWindowsEvent(context.parsed) ? context.parsed : parse(decodeText(bytes)),
      context,
    ),
  join: joinWindowsFragments,
});

const INPUTS: readonly RawInput[] = [
  activityRecordsJsonInput,
  activityRecordsCollectedInput,
  activityRecordLineInput,
  windowsInput('windows-event-json', eventFromJson),
  windowsInput('windows-event-xml', parseEventXml),
];

/** By id, as a batch names it. */
export const RAW_INPUTS: Readonly<Record<string, RawInput>> = Object.fromEntries(
  INPUTS.map((input) => [input.id, input]),
);
