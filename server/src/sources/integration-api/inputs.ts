/** The raw inputs of this source. */
export { activityRecordLineInput } from './activity-record-line.ts';
export {
  activityRecordsCollectedInput,
  activityRecordsJsonInput,
  type PlacedRecord,
} from './activity-records-json.ts';
