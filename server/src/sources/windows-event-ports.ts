/** How Windows events reach Witness, the same for every source made of them. */
import type { PortDeclaration } from './source.ts';

const PUSHED = {
  direction: 'inbound',
  protocol: 'tcp',
  sourceRole: 'Monitored Windows computer',
  targetRole: 'Witness server',
} as const;

/** Windows Event Forwarding, source-initiated: the computer opens the connection, nothing is installed on it. */
export const WINDOWS_EVENT_PORTS: readonly PortDeclaration[] = [
  {
    ...PUSHED,
    port: '5986',
    purpose: 'Windows Event Forwarding over HTTPS',
    required: true,
  },
  {
    ...PUSHED,
    port: '5985',
    purpose: 'Windows Event Forwarding over HTTP, encrypted by Kerberos',
    required: false,
  },
];
