/** Which events computers are asked for: those the enabled sources of the plans interpret, and no others. */
import { createHash } from 'node:crypto';
import { type ContentFormat, type EventSelection, newGuid, toQueryList } from '../codecs/index.ts';
import type { MonitoringPlan } from '../plans/index.ts';
import type { SourceDeclaration, WindowsEventClaim } from '../sources/index.ts';
import { enabledSources } from './plan-sources.ts';

/** What the computers of one plan send. */
export interface WindowsSubscription {
  /** GUID in upper case; the same for the same plan, whatever it audits, so that bookmarks stay. */
  readonly id: string;
  /** Changes with the query, and only then. */
  readonly revision: string;
  /** The plan's. */
  readonly name: string;
  readonly selections: readonly EventSelection[];
  readonly contentFormat: ContentFormat;
  readonly planId: string;
}

type Wanted = Pick<WindowsEventClaim, 'provider' | 'channel' | 'eventIds'>;

const ANY_ENDING = '*';

const toSelections = ({ provider, channel, eventIds }: Wanted): readonly EventSelection[] =>
  [channel].flat().map((each) => ({
    channel: each,
    // XPath 1.0 in event queries has no `starts-with`: such events are chosen by id, and by their provider when they arrive.
    ...(provider.endsWith(ANY_ENDING) ? {} : { provider }),
    eventIds,
  }));

const wantedOf = ({ windowsEvents = [], needsEvents = [] }: SourceDeclaration): Wanted[] => [
  ...windowsEvents,
  ...needsEvents,
];

const keyOf = ({ channel, provider = '' }: EventSelection): string => `${channel}\n${provider}`;

const byKey = (a: EventSelection, b: EventSelection): number =>
  keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : 0;

/** One selection for each channel and provider, with every event id once; in an order that depends on nothing else. */
export const selectionsOf = (sources: readonly SourceDeclaration[]): readonly EventSelection[] =>
  [...Map.groupBy(sources.flatMap(wantedOf).flatMap(toSelections), keyOf).values()]
    .flatMap((same) => {
      const eventIds = new Set(same.flatMap((selection) => selection.eventIds ?? []));
      return same.slice(0, 1).map((first) => ({
        ...first,
        eventIds: [...eventIds].sort((a, b) => a - b),
      }));
    })
    .sort(byKey);

const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest();

const subscriptionId = (planId: string): string =>
  newGuid((count) => digestOf(`event subscription of plan ${planId}`).subarray(0, count));

/** Of every enabled plan that has an enabled source fed by Windows events. */
export const subscriptionsOf = (
  plans: readonly MonitoringPlan[],
  sources: readonly SourceDeclaration[],
): readonly WindowsSubscription[] =>
  plans.flatMap((plan) => {
    const selections = plan.isEnabled ? selectionsOf(enabledSources(plan, sources)) : [];
    if (selections.length === 0) return [];
    return [
      {
        id: subscriptionId(plan.id),
        revision: digestOf(toQueryList(selections)).toString('hex').slice(0, 32),
        name: plan.name,
        selections,
        contentFormat: 'Events',
        planId: plan.id,
      },
    ];
  });
