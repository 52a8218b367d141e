import { defineErrors } from '@witness/record';

export const windowsEventError = defineErrors({
  WINDOWS_EVENT_FIELD_MISSING: {
    message: 'Event {eventId} has no {field}, so it does not say what it is about',
    advice:
      'The event is kept as it arrived. It was shortened or changed on its way; collect it from its computer again.',
    retry: 'never',
  },
  WINDOWS_EVENT_UNEXPECTED: {
    message: 'Event {eventId} is not one that {source} interprets',
    advice:
      'The event is kept as it arrived. Report this: the source claims an event it does not know.',
    retry: 'never',
  },
  WINDOWS_FRAGMENTS_UNEXPECTED: {
    message: 'No source named {source} joins events',
    advice:
      'The events are kept as they arrived. Report this: a source leaves parts that nobody joins.',
    retry: 'never',
  },
});
