/** What can go wrong between the server and its audit database. Codes never change their meaning. */
import { defineErrors } from '@witness/record';

export const storeError = defineErrors({
  STORE_ENGINE_AWAY: {
    message: 'The audit database engine does not answer: {reason}',
    advice:
      'Wait: the embedded engine is restarted by itself. For a cluster, check its address and that it runs.',
    retry: 'later',
  },
  STORE_ENGINE_UNSUPPORTED: {
    message: 'The embedded audit database has no build for {platform}',
    advice: 'Set the store to a ClickHouse cluster by URL, or run the server on Linux or macOS.',
    retry: 'never',
  },
  STORE_ENGINE_START_FAILED: {
    message: 'The audit database engine did not start: {reason}',
    advice:
      'Check that the data folder can be written and that no other server uses it; the reason names the fault.',
    retry: 'later',
  },
  STORE_DISK_FULL: {
    message: 'The disk of the audit database is full',
    advice:
      'Free space on the disk of the data folder or shorten the retention; nothing is lost meanwhile.',
    retry: 'later',
  },
  STORE_TIMEOUT: {
    message: 'The audit database did not answer in time',
    advice: 'Narrow the search by time or by who, or try again when the server is less busy.',
    retry: 'later',
  },
  STORE_CANCELLED: {
    message: 'The query was cancelled',
    advice: 'Nothing to do: whoever asked went away.',
    retry: 'now',
  },
  STORE_BUSY: {
    message: 'The audit database takes no more at the moment: {reason}',
    advice: 'Try again in a moment; if it stays, give the engine more memory or fewer writers.',
    retry: 'later',
  },
  STORE_QUERY_REFUSED: {
    message: 'The audit database refused a query: {reason}',
    advice:
      'This is a fault in the program or a foreign table in its database; report it with the reason.',
    retry: 'never',
  },
  STORE_ACCESS_DENIED: {
    message: 'The audit database refused the account: {reason}',
    advice: 'Correct the user name and password of the cluster, and grant it its database.',
    retry: 'later',
  },
  STORE_ENGINE_ERROR: {
    message: 'The audit database failed: {reason}',
    advice: 'Try again; if it stays, the reason is the engine\u2019s own and says more.',
    retry: 'later',
  },
  STORE_SCHEMA_NEWER: {
    message: 'The audit database has schema {found}, newer than {known} of this program',
    advice: 'Run the version that wrote it, or a newer one.',
    retry: 'never',
  },
  STORE_RECORD_INVALID: {
    message: 'A record cannot be stored: {reason}',
    advice: 'This is a fault in the source that made the record; report it.',
    retry: 'never',
  },
  STORE_ADDRESS_INVALID: {
    message: 'Not a usable {what}: {value}',
    advice: 'Use letters, digits and underscores for names, and an http or https URL.',
    retry: 'never',
  },
});

export const throwIfCancelled = (signal: AbortSignal | undefined): void => {
  if (signal?.aborted) throw storeError('STORE_CANCELLED', {}, { cause: signal.reason });
};
