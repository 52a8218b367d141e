import type { MonitoringPlan } from '../plans/index.ts';
import type { SourceDeclaration } from '../sources/index.ts';

/** The plan's sources that are on, in the order of the registry. Whether the plan itself is on is not looked at. */
export const enabledSources = (
  { dataSources }: MonitoringPlan,
  sources: readonly SourceDeclaration[],
): readonly SourceDeclaration[] =>
  sources.filter(({ id }) =>
    dataSources.some(({ source, isEnabled }) => isEnabled && source === id),
  );
