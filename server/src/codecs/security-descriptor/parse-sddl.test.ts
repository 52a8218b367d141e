import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { WitnessError } from '@witness/record';
import { type Ace, descriptorToSddl, parseBinaryDescriptor, parseSddl } from './index.ts';

const aces = (text: string): readonly Ace[] => parseSddl(`D:${text}`).dacl?.aces ?? [];

describe('SDDL', () => {
  it('has owner, group and both lists in any order', () => {
    const check = (text: string, expected: ReturnType<typeof parseSddl>): void =>
      assert.deepEqual(parseSddl(text), expected);
    const empty = {
      isProtected: false,
      isAutoInherited: false,
      isAutoInheritRequired: false,
      isNull: false,
      aces: [],
    };
    check('O:BA', { owner: 'S-1-5-32-544' });
    check('O:S-1-5-21-1-2-3-1170G:DA', { owner: 'S-1-5-21-1-2-3-1170', group: 'DA' });
    check('G:SYO:LA', { group: 'S-1-5-18', owner: 'LA' });
    check('D:', { dacl: empty });
    check(' D:PAI\r\n', { dacl: { ...empty, isProtected: true, isAutoInherited: true } });
    check('D:NO_ACCESS_CONTROL', { dacl: { ...empty, isNull: true } });
    check('S:ARAID:P', {
      sacl: { ...empty, isAutoInheritRequired: true, isAutoInherited: true },
      dacl: { ...empty, isProtected: true },
    });
  });

  it('has entries of every form', () => {
    const check = (text: string, expected: Partial<Ace>): void => {
      const [ace] = aces(text);
      assert.deepEqual(ace, { type: 'A', flags: 0, mask: 0, trustee: 'S-1-1-0', ...expected });
    };
    check('(A;;;;;WD)', {});
    check('(A;;GA;;;WD)', { mask: 0x10000000 });
    check('(A;;GRGW;;;WD)', { mask: 0xc0000000 });
    check('(a;oiciid;fa;;;wd)', { flags: 0x13, mask: 0x1f01ff });
    check('(A;;0x1200A9;;;WD)', { mask: 0x1200a9 });
    check('(A;;4294967295;;;WD)', { mask: 0xffffffff });
    check('(D;CINPIO;CCDCLCSWRPWPDTLOCRSDRCWDWO;;;S-1-5-21-1-2-3-4)', {
      type: 'D',
      flags: 0x0e,
      mask: 0xf01ff,
      trustee: 'S-1-5-21-1-2-3-4',
    });
    const objectType = 'bf9679c0-0de6-11d0-a285-00aa003049e2';
    check(`(OA;;WP;${objectType.toUpperCase()};;WD)`, { type: 'OA', mask: 0x20, objectType });
    check(`(OA;;RP;;${objectType};DU)`, {
      type: 'OA',
      mask: 0x10,
      inheritedObjectType: objectType,
      trustee: 'DU',
    });
    check('(ML;;NWNR;;;HI)', { type: 'ML', mask: 3, trustee: 'S-1-16-12288' });
    check('(XA;;FX;;;WD;(@User.t == "a)(;b" && ({SID(BA)})))', {
      type: 'XA',
      mask: 0x1200a0,
      condition: '(@User.t == "a)(;b" && ({SID(BA)}))',
    });
    check('(RA;;;;;WD;("Secrecy",TU,0,3))', { type: 'RA', condition: '("Secrecy",TU,0,3)' });
  });

  it('reads the same when written', () => {
    const check = (text: string): void => {
      const descriptor = parseSddl(text);
      assert.deepEqual(parseSddl(descriptorToSddl(descriptor)), descriptor);
    };
    check('O:BAG:DUD:PAI(A;OICI;FA;;;SY)(XA;;FX;;;WD;(a == "b"))S:AR(AU;SAFA;WP;;;WD)');
    check('D:NO_ACCESS_CONTROL');
  });

  it('that is malformed is refused with the place', () => {
    const check = (text: string, code: string, location?: string): void => {
      assert.throws(
        () => parseSddl(text),
        (error) => {
          assert.ok(error instanceof WitnessError);
          assert.deepEqual([error.code, error.location], [code, location], text);
          return true;
        },
      );
    };
    check('', 'SDDL_MALFORMED', '0');
    check('Malformed Security Descriptor', 'SDDL_MALFORMED', '0');
    check('O:', 'SDDL_MALFORMED', '2');
    check('O:ZZ', 'SDDL_MALFORMED', '2');
    check('O:BAO:BA', 'SDDL_MALFORMED', '4');
    check('D:(A;;GA;;;WD', 'SDDL_MALFORMED', '2');
    check('D:(A;;GA;;WD)', 'SDDL_MALFORMED', '2');
    check('D:(Q;;GA;;;WD)', 'SDDL_MALFORMED', '2');
    check('D:(A;XX;GA;;;WD)', 'SDDL_MALFORMED', '2');
    check('D:(A;;GAG;;;WD)', 'SDDL_MALFORMED', '2');
    check('D:(A;;0x1ffffffff;;;WD)', 'SDDL_MALFORMED', '2');
    check('D:(A;;GA;xyz;;WD)', 'SDDL_MALFORMED', '2');
    check('D:(A;;GA;;;WDWD)', 'SDDL_MALFORMED', '2');
    check('D:(A;;GA;;;WD)x', 'SDDL_MALFORMED', '14');
    check(`D:${'(A;;GA;;;WD)'.repeat(3_301)}`, 'SDDL_LIMIT');
    check(' '.repeat(2 ** 20 + 1), 'SDDL_LIMIT');
  });

  it('takes time in proportion to its length, whatever it is', () => {
    const startedAt = performance.now();
    for (const text of ['(', '((', 'D:(A;', '"', 'S-1-5-', 'PAIX', 'O:']) {
      assert.throws(() => parseSddl(`D:${text.repeat(2 ** 19 / text.length)}`));
    }
    assert.ok(performance.now() - startedAt < 2_000);
  });
});

const hex = (...parts: readonly string[]): Buffer => Buffer.from(parts.join(''), 'hex');

const SYSTEM = '010100000000000512000000';
const EVERYONE = '010100000000000100000000';
const HEADER = '01000480140000002000000000000000';

const withAcl = (acl: string): Buffer => hex(HEADER, '2c000000', SYSTEM, SYSTEM, acl);

describe('a self-relative descriptor', () => {
  it('reads as its SDDL does', () => {
    const check = (bytes: Uint8Array, sddl: string): void =>
      assert.equal(descriptorToSddl(parseBinaryDescriptor(bytes)), sddl);
    const owners = 'O:S-1-5-18G:S-1-5-18';
    check(
      withAcl(`02001c0001000000${'00131400ff011f00'}${EVERYONE}`),
      `${owners}D:(A;OICIID;0x1f01ff;;;S-1-1-0)`,
    );
    const member = 'c07996bfe60dd011a28500aa003049e2';
    check(
      withAcl(`0400300001000000${'0502280020000000'}${'01000000'}${member}${EVERYONE}`),
      `${owners}D:(OA;CI;0x20;bf9679c0-0de6-11d0-a285-00aa003049e2;;S-1-1-0)`,
    );
    check(hex('01000494', '00'.repeat(16)), 'D:PAINO_ACCESS_CONTROL');
    check(hex('01000010', '00'.repeat(16)), '');
  });

  it('that is damaged is refused', () => {
    const check = (bytes: Uint8Array): void =>
      assert.throws(() => parseBinaryDescriptor(bytes), {
        code: 'SECURITY_DESCRIPTOR_MALFORMED',
      });
    const whole = withAcl(`02001c0001000000${'00001400ff011f00'}${EVERYONE}`);
    for (let length = 0; length < whole.length; length += 1) check(whole.subarray(0, length));
    check(hex('02', '00'.repeat(19)));
    check(withAcl(`02001c0001000000${'77001400ff011f00'}${EVERYONE}`));
    check(withAcl(`02001c0002000000${'00001400ff011f00'}${EVERYONE}`));
    check(withAcl(`02001c0001000000${'00000000ff011f00'}${EVERYONE}`));
    check(hex(HEADER, 'ffffff7f', SYSTEM, SYSTEM));
  });
});
