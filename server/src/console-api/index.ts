/** What the console's port serves. */
export { type ConsoleApi, type ConsoleApiOptions, createConsoleApi } from './console-api.ts';
