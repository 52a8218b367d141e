/** SDDL text into values. Source: [MS-DTYP] 2.5.1. One pass, no backtracking; bounded by the limits beside the type. */
import { descriptorError } from './descriptor-errors.ts';
import {
  ACE_TYPES,
  DOMAIN_ALIASES,
  FIXED_ALIASES,
  FLAG_BITS,
  LABEL_BITS,
  RIGHT_BITS,
} from './sddl-tables.ts';
import {
  ACES_MAX,
  type Ace,
  type AceType,
  type Acl,
  SDDL_LENGTH_MAX,
  type SecurityDescriptor,
} from './security-descriptor.ts';

interface Reader {
  readonly text: string;
  at: number;
}

const malformed = (reason: string, at: number) =>
  descriptorError('SDDL_MALFORMED', { reason }, { location: String(at) });

const SID = /S-1-(?:\d{1,14}|0x[0-9a-f]{1,12})(?:-\d{1,10}){0,15}/iy;

/** A SID or an alias at the reader's place. */
const readTrustee = (reader: Reader): string => {
  SID.lastIndex = reader.at;
  const sid = SID.exec(reader.text)?.[0];
  if (sid !== undefined) {
    reader.at += sid.length;
    return sid.toUpperCase().replace('0X', '0x');
  }
  const alias = reader.text.slice(reader.at, reader.at + 2).toUpperCase();
  const known = FIXED_ALIASES.get(alias) ?? (DOMAIN_ALIASES.has(alias) ? alias : undefined);
  if (known === undefined) throw malformed('a SID is expected', reader.at);
  reader.at += 2;
  return known;
};

const ACL_FLAG = /P|AI|AR|NO_ACCESS_CONTROL/y;

const readAclFlags = (reader: Reader): ReadonlySet<string> => {
  const flags = new Set<string>();
  for (;;) {
    ACL_FLAG.lastIndex = reader.at;
    const flag = ACL_FLAG.exec(reader.text)?.[0];
    if (flag === undefined) return flags;
    flags.add(flag);
    reader.at += flag.length;
  }
};

/** The text between the parentheses; inner ones and those in quotes belong to a condition. */
const readAceText = (reader: Reader): string => {
  const { text } = reader;
  const start = reader.at + 1;
  let depth = 0;
  let isQuoted = false;
  for (let at = reader.at; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 34) isQuoted = !isQuoted;
    else if (isQuoted) continue;
    else if (code === 40) depth += 1;
    else if (code === 41) {
      depth -= 1;
      if (depth > 0) continue;
      reader.at = at + 1;
      return text.slice(start, at);
    }
  }
  throw malformed('an entry does not end', reader.at);
};

/** Five fields always hold neither semicolons nor quotes; what follows the trustee is a condition, as written. */
const splitAce = (text: string): string[] => {
  const fields: string[] = [];
  let from = 0;
  for (let count = 0; count < 6; count += 1) {
    const to = text.indexOf(';', from);
    if (to < 0) break;
    fields.push(text.slice(from, to));
    from = to + 1;
  }
  fields.push(text.slice(from));
  return fields;
};

const pairBits = (text: string, table: ReadonlyMap<string, number>): number | undefined => {
  if (text.length % 2 !== 0) return undefined;
  let bits = 0;
  for (let at = 0; at < text.length; at += 2) {
    const bit = table.get(text.slice(at, at + 2).toUpperCase());
    if (bit === undefined) return undefined;
    bits |= bit;
  }
  return bits >>> 0;
};

const NUMBER = /^(?:0x[0-9a-f]{1,8}|\d{1,10})$/i;

const maskOf = (text: string, type: AceType, at: number): number => {
  if (NUMBER.test(text)) return Number(text) >>> 0;
  const mask = pairBits(text, type === 'ML' ? LABEL_BITS : RIGHT_BITS);
  if (mask === undefined) throw malformed('the rights of an entry are not known', at);
  return mask;
};

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

const guidOf = (text: string, at: number): string | undefined => {
  if (text === '') return undefined;
  if (!GUID.test(text)) throw malformed('an object type is not a GUID', at);
  return text.toLowerCase();
};

const aceTypeOf = (text: string, at: number): AceType => {
  const type = text.toUpperCase();
  if (!ACE_TYPES.has(type)) throw malformed('the type of an entry is not known', at);
  return type as AceType;
};

const trusteeOf = (text: string, at: number): string => {
  const reader: Reader = { text, at: 0 };
  const trustee = readTrustee(reader);
  if (reader.at !== text.length) throw malformed('something follows a SID', at);
  return trustee;
};

const readAce = (reader: Reader): Ace => {
  const { at } = reader;
  const fields = splitAce(readAceText(reader));
  const [typeText = '', flagText = '', rights = '', object = '', inherited = '', sid] = fields;
  if (sid === undefined) throw malformed('an entry has too few fields', at);
  const type = aceTypeOf(typeText.trim(), at);
  const flags = pairBits(flagText.trim(), FLAG_BITS);
  if (flags === undefined) throw malformed('the flags of an entry are not known', at);
  const objectType = guidOf(object.trim(), at);
  const inheritedObjectType = guidOf(inherited.trim(), at);
  const condition = fields[6];
  return {
    type,
    flags,
    mask: maskOf(rights.trim(), type, at),
    ...(objectType !== undefined && { objectType }),
    ...(inheritedObjectType !== undefined && { inheritedObjectType }),
    trustee: trusteeOf(sid.trim(), at),
    ...(condition !== undefined && { condition }),
  };
};

const readAcl = (reader: Reader): Acl => {
  const flags = readAclFlags(reader);
  const aces: Ace[] = [];
  while (reader.text.charCodeAt(reader.at) === 40) {
    if (aces.length === ACES_MAX) {
      throw descriptorError('SDDL_LIMIT', { reason: `more than ${ACES_MAX} entries` });
    }
    aces.push(readAce(reader));
  }
  return {
    isProtected: flags.has('P'),
    isAutoInherited: flags.has('AI'),
    isAutoInheritRequired: flags.has('AR'),
    isNull: flags.has('NO_ACCESS_CONTROL'),
    aces,
  };
};

type Writable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

/** One part for each letter; a letter twice is malformed. */
const PARTS: Readonly<Record<string, keyof SecurityDescriptor>> = {
  'O:': 'owner',
  'G:': 'group',
  'D:': 'dacl',
  'S:': 'sacl',
};

const readPart = (reader: Reader, into: Writable<SecurityDescriptor>): void => {
  const tag = reader.text.slice(reader.at, reader.at + 2);
  const part = Object.hasOwn(PARTS, tag) ? PARTS[tag] : undefined;
  if (part === undefined || into[part] !== undefined) {
    throw malformed('owner, group, DACL or SACL is expected', reader.at);
  }
  reader.at += 2;
  if (part === 'owner' || part === 'group') into[part] = readTrustee(reader);
  else into[part] = readAcl(reader);
};

/** Throws SDDL_MALFORMED (location: offset) and SDDL_LIMIT. */
export const parseSddl = (sddl: string): SecurityDescriptor => {
  if (sddl.length > SDDL_LENGTH_MAX) {
    throw descriptorError('SDDL_LIMIT', { reason: `longer than ${SDDL_LENGTH_MAX} characters` });
  }
  const reader: Reader = { text: sddl.trim(), at: 0 };
  if (reader.text === '') throw malformed('it is empty', 0);
  const into: Writable<SecurityDescriptor> = {};
  while (reader.at < reader.text.length) readPart(reader, into);
  return into;
};
