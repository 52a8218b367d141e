/**
 * Hardened YAML 1.2 reading: plain data only (no custom tags, no YAML 1.1), text keys, no key twice, bounded size,
 * depth and aliases. Every value can be found again by line and column.
 */
import type { WitnessError } from '@witness/record';
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
} from 'yaml';
import { error } from './errors.ts';

export const YAML_LIMITS = {
  textLength: 4 * 1024 * 1024,
  /** Line ends and structural characters; the parser's time grows with them. */
  tokens: 250_000,
  nodes: 200_000,
  depth: 24,
  aliases: 100,
} as const;

export type ValuePath = readonly (string | number)[];

export interface YamlValue {
  readonly value: unknown;
  /** `line:column` of the value at the path, or of the nearest value above it. */
  locate(path: ValuePath, part?: 'key' | 'value'): string;
}

const TOKENS = /[\n\r[\]{},&*!%"'?:-]/g;

const checkSize = (text: string): void => {
  if (text.length > YAML_LIMITS.textLength) {
    throw error('PLAN_YAML_LIMIT', { limit: `${YAML_LIMITS.textLength} characters` });
  }
  TOKENS.lastIndex = 0;
  let tokens = 0;
  while (TOKENS.test(text)) {
    tokens += 1;
    if (tokens > YAML_LIMITS.tokens) {
      throw error('PLAN_YAML_LIMIT', { limit: `${YAML_LIMITS.tokens} structural characters` });
    }
  }
};

const nodeOf = (candidate: unknown, document: Document): Node | undefined => {
  const node = candidate as Node | null | undefined;
  if (!node) return undefined;
  return isAlias(node) ? node.resolve(document) : node;
};

const textKeyOf = (pair: Pair): string | undefined =>
  isScalar(pair.key) && typeof pair.key.value === 'string' ? pair.key.value : undefined;

const createReader = (document: Document, positionOf: (node: unknown) => string) => {
  const left = { nodes: YAML_LIMITS.nodes, aliases: YAML_LIMITS.aliases } as Record<string, number>;
  const spend = (what: 'nodes' | 'aliases', node: unknown): void => {
    left[what] = (left[what] ?? 0) - 1;
    if (left[what] >= 0) return;
    const limit = `${YAML_LIMITS[what]} ${what}`;
    throw error('PLAN_YAML_LIMIT', { limit }, { location: positionOf(node) });
  };

  const readMap = (pairs: readonly Pair[], depth: number): Record<string, unknown> => {
    const entries = new Map<string, unknown>();
    for (const pair of pairs) {
      const location = positionOf(pair.key);
      const key = textKeyOf(pair);
      if (key === undefined || key === '__proto__') {
        throw error('PLAN_YAML_MALFORMED', { reason: 'a key must be a plain text' }, { location });
      }
      if (entries.has(key)) throw error('PLAN_KEY_DUPLICATE', { key }, { location });
      entries.set(key, read(pair.value, depth + 1));
    }
    return Object.fromEntries(entries);
  };

  const read = (candidate: unknown, depth: number): unknown => {
    spend('nodes', candidate);
    if (depth > YAML_LIMITS.depth) {
      const limit = `depth ${YAML_LIMITS.depth}`;
      throw error('PLAN_YAML_LIMIT', { limit }, { location: positionOf(candidate) });
    }
    if (isAlias(candidate)) {
      spend('aliases', candidate);
      const target = candidate.resolve(document);
      if (target) return read(target, depth + 1);
      const reason = `the alias \`${candidate.source}\` has no anchor before it`;
      throw error('PLAN_YAML_MALFORMED', { reason }, { location: positionOf(candidate) });
    }
    if (isMap(candidate)) return readMap(candidate.items as readonly Pair[], depth);
    if (isSeq(candidate)) return candidate.items.map((item) => read(item, depth + 1));
    const value = isScalar(candidate) ? candidate.value : null;
    if (typeof value !== 'number' || Number.isFinite(value)) return value;
    const reason = 'a number must be finite';
    throw error('PLAN_YAML_MALFORMED', { reason }, { location: positionOf(candidate) });
  };
  return read;
};

const parse = (text: string, lines: LineCounter): Document => {
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    resolveKnownTags: false,
    merge: false,
    prettyErrors: false,
    lineCounter: lines,
    // The parser compares every key with every other; readMap does it in one pass.
    uniqueKeys: false,
  });
  const [fault] = [...document.errors, ...document.warnings];
  if (fault) {
    const { line, col } = lines.linePos(fault.pos[0]);
    throw faultOf(fault.message, `${line}:${col}`, fault);
  }
  if (document.directives?.yaml.explicit && document.directives.yaml.version !== '1.2') {
    throw faultOf('only YAML 1.2 is read', '1:1');
  }
  return document;
};

const REASON_LENGTH_MAX = 200;

const faultOf = (reason: string, location: string, cause?: unknown): WitnessError =>
  error('PLAN_YAML_MALFORMED', { reason: reason.slice(0, REASON_LENGTH_MAX) }, { location, cause });

/** Throws PLAN_YAML_MALFORMED, PLAN_YAML_LIMIT or PLAN_KEY_DUPLICATE with location `line:column`. */
export const readYaml = (text: string): YamlValue => {
  checkSize(text);
  const lines = new LineCounter();
  const document = parse(text, lines);
  const positionOf = (node: unknown): string => {
    const { line, col } = lines.linePos((node as Node | null | undefined)?.range?.[0] ?? 0);
    return `${Math.max(line, 1)}:${Math.max(col, 1)}`;
  };
  return {
    value: createReader(document, positionOf)(document.contents, 0),
    locate: (path, part = 'value') => {
      let found: unknown = document.contents;
      for (const [index, step] of path.entries()) {
        const node = nodeOf(found, document);
        const isLast = index === path.length - 1;
        if (isMap(node)) {
          const pair = (node.items as readonly Pair[]).find((each) => textKeyOf(each) === step);
          if (!pair) break;
          found = (isLast && part === 'key') || !pair.value ? pair.key : pair.value;
        } else if (isSeq(node) && typeof step === 'number' && node.items[step]) {
          found = node.items[step];
        } else break;
      }
      return positionOf(found);
    },
  };
};
