import assert from 'node:assert/strict';
import { it } from 'node:test';
import { eventToJson, eventToXml, type WindowsEvent } from '../codecs/index.ts';
import { EVENT_LOG_SERVICE } from '../windows-events/index.ts';
import { securityEvent } from '../windows-events/testing.ts';
import {
  type InputContext,
  type InputInterpretation,
  ITEM_TYPE_UNVERIFIED,
  RAW_INPUTS,
  sourceOf,
} from './index.ts';
import type { LogPosition } from './raw-input.ts';
import { SOURCES } from './registry.generated.ts';
import { goldenCases } from './testing.ts';

const ENCODER = new TextEncoder();

const interpret = (
  input: string,
  bytes: Uint8Array,
  context: Partial<InputContext> = {},
): InputInterpretation => {
  const raw = RAW_INPUTS[input];
  assert.ok(raw);
  return raw.interpret(bytes, { receivedAt: 0, ...context });
};

const asJson = (event: WindowsEvent, context?: Partial<InputContext>): InputInterpretation =>
  interpret('windows-event-json', ENCODER.encode(eventToJson(event)), context);

const asXml = (event: WindowsEvent): InputInterpretation =>
  interpret('windows-event-xml', ENCODER.encode(eventToXml(event)));

const LOGON = securityEvent(4624, {
  TargetUserName: 'jdoe',
  TargetDomainName: 'CONTOSO',
  LogonType: '3',
  TargetLogonId: '0x5b2c11',
});

it('lists every input under its id', () => {
  assert.deepEqual(
    Object.entries(RAW_INPUTS).map(([key, { id, identity }]) => [key === id, id, identity]),
    [
      [true, 'activity-records-json', 'new'],
      [true, 'activity-records-collected', 'content'],
      [true, 'activity-record-line', 'content'],
      [true, 'windows-event-json', 'content'],
      [true, 'windows-event-xml', 'content'],
    ],
  );
});

it('makes the same of an event, however it arrives', () => {
  const all = SOURCES.flatMap(({ id }) =>
    goldenCases(new URL(`./${id}/testdata/`, import.meta.url)).flatMap(({ events }) => events),
  );
  for (const event of all) {
    assert.deepEqual(asXml(event), asJson(event), String(event.eventId));
    assert.deepEqual(
      interpret('windows-event-json', new Uint8Array(), { parsed: event }),
      asJson(event),
    );
  }
});

it('gives records the plan and item of the batch', () => {
  const plan = { id: '{P}', name: 'Domain' };
  const item = { name: 'contoso.com', type: 'Domain' };
  const [record] = asJson(LOGON, { plan, item }).drafts;
  assert.deepEqual([record?.plan, record?.item], [plan, item]);
  assert.ok(!('plan' in (asJson(LOGON).drafts[0] ?? {})));
});

it('says where an event stands in its log', () => {
  const check = (event: WindowsEvent, expected: Partial<LogPosition>): void => {
    const { computer, channel, recordId, when } = event;
    assert.deepEqual(asJson(event).position, { computer, channel, recordId, when, ...expected });
  };
  const cleared = (eventId: number, channel: string, log?: string): WindowsEvent =>
    securityEvent(
      eventId,
      {},
      {
        provider: EVENT_LOG_SERVICE,
        channel,
        userData: {
          name: 'LogFileCleared',
          children: log === undefined ? [] : [{ name: 'Channel', text: log }],
        },
      },
    );
  check(LOGON, {});
  check(cleared(1102, 'Security'), { isClear: true });
  check(cleared(104, 'System', 'System'), { isClear: true });
  check(cleared(104, 'System', 'Application'), { clearedChannel: 'Application' });
  check(securityEvent(104, {}), {});
});

it('refuses bytes that are no event, with a code', () => {
  const check = (input: string, text: string): void => {
    assert.throws(() => interpret(input, ENCODER.encode(text)), { name: 'WitnessError' });
  };
  for (const text of ['', '{', 'null', '[]', '{}', '<Event/>', '<Event']) {
    check('windows-event-json', text);
    check('windows-event-xml', text);
  }
  assert.throws(() => interpret('windows-event-json', new Uint8Array([0xff, 0xfe, 0xff])), {
    name: 'WitnessError',
  });
});

it('gives Event Log what nobody claims', () => {
  const check = (event: WindowsEvent, id: string): void => assert.equal(sourceOf(event).id, id);
  check(LOGON, 'logon-activity');
  check(securityEvent(4688, {}), 'event-log');
  check({ ...LOGON, provider: 'Other' }, 'event-log');
  check({ ...LOGON, provider: '__proto__', eventId: -1 }, 'event-log');
  check(securityEvent(4720, { TargetDomainName: 'CONTOSO' }), 'active-directory');
  check(securityEvent(4720, { TargetDomainName: 'DC01' }), 'windows-server');
});

it('refuses fragments that no source joins', () => {
  const fragments = [{ source: 'none', key: 'key', value: {} }];
  for (const id of ['windows-event-json', 'windows-event-xml']) {
    assert.throws(() => RAW_INPUTS[id]?.join?.(fragments, { receivedAt: 0 }), {
      code: 'WINDOWS_FRAGMENTS_UNEXPECTED',
    });
  }
});

it('places joined records in the plan of the batch', () => {
  const plan = { id: '{00000000-0000-0000-0000-000000000001}', name: 'Domain' };
  const event = securityEvent(5136, {
    OpCorrelationID: '{1}',
    SubjectUserName: 'admin',
    ObjectDN: 'CN=a,DC=x',
    ObjectClass: 'user',
    AttributeLDAPDisplayName: 'title',
    AttributeValue: 'Clerk',
  });
  const { fragments } = asJson(event);
  const joined = RAW_INPUTS['windows-event-json']?.join?.(fragments ?? [], { receivedAt: 0, plan });
  assert.deepEqual(
    joined?.drafts.map((draft) => [draft.what, draft.plan]),
    [['\\x\\a', plan]],
  );
});

it('learns nothing from events of an unverified sender, and keeps their records', () => {
  const trusted = asJson(LOGON);
  assert.ok((trusted.logons?.length ?? 0) > 0 && trusted.position);
  const item = { name: 'pc7.example.org', type: ITEM_TYPE_UNVERIFIED };
  const { drafts, logons, sids, position } = asJson(LOGON, { item });
  assert.equal(drafts.length, trusted.drafts.length);
  assert.deepEqual([logons, sids, position], [undefined, undefined, undefined]);
});

it('says of the inputs that hold many records in one raw event that they are lists', () => {
  const lists = Object.values(RAW_INPUTS).filter(({ isList }) => isList === true);
  assert.deepEqual(lists.map(({ id }) => id).sort(), [
    'activity-records-collected',
    'activity-records-json',
  ]);
});
