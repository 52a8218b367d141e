import type { Detail } from '@witness/record';
import type { WindowsEvent } from '../../codecs/index.ts';
import {
  type Actor,
  accountKind,
  accountName,
  addressOf,
  appendDetails,
  auditOutcome,
  eventRecord,
  field,
  hexField,
  isInteractiveLogon,
  isLoopback,
  isNullSid,
  isOwnLogonId,
  kerberosAccountName,
  kerberosStatusWords,
  type NamedSid,
  namedActor,
  netbiosName,
  ntStatusWords,
  numberField,
  radiusReasonWords,
  SUBJECT,
  sessionOf,
  sidActor,
  sidFacts,
  unknownActor,
  windowsEventError,
} from '../../windows-events/index.ts';
import type { Interpretation, LogonFact } from '../source.ts';
import { type AccountFields, FAILED_LOGON, type LogonOperation } from './logon-operations.ts';
import { OPERATIONS } from './operations.ts';

export const LOGON_ACTIVITY_TITLE = 'Logon Activity';

const NO_LOGONS: readonly LogonFact[] = [];

const NO_ACCOUNT = {
  reason: 'The event names no account: the attempt ended before Windows knew whose it was.',
  fix: 'Look at the source address and at the events of the same computer and moment.',
};

const EXPLICIT_CREDENTIALS = 4648;

/** `CONTOSO.COM` of `krbtgt/CONTOSO.COM`: 4771 says the realm nowhere else. */
const realmOfService = (event: WindowsEvent): string | undefined => {
  const service = field(event, 'ServiceName');
  return service?.startsWith('krbtgt/') ? service.slice('krbtgt/'.length) : undefined;
};

const accountOf = (event: WindowsEvent, at: AccountFields): string | undefined => {
  const name = field(event, at.name);
  if (name === undefined) return undefined;
  const domain = at.domain === undefined ? undefined : field(event, at.domain);
  return at.isKerberos
    ? kerberosAccountName(domain ?? realmOfService(event), name)
    : accountName(domain, name);
};

const NO_CAUSER = {
  reason: 'The event names the account whose state changed, not who caused it.',
  fix: 'Look at the failed logons of the account, or at who changed its state on the server.',
};

const actorOf = (
  { objectType }: LogonOperation,
  account: string | undefined,
  sid: string | undefined,
): Actor => {
  if (objectType === 'Account') return unknownActor(NO_CAUSER);
  if (account !== undefined) return namedActor(account);
  return sid === undefined || isNullSid(sid) ? unknownActor(NO_ACCOUNT) : sidActor(sid);
};

interface Failure {
  readonly isFailed: boolean;
  readonly cause: string | undefined;
}

const WORDS = {
  windows: ntStatusWords,
  kerberos: kerberosStatusWords,
  radius: radiusReasonWords,
} as const;
const SUCCESS_CODES: ReadonlySet<string> = new Set(['0x0', '0']);

/** 4625 puts the precise code into SubStatus, which may be success or one without meaning: the first with words counts. */
const failureOf = (event: WindowsEvent, { status }: LogonOperation): Failure => {
  let unnamed: string | undefined;
  for (const name of status?.fields ?? []) {
    const code = hexField(event, name);
    if (code === undefined || SUCCESS_CODES.has(code)) continue;
    const words = status && WORDS[status.codes](code);
    if (words !== undefined) return { isFailed: true, cause: `${words} (${code})` };
    unnamed ??= code;
  }
  return { isFailed: unnamed !== undefined, cause: unnamed };
};

interface Client {
  readonly workstation: string | undefined;
  readonly address: string | undefined;
}

/** The name the client gave, unless it is this computer's own while the address is another's (remote desktop). */
const clientOf = (event: WindowsEvent, operation: LogonOperation): Client => {
  const at = operation.workstation;
  if (at === undefined) return { workstation: undefined, address: undefined };
  const name = at.name === undefined ? undefined : field(event, at.name)?.replace(/^\\+/, '');
  const address = at.address === undefined ? undefined : addressOf(field(event, at.address));
  if (address !== undefined && isLoopback(address)) {
    return { workstation: name ?? event.computer, address };
  }
  const isOwnName = name !== undefined && netbiosName(name) === netbiosName(event.computer);
  const isRemoteUnderOwnName = isOwnName && address !== undefined;
  return { workstation: isRemoteUnderOwnName ? address : (name ?? address), address };
};

/** A split token has two logon ids: the full one and the filtered one. */
const LINKED = 'TargetLinkedLogonId';

const logonFacts = (
  event: WindowsEvent,
  teaches: string,
  about: Omit<LogonFact, 'computer' | 'logonId'>,
): readonly LogonFact[] => {
  const logonId = hexField(event, teaches);
  if (logonId === undefined || !isOwnLogonId(logonId)) return NO_LOGONS;
  const { computer } = event;
  const linked = hexField(event, LINKED);
  return linked !== undefined && isOwnLogonId(linked)
    ? [
        { computer, logonId, ...about },
        { computer, logonId: linked, ...about },
      ]
    : [{ computer, logonId, ...about }];
};

const factsAbout = (
  account: string | undefined,
  { workstation, address }: Client,
  logonType: number | undefined,
): Omit<LogonFact, 'computer' | 'logonId'> => {
  const about: { -readonly [Key in keyof LogonFact]?: LogonFact[Key] } = {};
  if (account !== undefined) about.account = account;
  if (workstation !== undefined) about.workstation = workstation;
  if (address !== undefined) about.address = address;
  if (logonType !== undefined) about.logonType = logonType;
  return about;
};

const explicitCredentials = (event: WindowsEvent): Detail[] => {
  const name = field(event, 'TargetUserName');
  if (name === undefined) return [];
  const account = accountName(field(event, 'TargetDomainName'), name);
  return [{ property: 'Credentials of', after: account }];
};

/** Who asked for the logon, when that is somebody else than the account (4624, 4625). */
const requester = (event: WindowsEvent, account: string | undefined): Detail[] => {
  const name = field(event, 'SubjectUserName');
  if (name === undefined) return [];
  const subject = accountName(field(event, 'SubjectDomainName'), name);
  return subject === account ? [] : [{ property: 'Requested by', after: subject }];
};

const objectTypeOf = (event: WindowsEvent, { objectType }: LogonOperation): string => {
  if (objectType !== 'by type') return objectType;
  return isInteractiveLogon(numberField(event, 'LogonType')) ? 'Interactive Logon' : 'Logon';
};

const whatOf = (
  event: WindowsEvent,
  { objectType, what }: LogonOperation,
  account: string | undefined,
): string => (objectType === 'Account' ? account : what && field(event, what)) ?? event.computer;

const sidsOf = (event: WindowsEvent, { account }: LogonOperation): NamedSid[] => {
  if (account.isTyped) return [];
  return account.sid === undefined ||
    account.sid === SUBJECT.sid ||
    account.domain === undefined ||
    account.isKerberos
    ? sidFacts(event, SUBJECT)
    : sidFacts(event, SUBJECT, { sid: account.sid, name: account.name, domain: account.domain });
};

/** Computers that authenticate by certificate are named `host/wks17.contoso.com`. */
const kindOf = (name: string | undefined, sid: string | undefined): string | undefined =>
  name?.startsWith('host/') ? 'computer account' : accountKind(name, sid);

const operationOf = (event: WindowsEvent): LogonOperation => {
  const operation = OPERATIONS.get(event.eventId);
  if (operation !== undefined) return operation;
  throw windowsEventError('WINDOWS_EVENT_UNEXPECTED', {
    eventId: event.eventId,
    source: LOGON_ACTIVITY_TITLE,
  });
};

/** One record per event. Pure. */
export const interpretLogon = (event: WindowsEvent): Interpretation => {
  const operation = operationOf(event);
  const sid = operation.account.sid && field(event, operation.account.sid);
  const account = accountOf(event, operation.account);
  const failure = failureOf(event, operation);
  const outcome = auditOutcome(event) ?? (failure.isFailed ? 'failure' : 'success');
  const action = operation.actions[outcome];
  const client = clientOf(event, operation);

  const details: Detail[] = [{ property: 'Event', after: operation.title }];
  const cause = failure.cause ?? operation.cause;
  if (action === FAILED_LOGON && cause !== undefined) {
    details.push({ property: 'Cause', after: cause });
  }
  if (operation.change !== undefined) details.push(operation.change);
  const kind = kindOf(field(event, operation.account.name), sid);
  if (kind !== undefined) details.push({ property: 'Account kind', after: kind });
  details.push(
    ...(event.eventId === EXPLICIT_CREDENTIALS
      ? explicitCredentials(event)
      : requester(event, account)),
  );
  appendDetails(details, event, operation.details);

  const type = numberField(event, 'LogonType');
  const logons =
    operation.teaches === undefined
      ? NO_LOGONS
      : logonFacts(event, operation.teaches, factsAbout(account, client, type));
  const record = eventRecord(event, {
    dataSource: LOGON_ACTIVITY_TITLE,
    actor: actorOf(operation, account, sid),
    action,
    objectType: objectTypeOf(event, operation),
    what: whatOf(event, operation, account),
    workstation: client.workstation,
    session: operation.session === undefined ? undefined : sessionOf(event, operation.session),
    details,
  });
  return { drafts: [record], logons, sids: sidsOf(event, operation) };
};
