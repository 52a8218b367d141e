import { WitnessError } from '@witness/record';
import type { ElementNode, InstanceNode, Template } from './binxml-nodes.ts';
import { parseFragment } from './binxml-parser.ts';
import {
  CHUNK_BYTES,
  CHUNK_HEADER_BYTES,
  type ChunkContext,
  type Values,
} from './chunk-context.ts';
import { binXmlError } from './evtx-errors.ts';
import { u32 } from './little-endian.ts';
import { KEPT_DEFINITION_BYTES_MAX } from './template-library.ts';
import {
  DEFINITION_HEAD_BYTES,
  INSTANCE_HEAD_BYTES,
  instanceLayout,
  readValues,
} from './template-values.ts';

const GUID_AT = 4;
const SIZE_AT = 20;
const IDENTIFIER_AT = 2;

const parseTemplate = (ctx: ChunkContext, definitionAt: number): Template => {
  const start = definitionAt + DEFINITION_HEAD_BYTES;
  if (definitionAt < CHUNK_HEADER_BYTES || start > CHUNK_BYTES) {
    throw binXmlError('a template definition lies outside the chunk', definitionAt);
  }
  const end = start + u32(ctx.bytes, definitionAt + SIZE_AT);
  if (end > CHUNK_BYTES) throw binXmlError('a template definition ends early', definitionAt);
  const root = parseFragment(ctx, { start, end, hasDependency: true });
  if (root === undefined) throw binXmlError('a template definition is empty', definitionAt);
  return { root, plan: undefined };
};

/** Instances inside a definition are offsets of its chunk and mean nothing elsewhere. */
const isSelfContained = (root: ElementNode | InstanceNode): boolean =>
  root.kind === 'element' &&
  root.content.every((node) =>
    node.kind === 'element' ? isSelfContained(node) : node.kind !== 'instance',
  );

/** Shows a template to the library, which counts it even when it is too large to keep. */
const share = (ctx: ChunkContext, definitionAt: number, template: Template): void => {
  const { bytes, library } = ctx;
  const size = u32(bytes, definitionAt + SIZE_AT);
  if (size > KEPT_DEFINITION_BYTES_MAX || !isSelfContained(template.root)) return;
  const guidAt = definitionAt + GUID_AT;
  library.add(u32(bytes, guidAt), bytes.toString('hex', guidAt, guidAt + 16), template);
};

/**
 * The definition in the chunk or, where that is unreadable, the same template from an earlier chunk. Not where the
 * instance itself holds the definition: its values follow, at a place that only the definition tells.
 */
const loadTemplate = (ctx: ChunkContext, node: InstanceNode, definitionAt: number): Template => {
  try {
    const template = parseTemplate(ctx, definitionAt);
    share(ctx, definitionAt, template);
    return template;
  } catch (error) {
    const isUnreadable = error instanceof WitnessError && error.code === 'EVTX_BINXML';
    const isInline = definitionAt === node.offset + INSTANCE_HEAD_BYTES;
    const borrowed =
      isUnreadable && !isInline
        ? ctx.library.find(u32(ctx.bytes, node.offset + IDENTIFIER_AT))
        : undefined;
    if (borrowed === undefined) throw error;
    ctx.borrowedTemplates += 1;
    return borrowed;
  }
};

export interface Instance {
  readonly template: Template;
  /** They hold until the next instance of the same depth is read. */
  readonly values: Values;
}

/** Reads a template instance; its template is parsed once for the chunk. */
export const readInstance = (ctx: ChunkContext, node: InstanceNode, depth: number): Instance => {
  const { definitionAt, countAt } = instanceLayout(ctx, node);
  let template = ctx.templates.get(definitionAt);
  if (template === undefined) {
    template = loadTemplate(ctx, node, definitionAt);
    ctx.templates.set(definitionAt, template);
  }
  return { template, values: readValues(ctx, { countAt, end: node.end }, depth) };
};
