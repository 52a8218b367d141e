import { z } from 'zod';
import { defineSource } from '../source.ts';
import { WINDOWS_EVENT_PORTS } from '../windows-event-ports.ts';
import { EVENT_LOG_TITLE, interpretAnyEvent, LOGGED } from './interpret.ts';

/** Gets every Windows event that no other source claims. */
export const eventLog = defineSource({
  id: 'event-log',
  title: EVENT_LOG_TITLE,
  summary: 'Every other event of any Windows event log, with all its data.',
  itemTypes: ['Computer'],
  settings: z.strictObject({}),
  ports: WINDOWS_EVENT_PORTS,
  actions: [LOGGED],
  objectTypes: '*',
  examples: [
    { title: 'Processes started', search: 'source:"Event Log" what:"Event 4688"' },
    { title: 'Events of Sysmon', search: 'source:"Event Log" type:"Microsoft-Windows-Sysmon"' },
    { title: 'Errors', search: 'source:"Event Log" property:Level after:Error' },
  ],
  interpretWindowsEvent: interpretAnyEvent,
});
