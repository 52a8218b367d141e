import { readFileSync } from 'node:fs';
import type { Operations, PlanReport } from '../operations/index.ts';
import { actionOf, type Command, commandError, type Invocation, textOption } from './command.ts';
import { EXIT_CODES } from './exit-codes.ts';
import { formatTable, toTerminalText } from './format.ts';
import { openOperations } from './open-operations.ts';

const usageError = (reason: string) => commandError('COMMAND_USAGE', { command: 'plan', reason });

const readPlanFile = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw commandError('COMMAND_FILE_UNREADABLE', { path, reason }, { cause });
  }
};

const reportText = ({ created, updated, unchanged }: PlanReport): string =>
  (
    [
      ['created', created],
      ['updated', updated],
      ['unchanged', unchanged],
    ] as const
  )
    .flatMap(([outcome, names]) => names.map((name) => `${toTerminalText(name)}: ${outcome}`))
    .join('\n');

/** What each word behind `plan` does; gives the text for a person and the value for `--json`. */
const ACTIONS: Readonly<
  Record<
    string,
    (operations: Operations, invocation: Invocation) => Promise<{ text: string; value: unknown }>
  >
> = {
  list: async (operations) => {
    const plans = await operations.call('plan-list', {});
    const rows = plans.map(({ name, isEnabled, dataSources, items }) => [
      toTerminalText(name),
      isEnabled ? 'enabled' : 'disabled',
      dataSources.join(', '),
      toTerminalText(items.join(', ')),
    ]);
    return {
      text: plans.length === 0 ? 'There are no monitoring plans.' : formatTable(rows),
      value: plans,
    };
  },
  apply: async (operations, { values }) => {
    const file = textOption(values, 'file');
    if (!file) throw usageError('Name the plan file: witness plan apply -f plan.yaml');
    const report = await operations.call('plan-apply', { yaml: readPlanFile(file), file });
    return { text: reportText(report), value: report };
  },
  delete: async (operations, { words }) => {
    const name = words[1];
    if (!name) throw usageError('Name the plan: witness plan delete "My plan"');
    const result = await operations.call('plan-delete', { name });
    if (!result.wasThere) throw usageError(`There is no monitoring plan "${name}".`);
    return { text: `${toTerminalText(name)}: deleted. Its records stay.`, value: result };
  },
};

export const planCommand: Command = {
  name: 'plan',
  summary: 'List, apply and delete monitoring plans',
  usage: 'plan list | plan apply -f plan.yaml | plan delete <name>',
  help: [
    'A monitoring plan says what is audited. `apply` makes the plans of a YAML file exist as written, all or none;',
    'applying the file again changes nothing. For records of the Integration API a plan needs the source',
    '`integration-api` and, to be found by item, items of type Integration:',
    '',
    '  name: Doors',
    '  dataSources:',
    '    - source: integration-api',
    '      items:',
    '        - name: Badge feed',
    '          type: Integration',
  ].join('\n'),
  options: {
    json: { type: 'boolean' },
    file: { type: 'string', short: 'f' },
  },
  run: async (invocation, io) => {
    const action = actionOf(ACTIONS, invocation);
    if (!action)
      throw usageError('Say what to do: plan list, plan apply -f FILE, plan delete NAME.');
    await using session = await openOperations(invocation, io);
    const { text, value } = await action(session.operations, invocation);
    io.out.write(`${invocation.values.json ? JSON.stringify(value) : text}\n`);
    return EXIT_CODES.done;
  },
};
