import { defineErrors } from '@witness/record';

export const windowsCollectionError = defineErrors({
  WINDOWS_SERVER_NAME_INVALID: {
    message: 'Computers cannot reach the server by the name "{name}".',
    advice: 'Give the full DNS name of the Witness server, such as witness.example.com.',
    retry: 'never',
  },
  WINDOWS_ISSUER_INVALID: {
    message: '"{thumbprint}" is no thumbprint of a certificate.',
    advice:
      'Give the SHA-1 thumbprint of the certification authority that issues the certificates of the computers: 40 hexadecimal digits.',
    retry: 'never',
  },
});
