/** A listener that cannot listen: which one, where, and what to do about it. */
import { defineErrors } from '@witness/record';
import type { ListenerId, ListenerSettings } from './settings/index.ts';

const listenError = defineErrors({
  LISTENER_PORT_TAKEN: {
    message: 'The listener {listener} cannot use {address} port {port}: another program has it.',
    advice:
      'Stop that program, or choose another port with --set listeners.{listener}.port=NUMBER.',
    retry: 'later',
  },
  LISTENER_PORT_DENIED: {
    message: 'The listener {listener} may not use {address} port {port}.',
    advice:
      'Allow the account of Witness to use ports below 1024, or choose another with --set listeners.{listener}.port=NUMBER.',
    retry: 'never',
  },
  LISTENER_ADDRESS_ABSENT: {
    message: 'The listener {listener} cannot use {address}: it is no address of this machine.',
    advice: 'Set listeners.{listener}.address to one of its addresses, or to 0.0.0.0 for all.',
    retry: 'later',
  },
});

const CODES: Readonly<Record<string, Parameters<typeof listenError>[0]>> = {
  EADDRINUSE: 'LISTENER_PORT_TAKEN',
  EACCES: 'LISTENER_PORT_DENIED',
  EADDRNOTAVAIL: 'LISTENER_ADDRESS_ABSENT',
};

/** @throws LISTENER_* instead of what the system says. */
export const listenAs = async <Bound>(
  listener: ListenerId,
  { address, port }: ListenerSettings,
  listen: () => Promise<Bound>,
): Promise<Bound> => {
  try {
    return await listen();
  } catch (cause) {
    const code = CODES[(cause as NodeJS.ErrnoException).code ?? ''];
    throw code ? listenError(code, { listener, address, port }, { cause }) : cause;
  }
};
