import { defineErrors } from '@witness/record';

/** `also` is empty, or names further faults of the same start, so that one look at the output is enough. */
export const settingsError = defineErrors({
  SETTINGS_FILE_UNREADABLE: {
    message: 'The settings file {file} cannot be read: {reason}',
    advice: 'Check that the file exists and that the account Witness runs as may read it.',
    retry: 'never',
  },
  SETTINGS_FILE_MALFORMED: {
    message: '{at}: not valid YAML: {reason}',
    advice: 'Correct the file at this place. Indent with blanks, never with tabs.',
    retry: 'never',
  },
  SETTINGS_KEY_UNKNOWN: {
    message: '{at}: unknown setting {key}{nearest}{also}',
    advice: 'Correct the name or remove it. The settings reference lists every key.',
    retry: 'never',
  },
  SETTINGS_VALUE_INVALID: {
    message: '{at}: {key} must be {expects}, not {given}{also}',
    advice: 'Correct the value of {key}.',
    retry: 'never',
  },
  SETTINGS_VALUE_MISSING: {
    message: '{at}: {key} is needed because {reason}{also}',
    advice: 'Set {key} in the settings file, as {variable}, or with --set {key}=...',
    retry: 'never',
  },
  SETTINGS_CONFLICT: {
    message: '{at}: {key} cannot be {given}: {reason}{also}',
    advice: 'Change {key} or what it collides with.',
    retry: 'never',
  },
  SETTINGS_FLAG_MALFORMED: {
    message: '--set {given} is not of the form key.path=value',
    advice: 'Write for instance --set log.level=debug.',
    retry: 'never',
  },
});
