import type { Operations } from '../operations/index.ts';
import {
  actionOf,
  type Command,
  commandError,
  type Invocation,
  numberOption,
  textOption,
} from './command.ts';
import { EXIT_CODES } from './exit-codes.ts';
import { formatTable, toTerminalText } from './format.ts';
import { openOperations } from './open-operations.ts';

const usageError = (reason: string) => commandError('COMMAND_USAGE', { command: 'user', reason });

const nameOf = ({ words }: Invocation): string => {
  const name = words[1];
  if (!name) throw usageError(`Name the user: witness user ${words[0]} <name>`);
  return name;
};

/** What each word behind `user` does; gives the text for a person and the value for `--json`. */
const ACTIONS: Readonly<
  Record<
    string,
    (
      operations: Operations,
      invocation: Invocation,
      env: Readonly<Record<string, string | undefined>>,
    ) => Promise<{ text: string; value: unknown }>
  >
> = {
  add: async (operations, invocation, env) => {
    const name = nameOf(invocation);
    const role = textOption(invocation.values, 'role');
    if (!role) throw usageError('Give the role: --role reviewer');
    const scope = textOption(invocation.values, 'scope');
    const password = env.WITNESS_USER_PASSWORD;
    const result = await operations.call('user-add', {
      name,
      role,
      ...(scope === undefined ? {} : { scope }),
      ...(password === undefined ? {} : { password }),
    });
    const shown = result.generatedPassword
      ? `\nPassword (shown this once): ${result.generatedPassword}`
      : '';
    return { text: `${toTerminalText(result.name)}: added as ${role}.${shown}`, value: result };
  },
  list: async (operations) => {
    const users = await operations.call('user-list', {});
    const rows = users.map(({ name, roles, tokens }) => [
      toTerminalText(name),
      roles.join(', '),
      tokens.length > 0 ? `tokens: ${toTerminalText(tokens.join(', '))}` : '',
    ]);
    return { text: users.length === 0 ? 'There are no users.' : formatTable(rows), value: users };
  },
  remove: async (operations, invocation) => {
    const name = nameOf(invocation);
    const result = await operations.call('user-remove', { name });
    if (!result.wasThere) throw usageError(`There is no user "${name}".`);
    return { text: `${toTerminalText(name)}: removed, with all tokens.`, value: result };
  },
  token: async (operations, invocation) => {
    const name = nameOf(invocation);
    const label = textOption(invocation.values, 'label') ?? 'command line';
    const expiresInDays = numberOption('user', invocation.values, 'expires-days');
    const result = await operations.call('user-token', {
      name,
      label,
      ...(expiresInDays === undefined ? {} : { expiresInDays }),
    });
    return { text: `Token (shown this once): ${result.token}`, value: result };
  },
};

export const userCommand: Command = {
  name: 'user',
  summary: 'Add, list and remove users; make tokens for scripts',
  usage: 'user add <name> --role <role> | user list | user remove <name> | user token <name>',
  help: [
    'Roles: global-administrator, global-reviewer, reviewer, configurator, contributor.',
    'A role holds for everything, unless --scope names a plan or a folder of plans: --scope plan:Doors,',
    '--scope folder:Customers/Northwind.',
    'The password is generated and shown once; the variable WITNESS_USER_PASSWORD sets it instead.',
    '--label names a token, --expires-days ends it.',
  ].join('\n'),
  options: {
    json: { type: 'boolean' },
    role: { type: 'string' },
    scope: { type: 'string' },
    label: { type: 'string' },
    'expires-days': { type: 'string' },
  },
  run: async (invocation, io) => {
    const action = actionOf(ACTIONS, invocation);
    if (!action) throw usageError('Say what to do: user add, user list, user remove, user token.');
    await using session = await openOperations(invocation, io);
    const { text, value } = await action(session.operations, invocation, io.env);
    io.out.write(`${invocation.values.json ? JSON.stringify(value) : text}\n`);
    return EXIT_CODES.done;
  },
};
