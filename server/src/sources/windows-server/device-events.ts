/**
 * Devices, removable media and their drivers. Source: Microsoft, "6416(S)" to "6424(S)"; the events of UserPnp 20001 and of
 * DriverFrameworks-UserMode 2003.
 */
import type { Detail } from '@witness/record';
import type { WindowsEvent, XmlElement } from '../../codecs/index.ts';
import {
  field,
  sessionOf,
  subjectActor,
  unknownActor,
  userDataField,
} from '../../windows-events/index.ts';
import {
  ADD_FAILED,
  ADDED,
  type ComputerChange,
  MODIFIED,
  missingField,
  optionalDetail,
  personActor,
  type ReadChange,
} from './computer-change.ts';

export const USER_PNP = 'Microsoft-Windows-UserPnp';
export const USER_MODE_DRIVERS = 'Microsoft-Windows-DriverFrameworks-UserMode';

const MEDIA = 'Removable Media';
const DEVICE = 'Device';
const DRIVER = 'Driver';

const PLUGGED_IN = {
  reason: 'Windows recognized the device; the event does not name who plugged it in.',
  fix: 'Look at who was logged on to the computer at that moment.',
};

/** USB mass storage, and what Windows shows as a portable device because of it. */
const REMOVABLE = /USBSTOR|WPDBUSENUM|^SBP2\\|^SD\\|^STORAGE\\(?:VOLUME|REMOVABLEMEDIA)\b.*USB/i;

const deviceType = (instance: string): string => (REMOVABLE.test(instance) ? MEDIA : DEVICE);

/** The Subject is the computer itself, which is not who acted. */
const deviceActor = (event: WindowsEvent): ComputerChange['actor'] => {
  const sid = field(event, 'SubjectUserSid');
  return sid === undefined || /^S-1-(?:0-0|5-(?:18|19|20))$/.test(sid)
    ? unknownActor(PLUGGED_IN)
    : subjectActor(event, PLUGGED_IN);
};

const lines = (text: string | undefined): string | undefined => {
  const parts = text?.split(/\s*[\r\n]+\s*/).filter((part) => part !== '');
  return parts === undefined || parts.length === 0 ? undefined : parts.join(', ');
};

const securityDevice =
  (action: string, state: readonly Detail[]): ReadChange =>
  (event) => {
    const instance = field(event, 'DeviceId') ?? missingField(event, 'DeviceId');
    const type = deviceType(instance);
    return {
      action,
      objectType: type,
      what: `${type === MEDIA ? 'Removable Media' : 'Devices'}\\${field(event, 'DeviceDescription') ?? instance}`,
      actor: deviceActor(event),
      session: sessionOf(event),
      details: [
        ...state,
        { property: 'Device ID', after: instance },
        ...optionalDetail('Class', field(event, 'ClassName')),
        ...optionalDetail(
          'Hardware IDs',
          lines(field(event, 'HardwareIds') ?? field(event, 'VendorIds')),
        ),
        ...optionalDetail('Location', field(event, 'LocationInformation')),
      ],
    };
  };

const enabled = (before: string, after: string): readonly Detail[] => [
  { property: 'Enabled', before, after },
];

export const DEVICE_SECURITY_EVENTS: ReadonlyMap<number, ReadChange> = new Map([
  [6416, securityDevice(ADDED, [])],
  [6420, securityDevice(MODIFIED, enabled('Yes', 'No'))],
  [6422, securityDevice(MODIFIED, enabled('No', 'Yes'))],
  [6423, securityDevice(ADD_FAILED, [{ property: 'Cause', after: 'forbidden by policy' }])],
  [
    6424,
    securityDevice(ADDED, [{ property: 'Cause', after: 'allowed after it had been forbidden' }]),
  ],
]);

const NO_INSTALLER = {
  reason:
    'Windows installed the driver by itself; the event does not name who connected the device or asked for it.',
  fix: 'Look at who was logged on to the computer at that moment.',
};

const DRIVER_DETAILS: readonly (readonly [name: string, property: string])[] = [
  ['DeviceInstanceID', 'Device ID'],
  ['DriverName', 'Driver'],
  ['DriverProvider', 'Provider'],
  ['DriverVersion', 'Version'],
  ['SetupClass', 'Class'],
];

const isSuccess = (status: string | undefined): boolean =>
  status === undefined || /^0x0+$|^0$/.test(status);

const driverAction = (event: WindowsEvent): string => {
  if (!isSuccess(userDataField(event, 'InstallStatus'))) return ADD_FAILED;
  return userDataField(event, 'UpgradeDevice') === 'true' ? MODIFIED : ADDED;
};

const driverInstalled: ReadChange = (event) => {
  const instance = userDataField(event, 'DeviceInstanceID');
  const name =
    userDataField(event, 'DriverDescription') ??
    userDataField(event, 'DriverName') ??
    missingField(event, 'DriverName');
  const isMedia = instance !== undefined && deviceType(instance) === MEDIA;
  const status = userDataField(event, 'InstallStatus');
  return {
    action: driverAction(event),
    objectType: isMedia ? MEDIA : DRIVER,
    what: `${isMedia ? 'Removable Media' : 'Drivers'}\\${name}`,
    actor: personActor(event.userSid, NO_INSTALLER),
    details: [
      ...DRIVER_DETAILS.flatMap(([element, property]) =>
        optionalDetail(property, userDataField(event, element)),
      ),
      ...(isSuccess(status) ? [] : optionalDetail('Status', status)),
    ],
  };
};

export const USER_PNP_EVENTS: ReadonlyMap<number, ReadChange> = new Map([[20001, driverInstalled]]);

const attribute = (element: XmlElement | undefined, name: string): string | undefined =>
  element?.attributes?.[name]?.trim() || undefined;

/** `KINGSTON DATATRAVELER 2.0` of `...USBSTOR#DISK&VEN_KINGSTON&PROD_DATATRAVELER_2.0&REV_PMAP#...`. */
const storageName = (instance: string): string => {
  const part = (name: string): string | undefined => {
    const start = instance.toUpperCase().indexOf(`&${name}_`);
    if (start < 0) return undefined;
    const text = instance.slice(start + name.length + 2);
    const end = text.search(/[&#\\]/);
    return (end < 0 ? text : text.slice(0, end)).replaceAll('_', ' ').trim() || undefined;
  };
  const parts = [part('VEN'), part('PROD')].filter((text) => text !== undefined);
  return parts.length === 0 ? instance : parts.join(' ');
};

const deviceArrived: ReadChange = (event) => {
  const instance =
    attribute(event.userData, 'instance') ??
    userDataField(event, 'InstanceId') ??
    missingField(event, 'instance');
  const type = deviceType(instance);
  return {
    action: ADDED,
    objectType: type,
    what: `${type === MEDIA ? 'Removable Media' : 'Devices'}\\${storageName(instance)}`,
    actor: unknownActor(PLUGGED_IN),
    details: [
      { property: 'Device ID', after: instance },
      ...optionalDetail('Connection', attribute(event.userData, 'lifetime')),
    ],
  };
};

export const USER_MODE_DRIVER_EVENTS: ReadonlyMap<number, ReadChange> = new Map([
  [2003, deviceArrived],
]);
