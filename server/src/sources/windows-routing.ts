/** Which source a Windows event goes to. Exactly one does. */
import type { WindowsEvent } from '../codecs/index.ts';
import { EVENT_LOG_SERVICE, userDataField, windowsEventError } from '../windows-events/index.ts';
import { eventLog } from './event-log/index.ts';
import type { InputContext, InputInterpretation, LogPosition } from './raw-input.ts';
import { SOURCES } from './registry.generated.ts';
import type {
  Fragment,
  JoinFragments,
  RecordDraft,
  SourceDeclaration,
  WindowsEventClaim,
} from './source.ts';

interface Route {
  readonly source: SourceDeclaration;
  readonly when: WindowsEventClaim['when'];
}

type RoutesById = Map<number, Route[]>;

const ANY_ENDING = '*';

const addRoutes = (routes: Map<string, RoutesById>, source: SourceDeclaration): void => {
  for (const { provider, eventIds, when } of source.windowsEvents ?? []) {
    const byId: RoutesById = routes.get(provider) ?? new Map();
    routes.set(provider, byId);
    for (const id of eventIds) byId.set(id, [...(byId.get(id) ?? []), { source, when }]);
  }
};

const ROUTES = new Map<string, RoutesById>();
for (const source of SOURCES) addRoutes(ROUTES, source);

const PREFIXES: readonly (readonly [prefix: string, byId: RoutesById])[] = [...ROUTES]
  .filter(([provider]) => provider.endsWith(ANY_ENDING))
  .map(([provider, byId]) => [provider.slice(0, -ANY_ENDING.length), byId]);

/** By the provider's whole name, else by how it begins: instances of one product have names of their own. */
const routesOf = ({ provider, eventId }: WindowsEvent): Route[] | undefined =>
  (ROUTES.get(provider) ?? PREFIXES.find(([prefix]) => provider.startsWith(prefix))?.[1])?.get(
    eventId,
  );

/** Every source that claims the event; more than one is a fault of the declarations, which the tests look for. */
export const claimantsOf = (event: WindowsEvent): readonly SourceDeclaration[] =>
  (routesOf(event) ?? [])
    .filter(({ when }) => when === undefined || when(event))
    .map(({ source }) => source);

/** The one source that interprets the event; Event Log when nobody claims it. */
export const sourceOf = (event: WindowsEvent): SourceDeclaration => {
  const routes = routesOf(event);
  if (routes !== undefined) {
    for (const { source, when } of routes) {
      if (when === undefined || when(event)) return source;
    }
  }
  return eventLog;
};

const LOG_CLEARED: ReadonlySet<number> = new Set([104, 1102]);

const positionOf = (event: WindowsEvent): LogPosition => {
  const { computer, channel, recordId, when } = event;
  const position = { computer, channel, recordId, when };
  if (event.provider !== EVENT_LOG_SERVICE || !LOG_CLEARED.has(event.eventId)) return position;
  // 104 in the System log tells of any log but Security's.
  const cleared = userDataField(event, 'Channel') ?? channel;
  return cleared === channel
    ? { ...position, isClear: true }
    : { ...position, clearedChannel: cleared };
};

/**
 * Type of the item of events whose computer is not the one that sent them. Their records stand for themselves: what they
 * say of accounts, sessions and record numbers must not reach what other computers said.
 */
export const ITEM_TYPE_UNVERIFIED = 'Unverified sender';

/** What the sources made of one Windows event. Throws the interpreting source's WitnessError. */
export const interpretWindowsEvent = (
  event: WindowsEvent,
  context: InputContext,
): InputInterpretation => {
  const interpretation = (sourceOf(event).interpretWindowsEvent ?? eventLog.interpretWindowsEvent)(
    event,
  );
  const drafts = placed(interpretation.drafts, context);
  if (context.item?.type === ITEM_TYPE_UNVERIFIED) {
    const { fragments } = interpretation;
    return { drafts, ...(fragments && { fragments }) };
  }
  return { ...interpretation, drafts, position: positionOf(event) };
};

const JOINS: ReadonlyMap<string, JoinFragments> = new Map(
  (SOURCES as readonly SourceDeclaration[]).flatMap(({ id, joinFragments }) =>
    joinFragments === undefined ? [] : [[id, joinFragments] as const],
  ),
);

/** What the source made of fragments of one key. Throws the source's WitnessError. */
export const joinWindowsFragments = (
  fragments: readonly Fragment[],
  context: InputContext,
): Pick<InputInterpretation, 'drafts'> => {
  const source = fragments[0]?.source ?? '';
  const join = JOINS.get(source);
  if (join === undefined) throw windowsEventError('WINDOWS_FRAGMENTS_UNEXPECTED', { source });
  return { drafts: placed(join(fragments).drafts, context) };
};

const placed = (
  drafts: readonly RecordDraft[],
  { plan, item }: InputContext,
): InputInterpretation['drafts'] =>
  plan === undefined && item === undefined
    ? drafts
    : drafts.map((draft) => ({ ...draft, ...(plan && { plan }), ...(item && { item }) }));
