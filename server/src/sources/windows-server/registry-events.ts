/** Changes of registry values. Source: Microsoft, "4657(S): A registry value was modified". */
import { type Detail, RECORD_LIMITS } from '@witness/record';
import type { WindowsEvent } from '../../codecs/index.ts';
import {
  field,
  messageText,
  rawField,
  sessionOf,
  subjectActor,
} from '../../windows-events/index.ts';
import {
  ADDED,
  type ComputerChange,
  MODIFIED,
  optionalDetail,
  REMOVED,
  requiredField,
} from './computer-change.ts';

/** As the kernel names them, and as people know them; the longest first. */
const ROOTS: readonly (readonly [kernel: string, name: string])[] = [
  ['\\REGISTRY\\MACHINE', 'HKLM'],
  ['\\REGISTRY\\USER', 'HKU'],
];

/** `HKLM\SYSTEM\...` of `\REGISTRY\MACHINE\SYSTEM\...`. */
export const registryPath = (object: string): string => {
  for (const [kernel, name] of ROOTS) {
    const head = object.slice(0, kernel.length).toUpperCase();
    const next = object.charAt(kernel.length);
    if (head === kernel && (next === '' || next === '\\')) {
      return `${name}${object.slice(kernel.length)}`;
    }
  }
  return object;
};

const ACTIONS: Readonly<Record<string, string>> = {
  '%%1904': ADDED,
  '%%1905': MODIFIED,
  '%%1906': REMOVED,
};

const DEFAULT_VALUE = '(Default)';

const typeWords = (event: WindowsEvent, name: string): string | undefined => {
  const type = field(event, name);
  return type === undefined ? undefined : (messageText(type) ?? type);
};

/** `-` stands for no value at all; an empty text is one. */
const textOf = (event: WindowsEvent, name: string, type: string | undefined): string | undefined =>
  type === undefined ? undefined : rawField(event, name);

const valueDetail = (
  event: WindowsEvent,
  before: string | undefined,
  after: string | undefined,
): Detail => ({
  property: (field(event, 'ObjectValueName') ?? DEFAULT_VALUE).slice(
    0,
    RECORD_LIMITS.propertyLength,
  ),
  ...(before !== undefined && { before }),
  ...(after !== undefined && { after }),
});

const typeDetails = (before: string | undefined, after: string | undefined): Detail[] => {
  if (before === undefined || after === undefined || before === after) {
    return optionalDetail('Value type', after ?? before);
  }
  return [{ property: 'Value type', before, after }];
};

export const registryValueChanged = (event: WindowsEvent): ComputerChange => {
  const key = requiredField(event, 'ObjectName');
  const operation = field(event, 'OperationType') ?? '';
  const oldType = typeWords(event, 'OldValueType');
  const newType = typeWords(event, 'NewValueType');
  return {
    action: (Object.hasOwn(ACTIONS, operation) ? ACTIONS[operation] : undefined) ?? MODIFIED,
    objectType: 'Registry Value',
    what: registryPath(key),
    actor: subjectActor(event),
    session: sessionOf(event),
    details: [
      valueDetail(event, textOf(event, 'OldValue', oldType), textOf(event, 'NewValue', newType)),
      ...typeDetails(oldType, newType),
      ...optionalDetail('Process', field(event, 'ProcessName')),
    ],
  };
};
