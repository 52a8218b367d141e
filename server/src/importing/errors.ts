import { defineErrors } from '@witness/record';

export const error = defineErrors({
  IMPORT_PATH_UNREADABLE: {
    message: 'Cannot read {path}: {reason}.',
    advice: 'Check the path and that this account may read it.',
    retry: 'never',
  },
  IMPORT_NOT_A_FILE: {
    message: '{path} is neither a file nor a folder.',
    advice: 'Write what it gives into a file and import that.',
    retry: 'never',
  },
  IMPORT_KIND_UNKNOWN: {
    message:
      '{path} is neither a Windows event log (.evtx), event XML, nor Activity Records as NDJSON.',
    advice: 'Export the log as .evtx or XML, or write one JSON object a line.',
    retry: 'never',
  },
  IMPORT_NOTHING_FOUND: {
    message: 'There is nothing to import below {path}.',
    advice: 'Name .evtx, event XML or NDJSON files, or a folder that holds some.',
    retry: 'never',
  },
});
