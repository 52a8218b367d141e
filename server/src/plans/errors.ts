/** What can go wrong with the configuration database, its secrets and plan files. Codes never change their meaning. */
import { defineErrors } from '@witness/record';

export const error = defineErrors({
  CONFIGURATION_DATABASE_UNREADABLE: {
    message: 'The configuration database {file} cannot be opened',
    advice:
      'Check that the file belongs to the service account and is a Witness database; restore it from a backup otherwise',
    retry: 'never',
  },
  CONFIGURATION_DATABASE_NEWER: {
    message:
      'The configuration database has schema {found}, this version of Witness knows up to {known}',
    advice:
      'Start the newer version of Witness again, or restore the backup made before the upgrade',
    retry: 'never',
  },
  CONFIGURATION_DATABASE_FAILED: {
    message: 'The configuration database could not complete an operation: {reason}',
    advice: 'Check free space and rights of the data folder, then repeat; nothing was changed',
    retry: 'later',
  },
  SECRET_KEY_MISSING: {
    message: 'The key file {file} is missing, but sealed secrets exist',
    advice:
      'Restore the key file from the backup; without it the accounts of plans must be entered anew',
    retry: 'never',
  },
  SECRET_KEY_INVALID: {
    message: 'The key file {file} does not hold 32 bytes',
    advice: 'Restore the key file from the backup',
    retry: 'never',
  },
  SECRET_KEY_UNREADABLE: {
    message: 'The key file {file} cannot be read or created',
    advice: 'Give the service account the right to it',
    retry: 'never',
  },
  SECRET_KEY_MISMATCH: {
    message: 'Sealed secrets belong to another key than the one in the key file',
    advice: 'Restore the key file that belongs to this configuration database',
    retry: 'never',
  },
  SECRET_TAMPERED: {
    message: 'A sealed secret was changed or moved from where it was sealed',
    advice: 'Enter the secret anew, and find out who can write to the configuration database',
    retry: 'never',
  },
  SECRET_ENVELOPE_UNKNOWN: {
    message: 'A sealed secret has a form this version of Witness does not know',
    advice: 'Start the version of Witness that sealed it, or enter the secret anew',
    retry: 'never',
  },
  PLAN_YAML_MALFORMED: {
    message: 'The plan file is not well-formed YAML: {reason}',
    advice: 'Correct the file at the given line and column',
    retry: 'never',
  },
  PLAN_YAML_LIMIT: {
    message: 'The plan file is beyond a limit: {limit}',
    advice: 'Split the file, or write it with less nesting and fewer aliases',
    retry: 'never',
  },
  PLAN_KEY_UNKNOWN: {
    message: 'Unknown key `{key}`{nearest}',
    advice: 'Keys allowed here: {known}',
    retry: 'never',
  },
  PLAN_KEY_DUPLICATE: {
    message: 'Key `{key}` is given twice',
    advice: 'Keep one of them',
    retry: 'never',
  },
  PLAN_VALUE_INVALID: {
    message: '`{path}`: {reason}',
    advice: 'Correct the value',
    retry: 'never',
  },
  PLAN_SOURCE_UNKNOWN: {
    message: 'Unknown data source `{source}`{nearest}',
    advice: 'Data sources of this version: {known}',
    retry: 'never',
  },
  PLAN_SOURCE_DUPLICATE: {
    message: 'Data source `{source}` is listed twice in the plan',
    advice: 'List it once, with all its items',
    retry: 'never',
  },
  PLAN_ITEM_TYPE_UNKNOWN: {
    message: 'Data source `{source}` has no items of type `{type}`{nearest}',
    advice: 'Item types of this data source: {known}',
    retry: 'never',
  },
  PLAN_ITEM_DUPLICATE: {
    message: 'Item `{item}` is listed twice in data source `{source}`',
    advice: 'Names of items are compared without letter case; keep one of them',
    retry: 'never',
  },
  PLAN_DUPLICATE: {
    message: 'The file holds plan `{plan}` twice',
    advice: 'Names of plans are compared without letter case; keep one of them',
    retry: 'never',
  },
  PLAN_NAME_TAKEN: {
    message: 'The name `{plan}` belongs to plan {id}',
    advice: 'Choose another name, or leave out `id` to change the existing plan',
    retry: 'never',
  },
  PLAN_FILE_FAULTS: {
    message: 'The plan file has {count} faults: {faults}',
    advice: 'Correct them all; nothing was applied',
    retry: 'never',
  },
});

/** Every code of this room with its message and advice. */
export const PLAN_ERRORS = error.table;
