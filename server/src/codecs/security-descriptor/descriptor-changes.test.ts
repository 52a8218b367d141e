import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Detail } from '@witness/record';
import { aceWords, type DescriptorNames, descriptorChanges, parseSddl } from './index.ts';

const OBJECTS: Readonly<Record<string, string>> = {
  'class bf967a9c-0de6-11d0-a285-00aa003049e2': 'group',
  'property bf9679c0-0de6-11d0-a285-00aa003049e2': 'member',
  'extended right 1131f6ad-9c07-11d1-f79f-00c04fc2dcd2': 'Replicating Directory Changes All',
  'validated write bf9679c0-0de6-11d0-a285-00aa003049e2': 'Add/Remove self as member',
};

const DIRECTORY: DescriptorNames = {
  kind: 'directory object',
  sid: (sid) => ({ 'S-1-1-0': 'Everyone', 'S-1-5-18': 'SYSTEM' })[sid],
  objectType: (guid, use) => OBJECTS[`${use} ${guid}`],
};

const FILE: DescriptorNames = { ...DIRECTORY, kind: 'file' };

const words = (ace: string, names: DescriptorNames): string | undefined => {
  const [first] = parseSddl(`D:${ace}`).dacl?.aces ?? [];
  return first && aceWords(first, names);
};

const MEMBER = 'bf9679c0-0de6-11d0-a285-00aa003049e2';
const GROUP = 'bf967a9c-0de6-11d0-a285-00aa003049e2';

describe('an entry in words', () => {
  it('of a directory object', () => {
    const check = (ace: string, expected: string): void =>
      assert.equal(words(ace, DIRECTORY), expected);
    check(
      '(A;;CCDCLCSWRPWPDTLOCRSDRCWDWO;;;DA)',
      'Allow Domain Admins: Full control; this object only',
    );
    check('(A;CI;GA;;;WD)', 'Allow Everyone: Full control; this object and all descendants');
    check('(D;;SDDT;;;WD)', 'Deny Everyone: Delete subtree, Delete; this object only');
    check('(A;;LCRPLORC;;;SY)', 'Allow SYSTEM: Read; this object only');
    check(
      '(A;CIIOID;RPWP;;;S-1-5-21-1-2-3-4)',
      'Allow S-1-5-21-1-2-3-4: Read all properties, Write all properties; all descendants only; inherited',
    );
    check(
      `(OA;CIIO;RPWP;${MEMBER};${GROUP};WD)`,
      'Allow Everyone: Read member, Write member; descendant group objects only',
    );
    check(
      `(OA;CINP;CCDC;${GROUP};;WD)`,
      'Allow Everyone: Create group objects, Delete group objects; this object and children',
    );
    check(
      '(OA;;CR;1131f6ad-9c07-11d1-f79f-00c04fc2dcd2;;WD)',
      'Allow Everyone: Extended right: Replicating Directory Changes All; this object only',
    );
    check(
      `(OA;;SW;${MEMBER};;WD)`,
      'Allow Everyone: Validated write: Add/Remove self as member; this object only',
    );
    check(
      '(OA;;WP;00000000-0000-0000-0000-000000000001;;WD)',
      'Allow Everyone: Write 00000000-0000-0000-0000-000000000001; this object only',
    );
    check('(A;;0x400;;;WD)', 'Allow Everyone: 0x400; this object only');
    check('(A;;;;;WD)', 'Allow Everyone: no rights; this object only');
    check(
      '(AU;CISAFA;WPWD;;;WD)',
      'Audit success and failure of Everyone: Write all properties, Modify permissions; this object and all descendants',
    );
    check('(AU;SA;SD;;;WD)', 'Audit success of Everyone: Delete; this object only');
  });

  it('of a file', () => {
    const check = (ace: string, expected: string): void => assert.equal(words(ace, FILE), expected);
    check(
      '(A;OICIID;FA;;;SY)',
      'Allow SYSTEM: Full control; this folder, subfolders and files; inherited',
    );
    check('(A;OICIIO;0x1301bf;;;WD)', 'Allow Everyone: Modify; subfolders and files only');
    check('(A;CINP;FR;;;WD)', 'Allow Everyone: Read; this folder and subfolders, one level');
    check('(A;;0x1200a9;;;WD)', 'Allow Everyone: Read & execute; this object only');
    check(
      '(D;;DCWO;;;WD)',
      'Deny Everyone: Create files / write data, Modify owner; this object only',
    );
    check('(ML;;NW;;;HI)', 'Integrity level S-1-16-12288: no write up; this object only');
    check(
      '(XA;;FR;;;WD;(@User.a == 1))',
      'Allow Everyone: Read; if (@User.a == 1); this object only',
    );
  });

  it('of a registry key, and of anything else', () => {
    assert.equal(
      words('(A;CI;KR;;;WD)', { ...FILE, kind: 'registry key' }),
      'Allow Everyone: Read; this object and those below',
    );
    assert.equal(
      words('(A;;CCLC;;;WD)', { ...FILE, kind: 'other' }),
      'Allow Everyone: 0x5; this object only',
    );
  });
});

describe('the difference of two descriptors', () => {
  const check = (before: string | undefined, after: string, expected: readonly Detail[]): void =>
    assert.deepEqual(
      descriptorChanges(
        before === undefined ? undefined : parseSddl(before),
        parseSddl(after),
        DIRECTORY,
      ),
      expected,
    );

  it('is each entry that came or went', () => {
    check('D:(A;;GA;;;SY)(A;;GR;;;WD)', 'D:(A;;GA;;;SY)(A;;GA;;;WD)', [
      { property: 'Permission', before: 'Allow Everyone: Generic read; this object only' },
      { property: 'Permission', after: 'Allow Everyone: Full control; this object only' },
    ]);
    check('D:(A;;GA;;;SY)', 'D:(A;;GA;;;SY)(A;;GA;;;SY)', [
      { property: 'Permission', after: 'Allow SYSTEM: Full control; this object only' },
    ]);
    check('D:S:', 'D:S:(AU;FA;SD;;;WD)', [
      { property: 'Auditing', after: 'Audit failure of Everyone: Delete; this object only' },
    ]);
  });

  it('is nothing where only the notation differs', () => {
    check('O:SYD:(A;;GA;;;WD)', 'O:S-1-5-18D:(A;;0x10000000;;;S-1-1-0)', []);
    check('D:AI(A;;GA;;;WD)', 'D:(A;;GA;;;WD)', []);
    check('D:(A;OICI;GA;;;WD)', 'D:(A;CI;GA;;;WD)', []);
    const ofFile = [parseSddl('D:(A;OICI;GA;;;WD)'), parseSddl('D:(A;CI;GA;;;WD)')] as const;
    assert.equal(descriptorChanges(...ofFile, FILE).length, 2);
  });

  it('is owner, group, inheritance and order', () => {
    check('O:SYG:SY', 'O:WDG:WD', [
      { property: 'Owner', before: 'SYSTEM', after: 'Everyone' },
      { property: 'Primary group of the owner', before: 'SYSTEM', after: 'Everyone' },
    ]);
    check('D:P', 'D:', [
      { property: 'Permission inheritance', before: 'Disabled', after: 'Enabled' },
    ]);
    check('D:(D;;GA;;;WD)(A;;GA;;;SY)', 'D:(A;;GA;;;SY)(D;;GA;;;WD)', [
      { property: 'Permission order', message: 'Same entries, other order' },
    ]);
    check('D:', 'D:NO_ACCESS_CONTROL', [
      { property: 'Permission', after: 'No list: everybody has full control' },
    ]);
  });

  it('is all of a descriptor that had none before', () => {
    check(undefined, 'O:SYD:(A;;GA;;;WD)', [
      { property: 'Owner', after: 'SYSTEM' },
      { property: 'Permission', after: 'Allow Everyone: Full control; this object only' },
    ]);
  });
});
