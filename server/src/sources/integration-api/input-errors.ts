/** Why raw events of this source cannot be interpreted. */
import { defineErrors } from '@witness/record';

export const inputError = defineErrors({
  INTEGRATION_API_BATCH_INVALID: {
    message: 'The raw event is not a list of placed Activity Records: {reason}',
    advice:
      'The raw event is kept; report it together with the version of the program that wrote it.',
    retry: 'never',
  },
});
