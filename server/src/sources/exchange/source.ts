import { z } from 'zod';
import { defineSource } from '../source.ts';
import { WINDOWS_EVENT_PORTS } from '../windows-event-ports.ts';
import { EXCHANGE_ACTIONS } from './cmdlets.ts';
import { CMDLET_FAILED, CMDLET_SUCCEEDED, EXCHANGE_TITLE, interpretCmdlet } from './interpret.ts';
import { EXCHANGE_LOG, EXCHANGE_SETUP } from './windows-setup.ts';

export const exchange = defineSource({
  id: 'exchange',
  title: EXCHANGE_TITLE,
  summary:
    'Exchange Server by its cmdlet events: what administrators and the Exchange tools did to mailboxes, permissions, connectors, rules and servers.',
  itemTypes: ['Domain', 'Computer'],
  settings: z.strictObject({}),
  ports: WINDOWS_EVENT_PORTS,
  actions: EXCHANGE_ACTIONS,
  // The noun of the cmdlet in words: Exchange has hundreds, and new versions have new ones.
  objectTypes: '*',
  examples: [
    {
      title: 'Permissions on mailboxes given',
      search: 'source:Exchange action:Added type:"Mailbox Permission"',
    },
    { title: 'Mailboxes exported', search: 'source:Exchange type:"Mailbox Export Request"' },
    { title: 'Cmdlets that failed', search: 'source:Exchange property:Error' },
  ],
  windowsEvents: [
    {
      provider: 'MSExchange CmdletLogs',
      channel: EXCHANGE_LOG,
      eventIds: [CMDLET_SUCCEEDED, CMDLET_FAILED],
    },
  ],
  windowsSetup: EXCHANGE_SETUP,
  interpretWindowsEvent: interpretCmdlet,
});
