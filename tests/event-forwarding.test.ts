/** A Windows computer that forwards its events, from its certificate to the answer of a search. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { join } from 'node:path';
import { test } from 'node:test';
import { buildEnumerate, buildEvents } from '../server/src/codecs/testing.ts';
import { createAuthority } from '../server/src/listeners/event-forwarding/testing/authority.ts';
import { startServer, temporaryFolder, witness } from './witness-process.ts';

const MACHINE = 'dc1.contoso.test';

const PLAN = `name: Domain
dataSources:
  - source: active-directory
    items:
      - name: contoso.test
        type: Domain
`;

const accountCreated = (recordId: number): string =>
  `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Microsoft-Windows-Security-Auditing' Guid='{54849625-5478-4994-A5BA-3E3B0328C30D}'/><EventID>4720</EventID><Version>0</Version><Level>0</Level><Task>13824</Task><Opcode>0</Opcode><Keywords>0x8020000000000000</Keywords><TimeCreated SystemTime='2026-03-02T09:12:33.1234567Z'/><EventRecordID>${recordId}</EventRecordID><Channel>Security</Channel><Computer>${MACHINE}</Computer></System><EventData><Data Name='TargetUserName'>j.doe</Data><Data Name='TargetDomainName'>CONTOSO</Data><Data Name='TargetSid'>S-1-5-21-1-2-3-1105</Data><Data Name='SubjectUserSid'>S-1-5-21-1-2-3-500</Data><Data Name='SubjectUserName'>admin</Data><Data Name='SubjectDomainName'>CONTOSO</Data><Data Name='SubjectLogonId'>0x4a5b6</Data></EventData></Event>`;

const textOf = (bytes: Buffer): string =>
  bytes.length > 1 && bytes[1] === 0
    ? bytes.toString('utf16le')
    : bytes.toString('utf8').replaceAll('\0', '');

const post = (
  agent: Agent,
  url: string,
  body: Uint8Array,
): Promise<{ status: number; text: string }> =>
  new Promise((resolve, reject) => {
    const outgoing = request(
      url,
      {
        agent,
        method: 'POST',
        headers: {
          'content-type': 'application/soap+xml;charset=UTF-16',
          'content-length': body.length,
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, text: textOf(Buffer.concat(chunks)) }),
        );
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });

test('a computer asks what is wanted, sends it, and the search finds it', {
  timeout: 120_000,
}, async (t) => {
  const folder = temporaryFolder(t);
  const data = join(folder, 'data');
  const planFile = join(folder, 'plan.yaml');
  const clientCa = join(folder, 'client-ca.pem');
  const authority = await createAuthority('Contoso computers');
  writeFileSync(planFile, PLAN);
  writeFileSync(clientCa, authority.pem);
  await using server = await startServer({
    data,
    args: [
      ...['--set', 'listeners.event-forwarding.enabled=true'],
      ...['--set', 'listeners.event-forwarding.address=127.0.0.1'],
      ...['--set', 'listeners.event-forwarding.port=0'],
      ...['--set', `listeners.event-forwarding.tls.clientCa=${clientCa}`],
      ...['--set', 'serverName=localhost'],
    ],
  });
  const url = /Event forwarding\s+(https:\S+)/.exec(server.startText)?.[1] ?? '';
  assert.notEqual(url, '');
  assert.equal((await witness(['plan', 'apply', '-f', planFile, '--data', data])).code, 0);

  const { cert, key } = await authority.issue({ dnsNames: [MACHINE] });
  const agent = new Agent({ keepAlive: true, cert, key, rejectUnauthorized: false });
  t.after(() => agent.destroy());
  const message = { machineId: MACHINE, to: url };
  const offered = await post(
    agent,
    url,
    buildEnumerate({ ...message, messageId: 'uuid:00000000-0000-4000-8000-000000000001' }),
  );
  assert.equal(offered.status, 200, offered.text);
  assert.match(offered.text, /EventID=4720/);
  const delivery = /https:\/\/[^<]*\/wsman\/subscriptions\/([0-9A-F-]+)\/1/.exec(offered.text);
  assert.ok(delivery, offered.text);
  const port = new URL(url).port;

  const deliver = (messageId: string) =>
    post(
      agent,
      `https://127.0.0.1:${port}/wsman/subscriptions/${delivery[1]}/1`,
      buildEvents({
        ...message,
        messageId,
        identifier: delivery[1] ?? '',
        events: [accountCreated(5001)],
        bookmarkXml: `<BookmarkList><Bookmark Channel="Security" RecordId="5001" IsCurrent="true"/></BookmarkList>`,
      }),
    );
  const acknowledged = await deliver('uuid:00000000-0000-4000-8000-000000000002');
  assert.equal(acknowledged.status, 200, acknowledged.text);
  assert.match(acknowledged.text, /Ack/);
  // Sent again, as after a lost answer: it is the same record.
  assert.equal((await deliver('uuid:00000000-0000-4000-8000-000000000003')).status, 200);

  const find = () => witness(['search', 'action:added what:j.doe', '--json', '--data', data]);
  let found = await find();
  for (let tries = 0; tries < 20 && found.out === ''; tries += 1) found = await find();
  const records = found.out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.equal(records.length, 1);
  assert.equal(records[0].Who, 'CONTOSO\\admin');
  assert.equal(records[0].What, 'CONTOSO\\j.doe');
  assert.equal(records[0].DataSource, 'Active Directory');
  assert.equal(records[0].MonitoringPlan.Name, 'Domain');
});
