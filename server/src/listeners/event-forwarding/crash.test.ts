/** The receiver is killed at any moment, with the real pipeline behind it; the computers go on where they are told to. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { TestCertificate } from './testing/authority.ts';
import { eventXml } from './testing/event-xml.ts';
import { readStored } from './testing/file-store.ts';
import { authorities } from './testing/open-test-forwarding.ts';
import { openWindowsClient } from './testing/windows-client.ts';

const CHILD = fileURLToPath(new URL('./testing/receiver-child.ts', import.meta.url));
const RUNS = 8;
const EVENTS = 100_000;
const BATCH = 7;
const MACHINES = ['pc1.example.org', 'pc2.example.org'];

const start = (folder: string, mode: string): ChildProcess =>
  spawn(process.execPath, [CHILD, folder, mode], { stdio: ['ignore', 'pipe', 'inherit'] });

const ended = (child: ChildProcess): Promise<unknown> =>
  new Promise((resolve) => child.once('close', resolve));

const portOf = async (child: ChildProcess): Promise<number> => {
  if (!child.stdout) return 0;
  for await (const line of createInterface({ input: child.stdout })) {
    const [, port] = /^port (\d+)$/.exec(line) ?? [];
    if (port !== undefined) return Number(port);
  }
  throw new Error('the receiver ended');
};

const markOf = (machine: string, id: number): string => `mark ${machine} ${id}`;

/** As Windows: asks where to begin, sends batch after batch, each with the bookmark behind it. Ends when it is cut off. */
const forward = async (
  port: number,
  machine: string,
  certificate: TestCertificate,
): Promise<number> => {
  using client = await openWindowsClient({ port, machine, certificate });
  let acknowledged = 0;
  try {
    const { text } = await client.enumerate();
    let next = Number(/RecordId="(\d+)"/.exec(text)?.[1] ?? 0) + 1;
    acknowledged = next - 1;
    while (next < EVENTS) {
      const ids = Array.from({ length: BATCH }, (_, index) => next + index);
      const events = ids.map((recordId) =>
        eventXml({ computer: machine, recordId, data: markOf(machine, recordId) }),
      );
      next += BATCH;
      const bookmarkXml = `<BookmarkList><Bookmark Channel="Application" RecordId="${next - 1}"/></BookmarkList>`;
      const { status } = await client.send(events, { bookmarkXml });
      if (status !== 200) return acknowledged;
      acknowledged = next - 1;
    }
  } catch (error) {
    assert.match(String((error as { code?: string }).code), /ECONNRESET|ECONNREFUSED|EPIPE/);
  }
  return acknowledged;
};

test('kill -9 at any moment: what was acknowledged is there once, and computers resume behind it', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'event-forwarding-crash-'));
  try {
    const { ca, server } = await authorities();
    await writeFile(join(folder, 'ca.pem'), ca.pem);
    await writeFile(join(folder, 'ca.thumbprint'), ca.thumbprint);
    await writeFile(join(folder, 'server.pem'), server.cert);
    await writeFile(join(folder, 'server.key'), server.key);
    const certificates = await Promise.all(
      MACHINES.map((machine) => ca.issue({ dnsNames: [machine] })),
    );
    const acknowledged = new Map<string, number>();
    for (let run = 0; run < RUNS; run += 1) {
      const child = start(folder, 'listen');
      const gone = ended(child);
      const port = await portOf(child);
      setTimeout(() => child.kill('SIGKILL'), 60 + ((run * 7919) % 240));
      await Promise.all(
        MACHINES.map(async (machine, index) => {
          const certificate = certificates[index];
          assert.ok(certificate);
          const last = await forward(port, machine, certificate);
          assert.ok(
            last >= (acknowledged.get(machine) ?? 0),
            'resumed before what was acknowledged',
          );
          acknowledged.set(machine, last);
        }),
      );
      await gone;
    }
    assert.equal(await ended(start(folder, 'drain')), 0);

    const counts = new Map<string, number>();
    for (const { details } of readStored(join(folder, 'store.jsonl'))) {
      const mark = details.find(({ after }) => after?.startsWith('mark '))?.after;
      if (mark !== undefined) counts.set(mark, (counts.get(mark) ?? 0) + 1);
    }
    const total = [...acknowledged.values()].reduce((sum, last) => sum + last, 0);
    t.diagnostic(`${total} events acknowledged in ${RUNS} lives, ${counts.size} stored`);
    assert.ok(total > 200, `only ${total} acknowledged`);
    for (const [machine, last] of acknowledged) {
      for (let id = 1; id <= last; id += 1)
        assert.equal(counts.get(markOf(machine, id)), 1, markOf(machine, id));
    }
    assert.deepEqual(
      [...counts].filter(([, count]) => count !== 1),
      [],
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
