/** Holds every import to the direction the architecture gives: rooms, their index, one way. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** Which rooms of server/src a room may import. `record` is open to all. */
const MAY_IMPORT: Readonly<Record<string, readonly string[] | '*'>> = {
  codecs: [],
  telemetry: [],
  settings: [],
  certificates: ['telemetry'],
  'windows-events': ['codecs'],
  sources: ['codecs', 'windows-events'],
  store: ['telemetry'],
  'data-folder': [],
  'search-language': ['store'],
  plans: ['sources', 'telemetry'],
  'windows-collection': ['codecs', 'plans', 'sources', 'windows-events'],
  access: ['plans', 'store', 'telemetry'],
  pipeline: ['codecs', 'windows-events', 'sources', 'store', 'telemetry'],
  operations: [
    'access',
    'pipeline',
    'plans',
    'search-language',
    'sources',
    'store',
    'telemetry',
    'windows-collection',
  ],
  'console-api': ['access', 'certificates', 'settings', 'telemetry'],
  importing: ['codecs', 'pipeline'],
  listeners: [
    'access',
    'certificates',
    'codecs',
    'operations',
    'pipeline',
    'plans',
    'search-language',
    'settings',
    'sources',
    'store',
    'telemetry',
  ],
  commands: '*',
  '.': '*',
};

interface Finding {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\b[^'"\n;]*?(?:from\s*)?['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)/g;

const sourceFiles = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name === 'node_modules' || entry.name === 'testdata') return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sourceFiles(path);
    return /\.(ts|tsx|mjs)$/.test(entry.name) ? [path] : [];
  });

/** `server/src/store/engine/host.ts` -> ['server', 'store', 'engine/host.ts']. */
const placeOf = (path: string): { pkg: string; room: string; inside: string } => {
  const parts = relative(ROOT, path).split(sep);
  if (parts[0] === 'server' && parts[1] === 'src') {
    return parts.length === 3
      ? { pkg: 'server', room: '.', inside: parts[2] ?? '' }
      : { pkg: 'server', room: parts[2] ?? '', inside: parts.slice(3).join('/') };
  }
  return { pkg: parts[0] ?? '', room: '', inside: parts.slice(1).join('/') };
};

const isTest = (path: string): boolean => /\.(test|bench|fuzz)\.ts$|\/testing(\.ts|\/)/.test(path);

/** Second-level rooms that must not import each other. */
const SEALED = new Set(['sources', 'listeners']);

const judge = (from: string, specifier: string): string | undefined => {
  if (!specifier.startsWith('.')) {
    if (specifier.startsWith('@witness/record/')) return 'reaches past the index of record';
    return undefined;
  }
  const target = resolve(dirname(from), specifier);
  const here = placeOf(from);
  const there = placeOf(target);
  if (here.pkg !== there.pkg) {
    if (here.pkg === 'tests' || here.pkg === 'bench' || here.pkg === 'scripts') return undefined;
    if (there.pkg === 'bench' || there.pkg === 'tests') {
      return isTest(from) ? undefined : `product code must not import ${there.pkg}`;
    }
    return `imports ${there.pkg} by path; use the package name`;
  }
  if (here.pkg !== 'server') return undefined;
  if (here.room === there.room) {
    const [mine, yours] = [here.inside.split('/'), there.inside.split('/')];
    const bothInFolders = mine.length > 1 && yours.length > 1;
    return SEALED.has(here.room) && bothInFolders && mine[0] !== yours[0]
      ? `${here.room}/${mine[0]} must not import ${here.room}/${yours[0]}`
      : undefined;
  }
  const allowed = MAY_IMPORT[here.room];
  if (allowed === undefined) return `room ${here.room} has no row in the direction table`;
  if (allowed !== '*' && !allowed.includes(there.room) && !isTest(from)) {
    return `${here.room} must not import ${there.room}`;
  }
  // The composition root has no index: each of its files is for the commands and for itself.
  if (there.room === '.') return undefined;
  const throughIndex = /^(?:[\w-]+\/)?(index|testing)\.ts$/.test(there.inside);
  const isSealedIndex = SEALED.has(there.room) || !there.inside.includes('/');
  return throughIndex && isSealedIndex ? undefined : `reaches past the index of ${there.room}`;
};

export const checkImports = (): Finding[] =>
  ['record', 'server', 'bench', 'tests', 'scripts'].flatMap((pkg) =>
    (existsSync(join(ROOT, pkg)) ? sourceFiles(join(ROOT, pkg)) : []).flatMap((file) => {
      const text = readFileSync(file, 'utf8');
      return [...text.matchAll(IMPORT)].flatMap((match) => {
        const verdict = judge(file, match[1] ?? match[2] ?? '');
        const line = text.slice(0, match.index).split('\n').length + 1;
        return verdict ? [{ file: relative(ROOT, file), line, text: verdict }] : [];
      });
    }),
  );
