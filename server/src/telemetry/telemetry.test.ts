import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { defineErrors } from '@witness/record';
import {
  createTelemetry,
  healthzAnswer,
  METRICS,
  type NamedEvent,
  readyzAnswer,
  type Telemetry,
  type TelemetryOptions,
} from './index.ts';

const NOON = Date.UTC(2026, 10, 2, 12, 0, 4, 120);

interface Written {
  readonly telemetry: Telemetry;
  readonly lines: string[];
  readonly objects: () => Record<string, unknown>[];
}

const start = (options: Partial<TelemetryOptions> = {}): Written => {
  const lines: string[] = [];
  const telemetry = createTelemetry({
    level: 'debug',
    destination: { write: (line) => lines.push(line) },
    clock: () => NOON,
    ...options,
  });
  return { telemetry, lines, objects: () => lines.map((line) => JSON.parse(line)) };
};

const event = (rest: Partial<NamedEvent> = {}): NamedEvent => ({
  name: 'pipeline.batch-stored',
  level: 'info',
  message: 'Batch stored',
  ...rest,
});

const testError = defineErrors({
  DISK_FULL: { message: 'The disk {disk} is full', advice: 'Make room on {disk}.', retry: 'later' },
});

test('an event is one JSON line', () => {
  const { telemetry, lines, objects } = start();
  telemetry.emit(event({ fields: { plan: 'HQ', count: 3, isFirst: true, absent: undefined } }));
  assert.equal(lines.length, 1);
  assert.ok(lines[0]?.endsWith('}\n'));
  assert.deepEqual(objects()[0], {
    level: 'info',
    time: NOON,
    name: 'pipeline.batch-stored',
    fields: { plan: 'HQ', count: 3, isFirst: true },
    msg: 'Batch stored',
  });
});

test('levels below the wanted one are counted but not written', async () => {
  const { telemetry, objects } = start({ level: 'warn' });
  for (const level of ['debug', 'info', 'warn', 'error'] as const) telemetry.emit(event({ level }));
  assert.deepEqual(
    objects().map(({ level }) => level),
    ['warn', 'error'],
  );
  const text = await telemetry.metrics();
  assert.match(text, /^witness_events_total\{name="pipeline\.batch-stored",level="debug"\} 1$/m);
});

test('errors: ours with code, advice and place, others with their stack, causes below', () => {
  const { telemetry, objects } = start();
  const cause = new Error('ENOSPC');
  const error = testError('DISK_FULL', { disk: '/d' }, { cause, location: '7' });
  telemetry.emit(event({ level: 'error', error }));
  telemetry.emit(event({ level: 'error', error: 'just text' }));
  const [ours, other] = objects().map((line) => line.error as Record<string, unknown>);
  assert.equal(ours?.code, 'DISK_FULL');
  assert.equal(ours?.message, 'The disk /d is full');
  assert.equal(ours?.advice, 'Make room on /d.');
  assert.equal(ours?.location, '7');
  assert.equal(ours?.stack, undefined);
  const below = ours?.cause as { message: string; stack: string };
  assert.equal(below.message, 'ENOSPC');
  assert.match(below.stack, /telemetry\.test/);
  assert.deepEqual(other, { message: 'just text' });
});

test('an endless chain of causes ends', () => {
  const { telemetry, lines } = start();
  const error = new Error('loop');
  error.cause = error;
  telemetry.emit(event({ error }));
  assert.equal(lines.length, 1);
  assert.ok((lines[0]?.length ?? 0) < 100_000);
});

test('secrets are masked by name', () => {
  const check = (name: string, isMasked: boolean) => {
    const { telemetry, lines } = start();
    telemetry.emit(event({ fields: { [name]: 'Hunter2-value' } }));
    assert.equal(!lines.join().includes('Hunter2-value'), isMasked, name);
  };
  for (const name of ['password', 'newPassword', 'clientSecret', 'apiKey', 'key', 'private_key']) {
    check(name, true);
  }
  for (const name of ['Authorization', 'cookie', 'accessToken', 'userPwd']) check(name, true);
  for (const name of ['plan', 'tokenId', 'tokenName', 'monkey', 'keyFile', 'passed']) {
    check(name, false);
  }
});

test('secrets are masked inside text, messages and errors', () => {
  const check = (text: string) => {
    const { telemetry, lines } = start();
    telemetry.emit(event({ message: text }));
    telemetry.emit(event({ fields: { reason: text } }));
    telemetry.emit(event({ error: new Error(text, { cause: text }) }));
    assert.equal(lines.length, 3);
    assert.doesNotMatch(lines.join(), /hunter22/i, text);
  };
  check('cannot reach https://witness:hunter22@db.example.test:8443/x');
  check('Authorization: Basic aHVudGVyMjI6hunter22==');
  check('sent Bearer hunter22.abc-def and failed');
  check('connection string Server=x;Password=hunter22;Timeout=5');
  check('{"client_secret": "hunter22"}');
  check("pwd='hunter22 with blanks'");
  check('-----BEGIN EC PRIVATE KEY-----\nhunter22\n-----END EC PRIVATE KEY-----');
  check('-----BEGIN PRIVATE KEY-----\nhunter22');
});

test('ordinary text stays as it is', () => {
  const { telemetry, objects } = start();
  const text = 'Basic audit at https://host.example.test/a?b=c, user CONTOSO\\a.b, 5 o’clock';
  telemetry.emit(event({ message: text }));
  assert.equal(objects()[0]?.msg, text);
});

test('hostile text is masked in short time', () => {
  const { telemetry } = start();
  const startedAt = performance.now();
  for (const part of ['a-', '://a:', 'password', '-----BEGIN ', 'Basic ', '"\'=:']) {
    telemetry.emit(event({ message: part.repeat(200_000) }));
  }
  assert.ok(performance.now() - startedAt < 1000);
});

test('the pretty form is one line for people, without control characters', () => {
  const { telemetry, lines } = start({ format: 'pretty' });
  telemetry.emit(event({ fields: { path: 'C:\\a b', count: 3, empty: '' } }));
  const error = testError('DISK_FULL', { disk: '/d' });
  telemetry.emit(event({ level: 'error', message: 'Evil\u001b[2J\nline', error }));
  assert.equal(
    lines[0],
    '2026-11-02 12:00:04.120 INFO  Batch stored (pipeline.batch-stored) path="C:\\\\a b" count=3 empty=""\n',
  );
  assert.equal(
    lines[1],
    '2026-11-02 12:00:04.120 ERROR Evil\\x1b[2J\\nline: DISK_FULL The disk /d is full Make room on /d. (pipeline.batch-stored)\n',
  );
});

test('counters move with their events', async () => {
  const { telemetry } = start();
  const counts = [
    { metric: 'witness_records_stored_total', labels: { input: 'windows-event-json' }, by: 40 },
    { metric: 'witness_batches_stored_total' },
  ];
  telemetry.emit(event({ counts }));
  telemetry.emit(event({ counts }));
  const text = await telemetry.metrics();
  assert.match(text, /^witness_records_stored_total\{input="windows-event-json"\} 80$/m);
  assert.match(text, /^witness_batches_stored_total 2$/m);
  assert.match(telemetry.metricsContentType, /^text\/plain/);
});

test('moving what the catalogue does not have is told once and disturbs nothing', async () => {
  const { telemetry, objects } = start();
  const by = Number.NaN;
  for (const move of [{ metric: 'nonsense' }, { metric: 'witness_batches_stored_total', by }]) {
    for (let round = 0; round < 3; round += 1) telemetry.emit(event({ counts: [move] }));
  }
  telemetry.emit(event({ counts: [{ metric: 'witness_ready' }] }));
  telemetry.emit(
    event({ counts: [{ metric: 'witness_sign_ins_total', labels: { outcome: 'x', more: 'y' } }] }),
  );
  const told = objects().filter(({ name }) => name === 'telemetry.metric-unknown');
  assert.equal(told.length, 3);
  const text = await telemetry.metrics();
  assert.match(text, /^witness_metrics_unknown_total 7$/m);
  assert.match(text, /^witness_sign_ins_total\{outcome="x"\} 1$/m);
});

test('label values from data cannot grow the metrics without end', async () => {
  const { telemetry } = start({ level: 'error' });
  for (let index = 0; index < 1500; index += 1) {
    const labels = { input: `input-${index}`, code: 'X' };
    telemetry.emit(event({ counts: [{ metric: 'witness_records_rejected_total', labels }] }));
  }
  const text = await telemetry.metrics();
  const rows = text.split('\n').filter((row) => row.startsWith('witness_records_rejected_total{'));
  assert.equal(rows.length, 1001);
  assert.match(text, /^witness_records_rejected_total\{input="other",code="other"\} 500$/m);
});

test('gauges are read when asked; a failing one is absent and told', async () => {
  const { telemetry, objects } = start();
  let backlog = 5;
  telemetry.gauge('witness_spool_backlog_batches', () => backlog);
  telemetry.gauge('witness_disk_free_bytes', async () => 7);
  telemetry.gauge('witness_store_bytes', () => {
    throw testError('DISK_FULL', { disk: 'x' });
  });
  assert.match(await telemetry.metrics(), /^witness_spool_backlog_batches 5$/m);
  backlog = 0;
  const text = await telemetry.metrics();
  assert.match(text, /^witness_spool_backlog_batches 0$/m);
  assert.match(text, /^witness_disk_free_bytes 7$/m);
  assert.doesNotMatch(text, /^witness_store_bytes/m);
  assert.match(text, /^process_resident_memory_bytes \d+/m);
  assert.equal(objects().filter(({ name }) => name === 'telemetry.gauge-failed').length, 2);
});

test('registering a gauge again replaces how it is read', async () => {
  const { telemetry } = start();
  telemetry.gauge('witness_store_records', () => 1);
  telemetry.gauge('witness_store_records', () => 2);
  assert.match(await telemetry.metrics(), /^witness_store_records 2$/m);
});

test('a destination that fails is counted, emit does not throw', async () => {
  const { telemetry } = start({
    destination: {
      write: () => {
        throw new Error('EPIPE');
      },
    },
  });
  telemetry.emit(event());
  assert.match(await telemetry.metrics(), /^witness_log_lines_lost_total 1$/m);
});

test('every metric of the catalogue follows the naming rules', () => {
  for (const [name, { kind, help }] of Object.entries(METRICS)) {
    assert.match(name, /^witness_[a-z_]+$/);
    assert.equal(name.endsWith('_total'), kind === 'counter', name);
    assert.match(help, /^[A-Z].*\.$/);
  }
});

test('readiness: all components, with reason and advice of those that are not', async () => {
  const { telemetry } = start();
  const { health } = telemetry;
  assert.equal(readyzAnswer(health.components()).status, 503);
  health.report({ name: 'store', isReady: true });
  health.report({
    name: 'spool',
    isReady: false,
    reason: 'disk of http://u:hunter22@h full',
    advice: 'Make room.',
  });
  assert.deepEqual(readyzAnswer(health.components()), {
    status: 503,
    body: {
      status: 'not ready',
      components: [
        { name: 'store', isReady: true },
        {
          name: 'spool',
          isReady: false,
          reason: 'disk of http://u:[masked]@h full',
          advice: 'Make room.',
        },
      ],
    },
  });
  assert.match(await telemetry.metrics(), /^witness_ready\{component="spool"\} 0$/m);
  health.report({ name: 'spool', isReady: true });
  const ready = readyzAnswer(health.components());
  assert.equal(ready.status, 200);
  assert.equal(ready.body.status, 'ready');
  assert.deepEqual(healthzAnswer(), { status: 200, body: { status: 'alive' } });
});

test('telemetry keeps no process alive', () => {
  const script = `import { createTelemetry } from ${JSON.stringify(join(import.meta.dirname, 'index.ts'))};
    const t = createTelemetry({ level: 'info', destination: process.stdout, clock: () => 0 });
    t.emit({ name: 'a.b', level: 'info', message: 'hello' }); await t.metrics();`;
  const { status, stdout } = spawnSync(
    process.execPath,
    ['--input-type=module', '--eval', script],
    { encoding: 'utf8', timeout: 20_000 },
  );
  assert.equal(status, 0);
  assert.match(stdout, /"msg":"hello"/);
});
