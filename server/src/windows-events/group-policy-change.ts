/** Which directory changes are of Group Policy; the rest is of the directory. */
import type { WindowsEvent } from '../codecs/index.ts';
import { field } from './fields.ts';

const CLASSES: ReadonlySet<string> = new Set(['grouppolicycontainer', 'mswmi-som']);
const ATTRIBUTES: ReadonlySet<string> = new Set(['gplink', 'gpoptions']);

/** Policy objects and WMI filters, and what is linked where, whatever it is linked to. */
export const isGroupPolicyChange = (event: WindowsEvent): boolean =>
  CLASSES.has(field(event, 'ObjectClass')?.toLowerCase() ?? '') ||
  ATTRIBUTES.has(field(event, 'AttributeLDAPDisplayName')?.toLowerCase() ?? '');
