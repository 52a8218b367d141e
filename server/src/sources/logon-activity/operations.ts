import { LOGON_OPERATIONS, type LogonOperation } from './logon-operations.ts';
import { NPS_OPERATIONS } from './nps-operations.ts';

/** Every event of the source, by id. */
export const OPERATIONS: ReadonlyMap<number, LogonOperation> = new Map([
  ...LOGON_OPERATIONS,
  ...NPS_OPERATIONS,
]);
