/** The Integration API as a data source: what its clients write, and imports in its output form. */
export {
  activityRecordLineInput,
  activityRecordsCollectedInput,
  activityRecordsJsonInput,
  type PlacedRecord,
} from './inputs.ts';
export { integrationApi } from './source.ts';
