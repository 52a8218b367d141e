/** Action groups: Microsoft, "SQL Server Audit Action Groups and Actions". */
import type { WindowsSetup } from '../windows-setup.ts';
import { LARGE_APPLICATION_LOG, LARGE_SECURITY_LOG } from '../windows-setup-parts.ts';

const ACTION_GROUPS = [
  'SUCCESSFUL_LOGIN_GROUP',
  'FAILED_LOGIN_GROUP',
  'SERVER_ROLE_MEMBER_CHANGE_GROUP',
  'DATABASE_ROLE_MEMBER_CHANGE_GROUP',
  'SERVER_PRINCIPAL_CHANGE_GROUP',
  'DATABASE_PRINCIPAL_CHANGE_GROUP',
  'LOGIN_CHANGE_PASSWORD_GROUP',
  'SERVER_PERMISSION_CHANGE_GROUP',
  'DATABASE_PERMISSION_CHANGE_GROUP',
  'SCHEMA_OBJECT_PERMISSION_CHANGE_GROUP',
  'DATABASE_CHANGE_GROUP',
  'DATABASE_OBJECT_CHANGE_GROUP',
  'SCHEMA_OBJECT_CHANGE_GROUP',
  'SERVER_OBJECT_CHANGE_GROUP',
  'SERVER_OPERATION_GROUP',
  'AUDIT_CHANGE_GROUP',
  'BACKUP_RESTORE_GROUP',
  'DBCC_GROUP',
  'SERVER_STATE_CHANGE_GROUP',
] as const;

export const SQL_SERVER_SETUP: WindowsSetup = {
  computers: 'Computers with SQL Server',
  auditPolicy: [
    {
      subcategory: 'Application Generated',
      outcomes: 'success and failure',
      reason: '33205 of an audit TO SECURITY_LOG; not needed for one TO APPLICATION_LOG',
    },
  ],
  logs: [
    LARGE_APPLICATION_LOG,
    { ...LARGE_SECURITY_LOG, reason: '33205 of an audit TO SECURITY_LOG' },
  ],
  steps: [
    {
      title: 'In every instance (T-SQL): an audit that writes to the Application log',
      commands: [
        'CREATE SERVER AUDIT Witness TO APPLICATION_LOG;',
        'CREATE SERVER AUDIT SPECIFICATION Witness FOR SERVER AUDIT Witness',
        ...ACTION_GROUPS.map(
          (group, i) => `  ADD (${group})${i < ACTION_GROUPS.length - 1 ? ',' : ''}`,
        ),
        '  WITH (STATE = ON);',
        'ALTER SERVER AUDIT Witness WITH (STATE = ON);',
      ],
      reason:
        '33205: changes of objects, logins, roles and permissions, logons. SQL Server audits nothing by itself',
    },
    {
      title:
        'Where logons are not audited: login auditing "Both failed and successful logins" in the properties of the server',
      commands: [],
      reason: '18453-18456: logons. By itself SQL Server writes only those that failed',
    },
  ],
};
