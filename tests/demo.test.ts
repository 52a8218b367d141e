/** The demo: the estate is filled in, each incident is found by the search that the demo prints, and it ends when asked. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { startServer, temporaryFolder, witness } from './witness-process.ts';

test('the estate is there, and its six incidents are found', { timeout: 150_000 }, async (t) => {
  const data = join(temporaryFolder(t), 'data');
  await using server = await startServer({ data, command: 'demo', args: ['--records', '30000'] });
  const searches = [...server.startText.matchAll(/witness search --data \S+ '([^']+)'/g)].map(
    ([, search = '']) => search,
  );
  assert.equal(searches.length, 6, server.startText);
  for (const search of searches) {
    const found = await witness(['search', search, '--json', '--data', data]);
    assert.notEqual(found.out, '', search);
  }
  const status = await witness(['status', '--json', '--data', data]);
  assert.ok(JSON.parse(status.out).held.records >= 30_000, status.out);
  assert.equal(await server.stop(), 0);
});
