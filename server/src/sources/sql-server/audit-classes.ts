/**
 * What `class_type` of an audit event stands for. Source: Microsoft, `sys.dm_audit_class_type_map` and "ObjectType Trace Event
 * Column" (the same two letters as a number).
 */

export interface AuditClass {
  /** Object type of the record. */
  readonly type: string;
  /** Where it stands in the path of What. */
  readonly folder: string;
  /** Of the whole server, or of one database. */
  readonly scope: 'server' | 'database';
}

const server = (type: string, folder = `${type}s`): AuditClass => ({
  type,
  folder,
  scope: 'server',
});
const database = (type: string, folder = `${type}s`): AuditClass => ({
  type,
  folder,
  scope: 'database',
});

export const INSTANCE_TYPE = 'SQL Server Instance';
export const LOGON_TYPE = 'Logon';
export const DATABASE_TYPE = 'Database';
const FUNCTION = database('Function');
const PROCEDURE = database('Stored Procedure');
const TRIGGER = database('Trigger');
const TABLE = database('Table');
const LOGIN = server('Login');
const USER = database('User');
const DATABASE_ROLE = database('Database Role');

/** `Object`: SQL Server may know classes that this table does not; the code is then a detail. */
export const OTHER_CLASS: AuditClass = server('Object');

const CLASSES: Readonly<Record<string, AuditClass>> = {
  A: server('Server Audit'),
  AF: FUNCTION,
  AG: server('Availability Group'),
  AK: database('Asymmetric Key'),
  AL: LOGIN,
  AR: database('Application Role'),
  AS: database('Assembly', 'Assemblies'),
  AU: USER,
  BN: database('Remote Service Binding'),
  C: database('Constraint'),
  CD: server('Credential'),
  CL: LOGIN,
  CO: server(INSTANCE_TYPE, ''),
  CP: server('Cryptographic Provider'),
  CR: database('Certificate'),
  CT: database('Contract'),
  CU: USER,
  D: database('Constraint'),
  DA: database('Database Audit Specification'),
  DB: database(DATABASE_TYPE, ''),
  DK: database('Database Encryption Key'),
  DN: database('Event Notification'),
  DT: TRIGGER,
  EN: server('Event Notification'),
  EP: server('Endpoint'),
  F: database('Foreign Key'),
  FC: database('Full-text Catalog'),
  FL: database('Full-text Stoplist'),
  FN: FUNCTION,
  FS: FUNCTION,
  FT: FUNCTION,
  GU: USER,
  IF: FUNCTION,
  IS: FUNCTION,
  IT: TABLE,
  IX: database('Index', 'Indexes'),
  LX: server(LOGON_TYPE, ''),
  MK: database('Master Key'),
  MT: database('Message Type'),
  OB: database('Object'),
  ON: database('Event Notification'),
  P: PROCEDURE,
  PC: PROCEDURE,
  PF: database('Partition Function'),
  PK: database('Primary Key'),
  PS: database('Partition Scheme'),
  R: database('Rule'),
  RF: PROCEDURE,
  RG: server('Resource Governor', ''),
  RL: DATABASE_ROLE,
  RT: database('Route'),
  S: TABLE,
  SA: server('Server Audit Specification'),
  SC: database('Schema'),
  SG: server('Server Role'),
  SK: database('Symmetric Key'),
  SL: LOGIN,
  SN: database('Synonym'),
  SO: database('Sequence'),
  SQ: database('Queue'),
  SR: server(INSTANCE_TYPE, ''),
  ST: database('Statistics', 'Statistics'),
  SU: USER,
  SV: database('Service'),
  SX: database('XML Schema Collection'),
  T: server('Trigger'),
  TA: TRIGGER,
  TF: FUNCTION,
  TR: TRIGGER,
  TY: database('Type'),
  U: TABLE,
  UQ: database('Unique Key'),
  US: USER,
  V: database('View'),
  WG: LOGIN,
  WL: LOGIN,
  WU: USER,
  X: database('Extended Stored Procedure'),
};

export const auditClass = (code: string | undefined): AuditClass =>
  code !== undefined && Object.hasOwn(CLASSES, code) ? (CLASSES[code] ?? OTHER_CLASS) : OTHER_CLASS;

export const AUDIT_OBJECT_TYPES: readonly string[] = [
  ...new Set([...Object.values(CLASSES), OTHER_CLASS].map(({ type }) => type)),
];
