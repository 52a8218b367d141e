import { dataFolderPaths } from '../data-folder/index.ts';
import { connectOperations } from '../listeners/local-control/index.ts';
import type { Operations } from '../operations/index.ts';
import type { Settings } from '../settings/index.ts';
import type { CommandIo, Invocation } from './command.ts';
import { commandSettings } from './command-settings.ts';

export interface OperationsSession extends AsyncDisposable {
  readonly settings: Settings;
  readonly operations: Operations;
}

/** Loaded only when it is needed: most of a short command's time would be the loading of the whole server. */
const openHere = async (settings: Settings, io: CommandIo): Promise<Operations> => {
  const { composeOperations } = await import('../compose.ts');
  return composeOperations(settings, io);
};

/**
 * The running server of the data folder, or, when none runs, the folder itself opened by this process.
 *
 * @throws DATA_FOLDER_LOCKED when another process has the folder and does not answer (an import, a server that is starting).
 */
export const openOperations = async (
  invocation: Invocation,
  io: CommandIo,
): Promise<OperationsSession> => {
  const { settings } = commandSettings(invocation, io);
  const { controlSocket } = dataFolderPaths(settings.data);
  const operations = (await connectOperations(controlSocket)) ?? (await openHere(settings, io));
  return {
    settings,
    operations,
    [Symbol.asyncDispose]: () => operations[Symbol.asyncDispose](),
  };
};
