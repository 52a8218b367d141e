/** Names behind the GUIDs and SIDs of a directory. */
import type { DescriptorNames, ObjectTypeUse } from '../codecs/index.ts';
import { DIRECTORY_ATTRIBUTES } from './directory-attributes.ts';
import { DIRECTORY_CLASSES } from './directory-classes.ts';
import { EXTENDED_RIGHTS, PROPERTY_SETS, VALIDATED_WRITES } from './directory-rights.ts';
import { wellKnownName } from './well-known-sids.ts';

const propertySet = (guid: string): string | undefined => {
  const name = PROPERTY_SETS.get(guid);
  return name === undefined ? undefined : `${name} (property set)`;
};

type Find = (guid: string) => string | undefined;

/** Where a GUID is looked up first, by what it is used for. */
const FIRST: Readonly<Record<ObjectTypeUse, Find>> = {
  class: (guid) => DIRECTORY_CLASSES.get(guid),
  property: (guid) => propertySet(guid) ?? DIRECTORY_ATTRIBUTES.get(guid),
  'extended right': (guid) => EXTENDED_RIGHTS.get(guid),
  'validated write': (guid) => VALIDATED_WRITES.get(guid),
};

const REST: readonly Find[] = Object.values(FIRST);

export const isExtendedRight = (guid: string): boolean => EXTENDED_RIGHTS.has(guid);

/** Of a GUID in lower case without braces; undefined for what schema extensions define. */
export const objectTypeName = (guid: string, use: ObjectTypeUse): string | undefined => {
  const first = FIRST[use](guid);
  if (first !== undefined) return first;
  for (const find of REST) {
    const name = find(guid);
    if (name !== undefined) return name;
  }
  return undefined;
};

/** Accounts every domain has, by relative identifier. Source: Microsoft, "Security identifiers". */
const DOMAIN_ACCOUNTS: Readonly<Record<string, string>> = {
  '498': 'Enterprise Read-only Domain Controllers',
  '500': 'Administrator',
  '501': 'Guest',
  '502': 'krbtgt',
  '512': 'Domain Admins',
  '513': 'Domain Users',
  '514': 'Domain Guests',
  '515': 'Domain Computers',
  '516': 'Domain Controllers',
  '517': 'Cert Publishers',
  '518': 'Schema Admins',
  '519': 'Enterprise Admins',
  '520': 'Group Policy Creator Owners',
  '521': 'Read-only Domain Controllers',
  '522': 'Cloneable Domain Controllers',
  '525': 'Protected Users',
  '526': 'Key Admins',
  '527': 'Enterprise Key Admins',
  '553': 'RAS and IAS Servers',
  '571': 'Allowed RODC Password Replication Group',
  '572': 'Denied RODC Password Replication Group',
};

/** `Domain Admins (S-1-5-21-1-2-3-512)`; the SID itself when only the domain can name it. */
export const sidWords = (sid: string): string => {
  const known = wellKnownName(sid);
  if (known !== undefined) return known;
  if (!sid.startsWith('S-1-5-21-')) return sid;
  const rid = sid.slice(sid.lastIndexOf('-') + 1);
  return Object.hasOwn(DOMAIN_ACCOUNTS, rid) && sid.split('-').length === 8
    ? `${DOMAIN_ACCOUNTS[rid]} (${sid})`
    : sid;
};

/** For security descriptors of directory objects. */
export const DIRECTORY_NAMES: DescriptorNames = {
  kind: 'directory object',
  sid: sidWords,
  objectType: objectTypeName,
};
