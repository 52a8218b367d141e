/** Changes of policy objects, of WMI filters, and of the links that put policies into effect. */
import type { WindowsEvent } from '../../codecs/index.ts';
import {
  type DirectoryChangePart,
  directoryChangeAction,
  directoryChangeDetails,
  directoryChangePart,
  directoryPath,
  nameParts,
  type ObjectChange,
  objectChange,
  SUBJECT,
  sidFacts,
} from '../../windows-events/index.ts';
import type { Interpretation, JoinFragments } from '../source.ts';
import { policyAttributeDetails } from './attribute-words.ts';
import { policyName } from './policy-names.ts';
import { GROUP_POLICY } from './title.ts';

export const interpretPolicyChange = (event: WindowsEvent): Interpretation => {
  const { key, value } = directoryChangePart(event, GROUP_POLICY.title);
  return {
    drafts: [],
    fragments: [{ source: GROUP_POLICY.id, key, value }],
    sids: sidFacts(event, SUBJECT),
  };
};

export const POLICY_TYPE = 'GroupPolicy';
export const FILTER_TYPE = 'WMI filter';

const TYPES: ReadonlyMap<string, string> = new Map([
  ['grouppolicycontainer', POLICY_TYPE],
  ['mswmi-som', FILTER_TYPE],
]);

/** Of anything else the class: an organizational unit, a domain, a site that policies are linked to. */
const typeOf = ({ objectClass }: ObjectChange): string =>
  TYPES.get(objectClass.toLowerCase()) ?? objectClass;

const GUID_NAME = /^\{[0-9a-f-]{36}\}$/i;

/** A policy by its name; its parts (`CN=User`) and everything else by path. */
const whatOf = ({ name, objectClass }: ObjectChange): string => {
  const leaf = nameParts(name)?.[0]?.value;
  return TYPES.has(objectClass.toLowerCase()) && leaf !== undefined && GUID_NAME.test(leaf)
    ? policyName(leaf)
    : directoryPath(name);
};

/** The domain and the container of a policy, which its name does not say. */
const withPath = (change: ObjectChange): ObjectChange => {
  const path = directoryPath(change.name);
  // A move says the path anyway.
  if (change.oldName !== undefined || whatOf(change) === path) return change;
  return { ...change, notes: [{ property: 'Object', after: path }, ...change.notes] };
};

/** The fragments are those of `interpretPolicyChange`. */
export const joinPolicyChange: JoinFragments = (fragments) => {
  const [first, ...others] = fragments.map(({ value }) => value as DirectoryChangePart);
  if (first === undefined) return { drafts: [] };
  const change = objectChange(fragments[0]?.key ?? '', [first, ...others]);
  return {
    drafts: [
      {
        ...change.record,
        action: directoryChangeAction(change),
        objectType: typeOf(change),
        what: whatOf(change),
        details: directoryChangeDetails(withPath(change), policyAttributeDetails),
      },
    ],
  };
};
