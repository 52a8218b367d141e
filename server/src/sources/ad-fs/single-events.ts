/**
 * Events of Windows Server 2012 R2 and later that speak for themselves. Source: Microsoft, "AD FS troubleshooting - events and logging" and
 * "Configure AD FS Extranet Smart Lockout"; data have no names.
 */
import type { Detail } from '@witness/record';
import type { WindowsEvent } from '../../codecs/index.ts';
import {
  type Actor,
  eventRecord,
  namedActor,
  unknownActor,
  windowsEventError,
} from '../../windows-events/index.ts';
import type { Interpretation } from '../source.ts';
import {
  ACCOUNT,
  AD_FS_TITLE,
  FAILED_LOGON,
  firstAddress,
  LOGON,
  LOGON_ATTEMPT,
  MODIFIED,
  present,
} from './vocabulary.ts';

const valueAt = (event: WindowsEvent, at: number): string | undefined =>
  present(event.data[at]?.value);

const optional = (property: string, after: string | undefined): Detail[] =>
  after === undefined ? [] : [{ property, after }];

const NO_USER = {
  reason: 'The event does not name the user: the token was refused before AD FS knew whose it was.',
  fix: 'Look at the client address and at the events with the same activity ID.',
};

const EXCEPTION = 'SecurityTokenValidationException: ';
const ACCOUNT_LIKE = /^[^\s\\@]+(?:\\[^\s\\]+|@[^\s@]+)$/;

/** The exception names the account by itself, the error message before its text: only both together are a name. */
const accountOf = (message: string, exception: string): string | undefined => {
  const at = exception.indexOf(EXCEPTION);
  if (at < 0) return undefined;
  const rest = exception.slice(at + EXCEPTION.length);
  const end = rest.search(/ --->|[\r\n]/);
  const account = (end < 0 ? rest : rest.slice(0, end)).trim();
  return ACCOUNT_LIKE.test(account) && message.startsWith(account) ? account : undefined;
};

const INNER = ' ---> ';

/** What the error message says behind the account, else the inner exception. */
const causeOf = (message: string, exception: string, account: string | undefined): string => {
  const own = account === undefined ? message : message.slice(account.length).replace(/^-/, '');
  if (own.trim() !== '') return own.trim();
  const [, inner = ''] = exception.split(/[\r\n]/, 1)[0]?.split(INNER) ?? [];
  return inner.slice(inner.indexOf(': ') + 1).trim() || 'not given';
};

/** Activity id, token type, client addresses, error message, exception. */
const tokenRefused = (event: WindowsEvent): Interpretation => {
  const message = valueAt(event, 3) ?? '';
  const exception = valueAt(event, 4) ?? '';
  const account = accountOf(message, exception);
  const addresses = valueAt(event, 2);
  const record = eventRecord(event, {
    dataSource: AD_FS_TITLE,
    actor: account === undefined ? unknownActor(NO_USER) : namedActor(account),
    action: FAILED_LOGON,
    objectType: LOGON,
    what: event.computer,
    workstation: firstAddress(addresses),
    details: [
      { property: 'Event', after: 'A token was not valid' },
      { property: 'Cause', after: causeOf(message, exception, account) },
      ...optional('Token type', valueAt(event, 1)),
      ...optional('Client addresses', addresses),
      ...optional('Exception', valueAt(event, 4)),
      ...optional('Activity ID', valueAt(event, 0)),
    ],
  });
  return { drafts: [record] };
};

/** Activity id (or another), then what the request was and why no token was issued; the order differs between versions. */
const tokenNotIssued = (event: WindowsEvent): Interpretation => {
  const [id, ...rest] = event.data.map(({ value }) => present(value));
  const values = rest.filter((value) => value !== undefined);
  const record = eventRecord(event, {
    dataSource: AD_FS_TITLE,
    actor: unknownActor(NO_USER),
    action: FAILED_LOGON,
    objectType: LOGON,
    what: event.computer,
    details: [
      { property: 'Event', after: 'A token was not issued because of an error' },
      ...values.map((after, i) => ({ property: `Data ${i + 2}`, after })),
      ...optional('Data 1', id),
    ],
  });
  return { drafts: [record] };
};

interface Lockout {
  readonly title: string;
  readonly action: string;
  readonly details: readonly Detail[];
  /** Whether the account of the event is who acted: after a lockout it is only whose password was tried. */
  readonly isUserActor: boolean;
}

const LOCKOUTS: ReadonlyMap<number, Lockout> = new Map<number, Lockout>([
  [
    512,
    {
      title: 'A logon to a locked account is being allowed by the configuration',
      action: LOGON_ATTEMPT,
      details: [],
      isUserActor: true,
    },
  ],
  [
    515,
    {
      title: 'The right password was given for a locked account',
      action: FAILED_LOGON,
      details: [{ property: 'Cause', after: 'account locked out; the password was right' }],
      isUserActor: true,
    },
  ],
  [
    516,
    {
      title: 'The account was locked out after too many wrong passwords',
      action: MODIFIED,
      details: [{ property: 'Locked out', before: 'No', after: 'Yes' }],
      isUserActor: false,
    },
  ],
]);

const LOCKED_OUT_BY = {
  reason:
    'AD FS locked the account. The event names the account, not who tried wrong passwords for it.',
  fix: 'Look at the client address and at the failed logons of the account before.',
};

const lockoutActor = ({ isUserActor }: Lockout, user: string): Actor =>
  isUserActor ? namedActor(user) : unknownActor(LOCKED_OUT_BY);

/** Activity id, user, client addresses, count of wrong passwords, time of the last one. */
const lockout =
  (meaning: Lockout) =>
  (event: WindowsEvent): Interpretation => {
    const user = valueAt(event, 1);
    if (user === undefined) {
      throw windowsEventError('WINDOWS_EVENT_FIELD_MISSING', {
        eventId: event.eventId,
        field: 'User',
      });
    }
    const addresses = valueAt(event, 2);
    const isAccount = meaning.action === MODIFIED;
    const record = eventRecord(event, {
      dataSource: AD_FS_TITLE,
      actor: lockoutActor(meaning, user),
      action: meaning.action,
      objectType: isAccount ? ACCOUNT : LOGON,
      what: isAccount ? user : event.computer,
      workstation: firstAddress(addresses),
      details: [
        { property: 'Event', after: meaning.title },
        ...meaning.details,
        ...optional('Client addresses', addresses),
        ...optional('Wrong passwords', valueAt(event, 3)),
        ...optional('Last wrong password', valueAt(event, 4)),
        ...optional('Activity ID', valueAt(event, 0)),
      ],
    });
    return { drafts: [record] };
  };

export const SINGLE_EVENTS: ReadonlyMap<number, (event: WindowsEvent) => Interpretation> = new Map([
  [300, tokenNotIssued],
  [411, tokenRefused],
  ...[...LOCKOUTS].map(([eventId, meaning]) => [eventId, lockout(meaning)] as const),
]);
