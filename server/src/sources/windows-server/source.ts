import { z } from 'zod';
import {
  EVENT_LOG_SERVICE,
  isLocalAccountEvent,
  LOCAL_ACCOUNT_EVENT_IDS,
  MANAGEMENT_ACTIONS,
  SECURITY_AUDITING,
  SERVICE_CONTROL_MANAGER,
} from '../../windows-events/index.ts';
import { defineSource } from '../source.ts';
import { WINDOWS_EVENT_PORTS } from '../windows-event-ports.ts';
import { EVENT_LOG_EVENTS, SECURITY_EVENTS, SERVICE_EVENTS } from './computer-events.ts';
import { interpretComputerEvent, WINDOWS_SERVER_TITLE } from './interpret.ts';

export const windowsServer = defineSource({
  id: 'windows-server',
  title: WINDOWS_SERVER_TITLE,
  summary:
    'Changes to a Windows computer itself: local users and groups, services, scheduled tasks, audit policy, cleared event logs.',
  itemTypes: ['Computer', 'IP range', 'AD container'],
  settings: z.strictObject({}),
  ports: WINDOWS_EVENT_PORTS,
  actions: MANAGEMENT_ACTIONS,
  objectTypes: [
    'Local User',
    'Local Group',
    'Event Log',
    'Service',
    'Scheduled Task',
    'Audit Policy',
  ],
  examples: [
    { title: 'Event logs cleared', search: 'source:"Windows Server" type:"Event Log"' },
    { title: 'Services installed', search: 'source:"Windows Server" action:Added type:Service' },
    {
      title: 'New members of the local administrators',
      search: 'source:"Windows Server" type:"Local Group" what:Administrators property:Member',
    },
  ],
  windowsEvents: [
    { provider: SECURITY_AUDITING, eventIds: [...SECURITY_EVENTS.keys()] },
    { provider: EVENT_LOG_SERVICE, eventIds: [...EVENT_LOG_EVENTS.keys()] },
    { provider: SERVICE_CONTROL_MANAGER, eventIds: [...SERVICE_EVENTS.keys()] },
    { provider: SECURITY_AUDITING, eventIds: LOCAL_ACCOUNT_EVENT_IDS, when: isLocalAccountEvent },
  ],
  interpretWindowsEvent: interpretComputerEvent,
});
