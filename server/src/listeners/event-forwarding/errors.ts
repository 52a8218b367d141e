/** What keeps a request, a connection or a port from being served. */
import { defineErrors } from '@witness/record';

const RESEND = 'Nothing is to be done: the computer sends it again by itself.';

export const forwardingError = defineErrors({
  FORWARDING_BODY_TOO_LARGE: {
    message: 'The envelope is larger than {bytesMax} bytes',
    advice: 'Lower the envelope size of the subscriptions, or raise the limit of this listener.',
    retry: 'never',
  },
  FORWARDING_BODY_BROKEN_OFF: {
    message: 'The connection ended within the envelope',
    advice: RESEND,
    retry: 'now',
  },
  FORWARDING_BUSY: {
    message: 'The server is busy; the events are to be sent again later',
    advice: RESEND,
    retry: 'later',
  },
  FORWARDING_NOT_STORED: {
    message: 'The events could not be stored; they are to be sent again later',
    advice: 'See the log of the server for the reason.',
    retry: 'later',
  },
  FORWARDING_FAILED: {
    message: 'The request failed within the server',
    advice: 'See the log of the server for the reason.',
    retry: 'later',
  },
  FORWARDING_SENDER_UNKNOWN: {
    message: 'The sender is not accepted: {reason}',
    advice:
      'Give the computer a certificate of an accepted issuer with its DNS name, or let it sign in with its own account.',
    retry: 'never',
  },
  FORWARDING_NOT_ENCRYPTED: {
    message: 'Port 5985 takes encrypted bodies only',
    advice: 'Remove AllowUnencrypted from the settings of Windows Remote Management.',
    retry: 'never',
  },
  FORWARDING_SUBSCRIPTION_UNKNOWN: {
    message: 'There is no subscription {subscription}',
    advice: 'Nothing is to be done: the computer asks for its subscriptions again by itself.',
    retry: 'later',
  },
  FORWARDING_ACTION_UNKNOWN: {
    message: 'The action "{action}" is not one of event forwarding',
    advice: 'Use this port for event forwarding only.',
    retry: 'never',
  },
  FORWARDING_ANSWER_TOO_LARGE: {
    message: 'The subscriptions take {bytes} bytes, the computer accepts {bytesMax}',
    advice: 'Raise MaxEnvelopeSizekb of Windows Remote Management on the computer, or select less.',
    retry: 'never',
  },
  FORWARDING_SUBSCRIPTION_INVALID: {
    message: 'The subscription {subscription} is not valid: {reason}',
    advice: 'Correct the definition.',
    retry: 'never',
  },
  FORWARDING_SETTINGS_INVALID: {
    message: 'The settings of event forwarding are not valid: {reason}',
    advice: 'Correct the settings.',
    retry: 'never',
  },
  FORWARDING_NO_PORT: {
    message: 'Event forwarding has no port to listen on: {reason}',
    advice: 'Set up HTTPS with client certificates, or Kerberos with the GSSAPI library of MIT.',
    retry: 'never',
  },
  FORWARDING_BOOKMARKS_UNREADABLE: {
    message: 'The bookmarks cannot be read: {reason}',
    advice: 'Check the data folder. Without the file, computers send again what they still have.',
    retry: 'later',
  },
  FORWARDING_KERBEROS_MISSING: {
    message: 'There is no GSSAPI library: {reason}',
    advice: 'Install MIT Kerberos (Debian: libgssapi-krb5-2), or use HTTPS only.',
    retry: 'never',
  },
  FORWARDING_KERBEROS_KEYTAB: {
    message: 'The keytab cannot be used: {reason}',
    advice: 'Make a keytab with AES keys for the service principal, readable by Witness only.',
    retry: 'never',
  },
  FORWARDING_KERBEROS_REFUSED: {
    message: 'The Kerberos sign-in is refused: {reason}',
    advice:
      'Check the service principal, the keytab with its key version, and the clocks of both sides.',
    retry: 'never',
  },
  FORWARDING_KERBEROS_MESSAGE: {
    message: 'The encrypted body is refused: {reason}',
    advice: 'The computer signs in again by itself. If it stays, somebody tampers with messages.',
    retry: 'now',
  },
});
