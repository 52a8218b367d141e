/** Small Windows events for tests. */
import type { WindowsEvent } from '../codecs/index.ts';
import { SECURITY_AUDITING } from './providers.ts';

/** A Security event with the given data; everything else can be overridden. */
export const securityEvent = (
  eventId: number,
  data: Readonly<Record<string, string>>,
  overrides: Partial<WindowsEvent> = {},
): WindowsEvent => ({
  provider: SECURITY_AUDITING,
  eventId,
  keywords: '0x8020000000000000',
  systemTime: '2026-01-31T09:00:00.1234567Z',
  when: Date.UTC(2026, 0, 31, 9, 0, 0, 123),
  recordId: 42,
  channel: 'Security',
  computer: 'dc01.contoso.com',
  data: Object.entries(data).map(([name, value]) => ({ name, value })),
  ...overrides,
});
