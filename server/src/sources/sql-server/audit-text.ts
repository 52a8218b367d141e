/**
 * The text of a SQL Server audit event (33205): lines `key:value` in a fixed order. Values may have several lines; the statement
 * is what the audited person typed, so nothing in it may pass for another key.
 * Source: Microsoft, "SQL Server Audit Records" (columns), and the event as SQL Server 2012 to 2022 write it.
 */

/** Keys before the statement, in the order in which SQL Server writes them. */
const HEAD_KEYS: readonly string[] = [
  'audit_schema_version',
  'event_time',
  'sequence_number',
  'action_id',
  'succeeded',
  'is_column_permission',
  'session_id',
  'server_principal_id',
  'database_principal_id',
  'target_server_principal_id',
  'target_database_principal_id',
  'object_id',
  'user_defined_event_id',
  'transaction_id',
  'class_type',
  'duration_milliseconds',
  'response_rows',
  'affected_rows',
  'client_ip',
  'permission_bitmask',
  'sequence_group_id',
  'session_server_principal_name',
  'server_principal_name',
  'server_principal_sid',
  'database_principal_name',
  'target_server_principal_name',
  'target_server_principal_sid',
  'target_database_principal_name',
  'server_instance_name',
  'database_name',
  'schema_name',
  'object_name',
];

const STATEMENT = 'statement';
const ADDITIONAL = 'additional_information';

/** Keys behind it; their order differs between versions. */
const TAIL_KEYS: ReadonlySet<string> = new Set([
  ADDITIONAL,
  'user_defined_information',
  'application_name',
  'connection_id',
  'data_sensitivity_information',
  'host_name',
  'session_context',
  'client_tls_version',
  'client_tls_version_name',
  'database_transaction_id',
  'ledger_start_sequence_number',
  'external_policy_permissions_checked',
  'obo_middle_tier_app_id',
  'is_local_secondary_replica',
]);

export type AuditText = ReadonlyMap<string, string>;

const ORDER: ReadonlyMap<string, number> = new Map(HEAD_KEYS.map((key, i) => [key, i]));

/** Keys of versions that this table does not know look like this. */
const KEY = /^[a-z]+(?:_[a-z]+)+$/;

/** Whether a line that begins with `key:` begins a field, and not just a line of the value before it. */
type IsField = (key: string) => boolean;

/**
 * Known keys only ever follow in order: a line inside a name that looks like an earlier one stays part of the name. Keys that
 * a later version may add are fields of their own.
 */
const inOrder = (fields: ReadonlyMap<string, string>): IsField => {
  let next = 0;
  return (key) => {
    const at = ORDER.get(key);
    if (at === undefined) return KEY.test(key) && !fields.has(key);
    if (at < next) return false;
    next = at + 1;
    return true;
  };
};

const onceEach =
  (fields: ReadonlyMap<string, string>): IsField =>
  (key) =>
    TAIL_KEYS.has(key) && !fields.has(key);

const readInto = (fields: Map<string, string>, text: string, isField: IsField): void => {
  let current: string | undefined;
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    const key = colon > 0 ? line.slice(0, colon) : '';
    if (key !== '' && isField(key)) {
      fields.set(key, line.slice(colon + 1));
      current = key;
    } else if (current !== undefined) {
      fields.set(current, `${fields.get(current) ?? ''}\n${line}`);
    }
  }
};

const STATEMENT_START = `\n${STATEMENT}:`;
const ADDITIONAL_START = `\n${ADDITIONAL}:`;

/** Values without surrounding blanks; empty ones are left out. */
export const parseAuditText = (text: string): AuditText => {
  const fields = new Map<string, string>();
  const statementAt = text.indexOf(STATEMENT_START);
  readInto(fields, statementAt < 0 ? text : text.slice(0, statementAt), inOrder(fields));
  if (statementAt >= 0) {
    const rest = text.slice(statementAt + STATEMENT_START.length);
    // The last one is SQL Server's own: what people type into a statement comes before it.
    const additionalAt = rest.lastIndexOf(ADDITIONAL_START);
    fields.set(STATEMENT, additionalAt < 0 ? rest : rest.slice(0, additionalAt));
    if (additionalAt >= 0) readInto(fields, rest.slice(additionalAt + 1), onceEach(fields));
  }
  for (const [key, value] of fields) {
    const trimmed = value.trim();
    if (trimmed === '') fields.delete(key);
    else if (trimmed !== value) fields.set(key, trimmed);
  }
  return fields;
};

const EVENT_TIME = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})(\.\d{1,3})?\d*$/;

/** UTC milliseconds of `2015-09-21 12:33:15.0615021`; undefined for anything else. */
export const auditTime = (text: string | undefined): number | undefined => {
  const match = text === undefined ? null : EVENT_TIME.exec(text);
  if (match === null) return undefined;
  const time = Date.parse(`${match[1]}T${match[2]}${match[3] ?? ''}Z`);
  return Number.isNaN(time) ? undefined : time;
};
