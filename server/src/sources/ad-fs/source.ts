import { z } from 'zod';
import { SECURITY_LOG } from '../../windows-events/index.ts';
import { defineSource } from '../source.ts';
import { WINDOWS_EVENT_PORTS } from '../windows-event-ports.ts';
import { joinInstance } from './instances.ts';
import { AD_FS_EVENT_IDS, interpretAdFsEvent } from './interpret.ts';
import { AD_FS_ACTIONS, AD_FS_OBJECT_TYPES, AD_FS_TITLE } from './vocabulary.ts';
import { AD_FS_SETUP } from './windows-setup.ts';

export const adFs = defineSource({
  id: 'ad-fs',
  title: AD_FS_TITLE,
  summary:
    'Logons through Active Directory Federation Services: who used which relying party from where, how, and why it failed; password changes, lockouts, changes of the configuration.',
  itemTypes: ['Computer'],
  settings: z.strictObject({}),
  ports: WINDOWS_EVENT_PORTS,
  actions: AD_FS_ACTIONS,
  objectTypes: AD_FS_OBJECT_TYPES,
  examples: [
    { title: 'Failed logons', search: 'source:"AD FS" action:"Failed Logon"' },
    {
      title: 'Logons from outside',
      search: 'source:"AD FS" action:"Successful Logon" type:"AD FS logon (extranet)"',
    },
    { title: 'Lockouts', search: 'source:"AD FS" property:"Locked out"' },
  ],
  windowsEvents: [{ provider: 'AD FS Auditing', channel: SECURITY_LOG, eventIds: AD_FS_EVENT_IDS }],
  windowsSetup: AD_FS_SETUP,
  interpretWindowsEvent: interpretAdFsEvent,
  joinFragments: joinInstance,
});
