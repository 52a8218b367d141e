import { defineErrors } from '@witness/record';

export const certificateError = defineErrors({
  CERTIFICATE_UNREADABLE: {
    message: 'The file {file} cannot be read: {reason}',
    advice: 'Check the path, and that the account Witness runs as may read the file.',
    retry: 'never',
  },
  CERTIFICATE_MALFORMED: {
    message: '{file} holds no certificate in PEM form',
    advice: 'Give a text file with a "BEGIN CERTIFICATE" block, followed by those of its chain.',
    retry: 'never',
  },
  CERTIFICATE_KEY_MALFORMED: {
    message: '{file} holds no private key in PEM form that can be used: {reason}',
    advice:
      'Give the unencrypted private key ("BEGIN PRIVATE KEY") in a file only the service account may read.',
    retry: 'never',
  },
  CERTIFICATE_KEY_MISMATCH: {
    message: 'The private key in {keyFile} is not that of the first certificate in {file}',
    advice:
      'Give the key the certificate was requested with, and put the server certificate before its chain.',
    retry: 'never',
  },
  CERTIFICATE_EXPIRED: {
    message: 'The certificate in {file} expired on {when}',
    advice: 'Renew the certificate, or check the clock of this machine.',
    retry: 'never',
  },
  CERTIFICATE_NOT_YET_VALID: {
    message: 'The certificate in {file} is valid only from {when}',
    advice: 'Check the clock of this machine.',
    retry: 'later',
  },
  CERTIFICATE_NOT_KEPT: {
    message: 'The certificate made for this server cannot be written to {folder}: {reason}',
    advice: 'Let the account Witness runs as write there.',
    retry: 'later',
  },
});
