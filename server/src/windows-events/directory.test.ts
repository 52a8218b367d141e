import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Detail } from '@witness/record';
import type { WindowsEvent } from '../codecs/index.ts';
import { DIRECTORY_ATTRIBUTES } from './directory-attributes.ts';
import { DIRECTORY_CLASSES } from './directory-classes.ts';
import { EXTENDED_RIGHTS, PROPERTY_SETS, VALIDATED_WRITES } from './directory-rights.ts';
import { nameChange } from './distinguished-name.ts';
import {
  attributeDetails,
  attributeValueWords,
  type DirectoryChangePart,
  directoryChangeDetails,
  directoryChangePart,
  directoryPath,
  fileTimeWords,
  intervalWords,
  isGroupPolicyChange,
  objectChange,
  objectTypeName,
  sidWords,
} from './index.ts';
import { securityEvent } from './testing.ts';

describe('a distinguished name', () => {
  it('as a path', () => {
    const check = (name: string, expected: string): void =>
      assert.equal(directoryPath(name), expected);
    check('CN=pc1,CN=Computers,DC=corp,DC=local', '\\local\\corp\\Computers\\pc1');
    check('cn=pc1, ou = A B ,dc=local', '\\local\\A B\\pc1');
    check('CN=Doe\\, John,DC=x', '\\x\\Doe, John');
    check('CN="Doe, John",DC=x', '\\x\\Doe, John');
    check('CN=J\\C3\\BCrgen \\2B,DC=x', '\\x\\Jürgen +');
    check('CN=old\\0ADEL:1,CN=Deleted Objects,DC=x', '\\x\\Deleted Objects\\old DEL:1');
    check('CN=a=b,DC=x', '\\x\\a=b');
    for (const other of ['', '-', 'pc1', '=x', 'CN=a,b', 'CN=a,']) check(other, other);
    check('CN=\\', '\\');
  });

  it('that changed', () => {
    const check = (before: string, after: string, isMoved: boolean, isRenamed: boolean): void =>
      assert.deepEqual(nameChange(before, after), { isMoved, isRenamed });
    check('CN=a,OU=x,DC=d', 'CN=a,OU=y,DC=d', true, false);
    check('CN=a,OU=x,DC=d', 'CN=b,ou=X,dc=D', false, true);
    check('CN=a,OU=x,DC=d', 'CN=A,OU=x,DC=d', false, true);
    check('CN=a,OU=x,DC=d', 'CN=b,DC=d', true, true);
    check('CN=a', 'CN=a', false, false);
  });
});

describe('GUIDs and SIDs of the directory', () => {
  it('have names', () => {
    const check = (guid: string, use: Parameters<typeof objectTypeName>[1], name?: string): void =>
      assert.equal(objectTypeName(guid, use), name);
    const member = 'bf9679c0-0de6-11d0-a285-00aa003049e2';
    check(member, 'property', 'member');
    check(member, 'validated write', 'Add/Remove self as member');
    check('bf967aba-0de6-11d0-a285-00aa003049e2', 'class', 'user');
    check(
      '1131f6ad-9c07-11d1-f79f-00c04fc2dcd2',
      'extended right',
      'Replicating Directory Changes All',
    );
    check(
      '4c164200-20c0-11d0-a768-00aa006e0529',
      'property',
      'Account Restrictions (property set)',
    );
    check('bf967a68-0de6-11d0-a285-00aa003049e2', 'extended right', 'userAccountControl');
    check('00000000-0000-0000-0000-000000000001', 'class');
    check('toString', 'class');
  });

  it('are complete and written alike', () => {
    assert.ok(DIRECTORY_ATTRIBUTES.size > 1_400 && DIRECTORY_CLASSES.size > 260);
    assert.ok(EXTENDED_RIGHTS.size > 50 && PROPERTY_SETS.size > 12 && VALIDATED_WRITES.size > 5);
    for (const table of [DIRECTORY_ATTRIBUTES, DIRECTORY_CLASSES, EXTENDED_RIGHTS]) {
      for (const guid of table.keys())
        assert.match(guid, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      assert.equal(new Set(table.values()).size, table.size);
    }
  });

  it('of accounts every domain has', () => {
    const check = (sid: string, expected: string): void => assert.equal(sidWords(sid), expected);
    check('S-1-5-18', 'NT AUTHORITY\\SYSTEM');
    check('S-1-5-21-1-2-3-512', 'Domain Admins (S-1-5-21-1-2-3-512)');
    for (const sid of ['S-1-5-21-1-2-3-1512', 'S-1-5-21-1-2-512', 'S-1-5-80-512', 'DA', '']) {
      check(sid, sid);
    }
  });
});

describe('coded values', () => {
  it('in words, with the value', () => {
    const check = (attribute: string, value: string, expected: string): void =>
      assert.equal(attributeValueWords(attribute, value, undefined), expected);
    check('userAccountControl', '512', 'Normal account (512)');
    check(
      'USERACCOUNTCONTROL',
      '66050',
      'Account disabled, Normal account, Password never expires (66050)',
    );
    check('userAccountControl', '0', 'none (0)');
    check('userAccountControl', '1073742336', 'Normal account, 0x40000000 (1073742336)');
    check('userAccountControl', '99999999999', '99999999999');
    check(
      'groupType',
      '-2147483643',
      'Security, created by the system, domain local (-2147483643)',
    );
    check('groupType', '2', 'Distribution, global (2)');
    check('sAMAccountType', '805306369', 'Computer account (805306369)');
    check(
      'msDS-SupportedEncryptionTypes',
      '24',
      'AES128-CTS-HMAC-SHA1-96, AES256-CTS-HMAC-SHA1-96 (24)',
    );
    check('msDS-SupportedEncryptionTypes', '0', 'default of the domain controllers (0)');
    check('trustDirection', '3', 'Bidirectional (3)');
    check('trustDirection', '9', '9');
    check('trustAttributes', '8', 'Forest trust (8)');
    check('pwdLastSet', '0', 'Must be changed at the next logon (0)');
    check('accountExpires', '9223372036854775807', 'Never (9223372036854775807)');
    check('lockoutDuration', '-18000000000', '30 minutes (-18000000000)');
    check('msDS-Behavior-Version', '7', 'Windows Server 2016 (7)');
    check('msPKI-Certificate-Name-Flag', '1', 'Subject supplied in the request (1)');
    check('objectClass', '1.2.840.113556.1.5.9', 'user (1.2.840.113556.1.5.9)');
    check('description', '512', '512');
    for (const value of ['', '-', 'x', '1e3', '__proto__', '9'.repeat(400)]) {
      for (const attribute of ['trustType', 'pwdLastSet', 'maxPwdAge', 'constructor']) {
        check(attribute, value, value);
      }
    }
  });

  it('of times and spans', () => {
    assert.equal(fileTimeWords('133835328000000000'), '2025-02-09T00:00:00Z');
    assert.equal(fileTimeWords('1'), '1601-01-01T00:00:00Z');
    for (const text of ['0', '-1', '9223372036854775807', '99999999999999999999', 'x', '']) {
      assert.equal(fileTimeWords(text), undefined, text);
    }
    assert.equal(intervalWords('-36288000000000'), '42 days');
    assert.equal(intervalWords('-909610000000'), '1 day 1 hour 16 minutes 1 second');
    assert.equal(intervalWords('0'), 'none');
    assert.equal(intervalWords('-9223372036854775808'), undefined);
    assert.equal(
      attributeValueWords('whenCreated', '20210222223521.0Z', '2.5.5.11'),
      '2021-02-22T22:35:21Z',
    );
    assert.equal(attributeValueWords('whenCreated', 'soon', '2.5.5.11'), 'soon');
  });
});

const USER = {
  OpCorrelationID: '{1}',
  SubjectUserSid: 'S-1-5-21-1-2-3-4',
  SubjectUserName: 'admin',
  SubjectDomainName: 'CONTOSO',
  SubjectLogonId: '0x1234',
  ObjectDN: 'CN=a,DC=x',
  ObjectGUID: '{2}',
  ObjectClass: 'user',
  AttributeLDAPDisplayName: 'description',
  AttributeSyntaxOID: '2.5.5.12',
  AttributeValue: 'text',
  OperationType: '%%14674',
};

const event = (data: Readonly<Record<string, string>>, eventId = 5136): WindowsEvent =>
  securityEvent(eventId, { ...USER, ...data });

const keyOf = (data: Readonly<Record<string, string>>, eventId?: number): string =>
  directoryChangePart(event(data, eventId), 'Test').key;

describe('directory changes', () => {
  it('belong together by operation, object and actor', () => {
    const same = keyOf({});
    assert.equal(keyOf({ AttributeLDAPDisplayName: 'title' }), same);
    assert.equal(keyOf({ OldObjectDN: 'CN=b,DC=x', NewObjectDN: 'CN=a,DC=x' }, 5139), same);
    const others = [{ OpCorrelationID: '{3}' }, { ObjectGUID: '{3}' }, { SubjectLogonId: '0x9' }];
    for (const other of others) assert.notEqual(keyOf(other), same);
    // Without an operation an event stands for itself.
    assert.match(keyOf({ OpCorrelationID: '-' }), /^dc01\.contoso\.com\|Security\|42\|/);
  });

  it('without object or attribute are refused', () => {
    const check = (data: Readonly<Record<string, string>>, field: string): void =>
      assert.throws(() => directoryChangePart(event(data), 'Test'), {
        code: 'WINDOWS_EVENT_FIELD_MISSING',
        values: { eventId: 5136, field },
      });
    check({ ObjectDN: '-' }, 'ObjectDN');
    check({ AttributeLDAPDisplayName: '' }, 'AttributeLDAPDisplayName');
  });

  it('keep more details than a record holds in mind', () => {
    const part = directoryChangePart(event({}), 'Test').value;
    const parts = Array.from(
      { length: 10_001 },
      (_, i): DirectoryChangePart => ({
        ...part,
        value: { attribute: 'member', text: `CN=${i}`, isAdded: true },
      }),
    );
    const [first, ...others] = parts;
    assert.ok(first);
    const details = directoryChangeDetails(objectChange('key', [first, ...others]));
    assert.equal(details.length, 10_000);
    assert.deepEqual(details.at(-1), {
      property: 'More changes',
      message: '2 more, in the raw events',
    });
  });

  it('of an attribute are told by what stays different', () => {
    const check = (removed: string[], added: string[], expected: readonly Detail[]): void =>
      assert.deepEqual(attributeDetails({ attribute: 'spn', removed, added }), expected);
    check(['a'], ['b'], [{ property: 'spn', before: 'a', after: 'b' }]);
    check(['a', 'b'], ['b', 'c'], [{ property: 'spn', before: 'a', after: 'c' }]);
    check(['a'], ['a'], [{ property: 'spn', message: 'Written with the value it had' }]);
    check(
      ['a', 'b'],
      [],
      [
        { property: 'spn', before: 'a' },
        { property: 'spn', before: 'b' },
      ],
    );
    check([], [''], [{ property: 'spn', after: '' }]);
  });

  it('of a security descriptor that means the same are none', () => {
    assert.deepEqual(
      attributeDetails({
        attribute: 'nTSecurityDescriptor',
        syntax: '2.5.5.15',
        removed: ['D:(A;;GA;;;WD)'],
        added: ['D:(A;;GA;;;S-1-1-0)'],
      }),
      [{ property: 'nTSecurityDescriptor', message: 'Written with the value it had' }],
    );
  });

  it('are of Group Policy by class or attribute', () => {
    const check = (data: Readonly<Record<string, string>>, expected: boolean): void =>
      assert.equal(isGroupPolicyChange(event(data)), expected);
    check({}, false);
    check({ ObjectClass: 'groupPolicyContainer' }, true);
    check({ ObjectClass: 'msWMI-Som' }, true);
    check({ ObjectClass: 'organizationalUnit', AttributeLDAPDisplayName: 'gPLink' }, true);
    check({ AttributeLDAPDisplayName: 'GPOPTIONS' }, true);
    check({ AttributeLDAPDisplayName: 'gPCFileSysPath' }, false);
  });
});
