/** docs/sources: a page for each data source, from its declaration and its README. */
import type {
  PortDeclaration,
  SourceDeclaration,
  WindowsEventClaim,
  WindowsSetup,
} from '../server/src/sources/index.ts';
import { auditSubcategoryGuid } from '../server/src/windows-events/index.ts';

/** Text in a cell of a table. */
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.map(cell).join(' | ')} |`)
    .join('\n');

const section = (title: string, ...parts: readonly string[]): string =>
  parts.length === 0 ? '' : [`## ${title}`, ...parts].join('\n\n');

const code = (text: string): string => `\`${text}\``;

const fenced = (language: string, lines: readonly string[]): string =>
  [`\`\`\`${language}`, ...lines, '```'].join('\n');

/** `4720, 4722-4726`: three or more in a row as a range. */
export const idRanges = (ids: Iterable<number>): string => {
  const sorted = [...new Set(ids)].sort((a, b) => a - b);
  const runs: number[][] = [];
  for (const id of sorted) {
    const run = runs.at(-1);
    if (run !== undefined && run.at(-1) === id - 1) run.push(id);
    else runs.push([id]);
  }
  return runs
    .flatMap((run) => (run.length > 2 ? `${run[0]}-${run.at(-1)}` : run.map(String)))
    .join(', ');
};

const eventsTable = (
  claims: readonly Pick<WindowsEventClaim, 'channel' | 'provider' | 'eventIds'>[],
): string => {
  const rows = claims.flatMap(({ channel, provider, eventIds }) =>
    [channel].flat().map((log) => ({ log, provider, eventIds })),
  );
  const groups = Map.groupBy(rows, ({ log, provider }) => `${log}\n${provider}`);
  return table(
    ['event log', 'provider', 'events'],
    [...groups.values()]
      .map((same) => [
        same[0]?.log ?? '',
        same[0]?.provider ?? '',
        idRanges(same.flatMap(({ eventIds }) => eventIds)),
      ])
      .sort(([a = '', b = ''], [c = '', d = '']) => (a === c ? (b < d ? -1 : 1) : a < c ? -1 : 1)),
  );
};

const portsTable = (ports: readonly PortDeclaration[]): string =>
  table(
    ['port', 'from', 'to', 'purpose'],
    ports.map(({ port, protocol, sourceRole, targetRole, purpose, required }) => [
      `${port} ${protocol.toUpperCase()}`,
      sourceRole,
      targetRole,
      required ? purpose : `${purpose} (optional)`,
    ]),
  );

const setupSection = ({
  computers,
  auditPolicy = [],
  logs,
  auditEntries = [],
  registry = [],
  steps = [],
}: WindowsSetup): string =>
  section(
    'Windows setup',
    `On: ${computers}. \`witness windows policy\` prints this for your plans, ready to use, with what forwarding itself needs.`,
    ...(auditPolicy.length === 0
      ? []
      : [
          '### Audit policy',
          table(
            ['subcategory', 'audit', 'why', 'GUID'],
            auditPolicy.map(({ subcategory, outcomes, reason }) => [
              subcategory,
              outcomes,
              reason,
              code(auditSubcategoryGuid(subcategory) ?? ''),
            ]),
          ),
        ]),
    '### Event logs',
    table(
      ['event log', 'size', 'why'],
      logs.map(({ log, sizeBytes, isOffByDefault, reason }) => [
        isOffByDefault ? `${log} (off by default)` : log,
        `${Math.round(sizeBytes / 1024 / 1024).toLocaleString('en')} MB`,
        reason,
      ]),
    ),
    ...auditEntries.flatMap(({ objects, script, reason }) => [
      '### Audit entries (SACL)',
      `${objects}. ${reason}.`,
      fenced('powershell', script),
    ]),
    ...(registry.length === 0
      ? []
      : [
          '### Group Policy settings',
          table(
            ['policy', 'registry value', 'why'],
            registry.map(({ policy, key, name, value, reason }) => [
              policy,
              code(`${key}\\${name} = ${value}`),
              reason,
            ]),
          ),
        ]),
    ...steps.flatMap(({ title, commands, reason }) => [
      '### Further step',
      `${title}. ${reason}.`,
      ...(commands.length === 0 ? [] : [fenced('text', commands)]),
    ]),
  );

/** Its text below the title, headings one level deeper; code is left as it is. */
export const demotedReadme = (readme: string): string => {
  let isCode = false;
  return readme
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => {
      if (line.startsWith('```')) isCode = !isCode;
      return !isCode && line.startsWith('#') ? `#${line}` : line;
    })
    .join('\n')
    .trim();
};

export const sourcePage = (source: SourceDeclaration, readme: string): string => {
  const { title, summary, itemTypes, actions, objectTypes, examples, ports } = source;
  const { windowsEvents = [], needsEvents = [], windowsSetup } = source;
  return [
    `# ${title}`,
    summary,
    `Generated from the declaration and the README of \`server/src/sources/${source.id}\`; do not edit.`,
    table(
      ['', ''],
      [
        ['In plans', code(source.id)],
        ['Items', itemTypes.join(', ')],
        ['Actions', actions.join(', ')],
        ['Object types', objectTypes === '*' ? 'as the data has them' : objectTypes.join(', ')],
      ],
    ),
    section(
      'Example searches',
      table(
        ['what', 'search'],
        examples.map(({ title: what, search }) => [what, code(search)]),
      ),
    ),
    section('Ports', portsTable(ports)),
    ...(windowsEvents.length === 0
      ? []
      : [
          section(
            'Windows events',
            eventsTable(windowsEvents),
            ...needsEvents.map(
              ({ channel, provider, eventIds, reason }) =>
                `Also collected: ${idRanges(eventIds)} of ${provider} in ${channel}. ${reason}.`,
            ),
          ),
        ]),
    ...(windowsSetup === undefined ? [] : [setupSection(windowsSetup)]),
    section('In detail', demotedReadme(readme)),
  ]
    .join('\n\n')
    .concat('\n');
};

export const sourceIndex = (sources: readonly SourceDeclaration[]): string =>
  [
    '# Data sources',
    'Generated; do not edit.',
    table(
      ['data source', 'what'],
      sources.map(({ id, title, summary }) => [`[${title}](${id}.md)`, summary]),
    ),
  ]
    .join('\n\n')
    .concat('\n');
