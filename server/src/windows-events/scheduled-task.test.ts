import assert from 'node:assert/strict';
import { it } from 'node:test';
import { scheduledTaskDetails } from './index.ts';

const task = (inner: string): string =>
  `<?xml version="1.0" encoding="UTF-16"?><Task xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">${inner}</Task>`;

const check = (definition: string, expected: Readonly<Record<string, string>>): void =>
  assert.deepEqual(
    Object.fromEntries(
      scheduledTaskDetails(definition).map(({ property, after }) => [property, after]),
    ),
    expected,
  );

it('tells who wrote the task, as whom it runs, what and when', () => {
  check(
    task(`<RegistrationInfo><Author>CONTOSO\\admin</Author></RegistrationInfo>
      <Triggers><BootTrigger/><TimeTrigger><StartBoundary>2026-01-01T00:00:00</StartBoundary></TimeTrigger><OtherTrigger/></Triggers>
      <Principals><Principal><GroupId>S-1-5-32-544</GroupId></Principal></Principals>
      <Actions><Exec><Command> cmd.exe </Command><Arguments>/c a &amp; b</Arguments></Exec></Actions>`),
    {
      Author: 'CONTOSO\\admin',
      'Run as': 'BUILTIN\\Administrators',
      Command: 'cmd.exe',
      Arguments: '/c a & b',
      Triggers: 'at startup; at a time, from 2026-01-01T00:00:00; OtherTrigger',
    },
  );
});

it('shows accounts that are not well known as they are', () => {
  check(task('<Principals><Principal><UserId>CONTOSO\\svc</UserId></Principal></Principals>'), {
    'Run as': 'CONTOSO\\svc',
  });
  check(task('<Principals><Principal><UserId>S-1-5-21-1-2-3-4</UserId></Principal></Principals>'), {
    'Run as': 'S-1-5-21-1-2-3-4',
  });
});

it('shows every action of several', () => {
  const commands = scheduledTaskDetails(
    task('<Actions><Exec><Command>a</Command></Exec><Exec><Command>b</Command></Exec></Actions>'),
  ).map(({ after }) => after);
  assert.deepEqual(commands, ['a', 'b']);
});

it('keeps a definition it cannot read, with the reason', () => {
  const hostile: readonly (readonly [definition: string, code: RegExp])[] = [
    ['<Task>', /XML_MALFORMED/],
    ['', /XML_MALFORMED/],
    ['not xml', /XML_MALFORMED/],
    ['<!DOCTYPE a [<!ENTITY b "c">]><Task>&b;</Task>', /XML_DTD_REFUSED/],
    [`${'<a>'.repeat(100)}${'</a>'.repeat(100)}`, /XML_TOO_LARGE/],
    [`<Task>${'<a/>'.repeat(10_000)}</Task>`, /XML_TOO_LARGE/],
  ];
  for (const [definition, code] of hostile) {
    const [detail, ...others] = scheduledTaskDetails(definition);
    assert.deepEqual(others, []);
    assert.equal(detail?.after, definition);
    assert.match(detail?.message ?? '', code);
  }
});
