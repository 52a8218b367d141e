/** The value of gPLink: `[LDAP://cn={GUID},cn=policies,...;0][...]`. Source: [MS-GPOL] 2.2.2. */
import type { Detail } from '@witness/record';
import { policyName } from './policy-names.ts';

export interface PolicyLink {
  /** Name of the policy, or its path where that is not as expected. */
  readonly policy: string;
  readonly isEnabled: boolean;
  readonly isEnforced: boolean;
  /** 1 is applied last and wins. */
  readonly order: number;
}

const DISABLED = 1;
const ENFORCED = 2;

const LINK = /\[LDAP:\/\/([^\];[]{1,2000});(\d{1,10})\]/gi;
const POLICY = /^cn=(\{[0-9a-f-]{36}\})/i;

/** Undefined when the text is no list of links. */
export const parsePolicyLinks = (text: string): readonly PolicyLink[] | undefined => {
  const links = [...text.matchAll(LINK)];
  const length = links.reduce((sum, [whole]) => sum + whole.length, 0);
  if (length !== text.trim().length) return undefined;
  return links
    .map(([, path = '', options = '']) => {
      const guid = POLICY.exec(path)?.[1];
      return {
        policy: guid === undefined ? path : policyName(guid),
        isEnabled: (Number(options) & DISABLED) === 0,
        isEnforced: (Number(options) & ENFORCED) !== 0,
      };
    })
    .map((link, index) => ({ ...link, order: links.length - index }));
};

const stateWords = ({ isEnabled, isEnforced }: PolicyLink): string =>
  [isEnabled ? 'enabled' : 'disabled', ...(isEnforced ? ['enforced'] : [])].join(', ');

const linkWords = (link: PolicyLink): string =>
  `${link.policy} (${stateWords(link)}, order ${link.order})`;

const byPolicy = (links: readonly PolicyLink[]): ReadonlyMap<string, PolicyLink> =>
  new Map(links.map((link) => [link.policy.toLowerCase(), link]));

/** The order of the links that stay, told by their neighbours and not by the numbers that others moved. */
const keptOrder = (
  links: readonly PolicyLink[],
  others: ReadonlyMap<string, PolicyLink>,
): string[] =>
  links.map(({ policy }) => policy.toLowerCase()).filter((policy) => others.has(policy));

const orderDetails = (before: readonly PolicyLink[], after: readonly PolicyLink[]): Detail[] => {
  const old = keptOrder(before, byPolicy(after));
  const now = keptOrder(after, byPolicy(before));
  if (old.join('\n') === now.join('\n')) return [];
  const words = (links: readonly PolicyLink[]): string =>
    links.toReversed().map(linkWords).join('; ');
  return [{ property: 'Link order', before: words(before), after: words(after) }];
};

/** Links made and removed, then those enabled, disabled, enforced, then a new order. Empty when the lists mean the same. */
export const policyLinkChanges = (
  before: readonly PolicyLink[],
  after: readonly PolicyLink[],
): Detail[] => {
  const [old, now] = [byPolicy(before), byPolicy(after)];
  const removed = before.filter(({ policy }) => !now.has(policy.toLowerCase()));
  const added = after.filter(({ policy }) => !old.has(policy.toLowerCase()));
  const changed = after.flatMap((link) => {
    const was = old.get(link.policy.toLowerCase());
    if (was === undefined || stateWords(was) === stateWords(link)) return [];
    return [
      {
        property: `Link of ${link.policy}`,
        before: stateWords(was),
        after: stateWords(link),
      },
    ];
  });
  return [
    ...removed.map((link) => ({ property: 'Policy link', before: linkWords(link) })),
    ...added.map((link) => ({ property: 'Policy link', after: linkWords(link) })),
    ...changed,
    ...orderDetails(before, after),
  ];
};
