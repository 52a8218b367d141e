/** Which instance of SQL Server an event is about, and from where its client came. */
import type { WindowsEvent } from '../../codecs/index.ts';
import { addressOf, isLoopback, netbiosName } from '../../windows-events/index.ts';

/** The default instance, and named ones; `$AUDIT` ends the name of an audit that writes to the Security log. */
export const DEFAULT_INSTANCE = 'MSSQLSERVER';
export const NAMED_INSTANCES = 'MSSQL$';
export const AUDIT_ENDING = '$AUDIT';

const instanceOfProvider = (provider: string): string | undefined => {
  const name = provider.endsWith(AUDIT_ENDING) ? provider.slice(0, -AUDIT_ENDING.length) : provider;
  return name.startsWith(NAMED_INSTANCES) ? name.slice(NAMED_INSTANCES.length) : undefined;
};

/** Message number, severity, length of the name with its end: four bytes each, little endian; then the name in UTF-16. */
const NAME_AT = 12;
const NAME_CHARACTERS_MAX = 128;
const HEX = /^(?:[0-9a-f]{2})*$/i;

const instanceOfBinary = (binary: string): string | undefined => {
  if (binary.length > 4096 || !HEX.test(binary)) return undefined;
  const bytes = Buffer.from(binary, 'hex');
  if (bytes.length < NAME_AT) return undefined;
  const characters = bytes.readUInt32LE(8) - 1;
  const isName =
    characters > 0 && characters <= NAME_CHARACTERS_MAX && bytes.length >= NAME_AT + characters * 2;
  if (!isName) return undefined;
  const name = bytes.subarray(NAME_AT, NAME_AT + characters * 2).toString('utf16le');
  return /^[\w$#.\\-]+$/u.test(name) ? name : undefined;
};

/** `SRV01\SALES` as the server calls itself; else the same made of the computer and the provider. */
export const instanceName = (event: WindowsEvent): string => {
  const named = event.binary === undefined ? undefined : instanceOfBinary(event.binary);
  if (named !== undefined) return named;
  const instance = instanceOfProvider(event.provider);
  const server = netbiosName(event.computer);
  return instance === undefined ? server : `${server}\\${instance}`;
};

const LOCAL: ReadonlySet<string> = new Set(['local machine', '<local machine>']);

/** `local machine` and loopback addresses are the server's computer; a pipe has no address. */
export const clientWorkstation = (
  event: WindowsEvent,
  client: string | undefined,
): string | undefined => {
  if (client === undefined || client === '') return undefined;
  if (LOCAL.has(client)) return event.computer;
  if (/[<>]/.test(client) || client === 'named pipe') return undefined;
  const address = addressOf(client);
  return address !== undefined && isLoopback(address) ? event.computer : address;
};
