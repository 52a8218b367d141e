import { z } from 'zod';
import type { ValuePath } from './read-yaml.ts';

export interface UnknownKey {
  /** Of the object that holds the key. */
  readonly path: ValuePath;
  readonly key: string;
  readonly known: readonly string[];
}

const unwrap = (schema: unknown): unknown =>
  schema instanceof z.ZodOptional ||
  schema instanceof z.ZodDefault ||
  schema instanceof z.ZodPrefault ||
  schema instanceof z.ZodNullable ||
  schema instanceof z.ZodReadonly
    ? unwrap(schema.unwrap())
    : schema;

const isClosed = (schema: z.ZodObject): boolean =>
  schema.def.catchall === undefined || schema.def.catchall instanceof z.ZodNever;

/**
 * Keys that no schema knows, at every depth the schema describes by objects and lists. Found apart from zod's own
 * check, so that declarations need not be strict ones and each find comes with the keys allowed there.
 */
export const findUnknownKeys = (
  schema: unknown,
  value: unknown,
  path: ValuePath = [],
): UnknownKey[] => {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodArray && Array.isArray(value)) {
    return value.flatMap((item, index) => findUnknownKeys(inner.element, item, [...path, index]));
  }
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!(inner instanceof z.ZodObject) || !isObject) return [];
  const known = Object.keys(inner.shape);
  return Object.entries(value).flatMap(([key, member]) => {
    if (Object.hasOwn(inner.shape, key)) {
      return findUnknownKeys(inner.shape[key], member, [...path, key]);
    }
    return isClosed(inner) ? [{ path, key, known }] : [];
  });
};
