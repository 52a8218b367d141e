/** The XML that SQL Server puts into `additional_information` of an audit event. */
import { type Detail, parseXmlTree, WitnessError, type XmlNode } from '@witness/record';
import { numberOf } from '../../windows-events/index.ts';

export interface AdditionalInformation {
  readonly client: string | undefined;
  /** Of error 18456, the failed login; other errors have other states. */
  readonly loginState: string | undefined;
  readonly details: readonly Detail[];
}

const LIMITS = {
  lengthMax: 64 * 1024,
  depthMax: 16,
  elementsMax: 500,
  attributesMax: 2000,
} as const;

const FLAGS: Readonly<Record<string, string>> = {
  pooled_connection: 'Pooled connection',
  is_dac: 'Dedicated administrator connection',
};

const childText = (node: XmlNode, name: string): string | undefined =>
  node.children.find((child) => child.name === name)?.text.trim() || undefined;

const LOGIN_FAILED = 18456;

const isLoginFailed = (node: XmlNode): boolean =>
  numberOf(childText(node, 'error')) === LOGIN_FAILED;

const actionInfo = (node: XmlNode): AdditionalInformation => ({
  client: childText(node, 'address'),
  loginState: isLoginFailed(node) ? childText(node, 'state') : undefined,
  details: Object.entries(FLAGS).flatMap(([element, property]) =>
    childText(node, element) === '1' ? [{ property, after: 'Yes' }] : [],
  ),
});

const frameName = ({ attributes }: XmlNode): string =>
  [attributes.database_name, attributes.schema_name, attributes.object_name]
    .filter((part) => part !== undefined && part !== '')
    .join('.');

/** The procedures through which the statement was run, innermost last as written. */
const stackInfo = (node: XmlNode): AdditionalInformation => ({
  client: undefined,
  loginState: undefined,
  details: node.children
    .filter((child) => child.name === 'frame')
    .map((frame) => ({ property: 'Called in', after: frameName(frame) })),
});

const asWritten = (text: string): AdditionalInformation => ({
  client: undefined,
  loginState: undefined,
  details: [{ property: 'Additional information', after: text }],
});

/** What is not XML of a known kind is shown as it is: only part of it may have come. */
export const readAdditionalInformation = (text: string): AdditionalInformation => {
  try {
    const node = parseXmlTree(text, LIMITS);
    if (node.name === 'action_info') return actionInfo(node);
    if (node.name === 'tsql_stack') return stackInfo(node);
    return asWritten(text);
  } catch (error) {
    if (error instanceof WitnessError) return asWritten(text);
    throw error;
  }
};
