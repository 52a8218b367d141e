import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { parseEventXml, type WindowsEvent } from '../../codecs/index.ts';
import { securityEvent } from '../../windows-events/testing.ts';
import { interpretTogether } from '../interpret-together.ts';
import type { RecordDraft } from '../source.ts';
import { adFs } from './index.ts';

let recordId = 0;

const auditEvent = (eventId: number, ...values: readonly string[]): WindowsEvent => {
  recordId += 1;
  return securityEvent(
    eventId,
    {},
    { provider: 'AD FS Auditing', recordId, data: values.map((value) => ({ value })) },
  );
};

const recordsOf = (...events: readonly WindowsEvent[]): readonly RecordDraft[] =>
  interpretTogether({ interpret: adFs.interpretWindowsEvent, join: adFs.joinFragments }, events)
    .drafts;

const recordOf = (...events: readonly WindowsEvent[]): RecordDraft => {
  const [record, ...others] = recordsOf(...events);
  assert.ok(record);
  assert.deepEqual(others, []);
  return record;
};

const detailOf = (record: RecordDraft, property: string): string | undefined =>
  record.details.find((detail) => detail.property === property)?.after;

const XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';

const auditXml = (values: Readonly<Record<string, string>>, head = ''): string =>
  [
    '<?xml version="1.0" encoding="utf-16"?>',
    head,
    `<AuditBase ${XSI}><ContextComponents><Component xsi:type="RequestAuditComponent">`,
    ...Object.entries(values).map(([name, value]) => `<${name}>${value}</${name}>`),
    '</Component></ContextComponents></AuditBase>',
  ].join('');

it('takes the user, the place and the relying party from the audit', () => {
  const check = (
    values: Readonly<Record<string, string>>,
    expected: { readonly [Name in keyof RecordDraft]?: RecordDraft[Name] | undefined },
  ): void => {
    const record = recordOf(auditEvent(1200, 'activity', auditXml(values)));
    for (const [name, value] of Object.entries(expected)) {
      assert.equal(record[name as keyof RecordDraft], value);
    }
  };
  check({ UserId: 'a@b.c' }, { who: 'a@b.c', whoKnownBy: 'event' });
  check({ UserId: 'N/A' }, { who: 'Unknown', whoKnownBy: 'unknown' });
  check({ NetworkLocation: 'Extranet' }, { objectType: 'AD FS logon (extranet)' });
  check({ NetworkLocation: 'Intranet' }, { objectType: 'AD FS logon (intranet)' });
  check({ NetworkLocation: 'constructor' }, { objectType: 'AD FS logon' });
  check({ RelyingParty: 'urn:x' }, { what: 'urn:x' });
  check({ RelyingParty: 'N/A' }, { what: 'dc01.contoso.com' });
  check({ IpAddress: '10.1.2.3,10.0.0.1' }, { workstation: '10.1.2.3' });
  check({ IpAddress: 'N/A', ForwardedIpAddress: '203.0.113.9' }, { workstation: '203.0.113.9' });
  check({ IpAddress: 'N/A' }, { workstation: undefined });
});

it('keeps elements it does not know', () => {
  const record = recordOf(
    auditEvent(1200, 'activity', auditXml({ NewElement: 'x', Other: 'N/A' })),
  );
  assert.equal(detailOf(record, 'NewElement'), 'x');
  assert.equal(detailOf(record, 'Other'), undefined);
});

it('refuses hostile and broken audits', () => {
  const check = (xml: string, code: RegExp): void =>
    assert.throws(
      () => recordOf(auditEvent(1200, 'activity', xml)),
      (error: { code?: string }) => {
        assert.match(error.code ?? '', code);
        return true;
      },
    );
  const entity = '<!DOCTYPE a [<!ENTITY e "x">]>';
  check(auditXml({ UserId: '&e;' }, entity), /^XML_/);
  check(auditXml({ UserId: 'a' }).slice(0, -5), /^XML_/);
  check(`${'<a>'.repeat(100)}${'</a>'.repeat(100)}`, /^XML_/);
  check(`<a>${'x'.repeat(200_000)}</a>`, /^XML_/);
  check('no XML', /^WINDOWS_EVENT_FIELD_MISSING$/);
});

const INSTANCE = 'd7a4f8d5-840b-44c6-93e5-bcafcb30f495';
const CLAIM = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims';
const MS_CLAIM = 'http://schemas.microsoft.com/ws/2008/06/identity/claims';

it('knows who by the claims of the same instance', () => {
  const accepted = auditEvent(412, INSTANCE, 'activity', 'type', 'urn:app');
  const claims = auditEvent(501, INSTANCE, `${CLAIM}/name`, 'CONTOSO\\bob', '-', '-');
  const other = auditEvent(501, INSTANCE.replace('d7', 'e7'), `${CLAIM}/upn`, 'eve@contoso.com');
  assert.equal(recordOf(accepted, claims).who, 'CONTOSO\\bob');
  assert.equal(recordOf(claims, accepted).what, 'urn:app');
  assert.equal(recordOf(accepted).who, 'Unknown');
  assert.deepEqual(
    recordsOf(accepted, other).map(({ who, action }) => [who, action]),
    [
      ['Unknown', 'Successful Logon'],
      ['eve@contoso.com', 'Logged'],
    ],
  );
});

it('joins nothing without an instance id of its own', () => {
  const check = (id: string): void =>
    assert.equal(
      recordsOf(
        auditEvent(412, id, 'a', 't', 'r'),
        auditEvent(501, id, `${CLAIM}/upn`, 'eve@contoso.com'),
      )[0]?.who,
      'Unknown',
    );
  check('00000000-0000-0000-0000-000000000000');
  check('-');
  check('no id');
});

it('joins only what one server wrote', () => {
  const accepted = auditEvent(412, INSTANCE, 'a', 't', 'r');
  const claims = auditEvent(501, INSTANCE, `${CLAIM}/upn`, 'eve@contoso.com');
  assert.equal(recordsOf(accepted, { ...claims, computer: 'adfs02' })[0]?.who, 'Unknown');
});

it('prefers the account that Windows knows', () => {
  const check = (values: readonly string[], who: string, whoSid?: string): void => {
    const record = recordOf(auditEvent(501, INSTANCE, ...values));
    assert.deepEqual([record.who, record.whoSid], [who, whoSid]);
  };
  const upn = [`${CLAIM}/upn`, 'bob@contoso.com'];
  const account = [`${MS_CLAIM}/windowsaccountname`, 'CONTOSO\\bob'];
  const sid = [`${MS_CLAIM}/primarysid`, 'S-1-5-21-1-2-3-1104'];
  check([...upn, ...account, ...sid], 'CONTOSO\\bob');
  check([...sid, ...upn], 'bob@contoso.com');
  check(sid, 'Unknown', 'S-1-5-21-1-2-3-1104');
  check([`${CLAIM}/emailaddress`, 'bob@example.org'], 'Unknown');
  check([`${MS_CLAIM}/primarysid`, 'none'], 'Unknown');
});

it('teaches the name behind a SID', () => {
  const values = [`${CLAIM}/name`, 'CONTOSO\\bob', `${MS_CLAIM}/primarysid`, 'S-1-5-21-1-2-3-1104'];
  const { sids } = adFs.interpretWindowsEvent(auditEvent(501, INSTANCE, ...values));
  assert.deepEqual(sids, [{ sid: 'S-1-5-21-1-2-3-1104', account: 'CONTOSO\\bob' }]);
});

it('reads account and cause of a refused token', () => {
  const check = (message: string, exception: string, who: string, cause: string): void => {
    const record = recordOf(auditEvent(411, 'activity', 'type', '-', message, exception));
    assert.deepEqual([record.who, detailOf(record, 'Cause')], [who, cause]);
  };
  const exception = (text: string): string =>
    `System.IdentityModel.Tokens.SecurityTokenValidationException: ${text}`;
  check('a@b.c-Wrong', exception('a@b.c ---> X: Wrong'), 'a@b.c', 'Wrong');
  check('x-y@b-c.d-Wrong', exception('x-y@b-c.d ---> X: Wrong'), 'x-y@b-c.d', 'Wrong');
  check('a@b.c', exception('a@b.c\r\n at Y'), 'a@b.c', 'not given');
  check('a@b.c', exception('a@b.c ---> X.E: Locked\r\n at Y'), 'a@b.c', 'Locked');
  check('C\\bob-Wrong', exception('C\\bob ---> X: Wrong'), 'C\\bob', 'Wrong');
  check('other-Wrong', exception('a@b.c ---> X: Wrong'), 'Unknown', 'other-Wrong');
  check('ID4063: Wrong', exception('ID4063: Wrong'), 'Unknown', 'ID4063: Wrong');
  check('', '', 'Unknown', 'not given');
});

it('hides headers that open a session', () => {
  const headers = ['Cookie', 'MSISAuth=abc', 'Authorization', 'Bearer x', 'Host', 'adfs'];
  const record = recordOf(auditEvent(510, INSTANCE, ...headers));
  assert.equal(detailOf(record, 'Cookie'), '******');
  assert.equal(detailOf(record, 'Authorization'), '******');
  assert.equal(detailOf(record, 'Host'), 'adfs');
});

it('loses nothing of further data that come without names', () => {
  const record = recordOf(
    auditEvent(510, INSTANCE, 'alone', '-', '-', 'value', 'Host', 'adfs', 'last'),
  );
  assert.equal(detailOf(record, 'Data 2'), 'alone');
  assert.equal(detailOf(record, 'Data 5'), 'value');
  assert.equal(detailOf(record, 'Host'), 'adfs');
  assert.equal(detailOf(record, 'Data 8'), 'last');
});

const CORPUS = join(process.env.WITNESS_CORPORA ?? '', 'ad-fs', 'microsoft-docs', 'event-1210.xml');

it('interprets the published lockout event', (t) => {
  if (!existsSync(CORPUS)) return t.skip(`corpora absent: ${CORPUS}`);
  const record = recordOf(parseEventXml(readFileSync(CORPUS, 'utf8')));
  return assert.deepEqual(
    [record.who, record.action, record.objectType, record.workstation, record.where],
    [
      'CONTOSO\\user',
      'Failed Logon',
      'AD FS logon (extranet)',
      '64.187.173.10',
      'ADFS2016FS1.contoso.com',
    ],
  );
});
