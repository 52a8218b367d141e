/** Everything an event carries, as details. Bounded; what does not fit is counted. */
import { type Detail, RECORD_LIMITS } from '@witness/record';
import type { WindowsEvent, XmlElement } from '../../codecs/index.ts';
import { expandMessages, SECURITY_AUDITING } from '../../windows-events/index.ts';

/** Windows itself allows an event 31,839 characters a string; only invented events have more. */
export const VALUE_LENGTH_MAX = 32 * 1024;
/** The longest events of Windows have some 60 values. */
export const VALUES_MAX = 256;
const DEPTH_MAX = 16;

type NamedValue = readonly [name: string, value: string];

const isEmpty = (value: string): boolean => value === '-' || value.trim() === '';

const isTooDeep = (element: XmlElement, depth: number): boolean =>
  depth >= DEPTH_MAX && (element.children?.length ?? 0) > 0;

/** `Element/Child` and `Element@attribute`; the element below UserData itself is not part of the names. */
const valuesOf = (element: XmlElement, name: string, depth: number): NamedValue[] => [
  ...Object.entries(element.attributes ?? {}).map(
    ([attribute, value]): NamedValue => [`${name}@${attribute}`, value],
  ),
  ...(element.text === undefined
    ? []
    : [[name === '' ? element.name : name, element.text] as const]),
  ...(isTooDeep(element, depth)
    ? [['Left out', `The elements below ${name} are not shown.`] as const]
    : (element.children ?? []).flatMap((child) =>
        valuesOf(child, name === '' ? child.name : `${name}/${child.name}`, depth + 1),
      )),
];

const dataValues = (event: WindowsEvent): NamedValue[] =>
  event.data.map(({ name, value }, i): NamedValue => [name ?? `Data ${i + 1}`, value]);

/** `%%NNNN` means something else to every provider; only those of the Security log are known here. */
const textOf = (event: WindowsEvent, value: string): string =>
  event.provider === SECURITY_AUDITING ? expandMessages(value.trim()) : value.trim();

const toDetail = (event: WindowsEvent, [name, value]: NamedValue): Detail => {
  const property = name.slice(0, RECORD_LIMITS.propertyLength);
  const after = textOf(event, value);
  if (after.length <= VALUE_LENGTH_MAX) return { property, after };
  return {
    property,
    after: after.slice(0, VALUE_LENGTH_MAX),
    message: `Shortened: the first ${VALUE_LENGTH_MAX} of ${after.length} characters.`,
  };
};

/** Values that are empty or `-` say nothing and are left out. */
export const dataDetails = (event: WindowsEvent): Detail[] => {
  const values = [
    ...dataValues(event),
    ...(event.userData === undefined ? [] : valuesOf(event.userData, '', 0)),
    ...(event.binary === undefined ? [] : [['Binary', event.binary] as const]),
  ].filter(([, value]) => !isEmpty(value));
  const details = values.slice(0, VALUES_MAX).map((value) => toDetail(event, value));
  const leftOut = values.length - details.length;
  if (leftOut > 0) {
    details.push({
      property: 'Left out',
      message: `${leftOut} of ${values.length} values of the event are not shown.`,
    });
  }
  return details;
};
