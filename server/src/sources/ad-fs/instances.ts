/**
 * Events that belong together by their instance id: a token was issued or accepted, a request came, the configuration changed (299, 412,
 * 403, 404, 307), and who it was and what it contained (500, 501, 510). They are joined; what arrives apart stands for itself.
 * Source: the text of the events in Microsoft's "AD FS troubleshooting - events and logging"; data have no names.
 */
import type { Detail } from '@witness/record';
import type { WindowsEvent } from '../../codecs/index.ts';
import {
  type Actor,
  eventIdentity,
  eventRecord,
  namedActor,
  unknownActor,
} from '../../windows-events/index.ts';
import type { Fragment, Interpretation, RecordDraft } from '../source.ts';
import { type Claim, claimDetails, claimsActor, claimsOf, claimsSids } from './claims.ts';
import {
  AD_FS_TITLE,
  CLAIMS,
  CONFIGURATION,
  FURTHER_DATA,
  firstAddress,
  LOGGED,
  LOGON,
  MODIFIED,
  present,
  REQUEST,
  RESPONSE,
  SUCCESSFUL_LOGON,
} from './vocabulary.ts';

interface Operation {
  readonly title: string;
  readonly action: string;
  readonly objectType: string;
  /** Names of the values behind the instance id, in order; further ones are numbered. */
  readonly values: readonly string[];
  readonly what?: string;
  readonly who?: string;
  readonly client?: string;
}

const ACTIVITY = 'Activity ID';
const RELYING_PARTY = 'Relying party';

const OPERATIONS: ReadonlyMap<number, Operation> = new Map<number, Operation>([
  [
    299,
    {
      title: 'A token was issued',
      action: SUCCESSFUL_LOGON,
      objectType: LOGON,
      values: [ACTIVITY, RELYING_PARTY],
      what: RELYING_PARTY,
    },
  ],
  [
    412,
    {
      title: 'A token was accepted',
      action: SUCCESSFUL_LOGON,
      objectType: LOGON,
      values: [ACTIVITY, 'Token type', RELYING_PARTY],
      what: RELYING_PARTY,
    },
  ],
  [
    307,
    {
      title: 'The configuration of the federation service was changed',
      action: MODIFIED,
      objectType: CONFIGURATION,
      values: [],
    },
  ],
  [
    403,
    {
      title: 'A request came',
      action: LOGGED,
      objectType: REQUEST,
      values: [
        ACTIVITY,
        'Time of the request',
        'Client addresses',
        'Method',
        'Path',
        'Query',
        'Local port',
        'Local address',
        'User agent',
        'Content length',
        'Caller',
        'Certificate',
        RELYING_PARTY,
        'Through proxy',
        'Proxy name',
      ],
      what: 'Path',
      who: 'Caller',
      client: 'Client addresses',
    },
  ],
  [
    404,
    {
      title: 'A response was sent',
      action: LOGGED,
      objectType: RESPONSE,
      values: [ACTIVITY, 'Time of the response', 'Status', 'Status text'],
    },
  ],
]);

const ISSUED_CLAIMS = 500;
const CALLER_CLAIMS = 501;
const FURTHER = 510;

export const INSTANCE_EVENT_IDS: readonly number[] = [
  ...OPERATIONS.keys(),
  ISSUED_CLAIMS,
  CALLER_CLAIMS,
  FURTHER,
];

const GUID = /^\{?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}?$/i;
const NO_GUID = /^\{?[0-]+\}?$/;

const instanceOf = (event: WindowsEvent): string | undefined => {
  const id = present(event.data[0]?.value);
  return id !== undefined && GUID.test(id) && !NO_GUID.test(id) ? id.toLowerCase() : undefined;
};

/** What of an event is kept until it is joined. */
const partOf = ({
  provider,
  eventId,
  systemTime,
  when,
  recordId,
  channel,
  computer,
  data,
}: WindowsEvent): WindowsEvent => ({
  provider,
  eventId,
  systemTime,
  when,
  recordId,
  channel,
  computer,
  data,
});

/** An event without an instance id is joined with nothing. */
export const instancePart = (event: WindowsEvent): Interpretation => {
  const instance = instanceOf(event);
  const key =
    instance === undefined ? `event ${eventIdentity(event)}` : `${event.computer} ${instance}`;
  const claims = [ISSUED_CLAIMS, CALLER_CLAIMS].includes(event.eventId)
    ? claimsOf(furtherValues(event))
    : [];
  return {
    drafts: [],
    fragments: [{ source: 'ad-fs', key, value: partOf(event) }],
    sids: claimsSids(claims),
  };
};

const furtherValues = (event: WindowsEvent): string[] =>
  event.data.slice(1).map(({ value }) => value);

const named = (event: WindowsEvent, names: readonly string[]): Detail[] =>
  furtherValues(event).flatMap((value, i) => {
    const after = present(value);
    return after === undefined ? [] : [{ property: names[i] ?? `Data ${i + 2}`, after }];
  });

const detailOf = (details: readonly Detail[], property: string | undefined): string | undefined =>
  property === undefined
    ? undefined
    : details.find((detail) => detail.property === property)?.after;

/** Headers that let whoever reads them act as the user. */
const SECRET_HEADER = /^(?:set-)?cookie$|authorization$/i;
const HIDDEN = '******';

/** Names and values take turns, as in claims; a value without a name is shown by its place. */
const pairDetails = (event: WindowsEvent): Detail[] => {
  const values = furtherValues(event).map(present);
  return values.flatMap((name, i) => {
    if (i % 2 === 1) return [];
    const value = values[i + 1];
    if (name === undefined) return dataDetail(i + 3, value);
    if (value === undefined) return dataDetail(i + 2, name);
    const after = SECRET_HEADER.test(name) ? HIDDEN : value;
    return [{ property: name.slice(0, 255), after }];
  });
};

const dataDetail = (place: number, after: string | undefined): Detail[] =>
  after === undefined ? [] : [{ property: `Data ${place}`, after }];

const NO_CALLER = {
  reason: 'The event does not name the user.',
  fix: 'Events 500 and 501 with the same instance ID do, where AD FS writes them: audit at level Verbose.',
};

interface Instance {
  readonly claims: readonly Claim[];
  readonly further: readonly Detail[];
}

const actorOf = (caller: string | undefined, { claims }: Instance): Actor =>
  claimsActor(claims) ?? (caller === undefined ? unknownActor(NO_CALLER) : namedActor(caller));

const instanceDetails = (event: WindowsEvent, instance: Instance): Detail[] => [
  ...claimDetails(instance.claims),
  ...instance.further,
  ...(present(event.data[0]?.value) === undefined
    ? []
    : [{ property: 'Instance ID', after: present(event.data[0]?.value) ?? '' }]),
];

const operationRecord = (
  event: WindowsEvent,
  operation: Operation,
  instance: Instance,
): RecordDraft => {
  const details = named(event, operation.values);
  return eventRecord(event, {
    dataSource: AD_FS_TITLE,
    actor: actorOf(detailOf(details, operation.who), instance),
    action: operation.action,
    objectType: operation.objectType,
    what: detailOf(details, operation.what) ?? event.computer,
    workstation: firstAddress(detailOf(details, operation.client)),
    details: [
      { property: 'Event', after: operation.title },
      ...details,
      ...instanceDetails(event, instance),
    ],
  });
};

/** Claims or further data whose operation came in another batch, or never. */
const looseRecord = (event: WindowsEvent, instance: Instance): RecordDraft =>
  eventRecord(event, {
    dataSource: AD_FS_TITLE,
    actor: actorOf(undefined, instance),
    action: LOGGED,
    objectType: event.eventId === FURTHER ? FURTHER_DATA : CLAIMS,
    what: event.computer,
    details: instanceDetails(event, instance),
  });

/** One record for each operation, else one for all that came of it. */
export const joinInstance = (fragments: readonly Fragment[]): { drafts: RecordDraft[] } => {
  const events = fragments.map(({ value }) => value as WindowsEvent);
  const of = (...ids: readonly number[]): WindowsEvent[] =>
    events.filter(({ eventId }) => ids.includes(eventId));
  const instance: Instance = {
    // Who called comes first: the issued claims are made for the relying party.
    claims: [...of(CALLER_CLAIMS), ...of(ISSUED_CLAIMS)].flatMap((event) =>
      claimsOf(furtherValues(event)),
    ),
    further: of(FURTHER).flatMap(pairDetails),
  };
  const records = events.flatMap((event) => {
    const operation = OPERATIONS.get(event.eventId);
    return operation === undefined ? [] : [operationRecord(event, operation, instance)];
  });
  const [first] = events;
  if (records.length > 0 || first === undefined) return { drafts: records };
  return { drafts: [looseRecord(first, instance)] };
};
