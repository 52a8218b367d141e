/** Words that records of AD FS use. */

export const AD_FS_TITLE = 'AD FS';

export const SUCCESSFUL_LOGON = 'Successful Logon';
export const FAILED_LOGON = 'Failed Logon';
export const LOGOFF = 'Logoff';
export const LOGON_ATTEMPT = 'Logon Attempt';
export const MODIFIED = 'Modified';
export const MODIFY_FAILED = 'Modify (Failed Attempt)';
/** AD FS wrote more about something that another event is the record of. */
export const LOGGED = 'Logged';

export const AD_FS_ACTIONS: readonly string[] = [
  SUCCESSFUL_LOGON,
  FAILED_LOGON,
  LOGOFF,
  LOGON_ATTEMPT,
  MODIFIED,
  MODIFY_FAILED,
  LOGGED,
];

export const LOGON = 'AD FS logon';
export const LOGON_BY_LOCATION: Readonly<Record<string, string>> = {
  intranet: 'AD FS logon (intranet)',
  extranet: 'AD FS logon (extranet)',
};
export const ACCOUNT = 'AD FS account';
export const CONFIGURATION = 'AD FS configuration';
export const CLAIMS = 'AD FS claims';
export const REQUEST = 'AD FS request';
export const RESPONSE = 'AD FS response';
export const FURTHER_DATA = 'AD FS further data';

export const AD_FS_OBJECT_TYPES: readonly string[] = [
  LOGON,
  ...Object.values(LOGON_BY_LOCATION),
  ACCOUNT,
  CONFIGURATION,
  CLAIMS,
  REQUEST,
  RESPONSE,
  FURTHER_DATA,
];

/** Source: Microsoft, "AD FS authentication methods" (claim `authenticationmethod`), SAML 2.0 authentication context classes. */
const METHODS: Readonly<Record<string, string>> = {
  'urn:oasis:names:tc:SAML:1.0:am:password': 'password',
  'urn:oasis:names:tc:SAML:2.0:ac:classes:Password': 'password',
  'urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport': 'password on a form',
  'urn:oasis:names:tc:SAML:2.0:ac:classes:TLSClient': 'client certificate',
  'urn:oasis:names:tc:SAML:2.0:ac:classes:X509': 'client certificate',
  'urn:oasis:names:tc:SAML:2.0:ac:classes:Kerberos': 'Kerberos',
  'urn:ietf:rfc:2246': 'client certificate',
  'urn:ietf:rfc:1510': 'Kerberos',
  'urn:federation:authentication:windows': 'Windows integrated',
  'http://schemas.microsoft.com/ws/2008/06/identity/authenticationmethod/windows':
    'Windows integrated',
  'http://schemas.microsoft.com/ws/2008/06/identity/authenticationmethod/password': 'password',
  'http://schemas.microsoft.com/ws/2008/06/identity/authenticationmethod/tlsclient':
    'client certificate',
  'http://schemas.microsoft.com/ws/2008/06/identity/authenticationmethod/x509':
    'client certificate',
  'http://schemas.microsoft.com/ws/2012/12/authmethod/otp': 'one-time password',
  'http://schemas.microsoft.com/ws/2012/12/authmethod/phoneconfirmation': 'telephone call',
  'http://schemas.microsoft.com/ws/2012/12/authmethod/phoneappnotification':
    'notification on a telephone',
  'http://schemas.microsoft.com/ws/2012/12/authmethod/phoneappotp':
    'one-time password of a telephone',
  'http://schemas.microsoft.com/claims/multipleauthn': 'multifactor',
};

export const methodWords = (method: string): string =>
  Object.hasOwn(METHODS, method) ? (METHODS[method] ?? method) : method;

/** AD FS writes `N/A` and `-` where it has no value. */
export const present = (value: string | undefined): string | undefined => {
  const trimmed = value?.trim();
  return trimmed === undefined || trimmed === '' || trimmed === '-' || trimmed === 'N/A'
    ? undefined
    : trimmed;
};

/** The first address is the client's, those behind it are proxies'. */
export const firstAddress = (list: string | undefined): string | undefined =>
  present(list?.split(',')[0]);
