import { WitnessError } from '@witness/record';
import { eventFromTree } from '../windows-event/event-from-tree.ts';
import { toWindowsEvent } from '../windows-event/system-fields.ts';
import type { WindowsEvent } from '../windows-event/windows-event.ts';
import type { ElementNode, InstanceNode } from './binxml-nodes.ts';
import { parseFragment } from './binxml-parser.ts';
import { treesOf } from './binxml-tree.ts';
import type { ChunkContext } from './chunk-context.ts';
import { evtxError } from './evtx-errors.ts';
import { planOf, readPlannedEvent } from './planned-event.ts';
import { readInstance } from './template-instance.ts';

const accept = (event: WindowsEvent | string): WindowsEvent => {
  if (typeof event === 'string') throw evtxError('EVTX_EVENT_SHAPE', { reason: event });
  return event;
};

const viaTree = (ctx: ChunkContext, root: ElementNode | InstanceNode): WindowsEvent => {
  const [tree] = treesOf(ctx, root, 0);
  return accept(tree === undefined ? 'the root element is left out' : eventFromTree(tree));
};

const viaPlan = (ctx: ChunkContext, root: InstanceNode): WindowsEvent | undefined => {
  const { template, values } = readInstance(ctx, root, 0);
  const plan = planOf(template);
  const fields = plan?.kind === 'event' ? readPlannedEvent(ctx, values, plan) : undefined;
  return fields && accept(toWindowsEvent(fields));
};

const parseRoot = (
  ctx: ChunkContext,
  range: { readonly start: number; readonly end: number },
): ElementNode | InstanceNode | undefined => {
  try {
    return parseFragment(ctx, { ...range, hasDependency: false });
  } catch (error) {
    // Plain elements as a Windows Event Collector stores them lack the dependency identifier that the specification
    // has everywhere; whatever cannot be read without may be readable with it.
    if (!(error instanceof WitnessError) || error.code !== 'EVTX_BINXML') throw error;
    try {
      return parseFragment(ctx, { ...range, hasDependency: true });
    } catch {
      throw error;
    }
  }
};

/** `plan` is the short way where it can be gone; `tree` always goes the long one, to compare with. */
export type DecodeWay = 'plan' | 'tree';

/**
 * The event in a record's binary XML. Throws EVTX_BINXML, EVTX_LIMIT or EVTX_EVENT_SHAPE.
 */
export const decodeRecord = (
  ctx: ChunkContext,
  range: { readonly start: number; readonly end: number },
  way: DecodeWay,
): WindowsEvent => {
  const root = parseRoot(ctx, range);
  if (root === undefined) throw evtxError('EVTX_EVENT_SHAPE', { reason: 'the record is empty' });
  const planned = way === 'plan' && root.kind === 'instance' ? viaPlan(ctx, root) : undefined;
  return planned ?? viaTree(ctx, root);
};
