/**
 * Templates of the chunks read so far, by identifier. A chunk holds its own definitions, so this is needed only where a
 * chunk lost them: the records of such a chunk still name their templates, and the same ones are all over a file.
 */
import type { Template } from './binxml-nodes.ts';

const TEMPLATES_MAX = 256;
/** Definitions larger than this are not kept; those of Windows take a few kilobytes. */
export const KEPT_DEFINITION_BYTES_MAX = 16_384;

export interface TemplateLibrary {
  /** `identifier` is the first 32 bits of `guid`, all that an instance tells of its template. */
  readonly add: (identifier: number, guid: string, template: Template) => void;
  /** `undefined` also when two templates share the identifier. */
  readonly find: (identifier: number) => Template | undefined;
}

interface Kept {
  readonly guid: string;
  readonly template: Template;
  isUnique: boolean;
}

export const createTemplateLibrary = (): TemplateLibrary => {
  const kept = new Map<number, Kept>();
  return {
    add: (identifier, guid, template) => {
      const known = kept.get(identifier);
      if (known !== undefined) known.isUnique &&= known.guid === guid;
      else if (kept.size < TEMPLATES_MAX) kept.set(identifier, { guid, template, isUnique: true });
    },
    find: (identifier) => {
      const found = kept.get(identifier);
      return found?.isUnique ? found.template : undefined;
    },
  };
};
