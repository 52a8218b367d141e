import { once } from 'node:events';
import type { Server } from '../compose.ts';
import { printSettings } from '../settings/index.ts';
import type { Command, CommandIo } from './command.ts';
import { commandSettings } from './command-settings.ts';
import { EXIT_CODES } from './exit-codes.ts';
import { formatTable } from './format.ts';

/** Resolves when the person or the system asks to end. */
export const untilAsked = async (signal: AbortSignal): Promise<void> => {
  if (!signal.aborted) await once(signal, 'abort');
};

/** What somebody who has just started the server needs to know. */
export const startText = (server: Server): string => {
  const rows = [
    ...server.addresses.map(({ title, url }) => [`  ${title}`, url]),
    ['  Data', server.dataFolder],
    ...(server.certificateFingerprint
      ? [['  Certificate', `SHA-256 ${server.certificateFingerprint}`]]
      : []),
  ];
  const { firstAdministrator } = server;
  const account = firstAdministrator
    ? [
        '',
        `The first administrator is ${firstAdministrator.name}.`,
        firstAdministrator.generatedPassword
          ? `Password, shown this once: ${firstAdministrator.generatedPassword}`
          : 'The password is the one of WITNESS_ADMIN_PASSWORD.',
      ]
    : [];
  return ['Witness is running.', '', formatTable(rows), ...account].join('\n');
};

const nextSteps = (server: Server): string => {
  const api = server.addresses.find(({ listener }) => listener === 'integration-api');
  const steps = [
    ['  npx witness import <file.evtx>', 'read a Windows event log'],
    ['  npx witness search "action:added type:user"', 'find out who created accounts'],
    api
      ? [
          `  curl -k -u admin "${api.url}/activity_records/enum?format=json"`,
          'read all records as a script would',
        ]
      : ['  npx witness status', 'see how the server is doing'],
  ];
  return ['Three things to try, in a second terminal:', formatTable(steps)].join('\n');
};

export const runServer = async (server: Server, io: CommandIo): Promise<number> => {
  await untilAsked(io.signal);
  io.error.write('Ending: what has arrived is being stored ...\n');
  await server.close();
  return EXIT_CODES.done;
};

export const serveCommand: Command = {
  name: 'serve',
  summary: 'Run the Auditor Server',
  usage: 'serve',
  help: [
    'Runs until it is asked to end (Ctrl+C). Settings come from witness.yaml, WITNESS_* variables and the options below.',
    'WITNESS_ADMIN_PASSWORD sets the password of the first administrator; otherwise one is generated and shown once.',
    '--print-config shows the settings in force, with where each was set and secrets masked, and ends.',
  ].join('\n'),
  options: { 'print-config': { type: 'boolean' } },
  run: async (invocation, io) => {
    const loaded = commandSettings(invocation, io);
    if (invocation.values['print-config']) {
      io.out.write(printSettings(loaded));
      return EXIT_CODES.done;
    }
    for (const warning of loaded.warnings) io.error.write(`${warning}\n`);
    const { composeServer } = await import('../compose.ts');
    const server = await composeServer(loaded.settings, io);
    io.out.write(`${startText(server)}\n\n${nextSteps(server)}\n\nStop with Ctrl+C.\n`);
    return runServer(server, io);
  },
};
