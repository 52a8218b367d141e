/** What can go wrong with users, roles and tokens. Codes never change their meaning. */
import { defineErrors } from '@witness/record';

export const error = defineErrors({
  ACCESS_BUSY: {
    message: 'Too many sign-ins are being checked at the same time',
    advice: 'Try again in a few seconds',
    retry: 'later',
  },
  ACCESS_USER_NAME_INVALID: {
    message: '`{name}` cannot be a user name: {reason}',
    advice: 'Use a form like `admin`, `CONTOSO\\auditor` or `auditor@contoso.example`',
    retry: 'never',
  },
  ACCESS_USER_EXISTS: {
    message: 'The user `{name}` exists already',
    advice: 'Names are compared without letter case; choose another or change the existing user',
    retry: 'never',
  },
  ACCESS_USER_UNKNOWN: {
    message: 'There is no user `{name}`',
    advice: 'List the users to see how the name is written',
    retry: 'never',
  },
  ACCESS_PASSWORD_INVALID: {
    message: 'The password {reason}',
    advice: 'Choose a longer one that is not the user name; several words are fine',
    retry: 'never',
  },
  ACCESS_PASSWORD_HASH_UNKNOWN: {
    message: 'The stored password of a user has a form this version of Witness does not know',
    advice: 'Give the user a new password',
    retry: 'never',
  },
  ACCESS_ROLE_UNKNOWN: {
    message: 'There is no role `{role}`',
    advice: 'Roles: {known}',
    retry: 'never',
  },
  ACCESS_ROLE_MISSING: {
    message: 'At least one role is needed',
    advice: 'Roles: {known}',
    retry: 'never',
  },
  ACCESS_SCOPE_INVALID: {
    message: 'Role `{role}` cannot have this scope: {reason}',
    advice: 'Give everything, a folder like `Customers/Northwind`, or the id of a plan',
    retry: 'never',
  },
  ACCESS_LAST_ADMINISTRATOR: {
    message: '`{name}` is the last Global administrator',
    advice: 'Make another user Global administrator first',
    retry: 'never',
  },
  ACCESS_TOKEN_INVALID: {
    message: 'The token cannot be made: {reason}',
    advice: 'Correct the name, the expiry or the roles of the token',
    retry: 'never',
  },
  ACCESS_TOKEN_ROLE_EXCEEDS: {
    message: 'The token would have a role that `{name}` does not have: `{role}`',
    advice: 'Give the token roles and scopes that lie within those of its user',
    retry: 'never',
  },
});

/** Every code of this room with its message and advice. */
export const ACCESS_ERRORS = error.table;
