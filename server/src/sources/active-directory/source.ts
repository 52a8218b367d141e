import { z } from 'zod';
import {
  ACCOUNT_EVENT_IDS,
  isLocalAccountEvent,
  MANAGEMENT_ACTIONS,
  SECURITY_AUDITING,
} from '../../windows-events/index.ts';
import { defineSource } from '../source.ts';
import { WINDOWS_EVENT_PORTS } from '../windows-event-ports.ts';
import { ACTIVE_DIRECTORY_TITLE, interpretDirectoryChange } from './interpret.ts';

export const activeDirectory = defineSource({
  id: 'active-directory',
  title: ACTIVE_DIRECTORY_TITLE,
  summary:
    'Changes to users, computers and groups of a domain: created, changed, deleted, enabled, locked, renamed, group members, passwords.',
  itemTypes: ['Domain'],
  settings: z.strictObject({}),
  ports: WINDOWS_EVENT_PORTS,
  actions: MANAGEMENT_ACTIONS,
  objectTypes: ['user', 'computer', 'group'],
  examples: [
    { title: 'Users created', search: 'source:"Active Directory" action:Added type:user' },
    {
      title: 'Changes of group members',
      search: 'source:"Active Directory" type:group property:Member',
    },
    { title: 'Lockouts', search: 'source:"Active Directory" property:"Locked out"' },
  ],
  windowsEvents: [
    {
      provider: SECURITY_AUDITING,
      eventIds: ACCOUNT_EVENT_IDS,
      when: (event) => !isLocalAccountEvent(event),
    },
  ],
  interpretWindowsEvent: interpretDirectoryChange,
});
