/** Plans for tests of this room. */
import type { MonitoringPlan } from '../plans/index.ts';

export const planOf = (
  name: string,
  sources: readonly string[],
  more: Partial<MonitoringPlan> = {},
): MonitoringPlan => ({
  id: `{00000000-0000-4000-8000-${Buffer.from(name).toString('hex').padStart(12, '0').slice(0, 12)}}`,
  name,
  isEnabled: true,
  dataSources: sources.map((source) => ({ source, isEnabled: true, settings: {}, items: [] })),
  ...more,
});
