/** The vocabulary of Windows events that sources fed by them share: fields, accounts, codes and flags in words. */
export {
  ACCOUNT_EVENT_IDS,
  type AccountChange,
  accountChange,
  MANAGEMENT_ACTIONS,
  type ManagedClass,
} from './account-management.ts';
export {
  type AccountKind,
  accountKind,
  accountName,
  isComputerAccount,
  kerberosAccountName,
  netbiosName,
} from './accounts.ts';
export {
  type Actor,
  namedActor,
  sidActor,
  subjectActor,
  unknownActor,
  userDataActor,
} from './actor.ts';
export {
  type AuditSubcategory,
  auditSubcategory,
  auditSubcategoryGuid,
} from './audit-policy.ts';
export { sidOfHex } from './binary-sid.ts';
export { appendDetails, type DetailSpec } from './details.ts';
export {
  type AttributeChange,
  DIRECTORY_CHANGE_EVENT_IDS,
  type DirectoryChangePart,
  directoryChangePart,
  type ObjectChange,
  objectChange,
} from './directory-change.ts';
export {
  type AttributeDetails,
  attributeDetails,
  directoryChangeAction,
  directoryChangeDetails,
} from './directory-change-details.ts';
export { DIRECTORY_NAMES, isExtendedRight, objectTypeName, sidWords } from './directory-names.ts';
export { SECRET_REPLICATION_RIGHTS } from './directory-rights.ts';
export { fileTimeWords, intervalWords } from './directory-times.ts';
export { attributeValueWords } from './directory-values.ts';
export { directoryPath, nameParts } from './distinguished-name.ts';
export { windowsEventError } from './errors.ts';
export {
  type EventFindings,
  type EventRecord,
  eventIdentity,
  eventRecord,
  type LogonSession,
} from './event-record.ts';
export {
  addressOf,
  field,
  hexField,
  isLoopback,
  listOf,
  numberField,
  numberOf,
  rawField,
  shortHex,
  userDataField,
} from './fields.ts';
export {
  FILE_ACCESS,
  fileAccessOfList,
  fileAccessWords,
  refusedFileAccess,
} from './file-access.ts';
export { isGroupPolicyChange } from './group-policy-change.ts';
export { encryptionTypeWords, preauthenticationWords, ticketOptionsWords } from './kerberos.ts';
export { type AuditOutcome, auditOutcome } from './keywords.ts';
export { isLocalAccountEvent, LOCAL_ACCOUNT_EVENT_IDS } from './local-accounts.ts';
export { isInteractiveLogon, logonTypeWords } from './logon-types.ts';
export { expandMessages, messageText } from './message-table.ts';
export { privilegeListWords } from './privileges.ts';
export {
  APPLICATION_LOG,
  EVENT_LOG_SERVICE,
  SECURITY_AUDITING,
  SECURITY_LOG,
  SERVICE_CONTROL_MANAGER,
  SYSMON,
  SYSTEM_LOG,
} from './providers.ts';
export { radiusReasonWords } from './radius.ts';
export { scheduledTaskDetails } from './scheduled-task.ts';
export { serviceTypeWords, startModeWords } from './services.ts';
export { isOwnLogonId, sessionOf } from './sessions.ts';
export { shareFlagChanges, userLimitWords } from './share-settings.ts';
export { type NamedSid, type SidFields, SUBJECT, sidFacts, TARGET } from './sid-facts.ts';
export { kerberosStatusWords, ntStatusWords } from './status-codes.ts';
export { accountFlags, changedAccountFlags } from './user-account-control.ts';
export { isAccountSid, isNullSid, wellKnownName } from './well-known-sids.ts';
