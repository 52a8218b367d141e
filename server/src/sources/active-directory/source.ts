import { z } from 'zod';
import {
  ACCOUNT_EVENT_IDS,
  DIRECTORY_CHANGE_EVENT_IDS,
  isGroupPolicyChange,
  isLocalAccountEvent,
  MANAGEMENT_ACTIONS,
  SECURITY_AUDITING,
  SECURITY_LOG,
} from '../../windows-events/index.ts';
import { defineSource } from '../source.ts';
import { WINDOWS_EVENT_PORTS } from '../windows-event-ports.ts';
import { LOGON_SESSIONS } from '../windows-setup-parts.ts';
import { joinDirectoryObject } from './directory-changes.ts';
import { DOMAIN_OPERATION_IDS, isDomainWide } from './domain-operations.ts';
import { interpretDirectoryEvent } from './interpret.ts';
import { ACCESS_ACTIONS, isDirectoryAccess, OBJECT_ACCESS } from './object-access.ts';
import { ACTIVE_DIRECTORY } from './title.ts';
import { DIRECTORY_SETUP } from './windows-setup.ts';

export const activeDirectory = defineSource({
  ...ACTIVE_DIRECTORY,
  summary:
    'Changes to every object of a domain: users, computers, groups, members, passwords, permissions, any attribute with its old and new value; trusts and domain policies; access to directory data, replication among it.',
  itemTypes: ['Domain'],
  settings: z.strictObject({}),
  ports: WINDOWS_EVENT_PORTS,
  actions: [...MANAGEMENT_ACTIONS, ...ACCESS_ACTIONS],
  objectTypes: '*',
  examples: [
    { title: 'Users created', search: 'source:"Active Directory" action:Added type:user' },
    {
      title: 'Changes of group members',
      search: 'source:"Active Directory" type:group property:Member',
    },
    { title: 'Lockouts', search: 'source:"Active Directory" property:"Locked out"' },
    { title: 'Permissions changed', search: 'source:"Active Directory" property:Permission' },
    {
      title: 'Password hashes requested as a domain controller does (DCSync)',
      search: 'source:"Active Directory" property:DCSync',
    },
  ],
  windowsEvents: [
    {
      provider: SECURITY_AUDITING,
      channel: SECURITY_LOG,
      eventIds: ACCOUNT_EVENT_IDS,
      when: (event) => !isLocalAccountEvent(event),
    },
    {
      provider: SECURITY_AUDITING,
      channel: SECURITY_LOG,
      eventIds: DIRECTORY_CHANGE_EVENT_IDS,
      when: (event) => !isGroupPolicyChange(event),
    },
    {
      provider: SECURITY_AUDITING,
      channel: SECURITY_LOG,
      eventIds: [OBJECT_ACCESS],
      when: isDirectoryAccess,
    },
    {
      provider: SECURITY_AUDITING,
      channel: SECURITY_LOG,
      eventIds: DOMAIN_OPERATION_IDS,
      when: isDomainWide,
    },
  ],
  needsEvents: [LOGON_SESSIONS],
  windowsSetup: DIRECTORY_SETUP,
  interpretWindowsEvent: interpretDirectoryEvent,
  joinFragments: joinDirectoryObject,
});
