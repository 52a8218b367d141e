/** Errors of the pipeline as a sender meets them; their codes are its interface. */
import { defineErrors } from '@witness/record';

const refused = { advice: '', retry: 'later' } as const;

const pipelineError = defineErrors({
  PIPELINE_BUSY: { ...refused, message: 'Too much is waiting in the spool' },
  PIPELINE_DISK_FULL: { ...refused, message: 'The disk of the spool is full' },
  PIPELINE_CLOSED: { ...refused, message: 'Shutting down the spool' },
  PIPELINE_BATCH_INVALID: { ...refused, message: 'The batch is not good for the spool' },
});

export const pipelineErrorOf = (code: Parameters<typeof pipelineError>[0]) => pipelineError(code);
