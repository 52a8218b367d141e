/** Everything that is written through the Integration API, or imported in its output form. */
import { DATA_SOURCE_API, ITEM_TYPE_INTEGRATION } from '@witness/record';
import { z } from 'zod';
import { defineSource } from '../source.ts';

/** The list of the API's documentation, in its order. */
const DOCUMENTED_ACTIONS = [
  'Added',
  'Add (Failed Attempt)',
  'Removed',
  'Remove (Failed Attempt)',
  'Modified',
  'Modify (Failed Attempt)',
  'Read',
  'Read (Failed Attempt)',
  'Moved',
  'Move (Failed Attempt)',
  'Renamed',
  'Rename (Failed Attempt)',
  'Checked in',
  'Checked out',
  'Discard check out',
  'Successful Logon',
  'Failed Logon',
  'Logoff',
  'Copied',
  'Sent',
  'Session start',
  'Session end',
  'Activated',
] as const;

/** Clients write actions of their own (`None` is in use); they are stored as given. */
const ANY_OTHER_ACTION = '*';

/** None: whether clients may write into a plan is the switch every data source of a plan has. */
const settings = z.strictObject({});

export const integrationApi = defineSource({
  id: 'integration-api',
  title: DATA_SOURCE_API,
  summary:
    'Activity Records that scripts, add-ons and other products write through the Integration API.',
  itemTypes: [ITEM_TYPE_INTEGRATION],
  settings,
  ports: [
    {
      direction: 'inbound',
      protocol: 'tcp',
      port: '9699',
      sourceRole: 'Script or query host',
      targetRole: 'Witness server',
      purpose: 'REST Integration API requests: clients write and retrieve Activity Records',
      required: true,
    },
  ],
  actions: [...DOCUMENTED_ACTIONS, ANY_OTHER_ACTION],
  objectTypes: '*',
  examples: [
    { title: 'What murray added', search: 'action:Added who:murray' },
    { title: 'Everything that came through the API', search: 'source:"Netwrix API"' },
    {
      title: 'Failed attempts to read',
      search: 'source:"Netwrix API" action:"Read (Failed Attempt)"',
    },
  ],
});
