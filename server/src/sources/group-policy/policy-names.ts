/** Group Policy objects as records name them. Events carry GUIDs only; two of them mean the same in every domain. */

/** Source: Microsoft, "Default Domain Policy and Default Domain Controllers Policy"; [MS-GPOD] 1.1.4. */
const DEFAULT_POLICIES: Readonly<Record<string, string>> = {
  '{31B2F340-016D-11D2-945F-00C04FB984F9}': 'Default Domain Policy',
  '{6AC1786C-016F-11D2-945F-00C04FB984F9}': 'Default Domain Controllers Policy',
};

/** `Default Domain Policy {31B2...}`; the GUID alone when only the domain knows the name. */
export const policyName = (guid: string): string => {
  const id = guid.toUpperCase();
  return Object.hasOwn(DEFAULT_POLICIES, id) ? `${DEFAULT_POLICIES[id]} ${id}` : id;
};
