/** One entry of an access control list as a sentence people can read. */
import { accessWords, type ObjectTypeUse, type ProtectedKind } from './access-words.ts';
import { DOMAIN_ALIASES } from './sddl-tables.ts';
import { ACE_FLAGS, type Ace, type AceType } from './security-descriptor.ts';

/** What the reader of a descriptor knows about names. */
export interface DescriptorNames {
  readonly kind: ProtectedKind;
  /** `CONTOSO\jdoe` for a SID; undefined shows the SID. */
  readonly sid?: (sid: string) => string | undefined;
  /** For a GUID in lower case. */
  readonly objectType?: (guid: string, use: ObjectTypeUse) => string | undefined;
}

const VERBS: Readonly<Record<AceType, string>> = {
  A: 'Allow',
  OA: 'Allow',
  XA: 'Allow',
  ZA: 'Allow',
  D: 'Deny',
  OD: 'Deny',
  XD: 'Deny',
  AU: 'Audit',
  OU: 'Audit',
  XU: 'Audit',
  AL: 'Alarm',
  OL: 'Alarm',
  ML: 'Integrity level',
  RA: 'Resource attribute for',
  SP: 'Central access policy',
  TL: 'Process trust',
  FL: 'Access filter for',
};

const outcomeWords = (flags: number): string => {
  const success = (flags & ACE_FLAGS.auditSuccess) !== 0;
  const failure = (flags & ACE_FLAGS.auditFailure) !== 0;
  if (success && failure) return ' success and failure of';
  if (success) return ' success of';
  return failure ? ' failure of' : ' nothing of';
};

const isAudit = (type: AceType): boolean => type === 'AU' || type === 'OU' || type === 'XU';

const has = ({ flags }: Ace, flag: number): boolean => (flags & flag) !== 0;

const descendants = (ace: Ace, { objectType }: DescriptorNames): string => {
  const guid = ace.inheritedObjectType;
  if (guid === undefined) return 'all descendants';
  return `descendant ${objectType?.(guid, 'class') ?? guid} objects`;
};

const directoryScope = (ace: Ace, names: DescriptorNames): string => {
  if (!has(ace, ACE_FLAGS.containerInherit)) return 'this object only';
  const below = has(ace, ACE_FLAGS.noPropagate)
    ? descendants(ace, names).replace('all descendants', 'children').replace('descendant', 'child')
    : descendants(ace, names);
  return has(ace, ACE_FLAGS.inheritOnly) || ace.inheritedObjectType !== undefined
    ? `${below} only`
    : `this object and ${below}`;
};

/** Which of container, containers below and objects below; one row each way. */
const FILE_SCOPES: Readonly<Record<string, string>> = {
  '': 'this object only',
  c: 'this folder and subfolders',
  o: 'this folder and files',
  co: 'this folder, subfolders and files',
  ci: 'subfolders only',
  oi: 'files only',
  coi: 'subfolders and files only',
};

const fileScope = (ace: Ace): string => {
  const key = [
    has(ace, ACE_FLAGS.containerInherit) ? 'c' : '',
    has(ace, ACE_FLAGS.objectInherit) ? 'o' : '',
    has(ace, ACE_FLAGS.inheritOnly) ? 'i' : '',
  ].join('');
  const scope = FILE_SCOPES[key] ?? 'nothing';
  return has(ace, ACE_FLAGS.noPropagate) ? `${scope}, one level` : scope;
};

const scopeWords = (ace: Ace, names: DescriptorNames): string => {
  if (names.kind === 'directory object') return directoryScope(ace, names);
  if (names.kind === 'file') return fileScope(ace);
  return has(ace, ACE_FLAGS.containerInherit) ? 'this object and those below' : 'this object only';
};

/** The name of a SID or of an alias of SDDL. */
export const trusteeWords = (trustee: string, { sid }: DescriptorNames): string =>
  DOMAIN_ALIASES.get(trustee) ?? sid?.(trustee) ?? trustee;

/** `Allow CONTOSO\jdoe: Write member; descendant group objects only; inherited`. */
export const aceWords = (ace: Ace, names: DescriptorNames): string => {
  const verb = isAudit(ace.type) ? `Audit${outcomeWords(ace.flags)}` : VERBS[ace.type];
  const name = names.objectType ?? (() => undefined);
  return [
    `${verb} ${trusteeWords(ace.trustee, names)}: ${accessWords(ace, names.kind, name)}`,
    ace.condition === undefined ? '' : `; if ${ace.condition}`,
    `; ${scopeWords(ace, names)}`,
    has(ace, ACE_FLAGS.inherited) ? '; inherited' : '',
  ].join('');
};
