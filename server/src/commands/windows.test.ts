import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { runCommandLine } from './run-command-line.ts';

const PLANS = `
plans:
  - name: Domain
    dataSources:
      - source: active-directory
        items: [{ name: contoso.test, type: Domain }]
  - name: Mail
    dataSources:
      - source: exchange
        items: [{ name: mail.contoso.test, type: Computer }]
  - name: Later
    isEnabled: false
    dataSources:
      - source: ad-fs
        items: [{ name: sts.contoso.test, type: Computer }]
`;

describe('witness windows policy', () => {
  let folder = '';
  const run = async (...args: string[]) => {
    const written = { out: '', error: '' };
    const code = await runCommandLine([...args, '--data', join(folder, 'data')], {
      out: { write: (text) => (written.out += text) },
      error: { write: (text) => (written.error += text) },
      env: {},
      clock: () => Date.UTC(2024, 4, 6),
      randomBytes: (count) => randomBytes(count),
      signal: new AbortController().signal,
    });
    return { code, ...written };
  };
  const policy = (...args: string[]) =>
    run('windows', 'policy', '--server', 'witness.contoso.test', ...args);

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'witness-windows-'));
    const file = join(folder, 'plans.yaml');
    writeFileSync(file, PLANS);
    const { code, error } = await run('plan', 'apply', '-f', file);
    assert.equal(code, 0, error);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  test('of all enabled plans as text', async () => {
    const { code, out } = await policy();
    assert.equal(code, 0);
    assert.match(
      out,
      /for the plans "Domain", "Mail"\.\nData sources: Active Directory, Exchange\./,
    );
    assert.match(out, /no plan here has them: AD FS, Group Policy,/);
    assert.match(out, /Server=https:\/\/witness\.contoso\.test:5986\//);
  });

  test('of one plan, its name in any case, also when it is disabled', async () => {
    const { out } = await policy('--plan', 'LATER', '--kerberos', '--port', '15985');
    assert.match(out, /Data sources: AD FS\.\nThe plan "Later" is disabled/);
    assert.match(out, /Server=http:\/\/witness\.contoso\.test:15985\//);
  });

  test('as commands, as Audit.csv, as JSON', async () => {
    const auditpol = await policy('--plan', 'Domain', '--format', 'auditpol');
    assert.match(auditpol.out, /^rem Logon\/Logoff: Logon\r\n/);
    const csv = await policy('--plan', 'Domain', '--format', 'csv');
    assert.match(csv.out, /^Machine Name,.*\r\n,System,Audit Logon,\{0cce9215-/);
    const json = await policy('--plan', 'Mail', '--format', 'json', '--issuer', 'ab'.repeat(20));
    const { plans, sources, notes } = JSON.parse(json.out);
    assert.deepEqual([plans, sources], [['Mail'], ['Exchange']]);
    assert.equal(notes.length, 1);
  });

  const refuse = (name: string, args: readonly string[], code: string, exitCode: number) =>
    test(`refused: ${name}`, async () => {
      const result = await run('windows', ...args);
      assert.match(result.error, new RegExp(`\\(${code}\\)`));
      assert.deepEqual([result.code, result.out], [exitCode, '']);
    });
  refuse('nothing to print', [], 'COMMAND_USAGE', 2);
  refuse('a format', ['policy', '--format', 'toString'], 'COMMAND_USAGE', 2);
  refuse('a port', ['policy', '--port', '65536'], 'COMMAND_USAGE', 2);
  refuse('a plan', ['policy', '--plan', 'Nope'], 'OPERATION_PLAN_UNKNOWN', 1);
  refuse('an address', ['policy', '--server', '10.0.0.7'], 'WINDOWS_SERVER_NAME_INVALID', 1);
  refuse('an issuer', ['policy', '--issuer', 'x'], 'WINDOWS_ISSUER_INVALID', 1);
});
