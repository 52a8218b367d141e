import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeEvtx, decodeEvtxStream, isEvtx, type WindowsEvent } from '../index.ts';
import { decodeEvtxBy } from './decode-evtx.ts';
import {
  buildEvtx,
  type ContentSpec,
  type ElementSpec,
  EVENT_HEAD,
  eventSpec,
  type InstanceSpec,
  type RecordSpec,
  utf16,
  type ValueSpec,
} from './testing.ts';

const check = (
  root: RecordSpec['root'],
  expected: Partial<WindowsEvent>,
  hasDependency = false,
): void => {
  const file = buildEvtx([[{ id: 1, root, hasDependency }]]);
  for (const way of ['plan', 'tree'] as const) {
    const results = [...decodeEvtxBy(way, file)];
    assert.deepEqual(results, [
      {
        offset: 4096,
        bytes: 65_536,
        events: [{ ...EVENT_HEAD, data: [], ...expected }],
        damage: [],
      },
    ]);
  }
};

const data = (name: string, ...content: ContentSpec[]): ElementSpec => ({
  name: 'Data',
  attributes: { Name: name },
  content,
});

const collect = async <T>(source: AsyncIterable<T>): Promise<T[]> => {
  const items: T[] = [];
  for await (const item of source) items.push(item);
  return items;
};

const eventData = (...content: ContentSpec[]): ElementSpec => ({ name: 'EventData', content });

test('the whole of System from the values of a template', () => {
  const value = (index: number): ContentSpec => ({ value: index, optional: true });
  const template: ElementSpec = {
    name: 'Event',
    dependency: 18,
    content: [
      {
        name: 'System',
        content: [
          { name: 'Provider', attributes: { Name: value(14), Guid: value(15) } },
          {
            name: 'EventID',
            dependency: 3,
            attributes: { Qualifiers: value(4) },
            content: [value(3)],
          },
          { name: 'Version', dependency: 11, content: [value(11)] },
          { name: 'Level', dependency: 0, content: [value(0)] },
          { name: 'Task', dependency: 2, content: [value(2)] },
          { name: 'Opcode', dependency: 1, content: [value(1)] },
          { name: 'Keywords', dependency: 5, content: [value(5)] },
          { name: 'TimeCreated', attributes: { SystemTime: value(6) } },
          { name: 'EventRecordID', dependency: 10, content: [value(10)] },
          {
            name: 'Correlation',
            attributes: { ActivityID: value(7), RelatedActivityID: value(13) },
          },
          { name: 'Execution', attributes: { ProcessID: value(8), ThreadID: value(9) } },
          { name: 'Channel', dependency: 16, content: [value(16)] },
          { name: 'Computer', content: ['dc1'] },
          { name: 'Security', attributes: { UserID: value(12) } },
        ],
      },
      value(17),
    ],
  };
  const body: InstanceSpec = {
    template: eventData(data('SubjectUserName', { value: 0 })),
    values: [[0x01, utf16('alice')]],
  };
  const guid = '258696547854944949a5ba3e3b0328c3';
  const values: ValueSpec[] = [
    [0x04, '00'],
    [0x04, '01'],
    [0x06, '0030'],
    [0x06, '1012'],
    [0x00, ''],
    [0x15, '0000000000002080'],
    [0x11, '0080c7a5a0a9da01'],
    [0x0f, guid],
    [0x08, 'c4010000'],
    [0x08, '10020000'],
    [0x0a, '2a00000000000000'],
    [0x04, '02'],
    [0x13, '010100000000000512000000'],
    [0x00, ''],
    [0x01, utf16('Microsoft-Windows-Security-Auditing')],
    [0x0f, guid],
    [0x01, utf16('Security')],
    [0x21, body],
  ];
  check(
    { template, values },
    {
      provider: 'Microsoft-Windows-Security-Auditing',
      providerGuid: '{54968625-5478-4994-49a5-ba3e3b0328c3}',
      eventId: 4624,
      version: 2,
      level: 0,
      task: 12_288,
      opcode: 1,
      keywords: '0x8020000000000000',
      systemTime: '2024-05-19T03:57:20.2027520Z',
      when: Date.parse('2024-05-19T03:57:20.202Z'),
      recordId: 42,
      activityId: '{54968625-5478-4994-49a5-ba3e3b0328c3}',
      processId: 452,
      threadId: 528,
      channel: 'Security',
      computer: 'dc1',
      userSid: 'S-1-5-18',
      data: [{ name: 'SubjectUserName', value: 'alice' }],
    },
  );
});

test('an event whose body is NULL is an event', () => {
  const template = { ...eventSpec([{ value: 0, optional: true }]), dependency: 0 };
  check({ template, values: [[0x00, '']] }, {});
});

test('plain elements without template, as collectors store them', () => {
  const root = eventSpec([eventData(data('A', '1'), { name: 'Data', content: ['two'] })]);
  check(root, { data: [{ name: 'A', value: '1' }, { value: 'two' }] });
  check(root, { data: [{ name: 'A', value: '1' }, { value: 'two' }] }, true);
});

test('text in several tokens, references, CDATA and processing instructions', () => {
  const content: ContentSpec[] = [
    'a',
    { entity: 'lt' },
    { characterReference: 0x41 },
    { instruction: 'ignored' },
    { cdata: '<&>' },
    'z',
  ];
  check(eventSpec([eventData(data('X', ...content))]), { data: [{ name: 'X', value: 'a<A<&>z' }] });
});

test('optional NULL drops the element or attribute, plain NULL leaves it empty', () => {
  const template = eventSpec([
    eventData(
      data('dropped', { value: 0, optional: true }),
      data('empty', { value: 0 }),
      { name: 'Data', attributes: { Name: { value: 0, optional: true } }, content: ['unnamed'] },
      { ...data('dependent', 'text'), dependency: 0 },
      data('beyond', { value: 9 }),
    ),
  ]);
  check(
    { template, values: [[0x00, '']] },
    { data: [{ name: 'empty', value: '' }, { value: 'unnamed' }, { name: 'beyond', value: '' }] },
  );
});

test('arrays repeat Data; text around the place is repeated too', () => {
  const template = eventSpec([
    eventData(data('list', { value: 0 }), data('mixed', '<', { value: 0 }, '>')),
  ]);
  check(
    { template, values: [[0x81, utf16('a\0b\0')]] },
    {
      data: [
        { name: 'list', value: 'a' },
        { name: 'list', value: 'b' },
        { name: 'mixed', value: '<a>' },
        { name: 'mixed', value: '<b>' },
      ],
    },
  );
});

test('bodies: Binary, UserData, processing errors, other elements', () => {
  check(eventSpec([eventData({ name: 'Binary', content: ['abCD'] })]), { binary: 'ABCD' });
  const userData: ElementSpec = {
    name: 'UserData',
    content: [
      {
        name: 'p:LogFileCleared',
        attributes: { 'xmlns:p': 'urn:x' },
        content: ['\n ', { name: 'Name', content: ['alice'] }, { name: 'Empty' }],
      },
    ],
  };
  check(eventSpec([userData]), {
    userData: {
      name: 'LogFileCleared',
      attributes: { 'xmlns:p': 'urn:x' },
      children: [{ name: 'Name', text: 'alice' }, { name: 'Empty' }],
    },
  });
  check(
    eventSpec([
      { name: 'ProcessingErrorData', content: [{ name: 'ErrorCode', content: ['15003'] }] },
    ]),
    {
      userData: { name: 'ProcessingErrorData', children: [{ name: 'ErrorCode', text: '15003' }] },
    },
  );
  check(eventSpec([eventData({ name: 'Elevated', content: ['1'] })]), {
    data: [{ name: 'Elevated', value: '1' }],
  });
  check(
    eventSpec([
      eventData({
        name: 'ComplexData',
        attributes: { Name: 'Files' },
        content: [{ name: 'File', attributes: { Path: 'a"b' }, content: ['x&y'] }],
      }),
    ]),
    { data: [{ name: 'Files', value: '<File Path="a&quot;b">x&amp;y</File>' }] },
  );
});

test('binary XML inside values: instances, elements, inside Data', () => {
  const inner: InstanceSpec = {
    template: eventData(data('A', { value: 0 })),
    values: [[0x01, utf16('x')]],
  };
  const outer = eventSpec([{ value: 0 }]);
  check({ template: outer, values: [[0x21, inner]] }, { data: [{ name: 'A', value: 'x' }] });
  check(
    { template: outer, values: [[0x21, eventData(data('B', 'y'))]] },
    { data: [{ name: 'B', value: 'y' }] },
  );
  const inData = eventSpec([eventData(data('C', { value: 0 }))]);
  check(
    { template: inData, values: [[0x21, { name: 'v', content: ['z'] }]] },
    {
      data: [{ name: 'C', value: '<v>z</v>' }],
    },
  );
});

test('a template used again, in its chunk and in the next', () => {
  const template = eventSpec([eventData(data('N', { value: 0 }))]);
  const record = (id: number): RecordSpec => ({
    id,
    root: { template, values: [[0x08, Buffer.from([id, 0, 0, 0]).toString('hex')]] },
  });
  const results = [...decodeEvtx(buildEvtx([[record(1), record(2)], [record(3)]]))];
  assert.deepEqual(
    results.map(({ offset, events }) => [offset, events.map((event) => event.data[0]?.value)]),
    [
      [4096, ['1', '2']],
      [69_632, ['3']],
    ],
  );
});

test('a stream in pieces of any size gives what the whole gives', async () => {
  const template = eventSpec([eventData(data('N', { value: 0 }))]);
  const root = { template, values: [[0x01, utf16('text')] as const] };
  const file = buildEvtx([[{ id: 1, root }], [{ id: 2, root }], [{ id: 3, root }]]);
  for (const size of [1000, 4096, 65_536, 100_001, file.length]) {
    const pieces = function* (): Generator<Uint8Array> {
      for (let at = 0; at < file.length; at += size) yield file.subarray(at, at + size);
    };
    assert.deepEqual(await collect(decodeEvtxStream(pieces())), [...decodeEvtx(file)]);
  }
});

test('aborting ends a stream between chunks with the reason given', async () => {
  const controller = new AbortController();
  const file = buildEvtx([[], [], []]);
  let isClosed = false;
  const source = async function* (): AsyncGenerator<Uint8Array> {
    try {
      for (let at = 0; at < file.length; at += 4096) yield file.subarray(at, at + 4096);
    } finally {
      isClosed = true;
    }
  };
  const reason = new Error('enough');
  await assert.rejects(async () => {
    for await (const _ of decodeEvtxStream(source(), { signal: controller.signal })) {
      controller.abort(reason);
    }
  }, reason);
  assert.equal(isClosed, true);
});

test('what is no event log is refused, in either way of reading', async () => {
  const inputs = [Buffer.alloc(0), Buffer.from('MZ'), Buffer.alloc(100_000, 0x41)];
  for (const input of inputs) {
    assert.throws(() => [...decodeEvtx(input)], { code: 'EVTX_NOT_A_LOG' });
    await assert.rejects(collect(decodeEvtxStream([input])), { code: 'EVTX_NOT_A_LOG' });
    assert.equal(isEvtx(input), false);
  }
  assert.equal(isEvtx(buildEvtx([]).subarray(0, 8)), true);
});

test('an empty log has no events and no damage', () => {
  assert.deepEqual([...decodeEvtx(buildEvtx([]))], []);
  assert.deepEqual([...decodeEvtx(Buffer.concat([buildEvtx([]), Buffer.alloc(65_536)]))], []);
});
