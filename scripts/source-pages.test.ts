import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { SOURCES, type SourceDeclaration } from '../server/src/sources/index.ts';
import { demotedReadme, idRanges, sourceIndex, sourcePage } from './source-pages.ts';

const ALL: readonly SourceDeclaration[] = SOURCES;

test('ids in order, three or more in a row as a range', () => {
  const check = (ids: readonly number[], expected: string) => assert.equal(idRanges(ids), expected);
  check([], '');
  check([5], '5');
  check([2, 1], '1, 2');
  check([9, 3, 1, 2, 2, 10], '1-3, 9, 10');
});

test('a README loses its title, its headings go down, its code stays', () => {
  assert.equal(
    demotedReadme('# Title\n\nText\n\n## Part\n\n```powershell\n# remark\n```\n\n### Below\n'),
    'Text\n\n### Part\n\n```powershell\n# remark\n```\n\n#### Below',
  );
});

test('a page shows all that is declared', () => {
  for (const source of ALL) {
    const page = sourcePage(source, `# ${source.title}\n\nREADME-TEXT\n`);
    const {
      auditPolicy = [],
      logs = [],
      auditEntries = [],
      steps = [],
    } = source.windowsSetup ?? {};
    const texts = [
      `# ${source.title}\n\n${source.summary}\n`,
      ...source.itemTypes,
      ...source.actions,
      ...(source.objectTypes === '*' ? [] : source.objectTypes),
      ...source.examples.map(({ search }) => `\`${search}\``),
      ...source.ports.map(({ port }) => port),
      ...(source.windowsEvents ?? []).flatMap(({ channel, provider }) =>
        [channel].flat().map((log) => `| ${log} | ${provider} |`),
      ),
      ...[...auditPolicy, ...logs, ...auditEntries, ...steps].map(({ reason }) => reason),
      '## In detail\n\nREADME-TEXT\n',
    ];
    for (const text of texts) assert.ok(page.includes(text), `${source.id}: ${text}`);
  }
});

test('text cannot break out of a table', () => {
  const [source] = ALL;
  assert.ok(source);
  const examples = [{ title: 'a|b\nc', search: 'x' }];
  assert.match(sourcePage({ ...source, examples }, '# T\n'), /\| a\\\|b c \| `x` \|/);
});

test('every source has its page, and the index links it', () => {
  const folder = new URL('../docs/sources/', import.meta.url);
  const names = ALL.map(({ id }) => `${id}.md`);
  assert.deepEqual(readdirSync(folder).sort(), ['README.md', ...names].sort());
  const index = readFileSync(new URL('README.md', folder), 'utf8');
  assert.equal(index, sourceIndex(ALL));
  for (const name of names) assert.ok(index.includes(`](${name})`), name);
});
