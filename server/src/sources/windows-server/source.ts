import { z } from 'zod';
import {
  isLocalAccountEvent,
  LOCAL_ACCOUNT_EVENT_IDS,
  SECURITY_AUDITING,
  SECURITY_LOG,
} from '../../windows-events/index.ts';
import { defineSource } from '../source.ts';
import { WINDOWS_EVENT_PORTS } from '../windows-event-ports.ts';
import { LOGON_SESSIONS } from '../windows-setup-parts.ts';
import { COMPUTER_ACTIONS } from './computer-change.ts';
import { DNS_OBJECT_TYPES } from './dns-events.ts';
import { COMPUTER_EVENTS, interpretComputerEvent, WINDOWS_SERVER_TITLE } from './interpret.ts';
import { joinPrograms } from './join-programs.ts';
import { COMPUTER_SETUP, logOf } from './windows-setup.ts';

/** One provider may write to several logs. */
const claimsOf = (provider: string, eventIds: readonly number[]) =>
  [...Map.groupBy(eventIds, (eventId) => logOf(provider, eventId))].map(([channel, ids]) => ({
    provider,
    channel,
    eventIds: ids,
  }));

export const windowsServer = defineSource({
  id: 'windows-server',
  title: WINDOWS_SERVER_TITLE,
  summary:
    'Changes to a Windows computer itself: local users and groups, user rights, services, drivers, scheduled tasks, programs, registry values, firewall, devices and removable media, system time, starts and stops, audit policy, event logs, DNS server.',
  itemTypes: ['Computer', 'IP range', 'AD container'],
  settings: z.strictObject({}),
  ports: WINDOWS_EVENT_PORTS,
  actions: COMPUTER_ACTIONS,
  objectTypes: [
    'Local User',
    'Local Group',
    'Event Log',
    'Service',
    'Scheduled Task',
    'Audit Policy',
    'Computer',
    'Device',
    'Driver',
    'Firewall Rule',
    'Firewall Setting',
    'Program',
    'Registry Value',
    'Removable Media',
    'System Time',
    'User Rights',
    ...DNS_OBJECT_TYPES,
  ],
  examples: [
    { title: 'Event logs cleared', search: 'source:"Windows Server" type:"Event Log"' },
    { title: 'Services installed', search: 'source:"Windows Server" action:Added type:Service' },
    {
      title: 'Firewall rules changed',
      search: 'source:"Windows Server" type:"Firewall Rule"',
    },
    {
      title: 'Removable media plugged in',
      search: 'source:"Windows Server" type:"Removable Media"',
    },
    {
      title: 'New members of the local administrators',
      search: 'source:"Windows Server" type:"Local Group" what:Administrators property:Member',
    },
  ],
  windowsEvents: [
    ...[...COMPUTER_EVENTS].flatMap(([provider, events]) => claimsOf(provider, [...events.keys()])),
    {
      provider: SECURITY_AUDITING,
      channel: SECURITY_LOG,
      eventIds: LOCAL_ACCOUNT_EVENT_IDS,
      when: isLocalAccountEvent,
    },
  ],
  needsEvents: [LOGON_SESSIONS],
  windowsSetup: COMPUTER_SETUP,
  interpretWindowsEvent: interpretComputerEvent,
  joinFragments: joinPrograms,
});
