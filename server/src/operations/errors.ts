import { defineErrors } from '@witness/record';

export const operationsError = defineErrors({
  OPERATION_UNKNOWN: {
    message: 'There is no operation {name}.',
    advice: 'Use the command line of the same Witness version as the server.',
    retry: 'never',
  },
  OPERATION_PLAN_UNKNOWN: {
    message: 'There is no monitoring plan "{name}".',
    advice: 'List the plans: witness plan list.',
    retry: 'never',
  },
  OPERATION_ROLE_UNKNOWN: {
    message: 'There is no role {role}.',
    advice: 'The roles are {roles}.',
    retry: 'never',
  },
  OPERATION_SCOPE_UNKNOWN: {
    message: 'There is no scope {scope}: {reason}.',
    advice: 'Leave it out for everything, or write plan:NAME or folder:PATH.',
    retry: 'never',
  },
});
