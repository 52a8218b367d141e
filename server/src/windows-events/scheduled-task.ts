/** What a scheduled task does, from its definition. Source: [MS-TSCH] 2.5, Task Scheduler XML schema. */
import { type Detail, parseXmlTree, WitnessError, type XmlNode } from '@witness/record';
import { wellKnownName } from './well-known-sids.ts';

/** A definition has some hundred elements; the schema goes seven levels deep. */
const LIMITS = { lengthMax: 1024 * 1024, depthMax: 16, elementsMax: 5_000, attributesMax: 5_000 };

const TRIGGERS: Readonly<Record<string, string>> = {
  BootTrigger: 'at startup',
  CalendarTrigger: 'by calendar',
  EventTrigger: 'on an event',
  IdleTrigger: 'when idle',
  LogonTrigger: 'at logon',
  RegistrationTrigger: 'when registered',
  SessionStateChangeTrigger: 'on a session change',
  TimeTrigger: 'at a time',
  WnfStateChangeTrigger: 'on a state notification',
};

const childOf = (node: XmlNode | undefined, name: string): XmlNode | undefined =>
  node?.children.find((child) => child.name === name);

const textAt = (node: XmlNode | undefined, ...path: readonly string[]): string | undefined => {
  let at = node;
  for (const name of path) at = childOf(at, name);
  const text = at?.text.trim();
  return text === '' ? undefined : text;
};

const accountText = (id: string | undefined): string | undefined =>
  id === undefined ? undefined : (wellKnownName(id) ?? id);

const triggerText = (trigger: XmlNode): string => {
  const words = Object.hasOwn(TRIGGERS, trigger.name) ? TRIGGERS[trigger.name] : undefined;
  const start = textAt(trigger, 'StartBoundary');
  return start === undefined ? (words ?? trigger.name) : `${words ?? trigger.name}, from ${start}`;
};

const actionDetails = (action: XmlNode): Detail[] => {
  const shown: readonly (readonly [property: string, value: string | undefined])[] =
    action.name === 'ComHandler'
      ? [
          ['COM handler', textAt(action, 'ClassId')],
          ['COM handler data', textAt(action, 'Data')],
        ]
      : [
          ['Command', textAt(action, 'Command')],
          ['Arguments', textAt(action, 'Arguments')],
          ['Working directory', textAt(action, 'WorkingDirectory')],
        ];
  return present(shown);
};

const present = (
  values: readonly (readonly [property: string, value: string | undefined])[],
): Detail[] =>
  values.flatMap(([property, after]) => (after === undefined ? [] : [{ property, after }]));

const summary = (task: XmlNode): Detail[] => {
  const principal = childOf(childOf(task, 'Principals'), 'Principal');
  const triggers = childOf(task, 'Triggers')?.children.map(triggerText).join('; ');
  return [
    ...present([
      ['Author', textAt(task, 'RegistrationInfo', 'Author')],
      ['Description', textAt(task, 'RegistrationInfo', 'Description')],
      ['Run as', accountText(textAt(principal, 'UserId') ?? textAt(principal, 'GroupId'))],
      ['Run level', textAt(principal, 'RunLevel')],
    ]),
    ...(childOf(task, 'Actions')?.children.flatMap(actionDetails) ?? []),
    ...present([
      ['Triggers', triggers === '' ? undefined : triggers],
      ['Enabled', textAt(task, 'Settings', 'Enabled')],
      ['Hidden', textAt(task, 'Settings', 'Hidden')],
    ]),
  ];
};

/** Details of a definition; when it cannot be read, the definition itself and the reason. Never throws for bad input. */
export const scheduledTaskDetails = (definition: string): Detail[] => {
  try {
    return summary(parseXmlTree(definition, LIMITS));
  } catch (error) {
    if (!(error instanceof WitnessError)) throw error;
    return [
      {
        property: 'Definition',
        after: definition,
        message: `Not readable as a task definition: ${error.code}, ${error.message}`,
      },
    ];
  }
};
