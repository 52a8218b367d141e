import { hostname } from 'node:os';
import {
  toAuditCsv,
  toAuditpol,
  toPolicyText,
  type WindowsPolicy,
} from '../windows-collection/index.ts';
import { type Command, commandError, numberOption, textOption } from './command.ts';
import { EXIT_CODES } from './exit-codes.ts';
import { toTerminalText } from './format.ts';
import { openOperations } from './open-operations.ts';

const usageError = (reason: string) =>
  commandError('COMMAND_USAGE', { command: 'windows', reason });

/** Plan names are people's; all else is ours. */
const forTerminal = (text: string): string => text.split('\n').map(toTerminalText).join('\n');

const FORMATS: Readonly<Record<string, (policy: WindowsPolicy) => string>> = {
  text: (policy) => `${forTerminal(toPolicyText(policy))}\n`,
  auditpol: toAuditpol,
  csv: toAuditCsv,
  json: (policy) => `${JSON.stringify(policy, undefined, 2)}\n`,
};

export const windowsCommand: Command = {
  name: 'windows',
  summary: 'What must be set on Windows computers so that they send their events',
  usage:
    'windows policy [--plan NAME] [--server NAME] [--issuer THUMBPRINT | --kerberos] [--format text|auditpol|csv|json]',
  help: [
    'Prints every setting with its reason and the data source that needs it: Group Policy values, audit policy, event logs,',
    'audit entries of files, registry keys and directory objects. Without --plan: for all enabled plans together.',
    '',
    '  --server    the name computers reach this server by (default: the setting serverName, else the host name)',
    '  --port      where it listens for them (default 5986, with --kerberos 5985)',
    '  --issuer    SHA-1 thumbprint of the authority that issued the certificates of the computers',
    '  --kerberos  HTTP, signed in and encrypted by Kerberos, instead of HTTPS with certificates',
    '  --format    auditpol: a command file; csv: Audit.csv of a Group Policy object; json: everything, for programs',
  ].join('\n'),
  options: {
    plan: { type: 'string' },
    server: { type: 'string' },
    port: { type: 'string' },
    issuer: { type: 'string' },
    kerberos: { type: 'boolean' },
    format: { type: 'string' },
  },
  run: async (invocation, io) => {
    const { words, values } = invocation;
    if (words[0] !== 'policy' || words.length > 1) {
      throw usageError('Say what to print: windows policy.');
    }
    const format = textOption(values, 'format') ?? 'text';
    const render = Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined;
    if (!render) throw usageError(`There is no format "${format}".`);
    const port = numberOption('windows', values, 'port');
    if (port !== undefined && (port < 1 || port > 65_535)) {
      throw usageError('--port must be from 1 to 65535.');
    }
    const plan = textOption(values, 'plan');
    const issuer = textOption(values, 'issuer');
    await using session = await openOperations(invocation, io);
    const policy = await session.operations.call('windows-policy', {
      ...(plan === undefined ? {} : { plan }),
      target: {
        serverName: textOption(values, 'server') ?? session.settings.serverName ?? hostname(),
        ...(port === undefined ? {} : { port }),
        ...(issuer === undefined ? {} : { issuerThumbprint: issuer }),
        useKerberos: values.kerberos === true,
      },
    });
    io.out.write(render(policy));
    return EXIT_CODES.done;
  },
};
