import { defineErrors } from '@witness/record';

export const pipelineError = defineErrors({
  PIPELINE_BUSY: {
    message: 'Too much is waiting to be stored: {reason}',
    advice: 'Send the same again later; nothing of it was kept.',
    retry: 'later',
  },
  PIPELINE_DISK_FULL: {
    message: 'The disk of the spool folder is full',
    advice:
      'Free space on the disk of the data folder; then send the same again. Nothing of it was kept.',
    retry: 'later',
  },
  PIPELINE_DISK_FAILED: {
    message: 'The disk of the spool folder does not take data: {reason}',
    advice: 'Check the disk of the data folder; then send the same again. Nothing of it was kept.',
    retry: 'later',
  },
  PIPELINE_CLOSED: {
    message: 'Witness is shutting down',
    advice: 'Send the same again when it is back; nothing of it was kept.',
    retry: 'later',
  },
  PIPELINE_CLOSED_UNSTORED: {
    message: 'Witness shut down before the audit database took the batch',
    advice: 'Do not send it again: it is safe in the spool and is stored at the next start.',
    retry: 'never',
  },
  PIPELINE_INPUT_UNKNOWN: {
    message: 'There is no input named {input}',
    advice: 'Use an input of the input table.',
    retry: 'never',
  },
  PIPELINE_BATCH_INVALID: {
    message: 'The batch is not valid: {reason}',
    advice: 'Correct the caller.',
    retry: 'never',
  },
  PIPELINE_BATCH_TOO_LARGE: {
    message: 'The batch has {actual} {unit}; at most {limit} are taken',
    advice: 'Send it in smaller parts.',
    retry: 'never',
  },
  PIPELINE_INTERPRET_FAILED: {
    message: 'Interpretation failed unexpectedly: {reason}',
    advice: 'Report it with the raw event; it can be collected again after an update.',
    retry: 'never',
  },
  PIPELINE_INTERPRET_TIMEOUT: {
    message: 'Interpretation took longer than {limitMs} ms',
    advice: 'Report it with the raw event; it can be collected again after an update.',
    retry: 'never',
  },
  PIPELINE_INTERPRET_CRASHED: {
    message: 'Interpretation ended its thread: {reason}',
    advice: 'Report it with the raw event; it can be collected again after an update.',
    retry: 'never',
  },
  PIPELINE_STORE_REFUSED: {
    message: 'The audit database refused the record: {reason}',
    advice: 'Report it with the raw event; it can be collected again after an update.',
    retry: 'never',
  },
  PIPELINE_SPOOL_UNREADABLE: {
    message: 'The spool cannot be read at {place}: {reason}',
    advice: 'Check the disk of the data folder; the rest of the spool is processed.',
    retry: 'never',
  },
});
