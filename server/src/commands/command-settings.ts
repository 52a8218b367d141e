import { type LoadedSettings, loadSettings, readSettingsFile } from '../settings/index.ts';
import { type CommandIo, type Invocation, textOption } from './command.ts';

/** The settings a command works with: file, then variables, then its flags. Throws SETTINGS_*. */
export const commandSettings = ({ values }: Invocation, { env }: CommandIo): LoadedSettings => {
  const config = textOption(values, 'config');
  const data = textOption(values, 'data');
  const logLevel = textOption(values, 'log-level');
  const set = Array.isArray(values.set) ? values.set.map(String) : undefined;
  const file = readSettingsFile(config === undefined ? {} : { config }, env);
  return loadSettings({
    ...(file ? { file } : {}),
    env,
    flags: {
      ...(data === undefined ? {} : { data }),
      ...(logLevel === undefined ? {} : { logLevel }),
      ...(set ? { set } : {}),
    },
  });
};
