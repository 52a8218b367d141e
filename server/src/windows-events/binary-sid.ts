/** SIDs as bytes. Source: [MS-DTYP] 2.4.2.2. */

const HEX = /^(?:[0-9a-f]{2})+$/i;
const HEADER_BYTES = 8;
const SUB_AUTHORITIES_MAX = 15;

/** `S-1-5-21-...` of the hexadecimal digits of a SID; undefined when they are no SID (SQL Server logins have GUIDs there). */
export const sidOfHex = (hex: string): string | undefined => {
  if (!HEX.test(hex)) return undefined;
  const bytes = Buffer.from(hex, 'hex');
  const count = bytes[1] ?? 0;
  const isSid =
    bytes[0] === 1 && count <= SUB_AUTHORITIES_MAX && bytes.length >= HEADER_BYTES + count * 4;
  if (!isSid) return undefined;
  // Some writers leave zeros behind the last sub authority; anything else there is no SID.
  if (bytes.subarray(HEADER_BYTES + count * 4).some((byte) => byte !== 0)) return undefined;
  const parts: number[] = [bytes.readUIntBE(2, 6)];
  for (let i = 0; i < count; i += 1) parts.push(bytes.readUInt32LE(HEADER_BYTES + i * 4));
  return `S-1-${parts.join('-')}`;
};
