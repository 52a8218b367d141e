import type { WindowsSetup } from '../windows-setup.ts';

export const EXCHANGE_LOG = 'MSExchange Management';

const LOG_BYTES = 1024 * 1024 * 1024;

export const EXCHANGE_SETUP: WindowsSetup = {
  computers: 'Exchange servers',
  logs: [
    {
      log: EXCHANGE_LOG,
      sizeBytes: LOG_BYTES,
      reason:
        '1, 6: every cmdlet that changed something. Exchange writes the log by itself, but keeps it small',
    },
  ],
};
