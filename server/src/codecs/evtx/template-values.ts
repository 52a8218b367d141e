/** Where the parts of a template instance lie, and the values it fills its template with. */
import type { InstanceNode } from './binxml-nodes.ts';
import { type ChunkContext, spendSteps, type Values, valuesAt } from './chunk-context.ts';
import { binXmlError } from './evtx-errors.ts';
import { u16, u32 } from './little-endian.ts';

/** Token, version, identifier and offset of the definition. */
export const INSTANCE_HEAD_BYTES = 10;
/** Next definition, GUID and size, before the fragment of a definition. */
export const DEFINITION_HEAD_BYTES = 24;

interface InstanceLayout {
  readonly definitionAt: number;
  /** Where the values begin: a count, a descriptor of four bytes for each, their bytes. */
  readonly countAt: number;
}

/** The definition lies in the instance the first time a chunk uses a template, elsewhere in the chunk after that. */
export const instanceLayout = (
  ctx: ChunkContext,
  { offset, end }: InstanceNode,
): InstanceLayout => {
  const headEnd = offset + INSTANCE_HEAD_BYTES;
  if (headEnd > end) throw binXmlError('a template instance ends early', offset);
  const definitionAt = u32(ctx.bytes, offset + 6);
  const countAt =
    definitionAt === headEnd
      ? headEnd + DEFINITION_HEAD_BYTES + u32(ctx.bytes, definitionAt + 20)
      : headEnd;
  if (countAt + 4 > end) throw binXmlError('a template instance ends early', offset);
  return { definitionAt, countAt };
};

const firstValueAt = (ctx: ChunkContext, countAt: number, end: number): number => {
  const count = u32(ctx.bytes, countAt);
  const first = countAt + 4 + count * 4;
  if (first > end) throw binXmlError('template values end early', countAt);
  spendSteps(ctx, count);
  return first;
};

/** The offset after the last value of an instance. */
export const instanceEnd = (ctx: ChunkContext, node: InstanceNode): number => {
  const { countAt } = instanceLayout(ctx, node);
  const first = firstValueAt(ctx, countAt, node.end);
  let valueAt = first;
  for (let at = countAt + 4; at < first; at += 4) valueAt += u16(ctx.bytes, at);
  if (valueAt > node.end) throw binXmlError('template values end early', countAt);
  return valueAt;
};

/** The values, in the columns of `depth`: they hold until the next instance of that depth is read. */
export const readValues = (
  ctx: ChunkContext,
  { countAt, end }: { readonly countAt: number; readonly end: number },
  depth: number,
): Values => {
  const { bytes } = ctx;
  const first = firstValueAt(ctx, countAt, end);
  const count = (first - countAt - 4) >> 2;
  const values = valuesAt(ctx, depth, count);
  let valueAt = first;
  for (let index = 0, at = countAt + 4; index < count; index += 1, at += 4) {
    const size = u16(bytes, at);
    values.types[index] = bytes[at + 2] as number;
    values.offsets[index] = valueAt;
    values.sizes[index] = size;
    valueAt += size;
  }
  if (valueAt > end) throw binXmlError('template values end early', countAt);
  return values;
};

export const isNull = (values: Values, index: number): boolean =>
  index >= values.count || values.types[index] === 0;
