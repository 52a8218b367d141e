/** Self-relative bytes into values. Sources: [MS-DTYP] 2.4.2.2, 2.4.4, 2.4.5, 2.4.6. Every offset is checked before it is read. */
import { descriptorError } from './descriptor-errors.ts';
import type { Ace, AceType, Acl, SecurityDescriptor } from './security-descriptor.ts';

const malformed = (reason: string, at: number) =>
  descriptorError('SECURITY_DESCRIPTOR_MALFORMED', { reason }, { location: String(at) });

const HEADER_BYTES = 20;
const CONTROL = {
  daclPresent: 0x0004,
  saclPresent: 0x0010,
  daclAutoInheritRequired: 0x0100,
  saclAutoInheritRequired: 0x0200,
  daclAutoInherited: 0x0400,
  saclAutoInherited: 0x0800,
  daclProtected: 0x1000,
  saclProtected: 0x2000,
} as const;

const ACE_TYPE_NAMES: ReadonlyMap<number, AceType> = new Map([
  [0x00, 'A'],
  [0x01, 'D'],
  [0x02, 'AU'],
  [0x03, 'AL'],
  [0x05, 'OA'],
  [0x06, 'OD'],
  [0x07, 'OU'],
  [0x08, 'OL'],
  [0x09, 'XA'],
  [0x0a, 'XD'],
  [0x0b, 'ZA'],
  [0x0d, 'XU'],
  [0x11, 'ML'],
  [0x12, 'RA'],
  [0x13, 'SP'],
  [0x14, 'TL'],
  [0x15, 'FL'],
]);

const OBJECT_TYPES: ReadonlySet<AceType> = new Set<AceType>(['OA', 'OD', 'OU', 'OL', 'ZA']);
const OBJECT_TYPE_PRESENT = 1;
const INHERITED_OBJECT_TYPE_PRESENT = 2;
const GUID_BYTES = 16;

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const need = (view: DataView, at: number, count: number): void => {
  if (at < 0 || at + count > view.byteLength) throw malformed('it ends too early', at);
};

const sidAt = (view: DataView, at: number): { readonly sid: string; readonly end: number } => {
  need(view, at, 8);
  const count = view.getUint8(at + 1);
  if (view.getUint8(at) !== 1 || count > 15) throw malformed('a SID is not valid', at);
  need(view, at, 8 + 4 * count);
  const authority = view.getUint16(at + 2) * 2 ** 32 + view.getUint32(at + 4);
  const parts = Array.from({ length: count }, (_, i) => view.getUint32(at + 8 + 4 * i, true));
  return { sid: ['S-1', authority, ...parts].join('-'), end: at + 8 + 4 * count };
};

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

const guidAt = (view: DataView, at: number): string => {
  need(view, at, GUID_BYTES);
  const tail = Array.from({ length: 8 }, (_, i) => hex(view.getUint8(at + 8 + i), 2)).join('');
  return [
    hex(view.getUint32(at, true), 8),
    hex(view.getUint16(at + 4, true), 4),
    hex(view.getUint16(at + 6, true), 4),
    tail.slice(0, 4),
    tail.slice(4),
  ].join('-');
};

interface ObjectTypes {
  readonly objectType?: string;
  readonly inheritedObjectType?: string;
  readonly end: number;
}

const objectTypesAt = (view: DataView, at: number): ObjectTypes => {
  need(view, at, 4);
  const present = view.getUint32(at, true);
  const hasType = (present & OBJECT_TYPE_PRESENT) !== 0;
  const hasInherited = (present & INHERITED_OBJECT_TYPE_PRESENT) !== 0;
  const inheritedAt = at + 4 + (hasType ? GUID_BYTES : 0);
  return {
    ...(hasType && { objectType: guidAt(view, at + 4) }),
    ...(hasInherited && { inheritedObjectType: guidAt(view, inheritedAt) }),
    end: inheritedAt + (hasInherited ? GUID_BYTES : 0),
  };
};

const isConditional = (type: AceType): boolean =>
  type.startsWith('X') || type === 'ZA' || type === 'RA';

/** The entry within its own bytes; whatever follows the SID is its condition, given as hexadecimal digits. */
const aceOf = (bytes: Uint8Array, at: number): Ace => {
  const view = viewOf(bytes);
  need(view, 0, 8);
  const type = ACE_TYPE_NAMES.get(view.getUint8(0));
  if (type === undefined) throw malformed(`entry type ${view.getUint8(0)} is not known`, at);
  const { end: sidStart, ...objectTypes } = OBJECT_TYPES.has(type)
    ? objectTypesAt(view, 8)
    : { end: 8 };
  const { sid, end } = sidAt(view, sidStart);
  const rest = bytes.subarray(end);
  return {
    type,
    flags: view.getUint8(1),
    mask: view.getUint32(4, true),
    ...objectTypes,
    trustee: sid,
    ...(isConditional(type) &&
      rest.length > 0 && { condition: Array.from(rest, (byte) => hex(byte, 2)).join('') }),
  };
};

const ACL_HEADER_BYTES = 8;

const acesAt = (bytes: Uint8Array, at: number): Ace[] => {
  const view = viewOf(bytes);
  need(view, at, ACL_HEADER_BYTES);
  const end = at + view.getUint16(at + 2, true);
  need(view, at, end - at);
  const count = view.getUint16(at + 4, true);
  const aces: Ace[] = [];
  let from = at + ACL_HEADER_BYTES;
  for (let index = 0; index < count; index += 1) {
    if (from + 4 > end) throw malformed('an access control list ends too early', from);
    const size = view.getUint16(from + 2, true);
    if (size < 8 || from + size > end) throw malformed('an entry has no valid size', from);
    aces.push(aceOf(bytes.subarray(from, from + size), from));
    from += size;
  }
  return aces;
};

interface AclBits {
  readonly present: number;
  readonly isProtected: number;
  readonly autoInherited: number;
  readonly autoInheritRequired: number;
}

const DACL_BITS: AclBits = {
  present: CONTROL.daclPresent,
  isProtected: CONTROL.daclProtected,
  autoInherited: CONTROL.daclAutoInherited,
  autoInheritRequired: CONTROL.daclAutoInheritRequired,
};

const SACL_BITS: AclBits = {
  present: CONTROL.saclPresent,
  isProtected: CONTROL.saclProtected,
  autoInherited: CONTROL.saclAutoInherited,
  autoInheritRequired: CONTROL.saclAutoInheritRequired,
};

/** Of bytes whose header is there. */
const aclOf = (bytes: Uint8Array, offsetAt: number, bits: AclBits): Acl | undefined => {
  const view = viewOf(bytes);
  const control = view.getUint16(2, true);
  if ((control & bits.present) === 0) return undefined;
  const at = view.getUint32(offsetAt, true);
  return {
    isProtected: (control & bits.isProtected) !== 0,
    isAutoInherited: (control & bits.autoInherited) !== 0,
    isAutoInheritRequired: (control & bits.autoInheritRequired) !== 0,
    isNull: at === 0,
    aces: at === 0 ? [] : acesAt(bytes, at),
  };
};

/** Throws SECURITY_DESCRIPTOR_MALFORMED with the offset of the fault. */
export const parseBinaryDescriptor = (bytes: Uint8Array): SecurityDescriptor => {
  const view = viewOf(bytes);
  need(view, 0, HEADER_BYTES);
  if (view.getUint8(0) !== 1) throw malformed('its revision is not 1', 0);
  const sidFrom = (offsetAt: number): string | undefined => {
    const at = view.getUint32(offsetAt, true);
    return at === 0 ? undefined : sidAt(view, at).sid;
  };
  const [owner, group] = [sidFrom(4), sidFrom(8)];
  const sacl = aclOf(bytes, 12, SACL_BITS);
  const dacl = aclOf(bytes, 16, DACL_BITS);
  return {
    ...(owner !== undefined && { owner }),
    ...(group !== undefined && { group }),
    ...(dacl && { dacl }),
    ...(sacl && { sacl }),
  };
};
