import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { WindowsEvent } from '../../codecs/index.ts';
import { securityEvent } from '../../windows-events/testing.ts';
import type { Interpretation, RecordDraft } from '../source.ts';
import { logonActivity } from './index.ts';

type Data = Readonly<Record<string, string>>;

const interpret = (event: WindowsEvent): Interpretation => {
  const interpretation = logonActivity.interpretWindowsEvent?.(event);
  assert.ok(interpretation);
  return interpretation;
};

const recordOf = (event: WindowsEvent): RecordDraft => {
  const [record] = interpret(event).drafts;
  assert.ok(record);
  return record;
};

const detailOf = (record: RecordDraft, property: string): string | undefined =>
  record.details.find((detail) => detail.property === property)?.after;

const LOGON: Data = {
  TargetUserSid: 'S-1-5-21-1-2-3-1601',
  TargetUserName: 'jdoe',
  TargetDomainName: 'CONTOSO',
  TargetLogonId: '0x5b2c11',
  LogonType: '3',
};

it('takes the workstation from the name, the address, or the computer itself', () => {
  const check = (name: string, address: string, expected: string | undefined): void => {
    const data = { ...LOGON, WorkstationName: name, IpAddress: address };
    const { drafts, logons } = interpret(securityEvent(4624, data));
    assert.equal(drafts[0]?.workstation, expected, `${name} ${address}`);
    assert.equal(logons?.[0]?.workstation, expected);
  };
  check('WKS17', '10.1.2.17', 'WKS17');
  check('-', '::ffff:10.1.2.17', '10.1.2.17');
  check('DC01', '10.1.2.17', '10.1.2.17');
  check('DC01', '127.0.0.1', 'DC01');
  check('-', '::1', 'dc01.contoso.com');
  check('DC01', '-', 'DC01');
  check('-', 'LOCAL', undefined);
  check('\\\\WKS17', '-', 'WKS17');
});

it('teaches who and where a logon id is, both halves of a split token', () => {
  const split = securityEvent(4624, {
    ...LOGON,
    IpAddress: '10.1.2.17',
    TargetLinkedLogonId: '0x5B2C12',
  });
  const fact = {
    computer: 'dc01.contoso.com',
    account: 'CONTOSO\\jdoe',
    workstation: '10.1.2.17',
    address: '10.1.2.17',
    logonType: 3,
  };
  assert.deepEqual(interpret(split).logons, [
    { ...fact, logonId: '0x5b2c11' },
    { ...fact, logonId: '0x5b2c12' },
  ]);
  const system = securityEvent(4624, { ...LOGON, TargetLogonId: '0x3e7' });
  assert.deepEqual(interpret(system).logons, []);
  assert.deepEqual(interpret(securityEvent(4634, LOGON)).logons, []);
});

it('tells success from failure by keywords, else by the status', () => {
  const check = (data: Data, keywords: string | undefined, action: string): void => {
    const { keywords: _, ...event } = securityEvent(4776, { TargetUserName: 'jdoe', ...data });
    const record = recordOf(keywords === undefined ? event : { ...event, keywords });
    assert.equal(record.action, action);
  };
  check({ Status: '0x0' }, '0x8020000000000000', 'Successful Logon');
  check({ Status: '0xc000006a' }, '0x8010000000000000', 'Failed Logon');
  check({ Status: '0xC000006A' }, undefined, 'Failed Logon');
  check({ Status: '0x00000000' }, undefined, 'Successful Logon');
});

it('gives the most precise cause', () => {
  const check = (status: string, subStatus: string, cause: string | undefined): void => {
    const data = { ...LOGON, Status: status, SubStatus: subStatus };
    assert.equal(detailOf(recordOf(securityEvent(4625, data)), 'Cause'), cause);
  };
  check('0xC000006D', '0xC000006A', 'wrong password (0xc000006a)');
  check('0xC0000234', '0x0', 'account locked out (0xc0000234)');
  check('0xC000006D', '0xC0001234', 'unknown user name or wrong password (0xc000006d)');
  check('0xC0004321', '0xC0001234', '0xc0001234');
  check('-', '-', undefined);
});

it('does not call the use of other credentials a logon', () => {
  const record = recordOf(
    securityEvent(4648, {
      SubjectUserName: 'jdoe',
      SubjectDomainName: 'CONTOSO',
      TargetUserName: 'admin',
      TargetDomainName: 'CONTOSO',
      TargetServerName: 'srv01',
    }),
  );
  assert.equal(record.who, 'CONTOSO\\jdoe');
  assert.equal(record.action, 'Logon Attempt');
  assert.equal(record.what, 'srv01');
  assert.equal(detailOf(record, 'Credentials of'), 'CONTOSO\\admin');
});

it('takes the realm of a preauthentication failure from its service', () => {
  const check = (service: string, who: string): void => {
    const data = { TargetUserName: 'jdoe', ServiceName: service };
    assert.equal(recordOf(securityEvent(4771, data)).who, who);
  };
  check('krbtgt/CONTOSO.COM', 'CONTOSO.COM\\jdoe');
  check('krbtgt', 'jdoe');
});

it('names who asked for a logon when it was another', () => {
  const check = (subject: Data, expected: string | undefined): void =>
    assert.equal(
      detailOf(recordOf(securityEvent(4624, { ...LOGON, ...subject })), 'Requested by'),
      expected,
    );
  check({ SubjectUserName: 'SRV01$', SubjectDomainName: 'CONTOSO' }, 'CONTOSO\\SRV01$');
  check({ SubjectUserName: 'jdoe', SubjectDomainName: 'CONTOSO' }, undefined);
  check({ SubjectUserName: '-' }, undefined);
});

it('marks accounts that make noise instead of dropping them', () => {
  const check = (name: string, sid: string, expected: string | undefined): void => {
    const data = { ...LOGON, TargetUserName: name, TargetUserSid: sid };
    assert.equal(detailOf(recordOf(securityEvent(4624, data)), 'Account kind'), expected);
  };
  check('WKS17$', 'S-1-5-21-1-2-3-1301', 'computer account');
  check('ANONYMOUS LOGON', 'S-1-5-7', 'anonymous');
  check('SYSTEM', 'S-1-5-18', 'Windows service account');
  check('jdoe', 'S-1-5-21-1-2-3-1601', undefined);
});

it('follows the session of a logoff', () => {
  assert.deepEqual(recordOf(securityEvent(4634, LOGON)).session, {
    computer: 'dc01.contoso.com',
    logonId: '0x5b2c11',
  });
});

it('refuses an event it does not claim', () => {
  assert.throws(() => interpret(securityEvent(4720, {})), { code: 'WINDOWS_EVENT_UNEXPECTED' });
});

const NPS: Data = {
  SubjectUserName: 'jdoe',
  SubjectDomainName: 'CONTOSO',
  CallingStationID: 'DA-7A-11-B2-6F-48',
  ClientName: 'wifi-ap-3',
};

it('says why a Network Policy Server refused', () => {
  const check = (code: string, cause: string | undefined): void => {
    const event = securityEvent(6273, { ...NPS, ReasonCode: code });
    assert.equal(detailOf(recordOf(event), 'Cause'), cause);
  };
  check('16', 'unknown user name or wrong password (16)');
  check('48', 'no network policy matches (48)');
  check('9999', '9999');
  check('0', undefined);
  check('-', undefined);
  check('toString', 'toString');
});

it('shows the client of a Network Policy Server by name, else by station', () => {
  const check = (name: string, expected: string): void =>
    assert.equal(
      recordOf(securityEvent(6272, { ...NPS, SubjectMachineName: name })).workstation,
      expected,
    );
  check('WKS17', 'WKS17');
  check('-', 'DA-7A-11-B2-6F-48');
});

it('does not take a locked account for who locked it', () => {
  const record = recordOf(securityEvent(6279, NPS));
  assert.deepEqual([record.who, record.what], ['Unknown', 'CONTOSO\\jdoe']);
  assert.equal(detailOf(record, 'Locked out'), 'Yes');
});

it('learns no names that clients typed', () => {
  const event = securityEvent(6272, { ...NPS, SubjectUserSid: 'S-1-5-21-1-2-3-1601' });
  assert.deepEqual(interpret(event).sids, []);
});

it('marks computers that name themselves by host', () => {
  const event = securityEvent(6272, { ...NPS, SubjectUserName: 'host/wks17.contoso.com' });
  assert.equal(detailOf(recordOf(event), 'Account kind'), 'computer account');
});
