/**
 * Rules and settings of the Windows Firewall. Source: the messages of "Microsoft-Windows-Windows Firewall With Advanced Security" (later versions
 * of Windows have later ids for the same) and [MS-FASP] 2.2; Microsoft, "4946(S)" to "4950(S)".
 */
import type { Detail } from '@witness/record';
import type { WindowsEvent } from '../../codecs/index.ts';
import {
  appendDetails,
  type DetailSpec,
  field,
  isNullSid,
  numberField,
  numberOf,
  sidActor,
  unknownActor,
} from '../../windows-events/index.ts';
import {
  ADDED,
  type ComputerChange,
  MODIFIED,
  optionalDetail,
  REMOVED,
  type ReadChange,
  requiredField,
} from './computer-change.ts';

export const FIREWALL = 'Microsoft-Windows-Windows Firewall With Advanced Security';

const RULE = 'Firewall Rule';
const SETTING = 'Firewall Setting';

const numbered =
  (words: Readonly<Record<string, string>>) =>
  (value: string): string =>
    Object.hasOwn(words, value) ? (words[value] ?? value) : value;

const directionWords = numbered({ 1: 'inbound', 2: 'outbound', 3: 'forward' });
const actionWords = numbered({ 2: 'block', 3: 'allow', 4: 'allow if secure, bypassing blocks' });
const originWords = numbered({
  1: 'local',
  2: 'Group Policy',
  3: 'dynamic',
  4: 'generated',
  5: 'built in',
});
const yesNo = numbered({ 0: 'No', 1: 'Yes' });

const PROTOCOLS = numbered({
  0: 'HOPOPT',
  1: 'ICMPv4',
  2: 'IGMP',
  6: 'TCP',
  17: 'UDP',
  41: 'IPv6',
  43: 'IPv6-Route',
  44: 'IPv6-Frag',
  47: 'GRE',
  50: 'ESP',
  51: 'AH',
  58: 'ICMPv6',
  59: 'IPv6-NoNxt',
  60: 'IPv6-Opts',
  112: 'VRRP',
  113: 'PGM',
  115: 'L2TP',
  256: 'any',
});

const ALL_PROFILES = 0x7fffffff;
const PROFILES: readonly (readonly [bit: number, name: string])[] = [
  [1, 'Domain'],
  [2, 'Private'],
  [4, 'Public'],
];

/** `Domain, Private` of 3. */
const profileWords = (value: string): string => {
  const bits = numberOf(value);
  if (bits === undefined || bits <= 0) return value;
  if (bits === ALL_PROFILES || (bits & 7) === 7) return 'all';
  const names = PROFILES.filter(([bit]) => (bits & bit) !== 0).map(([, name]) => name);
  return names.length === 0 ? value : names.join(', ');
};

const present = (value: string): string | undefined => (value === '*' ? 'any' : value);

const RULE_DETAILS: readonly DetailSpec[] = [
  { field: 'Active', property: 'Enabled', words: yesNo },
  { field: 'Direction', property: 'Direction', words: directionWords },
  { field: 'Action', property: 'Action', words: actionWords },
  { field: 'Protocol', property: 'Protocol', words: PROTOCOLS },
  { field: 'LocalPorts', property: 'Local ports', words: present },
  { field: 'RemotePorts', property: 'Remote ports', words: present },
  { field: 'LocalAddresses', property: 'Local addresses', words: present },
  { field: 'RemoteAddresses', property: 'Remote addresses', words: present },
  { field: 'Profiles', property: 'Profiles', words: profileWords },
  { field: 'ProfileChanged', property: 'Profiles' },
  { field: 'ApplicationPath', property: 'Program' },
  { field: 'ServiceName', property: 'Service' },
  { field: 'PolicyAppId', property: 'Application policy' },
  { field: 'EdgeTraversal', property: 'Edge traversal', words: yesNo },
  { field: 'RemoteMachineAuthorizationList', property: 'Remote computers' },
  { field: 'RemoteUserAuthorizationList', property: 'Remote users' },
  { field: 'Origin', property: 'Origin', words: originWords },
  { field: 'EmbeddedContext', property: 'Context' },
  { field: 'RuleId', property: 'Rule ID' },
  { field: 'ModifyingApplication', property: 'Changed with' },
];

const NO_USER = {
  reason: 'The event does not name the user.',
  fix: 'Collect the log "Microsoft-Windows-Windows Firewall With Advanced Security/Firewall": it has the SID of who changed the rule.',
};

const actorOf = (event: WindowsEvent): ComputerChange['actor'] => {
  const sid = field(event, 'ModifyingUser');
  return sid === undefined || isNullSid(sid) ? unknownActor(NO_USER) : sidActor(sid);
};

const ruleChanged =
  (action: string): ReadChange =>
  (event) => ({
    action,
    objectType: RULE,
    what: `Firewall Rules\\${field(event, 'RuleName') ?? requiredField(event, 'RuleId')}`,
    actor: actorOf(event),
    details: appendDetails([], event, RULE_DETAILS),
  });

const manyChanged =
  (action: string, objectType: string, what: string, details: readonly Detail[]): ReadChange =>
  (event) => ({
    action,
    objectType,
    what,
    actor: actorOf(event),
    details: [
      ...details,
      ...optionalDetail('Store', field(event, 'Store')),
      ...optionalDetail('Changed with', field(event, 'ModifyingApplication')),
    ],
  });

/** [MS-FASP] 2.2.37, FW_PROFILE_CONFIG. */
const PROFILE_SETTINGS = numbered({
  1: 'Firewall enabled',
  2: 'Stealth mode disabled',
  3: 'All inbound connections blocked',
  4: 'Unicast responses to multicast disabled',
  5: 'Dropped packets logged',
  6: 'Successful connections logged',
  7: 'Ignored rules logged',
  8: 'Size of the log',
  9: 'Path of the log',
  10: 'Notifications about blocked programs disabled',
  11: 'Local program rules merged',
  12: 'Local port rules merged',
  13: 'Local rules merged',
  14: 'Local connection security rules merged',
  15: 'Interfaces excluded',
  16: 'Default outbound action',
  17: 'Default inbound action',
  18: 'Stealth mode exemption for secured packets disabled',
});

/** SettingType is a number in the firewall's own log and words in the Security log. */
const settingName = (event: WindowsEvent): string => {
  const type = requiredField(event, 'SettingType');
  return numberField(event, 'Profiles') === undefined ? type : PROFILE_SETTINGS(type);
};

const settingChanged: ReadChange = (event) => {
  const profiles = field(event, 'Profiles');
  const profile = profiles === undefined ? field(event, 'ProfileChanged') : profileWords(profiles);
  return {
    action: MODIFIED,
    objectType: SETTING,
    what: profile === undefined ? 'Firewall' : `Firewall\\${profile} profile`,
    actor: actorOf(event),
    details: [
      {
        property: settingName(event).slice(0, 255),
        after: field(event, 'SettingValueString') ?? field(event, 'SettingValue') ?? '',
      },
      ...optionalDetail('Origin', originOf(event)),
      ...optionalDetail('Changed with', field(event, 'ModifyingApplication')),
    ],
  };
};

const originOf = (event: WindowsEvent): string | undefined => {
  const origin = field(event, 'Origin');
  return origin === undefined ? undefined : originWords(origin);
};

const RESET = manyChanged(MODIFIED, SETTING, 'Firewall', [
  { property: 'State', after: 'Reset to defaults' },
]);
const ALL_DELETED = manyChanged(REMOVED, RULE, 'Firewall Rules', [
  { property: 'State', after: 'All rules deleted' },
]);

export const FIREWALL_EVENTS: ReadonlyMap<number, ReadChange> = new Map([
  [2003, settingChanged],
  [2004, ruleChanged(ADDED)],
  [2005, ruleChanged(MODIFIED)],
  [2006, ruleChanged(REMOVED)],
  [2032, RESET],
  [2033, ALL_DELETED],
  [2052, ruleChanged(REMOVED)],
  [2071, ruleChanged(ADDED)],
  [2073, ruleChanged(MODIFIED)],
  [2097, ruleChanged(ADDED)],
  [2099, ruleChanged(MODIFIED)],
]);

/** The same in the Security log, without the user. */
export const FIREWALL_SECURITY_EVENTS: ReadonlyMap<number, ReadChange> = new Map([
  [4946, ruleChanged(ADDED)],
  [4947, ruleChanged(MODIFIED)],
  [4948, ruleChanged(REMOVED)],
  [4949, RESET],
  [4950, settingChanged],
]);
