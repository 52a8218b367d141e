import { defineErrors } from '@witness/record';

export const dataFolderError = defineErrors({
  DATA_FOLDER_LOCKED: {
    message: 'The data folder {folder} is in use by process {pid}.',
    advice:
      'A Witness server or import runs on it. Stop that process, or name another folder with --data.',
    retry: 'later',
  },
  DATA_FOLDER_UNUSABLE: {
    message: 'The data folder {folder} cannot be used: {reason}.',
    advice: 'Check that the folder exists or can be made, and that this account may write in it.',
    retry: 'never',
  },
  DATA_FOLDER_KEY_INVALID: {
    message: 'The key file {path} does not hold a key.',
    advice:
      'Restore it from a backup. Without one remove it: a new key is made, and what the old one protected must be made again.',
    retry: 'never',
  },
});
