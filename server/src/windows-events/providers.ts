/** Providers as the System element names them. */
export const SECURITY_AUDITING = 'Microsoft-Windows-Security-Auditing';
export const EVENT_LOG_SERVICE = 'Microsoft-Windows-Eventlog';
export const SERVICE_CONTROL_MANAGER = 'Service Control Manager';
export const SYSMON = 'Microsoft-Windows-Sysmon';

/** Event logs every Windows computer has, as the System element names them. */
export const APPLICATION_LOG = 'Application';
export const SECURITY_LOG = 'Security';
export const SYSTEM_LOG = 'System';
