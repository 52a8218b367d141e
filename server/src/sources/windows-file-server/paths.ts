/** Windows paths as events write them. Names compare without letter case. */

/** `\??\C:\Windows` and `C:\Windows` are the same; a trailing backslash stays only on a drive. */
export const localPathOf = (text: string): string => {
  const path = text.startsWith('\\??\\') ? text.slice(4) : text;
  return path.length > 3 && path.endsWith('\\') ? path.slice(0, -1) : path;
};

export const keyOf = (path: string): string => path.toLowerCase();

/** `C:\a` of `C:\a\b`, `C:\` of `C:\a`; undefined at the top. */
export const parentOf = (path: string): string | undefined => {
  const at = path.lastIndexOf('\\');
  if (at <= 0 || at === path.length - 1) return undefined;
  return path.charCodeAt(at - 1) === COLON ? path.slice(0, at + 1) : path.slice(0, at);
};

const COLON = 58;

export const nameOf = (path: string): string => path.slice(path.lastIndexOf('\\') + 1);

export const joinPath = (folder: string, name: string): string =>
  folder.endsWith('\\') ? folder + name : `${folder}\\${name}`;

/** What is left of a path below a folder, `''` for the folder itself; undefined when it is elsewhere. */
export const relativeTo = (folder: string, path: string): string | undefined => {
  if (!keyOf(path).startsWith(keyOf(folder))) return undefined;
  if (path.length === folder.length) return '';
  if (folder.endsWith('\\')) return path.slice(folder.length);
  return path.charAt(folder.length) === '\\' ? path.slice(folder.length + 1) : undefined;
};

/** `\\fs01\Data\plan.xlsx` for what events call `\\*\Data`. */
export const uncPath = (computer: string, share: string, relative = ''): string =>
  relative === '' ? `\\\\${computer}\\${share}` : `\\\\${computer}\\${share}\\${relative}`;
