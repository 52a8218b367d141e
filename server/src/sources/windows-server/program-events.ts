/** Programs installed and removed by Windows Installer. Source: Microsoft, "Event logging" of Windows Installer; data have no names. */
import type { WindowsEvent } from '../../codecs/index.ts';
import { sidActor, unknownActor } from '../../windows-events/index.ts';
import {
  ADD_FAILED,
  ADDED,
  type ComputerChange,
  missingField,
  optionalDetail,
  REMOVE_FAILED,
  REMOVED,
  type ReadChange,
} from './computer-change.ts';

export const MSI_INSTALLER = 'MsiInstaller';

const NO_USER = {
  reason: 'The event names no account.',
  fix: 'Look at the events of the same computer and moment in the Security log.',
};

/** Windows Installer writes in the name of the account that runs the installation. */
const actorOf = ({ userSid }: WindowsEvent): ComputerChange['actor'] =>
  userSid === undefined ? unknownActor(NO_USER) : sidActor(userSid);

const valueAt = (event: WindowsEvent, at: number): string | undefined => {
  const value = event.data[at]?.value.trim();
  return value === undefined || value === '' || value === '(NULL)' ? undefined : value;
};

/** Product, version, language, status, manufacturer. */
const productEvent =
  (action: string, failed: string): ReadChange =>
  (event) => {
    const status = valueAt(event, 3);
    const isFailed = status !== undefined && status !== '0';
    return {
      action: isFailed ? failed : action,
      objectType: 'Program',
      what: `Programs\\${valueAt(event, 0) ?? missingField(event, 'product')}`,
      actor: actorOf(event),
      details: [
        ...optionalDetail('Version', valueAt(event, 1)),
        ...optionalDetail('Manufacturer', valueAt(event, 4)),
        ...optionalDetail('Language', valueAt(event, 2)),
        ...(isFailed ? [{ property: 'Status', after: status }] : []),
      ],
    };
  };

const PREFIX = 'Product: ';

/** `Product: <name> -- Installation completed successfully.`; the words around the name are in the computer's language. */
const productOf = (text: string): string => {
  const name = text.startsWith(PREFIX) ? text.slice(PREFIX.length) : text;
  const end = name.lastIndexOf(' -- ');
  return (end < 0 ? name : name.slice(0, end)).trim();
};

const textEvent =
  (action: string): ReadChange =>
  (event) => {
    const text = valueAt(event, 0) ?? missingField(event, 'product');
    return {
      action,
      objectType: 'Program',
      what: `Programs\\${productOf(text)}`,
      actor: actorOf(event),
      details: [{ property: 'Event', after: text }],
    };
  };

export const PROGRAM_EVENTS: ReadonlyMap<number, ReadChange> = new Map([
  [1033, productEvent(ADDED, ADD_FAILED)],
  [1034, productEvent(REMOVED, REMOVE_FAILED)],
  [11707, textEvent(ADDED)],
  [11708, textEvent(ADD_FAILED)],
  [11724, textEvent(REMOVED)],
]);
