/** Logon sessions named by events. */
import type { WindowsEvent } from '../codecs/index.ts';
import type { LogonSession } from './event-record.ts';
import { hexField } from './fields.ts';

/** SYSTEM, NETWORK SERVICE, LOCAL SERVICE, anonymous, none: the same on every computer and no way to a workstation. */
const FIXED: ReadonlySet<string> = new Set(['0x0', '0x3e7', '0x3e4', '0x3e5', '0x3e6']);

export const isOwnLogonId = (logonId: string): boolean =>
  logonId.startsWith('0x') && !FIXED.has(logonId);

/** The session in the named field, unless it is one of Windows itself. */
export const sessionOf = (
  event: WindowsEvent,
  fieldName = 'SubjectLogonId',
): LogonSession | undefined => {
  const logonId = hexField(event, fieldName);
  return logonId !== undefined && isOwnLogonId(logonId)
    ? { computer: event.computer, logonId }
    : undefined;
};
