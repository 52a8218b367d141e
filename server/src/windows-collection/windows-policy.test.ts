import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { SOURCES, type SourceDeclaration } from '../sources/index.ts';
import { auditSubcategory } from '../windows-events/index.ts';
import {
  type ForwardingTarget,
  toAuditCsv,
  toAuditpol,
  toPolicyText,
  type WindowsPolicy,
  windowsPolicyOf,
} from './index.ts';
import { planOf } from './testing.ts';

const THUMBPRINT = '0123456789ABCDEF0123456789ABCDEF01234567';
const TARGET: ForwardingTarget = {
  serverName: 'witness.contoso.test',
  issuerThumbprint: THUMBPRINT,
  useKerberos: false,
};
const ALL = planOf(
  'Everything',
  SOURCES.map(({ id }) => id),
);

const policyOf = (
  sources: readonly string[],
  target: Partial<ForwardingTarget> = {},
): WindowsPolicy => windowsPolicyOf([planOf('Domain', sources)], SOURCES, { ...TARGET, ...target });

const compareGolden = (name: string, text: string): void => {
  const file = new URL(`./testdata/${name}`, import.meta.url);
  if (process.env.UPDATE_GOLDENS === '1') writeFileSync(file, text);
  assert.equal(text, readFileSync(file, 'utf8'));
};

describe('all sources together', () => {
  const policy = windowsPolicyOf([ALL], SOURCES, TARGET);
  test('as text', () => compareGolden('all.txt', `${toPolicyText(policy)}\n`));
  test('as auditpol lines', () => compareGolden('all.cmd', toAuditpol(policy)));
  test('as Audit.csv', () => compareGolden('all.csv', toAuditCsv(policy)));

  test('every source is in it with its reasons', () => {
    const settings = [
      ...policy.registry,
      ...policy.auditPolicy,
      ...policy.logs,
      ...policy.auditEntries,
      ...policy.steps,
    ];
    const named = new Set(settings.flatMap(({ reasons }) => reasons.map(({ source }) => source)));
    for (const title of policy.sources) assert.ok(named.has(title), title);
    assert.equal(policy.sources.length, 8);
    for (const { reasons } of settings) assert.ok(reasons.length > 0);
  });

  test('nothing is in it twice', () => {
    const keys = [
      ...policy.registry.map(({ key, name }) => `${key}\\${name}`),
      ...policy.auditPolicy.map(({ guid }) => guid),
      ...policy.logs.map(({ log }) => log),
      ...policy.auditEntries.map(({ script }) => script.join()),
      ...policy.steps.map(({ title }) => title),
    ];
    assert.deepEqual(keys, [...new Set(keys)]);
  });
});

test('for the smallest plan, by Kerberos', () =>
  compareGolden(
    'exchange-kerberos.txt',
    `${toPolicyText(policyOf(['exchange'], { useKerberos: true }))}\n`,
  ));

describe('the subscription manager', () => {
  const check = (name: string, target: Partial<ForwardingTarget>, expected: string) =>
    test(name, () => assert.equal(policyOf(['exchange'], target).registry[0]?.value, expected));
  const https = 'https://witness.contoso.test:5986/wsman/SubscriptionManager/WEC,Refresh=60';

  check('by certificate', {}, `Server=${https},IssuerCA=${THUMBPRINT}`);
  check(
    'a thumbprint as Windows shows it',
    { issuerThumbprint: '\u200E01 23 45 67 89 ab cd ef 01 23 45 67 89 ab cd ef 01 23 45 67' },
    `Server=${https},IssuerCA=${THUMBPRINT}`,
  );
  check(
    'a thumbprint as OpenSSL shows it',
    { issuerThumbprint: THUMBPRINT.replace(/..(?!$)/g, '$&:') },
    `Server=${https},IssuerCA=${THUMBPRINT}`,
  );
  check(
    'by Kerberos',
    { useKerberos: true },
    'Server=http://witness.contoso.test:5985/wsman/SubscriptionManager/WEC,Refresh=60',
  );
  check(
    'on another port',
    { port: 15986 },
    `Server=${https.replace('5986', '15986')},IssuerCA=${THUMBPRINT}`,
  );

  test('without a thumbprint it is left to be filled in, and said', () => {
    const { issuerThumbprint: _, ...target } = TARGET;
    const policy = windowsPolicyOf([ALL], SOURCES, target);
    assert.match(policy.registry[0]?.value ?? '', /,IssuerCA=THUMBPRINT-OF-THE-ISSUING-CA$/);
    assert.match(policy.notes.join('\n'), /in place of THUMBPRINT-OF-THE-ISSUING-CA/);
  });

  const refuse = (name: string, target: Partial<ForwardingTarget>, code: string) =>
    test(`refused: ${name}`, () => assert.throws(() => policyOf([], target), { code }));
  for (const serverName of ['', 'a b', '10.0.0.7', '::1', 'x,Refresh=1', 'a/b', 'a..b', '-a']) {
    refuse(`server "${serverName}"`, { serverName }, 'WINDOWS_SERVER_NAME_INVALID');
  }
  for (const issuerThumbprint of ['', 'abc', `${THUMBPRINT}00`, THUMBPRINT.replace('0', 'G')]) {
    refuse(`issuer "${issuerThumbprint}"`, { issuerThumbprint }, 'WINDOWS_ISSUER_INVALID');
  }
});

describe('audit policy', () => {
  const policy = windowsPolicyOf([ALL], SOURCES, TARGET);
  const COLUMNS = [
    'Machine Name',
    'Policy Target',
    'Subcategory',
    'Subcategory GUID',
    'Inclusion Setting',
    'Exclusion Setting',
    'Setting Value',
  ];
  const VALUES: Readonly<Record<string, string>> = {
    Success: '1',
    Failure: '2',
    'Success and Failure': '3',
  };

  test('every GUID is well-formed and known', () => {
    assert.ok(policy.auditPolicy.length > 20);
    for (const { guid, category, subcategory } of policy.auditPolicy) {
      assert.match(guid, /^\{0CCE92[\dA-F]{2}-69AE-11D9-BED3-505054503030\}$/);
      assert.deepEqual(auditSubcategory(guid), { category, name: subcategory });
    }
  });

  test('Audit.csv has the columns, line ends and values of [MS-GPAC]', () => {
    const text = toAuditCsv(policy);
    assert.ok(text.endsWith('\r\n') && !/[^\r]\n/.test(text));
    const [header, ...lines] = text.trimEnd().split('\r\n');
    assert.deepEqual(header?.split(','), COLUMNS);
    assert.equal(lines.length, policy.auditPolicy.length);
    for (const line of lines) {
      const [machine, target, name, guid, inclusion, exclusion, value, ...rest] = line.split(',');
      assert.deepEqual([machine, target, exclusion, rest], ['', 'System', '', []]);
      assert.match(name ?? '', /^Audit /);
      assert.ok(auditSubcategory(guid ?? '') !== undefined);
      assert.equal(value, VALUES[inclusion ?? '']);
    }
  });

  test('auditpol lines say the same as Audit.csv', () => {
    const lines = toAuditpol(policy)
      .split('\r\n')
      .filter((line) => line.startsWith('auditpol'));
    const values = lines.map(
      (line) =>
        (line.includes('/success:enable') ? 1 : 0) + (line.includes('/failure:enable') ? 2 : 0),
    );
    const ofCsv = toAuditCsv(policy)
      .trimEnd()
      .split('\r\n')
      .slice(1)
      .map((line) => Number(line.at(-1)));
    assert.deepEqual(values, ofCsv);
    for (const line of lines) {
      assert.match(line, /^auditpol \/set \/subcategory:"\{[\dA-F-]{36}\}"( \/\w+:enable){1,2}$/);
    }
  });

  test('outcomes of several sources add up', () => {
    const outcomesOf = (sources: readonly string[]) =>
      policyOf(sources)
        .auditPolicy.filter(({ subcategory }) => subcategory === 'Logon')
        .map(({ isSuccessAudited, isFailureAudited }) => [isSuccessAudited, isFailureAudited]);
    assert.deepEqual(outcomesOf(['active-directory']), [[true, false]]);
    assert.deepEqual(outcomesOf(['active-directory', 'logon-activity']), [[true, true]]);
  });
});

describe('settings are merged', () => {
  test('a log is as large as the largest need', () => {
    const size = (title: string, sizeBytes: number): SourceDeclaration => ({
      ...SOURCES[0],
      id: title,
      title,
      windowsSetup: { computers: 'Servers', logs: [{ log: 'Own', sizeBytes, reason: 'Room' }] },
    });
    const sources = [size('a', 65_536), size('b', 655_360), size('c', 131_072)];
    const policy = windowsPolicyOf([planOf('P', ['a', 'b', 'c'])], sources, TARGET);
    assert.deepEqual(policy.logs, [
      {
        log: 'Own',
        sizeBytes: 655_360,
        isOffByDefault: false,
        reasons: ['a', 'b', 'c'].map((source) => ({
          source,
          computers: 'Servers',
          reason: 'Room',
        })),
      },
    ]);
    assert.deepEqual(policy.auditPolicy, []);
    assert.ok(!policy.registry.some(({ name }) => name === 'SCENoApplyLegacyAuditPolicy'));
  });

  test('the directory is audited once for both its sources', () => {
    const { auditEntries } = policyOf(['active-directory', 'group-policy']);
    assert.deepEqual(
      auditEntries.map(({ reasons }) => reasons.map(({ source }) => source)),
      [['Active Directory', 'Group Policy']],
    );
  });
});

describe('notes', () => {
  const check = (name: string, policy: WindowsPolicy, expected: RegExp) =>
    test(name, () => assert.match(policy.notes.join('\n'), expected));

  check('sources of no plan', policyOf(['ad-fs', 'exchange']), /no plan here has them: Active Dir/);
  check('no plan', windowsPolicyOf([], SOURCES, TARGET), /^No monitoring plan is enabled/);
  check(
    'other sources',
    policyOf(['integration-api']),
    /^Nothing here .*\nNetwrix API needs nothing/,
  );
  check(
    'a disabled plan',
    windowsPolicyOf([planOf('Later', ['ad-fs'], { isEnabled: false })], SOURCES, TARGET),
    /^The plan "Later" is disabled/,
  );

  test('none where there is nothing to say', () => {
    const ids = SOURCES.filter((source) => 'windowsSetup' in source).map(({ id }) => id);
    assert.deepEqual(policyOf(ids).notes, []);
  });
});
