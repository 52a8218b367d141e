import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WitnessError } from '@witness/record';
import { readYaml, YAML_LIMITS } from './read-yaml.ts';

const check = (text: string, expected: unknown): void =>
  assert.deepEqual(readYaml(text).value, expected);

const refuse = (text: string, code: string, location?: string): void => {
  const started = performance.now();
  assert.throws(
    () => readYaml(text),
    (cause) => {
      assert.ok(cause instanceof WitnessError);
      assert.equal(cause.code, code, cause.message);
      if (location !== undefined) assert.equal(cause.location, location);
      assert.ok(cause.message.length < 400);
      return true;
    },
  );
  assert.ok(performance.now() - started < 10_000, 'bounded time');
};

test('plain data is read as YAML 1.2 has it', () => {
  check('a: 1\nb: [x, true, null, 1.5]\nc: {d: "e\\n"}', {
    a: 1,
    b: ['x', true, null, 1.5],
    c: { d: 'e\n' },
  });
  check('\uFEFFa: yes', { a: 'yes' });
  check('%YAML 1.2\n---\na: 1', { a: 1 });
  check('', null);
  check('# nothing', null);
  check('a: 2020-01-01\n<<: {b: 1}', { a: '2020-01-01', '<<': { b: 1 } });
  check('a: &x [1]\nb: *x', { a: [1], b: [1] });
  check('a: |\n  one\n  two\n', { a: 'one\ntwo\n' });
  check('a:', { a: null });
});

test('what is not plain data is refused with its place', () => {
  refuse('a: 1\n\tb: 2', 'PLAN_YAML_MALFORMED', '2:1');
  refuse('a:\n\t- b', 'PLAN_YAML_MALFORMED', '2:1');
  refuse('a: [1', 'PLAN_YAML_MALFORMED');
  refuse('a: !foo bar', 'PLAN_YAML_MALFORMED', '1:4');
  refuse('a: !!binary aGk=', 'PLAN_YAML_MALFORMED', '1:4');
  refuse('a: !!js/function "x"', 'PLAN_YAML_MALFORMED', '1:4');
  refuse('%YAML 1.1\n---\na: yes', 'PLAN_YAML_MALFORMED');
  refuse('a: 1\n---\nb: 2', 'PLAN_YAML_MALFORMED', '2:1');
  refuse('b: *none', 'PLAN_YAML_MALFORMED');
  refuse('a: .inf', 'PLAN_YAML_MALFORMED', '1:4');
  refuse('1: x', 'PLAN_YAML_MALFORMED', '1:1');
  refuse('? [a, b]\n: x', 'PLAN_YAML_MALFORMED');
  refuse('a: 1\n__proto__: {b: 1}', 'PLAN_YAML_MALFORMED', '2:1');
});

test('a key given twice is refused, at any depth', () => {
  refuse('a: 1\nb: 2\na: 3', 'PLAN_KEY_DUPLICATE', '3:1');
  refuse('a: {b: 1, "b": 2}', 'PLAN_KEY_DUPLICATE', '1:11');
  refuse('- {x: 1}\n- x: 1\n  x: 2', 'PLAN_KEY_DUPLICATE', '3:3');
});

test('aliases cannot multiply', () => {
  const laughs = Array.from(
    { length: 12 },
    (_, level) => `l${level + 1}: &l${level + 1} [${Array(9).fill(`*l${level}`).join(', ')}]`,
  );
  refuse(['l0: &l0 lol', ...laughs].join('\n'), 'PLAN_YAML_LIMIT');
  refuse(`a: &a x\nb: [${'*a, '.repeat(YAML_LIMITS.aliases + 1)}]`, 'PLAN_YAML_LIMIT');
  refuse('a: &a [*a]', 'PLAN_YAML_LIMIT');
  const wide = `a: &a [${'1, '.repeat(10_000)}]\nb: [${'*a, '.repeat(50)}]`;
  refuse(wide, 'PLAN_YAML_LIMIT');
});

test('depth and size are bounded', () => {
  const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;
  check(nested(2), [[]]);
  assert.ok(readYaml(nested(YAML_LIMITS.depth + 1)).value);
  refuse(nested(YAML_LIMITS.depth + 2), 'PLAN_YAML_LIMIT');
  refuse(nested(50_000), 'PLAN_YAML_MALFORMED');
  refuse('- '.repeat(20_000), 'PLAN_YAML_MALFORMED');
  refuse('['.repeat(1_000_000), 'PLAN_YAML_LIMIT');
  refuse(','.repeat(1_000_000), 'PLAN_YAML_LIMIT');
  refuse('\n'.repeat(1_000_000), 'PLAN_YAML_LIMIT');
  refuse('&a '.repeat(1_000_000), 'PLAN_YAML_LIMIT');
  refuse('x'.repeat(YAML_LIMITS.textLength + 1), 'PLAN_YAML_LIMIT');
  refuse(`[${'1,'.repeat(YAML_LIMITS.nodes)}]`, 'PLAN_YAML_LIMIT');
});

test('many keys are read in time that grows with their number', () => {
  const text = Array.from({ length: 40_000 }, (_, index) => `k${index}: 1`).join('\n');
  const started = performance.now();
  assert.equal(Object.keys(readYaml(text).value as object).length, 40_000);
  assert.ok(performance.now() - started < 10_000);
});

test('values are found again by line and column, through aliases too', () => {
  const yaml = readYaml('a: &x\n  b: 1\nc: *x\nd:\n  - e: 2\n  - f: 3\ng:\n');
  const places: readonly (readonly [readonly (string | number)[], 'key' | 'value', string])[] = [
    [[], 'value', '1:1'],
    [['a', 'b'], 'value', '2:6'],
    [['a', 'b'], 'key', '2:3'],
    [['c', 'b'], 'value', '2:6'],
    [['d', 1, 'f'], 'value', '6:8'],
    [['d', 1, 'none'], 'value', '6:5'],
    [['d', 7], 'value', '5:3'],
    [['g'], 'key', '7:1'],
  ];
  for (const [path, part, expected] of places) {
    assert.equal(yaml.locate(path, part), expected, path.join('.'));
  }
});
