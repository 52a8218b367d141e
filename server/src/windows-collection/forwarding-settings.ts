/**
 * What makes a computer send its events, whatever is audited.
 * Source: Microsoft, "Setting up a Source Initiated Subscription" and the Event Forwarding policy (EventForwarding.admx).
 */
import { windowsCollectionError } from './errors.ts';
import type { PolicyStep, RegistrySetting } from './policy.ts';

export interface ForwardingTarget {
  /** As computers reach it: a DNS name. */
  readonly serverName: string;
  /** 5986, or 5985 by Kerberos, when absent. */
  readonly port?: number;
  /** SHA-1 thumbprint of the authority that issues the computers' certificates; not needed for Kerberos. */
  readonly issuerThumbprint?: string;
  /** HTTP with messages encrypted by Kerberos instead of HTTPS with client certificates. */
  readonly useKerberos: boolean;
}

export const EVERY_COMPUTER = 'Every monitored computer';
const REFRESH_SECONDS = 60;
const HTTPS_PORT = 5986;
const HTTP_PORT = 5985;
/** Stands where the administrator puts the thumbprint. */
export const ISSUER_TO_FILL_IN = 'THUMBPRINT-OF-THE-ISSUING-CA';

/** Names only: certificates and Kerberos know no addresses. */
const DNS_NAME = /^(?=.{1,253}$)[a-z\d](?:[a-z\d-]{0,62})(?:\.[a-z\d](?:[a-z\d-]{0,62}))*\.?$/i;
const IPV4 = /^\d+(?:\.\d+){3}$/;
const THUMBPRINT = /^[\dA-F]{40}$/;

const checkedName = (name: string): string => {
  if (DNS_NAME.test(name) && !IPV4.test(name)) return name;
  throw windowsCollectionError('WINDOWS_SERVER_NAME_INVALID', { name });
};

/** As Windows' dialogs show it, with blanks and an invisible mark in front, or as other tools do, with colons. */
const checkedThumbprint = (text: string): string => {
  const thumbprint = text.replace(/[\s:\u200E]/g, '').toUpperCase();
  if (THUMBPRINT.test(thumbprint)) return thumbprint;
  throw windowsCollectionError('WINDOWS_ISSUER_INVALID', { thumbprint: text });
};

/** Throws WINDOWS_SERVER_NAME_INVALID, WINDOWS_ISSUER_INVALID. */
export const subscriptionManager = ({
  serverName,
  port,
  issuerThumbprint,
  useKerberos,
}: ForwardingTarget): string => {
  const name = checkedName(serverName);
  const issuer =
    issuerThumbprint === undefined ? ISSUER_TO_FILL_IN : checkedThumbprint(issuerThumbprint);
  return useKerberos
    ? `Server=http://${name}:${port ?? HTTP_PORT}/wsman/SubscriptionManager/WEC,Refresh=${REFRESH_SECONDS}`
    : `Server=https://${name}:${port ?? HTTPS_PORT}/wsman/SubscriptionManager/WEC,Refresh=${REFRESH_SECONDS},IssuerCA=${issuer}`;
};

const because = (reason: string) => [{ computers: EVERY_COMPUTER, reason }];

/** Throws as `subscriptionManager`. */
export const forwardingRegistry = (target: ForwardingTarget): readonly RegistrySetting[] => [
  {
    key: 'HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows\\EventLog\\EventForwarding\\SubscriptionManager',
    name: '1',
    type: 'REG_SZ',
    value: subscriptionManager(target),
    policy:
      'Administrative Templates > Windows Components > Event Forwarding > Configure target Subscription Manager',
    reasons: because(
      `Where computers ask what to send, every ${REFRESH_SECONDS} seconds${target.useKerberos ? '' : ', and which of their certificates they show'}`,
    ),
  },
];

export const FORCE_SUBCATEGORIES: RegistrySetting = {
  key: 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\Lsa',
  name: 'SCENoApplyLegacyAuditPolicy',
  type: 'REG_DWORD',
  value: '1',
  policy:
    'Windows Settings > Security Settings > Local Policies > Security Options > Audit: Force audit policy subcategory settings (Windows Vista or later) to override audit policy category settings',
  reasons: because('Otherwise the nine old audit categories may replace the subcategories below'),
};

const CERTIFICATE: PolicyStep = {
  title:
    'A certificate for client authentication in the store of the computer, by the authority that IssuerCA names; NETWORK SERVICE may read its private key',
  commands: [
    '# PowerShell; for a key that the Microsoft Software Key Storage Provider keeps:',
    "$certificate = Get-ChildItem Cert:\\LocalMachine\\My | Where-Object { $_.EnhancedKeyUsageList.ObjectId -contains '1.3.6.1.5.5.7.3.2' } | Select-Object -First 1",
    '$key = [System.Security.Cryptography.X509Certificates.RSACertificateExtensions]::GetRSAPrivateKey($certificate).Key.UniqueName',
    'icacls "$env:ProgramData\\Microsoft\\Crypto\\Keys\\$key" /grant "*S-1-5-20:R"',
  ],
  reasons: because(
    'It is how the computer proves who it is; WinRM sends events as NETWORK SERVICE',
  ),
};

export const forwardingSteps = ({ useKerberos }: ForwardingTarget): readonly PolicyStep[] => [
  {
    title:
      'Service Windows Remote Management (WinRM): started automatically (Windows Settings > Security Settings > System Services)',
    commands: ['sc.exe config WinRM start= auto', 'sc.exe start WinRM'],
    reasons: because(
      'It sends the events. It needs no listener of its own, and nothing connects to the computer',
    ),
  },
  {
    title:
      'NETWORK SERVICE in the group Event Log Readers (Preferences > Control Panel Settings > Local Users and Groups), then restart the computer',
    commands: [
      '# PowerShell; by SID, because the names depend on the language of Windows:',
      "$readers = [System.Security.Principal.SecurityIdentifier]::new('S-1-5-32-573').Translate([System.Security.Principal.NTAccount]).Value.Split('\\')[-1]",
      "$service = [System.Security.Principal.SecurityIdentifier]::new('S-1-5-20').Translate([System.Security.Principal.NTAccount]).Value",
      'net.exe localgroup $readers $service /add',
    ],
    reasons: because(
      'WinRM reads as NETWORK SERVICE, which may not read the Security log by itself',
    ),
  },
  ...(useKerberos ? [] : [CERTIFICATE]),
];
