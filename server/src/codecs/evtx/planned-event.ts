/** Reads an event by its plan, without a tree. */
import { readBody, tryParseNumber } from '../windows-event/event-from-tree.ts';
import { createEventFields, type EventFields } from '../windows-event/system-fields.ts';
import { tryParseSystemTime } from '../windows-event/system-time.ts';
import type { ElementNode, InstanceNode, Template } from './binxml-nodes.ts';
import { parseFragment } from './binxml-parser.ts';
import { treesOf } from './binxml-tree.ts';
import { type ChunkContext, spendCharacters, spendSteps, type Values } from './chunk-context.ts';
import {
  type DataPlan,
  type DatumPlan,
  type EventPlan,
  planTemplate,
  type Source,
} from './event-plan.ts';
import { fileTimeMs, fileTimeText } from './file-time.ts';
import { u16, u32, u64 } from './little-endian.ts';
import { readInstance } from './template-instance.ts';
import { isNull } from './template-values.ts';
import { arrayTexts, VALUE_ARRAY, VALUE_BINXML, VALUE_FILETIME, valueText } from './value-text.ts';

/** From here on: handles, binary XML, arrays; nothing that a field of System holds. */
const FIRST_UNUSUAL_TYPE = 0x20;

/** A value that the plan cannot place; the tree can. */
const UNUSUAL = Symbol('unusual value');

const isDropped = (values: Values, source: Source): boolean =>
  source.dependency >= 0 && isNull(values, source.dependency);

const textFrom = (ctx: ChunkContext, values: Values, source: Source): string | undefined => {
  const { index } = source;
  if (isDropped(values, source)) return undefined;
  if (index < 0) return source.text;
  if (isNull(values, index)) return undefined;
  const type = values.types[index] as number;
  if (type >= FIRST_UNUSUAL_TYPE) throw UNUSUAL;
  return valueText(ctx.bytes, type, values.offsets[index] as number, values.sizes[index] as number);
};

const UNSIGNED_TYPES = (1 << 0x04) | (1 << 0x06) | (1 << 0x08) | (1 << 0x0a);

const numberFrom = (ctx: ChunkContext, values: Values, source: Source): number | undefined => {
  const { index } = source;
  if (index < 0) return isDropped(values, source) ? undefined : source.number;
  const type = values.types[index] as number;
  if (index < values.count && type < 0x20 && ((UNSIGNED_TYPES >>> type) & 1) === 1) {
    if (isDropped(values, source)) return undefined;
    const at = values.offsets[index] as number;
    switch (values.sizes[index]) {
      case 1:
        return ctx.bytes[at];
      case 2:
        return u16(ctx.bytes, at);
      case 4:
        return u32(ctx.bytes, at);
      case 8:
        return u64(ctx.bytes, at);
    }
  }
  return tryParseNumber(textFrom(ctx, values, source));
};

/** The first millisecond of the year 10000, which event XML cannot write. */
const TIME_MS_END = 253_402_300_800_000;

const readTime = (ctx: ChunkContext, values: Values, source: Source): void => {
  const { index } = source;
  const isFileTime =
    index >= 0 &&
    index < values.count &&
    values.types[index] === VALUE_FILETIME &&
    values.sizes[index] === 8;
  if (isFileTime && !isDropped(values, source)) {
    const at = values.offsets[index] as number;
    const when = fileTimeMs(ctx.bytes, at);
    FIELDS.when = when < TIME_MS_END ? when : undefined;
    FIELDS.systemTime = when < TIME_MS_END ? fileTimeText(ctx.bytes, at) : undefined;
    return;
  }
  const time =
    index < 0 && !isDropped(values, source)
      ? source.time
      : tryParseSystemTime(textFrom(ctx, values, source) ?? '');
  FIELDS.when = time?.ms;
  FIELDS.systemTime = time?.text;
};

/** Filled for one event after the other; reading is synchronous and `toWindowsEvent` copies. */
const FIELDS: EventFields = createEventFields();

const readSystem = (ctx: ChunkContext, values: Values, { system }: EventPlan): void => {
  FIELDS.provider = textFrom(ctx, values, system.provider);
  FIELDS.providerGuid = textFrom(ctx, values, system.providerGuid);
  FIELDS.eventSourceName = textFrom(ctx, values, system.eventSourceName);
  FIELDS.eventId = numberFrom(ctx, values, system.eventId);
  FIELDS.qualifiers = numberFrom(ctx, values, system.qualifiers);
  FIELDS.version = numberFrom(ctx, values, system.version);
  FIELDS.level = numberFrom(ctx, values, system.level);
  FIELDS.task = numberFrom(ctx, values, system.task);
  FIELDS.opcode = numberFrom(ctx, values, system.opcode);
  FIELDS.keywords = textFrom(ctx, values, system.keywords);
  readTime(ctx, values, system.systemTime);
  FIELDS.recordId = numberFrom(ctx, values, system.recordId);
  FIELDS.activityId = textFrom(ctx, values, system.activityId);
  FIELDS.relatedActivityId = textFrom(ctx, values, system.relatedActivityId);
  FIELDS.processId = numberFrom(ctx, values, system.processId);
  FIELDS.threadId = numberFrom(ctx, values, system.threadId);
  FIELDS.channel = textFrom(ctx, values, system.channel);
  FIELDS.computer = textFrom(ctx, values, system.computer);
  FIELDS.userSid = textFrom(ctx, values, system.userSid);
  FIELDS.data = [];
  FIELDS.binary = undefined;
  FIELDS.userData = undefined;
};

const addDatum = (ctx: ChunkContext, { isBinary, name }: DatumPlan, value: string): void => {
  spendCharacters(ctx, value.length);
  if (!isBinary) FIELDS.data.push(name === undefined ? { value } : { name, value });
  else if (value !== '') FIELDS.binary ??= value.toUpperCase();
};

const readDatum = (ctx: ChunkContext, values: Values, item: DatumPlan): void => {
  const { source } = item;
  const { index } = source;
  spendSteps(ctx, 1);
  if (isDropped(values, source)) return;
  if (index < 0) {
    addDatum(ctx, item, source.text ?? '');
    return;
  }
  if (isNull(values, index)) {
    if (!source.isOptional) addDatum(ctx, item, '');
    return;
  }
  const type = values.types[index] as number;
  const at = values.offsets[index] as number;
  const size = values.sizes[index] as number;
  if (type === VALUE_BINXML) throw UNUSUAL;
  if ((type & VALUE_ARRAY) === 0) {
    addDatum(ctx, item, valueText(ctx.bytes, type, at, size));
    return;
  }
  const texts = arrayTexts(ctx.bytes, type & ~VALUE_ARRAY, at, size);
  spendSteps(ctx, texts.length);
  if (texts.length === 0) addDatum(ctx, item, '');
  for (const text of texts) addDatum(ctx, item, text);
};

const readData = (ctx: ChunkContext, values: Values, plan: DataPlan): void => {
  if (plan.dependency >= 0 && isNull(values, plan.dependency)) return;
  for (const item of plan.items) readDatum(ctx, values, item);
};

const readTrees = (ctx: ChunkContext, root: ElementNode | InstanceNode, depth: number): void => {
  for (const tree of treesOf(ctx, root, depth)) readBody(FIELDS, tree);
};

const FRAGMENT_HEADER = 0x0f;
const FRAGMENT_HEADER_BYTES = 4;
const INSTANCE = 0x0c;

/** A body that is a value of binary XML: nearly always an instance of an EventData template. */
const readEmbedded = (ctx: ChunkContext, start: number, end: number): void => {
  const at = ctx.bytes[start] === FRAGMENT_HEADER ? start + FRAGMENT_HEADER_BYTES : start;
  if (at < end && ctx.bytes[at] === INSTANCE) {
    const node: InstanceNode = { kind: 'instance', offset: at, end };
    const { template, values } = readInstance(ctx, node, 1);
    const plan = planOf(template);
    if (plan?.kind === 'data') readData(ctx, values, plan);
    else readTrees(ctx, node, 1);
    return;
  }
  const root = parseFragment(ctx, { start, end, hasDependency: false });
  if (root !== undefined) readTrees(ctx, root, 1);
};

export const planOf = (template: Template): EventPlan | DataPlan | null => {
  if (template.plan === undefined) {
    template.plan = template.root.kind === 'element' ? planTemplate(template.root) : null;
  }
  return template.plan;
};

const readBodies = (ctx: ChunkContext, values: Values, { bodies }: EventPlan): void => {
  for (const body of bodies) {
    if (body.kind === 'data') {
      readData(ctx, values, body);
    } else if (!isNull(values, body.index)) {
      if (values.types[body.index] !== VALUE_BINXML) throw UNUSUAL;
      const start = values.offsets[body.index] as number;
      readEmbedded(ctx, start, start + (values.sizes[body.index] as number));
    }
  }
};

/**
 * The fields of a template instance by its plan. They hold until the next call. `undefined` when its values are
 * unusual, which a tree can place.
 */
export const readPlannedEvent = (
  ctx: ChunkContext,
  values: Values,
  plan: EventPlan,
): EventFields | undefined => {
  try {
    readSystem(ctx, values, plan);
    readBodies(ctx, values, plan);
    return FIELDS;
  } catch (unusual) {
    if (unusual === UNUSUAL) return undefined;
    throw unusual;
  }
};
