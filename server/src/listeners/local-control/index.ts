/** The control socket: this machine's command line talks to the running server. */
export { createLocalControl, type LocalControl } from './local-control.ts';
export { connectOperations } from './remote-operations.ts';
