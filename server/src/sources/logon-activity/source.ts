import { z } from 'zod';
import { SECURITY_AUDITING, SECURITY_LOG } from '../../windows-events/index.ts';
import { defineSource } from '../source.ts';
import { WINDOWS_EVENT_PORTS } from '../windows-event-ports.ts';
import { interpretLogon, LOGON_ACTIVITY_TITLE } from './interpret.ts';
import {
  FAILED_LOGON,
  LOGOFF,
  LOGON_ATTEMPT,
  MODIFIED,
  SESSION_PAUSED,
  SESSION_RESUMED,
  SUCCESSFUL_LOGON,
} from './logon-operations.ts';
import { OPERATIONS } from './operations.ts';
import { LOGON_SETUP } from './windows-setup.ts';

export const logonActivity = defineSource({
  id: 'logon-activity',
  title: LOGON_ACTIVITY_TITLE,
  summary:
    'Logons, failed logons and logoffs on domain controllers and other Windows computers, by Kerberos, NTLM, remote desktop, at the console and through a Network Policy Server (RADIUS).',
  itemTypes: ['Domain', 'Computer'],
  settings: z.strictObject({}),
  ports: WINDOWS_EVENT_PORTS,
  actions: [
    SUCCESSFUL_LOGON,
    FAILED_LOGON,
    LOGOFF,
    LOGON_ATTEMPT,
    SESSION_PAUSED,
    SESSION_RESUMED,
    MODIFIED,
  ],
  objectTypes: ['Logon', 'Interactive Logon', 'Account'],
  examples: [
    {
      title: 'Failed logons',
      search: 'source:"Logon Activity" action:"Failed Logon"',
    },
    {
      title: 'Remote desktop sessions that were opened',
      search: 'source:"Logon Activity" action:"Successful Logon" detail:"Remote interactive"',
    },
    {
      title: 'Attempts with unknown user names',
      search: 'source:"Logon Activity" action:"Failed Logon" detail:"unknown user name"',
    },
  ],
  windowsEvents: [
    { provider: SECURITY_AUDITING, channel: SECURITY_LOG, eventIds: [...OPERATIONS.keys()] },
  ],
  windowsSetup: LOGON_SETUP,
  interpretWindowsEvent: interpretLogon,
});
