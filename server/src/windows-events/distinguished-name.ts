/** Distinguished names, and the paths that records show for them. Source: RFC 4514. */

export interface NamePart {
  /** Upper case: `CN`, `OU`, `DC`. */
  readonly type: string;
  readonly value: string;
}

const BACKSLASH = 92;
const HEX_PAIR = /^[0-9a-f]{2}$/i;

/** Cuts at commas that are neither escaped nor in quotes. */
const splitName = (name: string): string[] => {
  const parts: string[] = [];
  let from = 0;
  let isQuoted = false;
  for (let at = 0; at < name.length; at += 1) {
    const code = name.charCodeAt(at);
    if (code === BACKSLASH) at += 1;
    else if (code === 34) isQuoted = !isQuoted;
    else if (code === 44 && !isQuoted) {
      parts.push(name.slice(from, at));
      from = at + 1;
    }
  }
  parts.push(name.slice(from));
  return parts;
};

/** `Doe\, John` is `Doe, John`; a line break is how the directory marks the names of deleted objects. */
const unescaped = (text: string): string => {
  const value = text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text;
  if (!value.includes('\\')) return value;
  const bytes: Buffer[] = [];
  for (let at = 0; at < value.length; at += 1) {
    if (value.charCodeAt(at) !== BACKSLASH) {
      bytes.push(Buffer.from(value[at] ?? ''));
      continue;
    }
    const pair = value.slice(at + 1, at + 3);
    const isHex = HEX_PAIR.test(pair);
    bytes.push(isHex ? Buffer.from(pair, 'hex') : Buffer.from(value[at + 1] ?? ''));
    at += isHex ? 2 : 1;
  }
  return Buffer.concat(bytes).toString();
};

const partOf = (text: string): NamePart | undefined => {
  const equals = text.indexOf('=');
  if (equals <= 0) return undefined;
  const value = unescaped(text.slice(equals + 1).trim()).replaceAll('\n', ' ');
  return { type: text.slice(0, equals).trim().toUpperCase(), value };
};

/** Leaf first; undefined when the text is not a distinguished name. */
export const nameParts = (name: string): readonly NamePart[] | undefined => {
  const parts = splitName(name).map(partOf);
  const known = parts.filter((part) => part !== undefined);
  return known.length === parts.length ? known : undefined;
};

/** `\local\corp\Computers\pc1` for `CN=pc1,CN=Computers,DC=corp,DC=local`; other text stays as it is. */
export const directoryPath = (name: string): string => {
  const parts = nameParts(name);
  if (parts === undefined) return name;
  return parts
    .toReversed()
    .map(({ value }) => `\\${value}`)
    .join('');
};

export interface NameChange {
  readonly isRenamed: boolean;
  readonly isMoved: boolean;
}

const isSame = (a: readonly NamePart[], b: readonly NamePart[]): boolean =>
  a.length === b.length &&
  a.every((part, i) => {
    const other = b[i];
    return part.type === other?.type && part.value.toLowerCase() === other.value.toLowerCase();
  });

/** Names are compared without letter case, but a new spelling is a new name. */
export const nameChange = (before: string, after: string): NameChange => {
  const [old, now] = [nameParts(before) ?? [], nameParts(after) ?? []];
  return {
    isRenamed: old[0]?.value !== now[0]?.value,
    isMoved: !isSame(old.slice(1), now.slice(1)),
  };
};
