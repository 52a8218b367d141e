/** Security descriptors: SDDL text and self-relative bytes to values, to words, and the difference of two. */
export type { ObjectTypeUse, ProtectedKind } from './access-words.ts';
export { accessWords } from './access-words.ts';
export { aceWords, type DescriptorNames, trusteeWords } from './ace-words.ts';
export { type AceChanges, aceChanges, descriptorChanges } from './descriptor-changes.ts';
export { parseBinaryDescriptor } from './parse-binary-descriptor.ts';
export { parseSddl } from './parse-sddl.ts';
export {
  ACE_FLAGS,
  type Ace,
  type AceType,
  type Acl,
  type SecurityDescriptor,
} from './security-descriptor.ts';
export { aceToSddl, descriptorToSddl } from './write-sddl.ts';
