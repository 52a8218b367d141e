/** Attributes that mean something of their own on policy objects and where policies are linked. */
import type { Detail } from '@witness/record';
import {
  type AttributeChange,
  type AttributeDetails,
  attributeValueWords,
} from '../../windows-events/index.ts';
import { clientExtensionWords } from './client-extensions.ts';
import { parsePolicyLinks, policyLinkChanges } from './policy-links.ts';

type Detailer = (change: AttributeChange) => readonly Detail[] | undefined;

/** Last value on each side; an attribute with one value has one. */
type Sides = readonly [before: string | undefined, after: string | undefined];

const sides = ({ removed, added }: AttributeChange): Sides => [removed.at(-1), added.at(-1)];

const change = (property: string, [before, after]: Sides): Detail => ({
  property,
  ...(before !== undefined && { before }),
  ...(after !== undefined && { after }),
});

/** With one value only there was none on the other side, or it came in another batch: then the links are those of that value. */
const linkDetails: Detailer = (one) => {
  const [before, after] = sides(one);
  const old = before === undefined ? [] : parsePolicyLinks(before);
  const now = after === undefined ? [] : parsePolicyLinks(after);
  if (old === undefined || now === undefined) return undefined;
  const details = policyLinkChanges(old, now);
  return details.length === 0
    ? [{ property: 'gPLink', message: 'Written with the links it had' }]
    : details;
};

const REVISION = /^-?\d{1,10}$/;

/** High and low half of the number. */
const revisions = (text: string | undefined): { user: string; computer: string } | undefined => {
  if (text === undefined || !REVISION.test(text)) return undefined;
  const number = Number(text) >>> 0;
  return { user: String(number >>> 16), computer: String(number & 0xffff) };
};

/** A revision goes up with every save, so it tells which half of the policy was edited. */
const versionDetails: Detailer = (one) => {
  const [before, after] = sides(one);
  const [old, now] = [revisions(before), revisions(after)];
  if ((before !== undefined && !old) || (after !== undefined && !now)) return undefined;
  const halves = [
    change('Computer settings revision', [old?.computer, now?.computer]),
    change('User settings revision', [old?.user, now?.user]),
  ];
  return halves.filter((detail) => detail.before !== detail.after);
};

/** Source: [MS-GPOL] 2.2.3, flags. */
const STATUS: Readonly<Record<string, string>> = {
  '0': 'Enabled',
  '1': 'User settings disabled',
  '2': 'Computer settings disabled',
  '3': 'All settings disabled',
};

const statusWords = (text: string): string =>
  Object.hasOwn(STATUS, text) ? (STATUS[text] ?? text) : text;

/** `[domain;{GUID};0]`. */
const filterWords = (text: string): string => /;(\{[0-9a-f-]{36}\});/i.exec(text)?.[1] ?? text;

const same = (text: string): string => text;

const named =
  (property: string, words: (text: string) => string): Detailer =>
  (one) => {
    const [before, after] = sides(one);
    return [change(property, [before && words(before), after && words(after)])];
  };

const DETAILS: ReadonlyMap<string, Detailer> = new Map<string, Detailer>([
  ['gplink', linkDetails],
  ['gpoptions', named('Inheritance', (text) => attributeValueWords('gPOptions', text, undefined))],
  ['versionnumber', versionDetails],
  ['displayname', named('Display name', same)],
  ['flags', named('Policy status', statusWords)],
  ['gpcfilesyspath', named('Folder in SYSVOL', same)],
  ['gpcwqlfilter', named('WMI filter', filterWords)],
  ['gpcmachineextensionnames', named('Kinds of computer settings', clientExtensionWords)],
  ['gpcuserextensionnames', named('Kinds of user settings', clientExtensionWords)],
  ['mswmi-name', named('Display name', same)],
  ['mswmi-parm1', named('Description', same)],
  ['mswmi-parm2', named('Query', same)],
]);

export const policyAttributeDetails: AttributeDetails = (one) =>
  one.removed.length > 1 || one.added.length > 1
    ? undefined
    : DETAILS.get(one.attribute.toLowerCase())?.(one);
