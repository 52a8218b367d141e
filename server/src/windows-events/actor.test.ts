import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { WindowsEvent } from '../codecs/index.ts';
import {
  type Actor,
  eventIdentity,
  eventRecord,
  namedActor,
  sidActor,
  subjectActor,
  unknownActor,
  userDataActor,
} from './index.ts';
import { securityEvent } from './testing.ts';

const ACCOUNT_SID = 'S-1-5-21-1-2-3-1104';
const subject = (name: string, domain: string, sid: string): Record<string, string> => ({
  SubjectUserName: name,
  SubjectDomainName: domain,
  SubjectUserSid: sid,
});

const check = (
  actor: Actor,
  who: string,
  whoKnownBy: Actor['whoKnownBy'],
  whoSid?: string,
): void => {
  assert.equal(actor.who, who);
  assert.equal(actor.whoKnownBy, whoKnownBy);
  assert.equal(actor.whoSid, whoSid);
  assert.equal(actor.explanation !== undefined, whoKnownBy === 'unknown');
};

it('takes the name an event gives', () => {
  check(
    subjectActor(securityEvent(1, subject('admin', 'CONTOSO', ACCOUNT_SID))),
    'CONTOSO\\admin',
    'event',
  );
});

it('falls back to the SID, named only when it means the same everywhere', () => {
  check(
    subjectActor(securityEvent(1, subject('-', '-', ACCOUNT_SID))),
    'Unknown',
    'unknown',
    ACCOUNT_SID,
  );
  check(
    subjectActor(securityEvent(1, subject('-', '-', 'S-1-5-18'))),
    'NT AUTHORITY\\SYSTEM',
    'lookup',
  );
  check(
    subjectActor(securityEvent(1, {}, { userSid: ACCOUNT_SID })),
    'Unknown',
    'unknown',
    ACCOUNT_SID,
  );
});

it('does not take nobody for somebody', () => {
  check(subjectActor(securityEvent(1, subject('-', '-', 'S-1-0-0'))), 'Unknown', 'unknown');
  check(subjectActor(securityEvent(1, {})), 'Unknown', 'unknown');
  check(sidActor('S-1-0-0'), 'Unknown', 'unknown');
});

it('says why and what would help', () => {
  const { explanation } = unknownActor({ reason: 'No name.', fix: 'Turn on 4697.' });
  assert.deepEqual(explanation, { property: 'Who', message: 'No name. Turn on 4697.' });
});

it('reads the subject of UserData', () => {
  const userData = {
    name: 'LogFileCleared',
    children: [
      { name: 'SubjectUserName', text: 'bob' },
      { name: 'SubjectDomainName', text: 'CONTOSO' },
    ],
  };
  check(userDataActor(securityEvent(1102, {}, { userData })), 'CONTOSO\\bob', 'event');
  check(userDataActor(securityEvent(1102, {})), 'Unknown', 'unknown');
});

const recordOf = (event: WindowsEvent, actor: Actor) =>
  eventRecord(event, {
    dataSource: 'Test',
    actor,
    action: 'Added',
    objectType: 'thing',
    what: 'a',
    details: [],
  });

it('identifies an event by place and time, however its time was written', () => {
  const identity = (systemTime: string): string =>
    eventIdentity(securityEvent(1, {}, { systemTime }));
  assert.equal(
    identity('2026-01-31T09:00:00.1234500Z'),
    'dc01.contoso.com|Security|42|2026-01-31T09:00:00.12345',
  );
  assert.equal(identity('2026-01-31T09:00:00.123450000Z'), identity('2026-01-31T09:00:00.12345Z'));
  assert.notEqual(identity('2026-01-31T09:00:00.1Z'), identity('2026-01-31T09:00:00.2Z'));
  assert.notEqual(identity('2026-01-31T09:00:10Z'), identity('2026-01-31T09:00:01Z'));
});

it('shortens what is too long for its column and keeps the whole in a detail', () => {
  const who = 'x'.repeat(300);
  const record = recordOf(securityEvent(1, {}), namedActor(who));
  assert.equal(record.who.length, 255);
  assert.deepEqual(record.details, [{ property: 'Who (full)', after: who }]);
});

it('leaves out what it does not know', () => {
  const record = recordOf(securityEvent(1, {}), namedActor('a'));
  assert.ok(!('workstation' in record) && !('session' in record) && !('whoSid' in record));
  assert.equal(recordOf(securityEvent(1, {}), sidActor(ACCOUNT_SID)).whoSid, ACCOUNT_SID);
});
