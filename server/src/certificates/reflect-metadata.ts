/**
 * `@peculiar/x509` resolves its parts through tsyringe, which refuses to load without three functions of the
 * `reflect-metadata` polyfill. These are those three, for classes only; a real polyfill that is there already stays.
 */

type Metadata = Map<unknown, unknown>;

const metadataOf = new WeakMap<object, Metadata>();

const getOwnMetadata = (key: unknown, target: object): unknown => metadataOf.get(target)?.get(key);

const getMetadata = (key: unknown, target: object): unknown => {
  for (let at: object | null = target; at; at = Object.getPrototypeOf(at)) {
    const found = getOwnMetadata(key, at);
    if (found !== undefined) return found;
  }
  return undefined;
};

const defineMetadata = (key: unknown, value: unknown, target: object): void => {
  const metadata: Metadata = metadataOf.get(target) ?? new Map();
  metadata.set(key, value);
  metadataOf.set(target, metadata);
};

if (!('getMetadata' in Reflect)) {
  Object.assign(Reflect, { getOwnMetadata, getMetadata, defineMetadata });
}
