import { z } from 'zod';
import {
  DIRECTORY_CHANGE_EVENT_IDS,
  isGroupPolicyChange,
  SECURITY_AUDITING,
  SECURITY_LOG,
} from '../../windows-events/index.ts';
import { defineSource } from '../source.ts';
import { WINDOWS_EVENT_PORTS } from '../windows-event-ports.ts';
import { LOGON_SESSIONS } from '../windows-setup-parts.ts';
import { interpretPolicyChange, joinPolicyChange } from './interpret.ts';
import { GROUP_POLICY } from './title.ts';
import { GROUP_POLICY_SETUP } from './windows-setup.ts';

export const groupPolicy = defineSource({
  ...GROUP_POLICY,
  summary:
    'Group Policy objects created, edited, renamed, deleted and delegated; which policy is linked where, enabled, enforced and in which order; WMI filters.',
  itemTypes: ['Domain'],
  settings: z.strictObject({}),
  ports: WINDOWS_EVENT_PORTS,
  actions: ['Added', 'Removed', 'Modified'],
  objectTypes: '*',
  examples: [
    {
      title: 'Policies edited',
      search: 'source:"Group Policy" property:"Computer settings revision"',
    },
    { title: 'Links of policies', search: 'source:"Group Policy" property:"Policy link"' },
    { title: 'Policies deleted', search: 'source:"Group Policy" action:Removed type:GroupPolicy' },
  ],
  windowsEvents: [
    {
      provider: SECURITY_AUDITING,
      channel: SECURITY_LOG,
      eventIds: DIRECTORY_CHANGE_EVENT_IDS,
      when: isGroupPolicyChange,
    },
  ],
  needsEvents: [LOGON_SESSIONS],
  windowsSetup: GROUP_POLICY_SETUP,
  interpretWindowsEvent: interpretPolicyChange,
  joinFragments: joinPolicyChange,
});
