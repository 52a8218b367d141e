import { defineErrors } from '@witness/record';

/** `EVTX_NOT_A_LOG` reaches callers; the others are caught per record and become damage. */
export const evtxError = defineErrors({
  EVTX_NOT_A_LOG: {
    message: 'This is not a Windows event log file (.evtx): {reason}',
    advice: 'Give a .evtx file as Windows writes it. Older .evt files are another format.',
    retry: 'never',
  },
  EVTX_BINXML: {
    message: '{reason}',
    advice: 'The record is damaged. Export the log again from the computer it came from.',
    retry: 'never',
  },
  EVTX_LIMIT: {
    message: '{reason}',
    advice: 'The file is damaged or made to exhaust its reader. Check where it comes from.',
    retry: 'never',
  },
  EVTX_EVENT_SHAPE: {
    message: '{reason}',
    advice: 'The record is not an event of the schema that Windows documents.',
    retry: 'never',
  },
});

/** Thrown by the readers of binary XML; `offset` counts from the start of the chunk. */
export const binXmlError = (reason: string, offset: number): Error =>
  evtxError('EVTX_BINXML', { reason: `${reason} at chunk offset ${offset}` });
