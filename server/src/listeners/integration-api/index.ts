/** The Integration API: Activity Records in and out over HTTP. */

export {
  createIntegrationApi,
  type IntegrationApi,
  type IntegrationApiOptions,
  type IntegrationApiSettings,
} from './integration-api.ts';
export { INTEGRATION_API_LIMITS, type IntegrationApiLimits } from './limits.ts';
export type { PlanDirectory } from './write-records.ts';
