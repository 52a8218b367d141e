/** Settings: `witness.yaml`, WITNESS_ variables, flags; one schema. */
export { type LoadedSettings, loadSettings, type SettingsInput } from './load-settings.ts';
export { printSettings, settingsReference } from './print-settings.ts';
export { readSettingsFile } from './read-settings-file.ts';
export type { SettingsFlags } from './setting-layers.ts';
export type { ListenerId, ListenerSettings, Settings } from './settings-schema.ts';
