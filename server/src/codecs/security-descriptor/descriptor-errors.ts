import { defineErrors } from '@witness/record';

export const descriptorError = defineErrors({
  SDDL_MALFORMED: {
    message: 'The text is not a security descriptor: {reason}',
    advice: 'Compare it with what Get-Acl or icacls shows for the object.',
    retry: 'never',
  },
  SDDL_LIMIT: {
    message: 'The security descriptor is beyond a limit: {reason}',
    advice: 'Windows never writes this. Check where the event comes from.',
    retry: 'never',
  },
  SECURITY_DESCRIPTOR_MALFORMED: {
    message: 'The bytes are not a self-relative security descriptor: {reason}',
    advice: 'Read the attribute of the object again.',
    retry: 'never',
  },
});
