import { z } from 'zod';
import { APPLICATION_LOG, SECURITY_LOG } from '../../windows-events/index.ts';
import { defineSource } from '../source.ts';
import { WINDOWS_EVENT_PORTS } from '../windows-event-ports.ts';
import { SQL_SERVER_ACTIONS } from './audit-actions.ts';
import { AUDIT_OBJECT_TYPES } from './audit-classes.ts';
import { SQL_SERVER_TITLE } from './audit-event.ts';
import { AUDIT_ENDING, DEFAULT_INSTANCE, NAMED_INSTANCES } from './instance.ts';
import { interpretSqlServerEvent, SQL_SERVER_EVENT_IDS } from './interpret.ts';
import { SQL_SERVER_SETUP } from './windows-setup.ts';

/** With the logs they write to: an audit `TO SECURITY_LOG` writes as a provider of its own. */
const PROVIDERS = [
  [DEFAULT_INSTANCE, APPLICATION_LOG],
  [`${DEFAULT_INSTANCE}${AUDIT_ENDING}`, SECURITY_LOG],
  [`${NAMED_INSTANCES}*`, [APPLICATION_LOG, SECURITY_LOG]],
] as const;

export const sqlServer = defineSource({
  id: 'sql-server',
  title: SQL_SERVER_TITLE,
  summary:
    'SQL Server instances by their audit and logon events: changes of objects, logins, roles and permissions, access to data, configuration options, logons.',
  itemTypes: ['SQL Server instance', 'SQL Server availability group'],
  settings: z.strictObject({}),
  ports: WINDOWS_EVENT_PORTS,
  actions: SQL_SERVER_ACTIONS,
  objectTypes: [...AUDIT_OBJECT_TYPES, 'Data', 'Backup', 'Restore'],
  examples: [
    {
      title: 'Failed logons',
      search: 'source:"SQL Server" action:"Failed Logon"',
    },
    {
      title: 'New members of server roles',
      search: 'source:"SQL Server" type:"Server Role" property:Member',
    },
    {
      title: 'Configuration options changed',
      search: 'source:"SQL Server" action:Modified type:"SQL Server Instance"',
    },
  ],
  windowsEvents: PROVIDERS.map(([provider, channel]) => ({
    provider,
    channel,
    eventIds: SQL_SERVER_EVENT_IDS,
  })),
  windowsSetup: SQL_SERVER_SETUP,
  interpretWindowsEvent: interpretSqlServerEvent,
});
