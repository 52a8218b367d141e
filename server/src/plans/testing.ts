/** What tests of plans and access share: a database in memory, a small source list, a clock to turn. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { defineSource, type SourceDeclaration } from '../sources/index.ts';
import { type ConfigurationDatabase, openConfigurationDatabase } from './configuration-database.ts';
import { openPlans, type Plans } from './plans.ts';
import { createSecretBox, type SecretBox } from './secrets.ts';
import type { SelfAuditEntry } from './self-audit.ts';

const EMPTY = { ports: [], actions: [], objectTypes: '*', examples: [], summary: '' } as const;

export const TEST_SOURCES: readonly SourceDeclaration[] = [
  defineSource({
    ...EMPTY,
    id: 'integration-api',
    title: 'Netwrix API',
    itemTypes: ['Integration'],
    settings: z.object({}),
  }),
  defineSource({
    ...EMPTY,
    id: 'windows-server',
    title: 'Windows Server',
    itemTypes: ['Computer', 'Domain', 'IP range'],
    settings: z.object({
      intervalMinutes: z.int().min(1).max(1440).default(10),
      channels: z
        .array(z.object({ name: z.string(), isEnabled: z.boolean().optional() }))
        .optional(),
      labels: z.record(z.string(), z.string()).optional(),
    }),
  }),
];

/** The same bytes in every run, and never the same twice within one. */
export const createTestRandom = (seed = 'test'): ((bytes: number) => Uint8Array) => {
  let drawn = 0;
  return (bytes) => {
    const blocks: Buffer[] = [];
    for (let length = 0; length < bytes; length += 32) {
      drawn += 1;
      blocks.push(createHash('sha256').update(`${seed}/${drawn}`).digest());
    }
    return Buffer.concat(blocks).subarray(0, bytes);
  };
};

export interface TestClock {
  (): number;
  advance(ms: number): void;
}

export const createTestClock = (startMs = Date.UTC(2024, 4, 6, 7, 8, 9)): TestClock => {
  let now = startMs;
  return Object.assign(() => now, {
    advance: (ms: number) => {
      now += ms;
    },
  });
};

export interface TestPlans extends AsyncDisposable {
  readonly database: ConfigurationDatabase;
  readonly secrets: SecretBox;
  readonly plans: Plans;
  readonly clock: TestClock;
  readonly random: (bytes: number) => Uint8Array;
  readonly audited: SelfAuditEntry[];
  /** Another instance on the same database, as after a restart. */
  reopen(): Promise<Plans>;
}

export const openTestPlans = async (): Promise<TestPlans> => {
  const clock = createTestClock();
  const random = createTestRandom();
  const audited: SelfAuditEntry[] = [];
  const database = await openConfigurationDatabase({
    file: ':memory:',
    emit: () => undefined,
    clock,
  });
  const secrets = createSecretBox(random(32), random);
  const reopen = (): Promise<Plans> =>
    openPlans({
      database,
      secrets,
      sources: TEST_SOURCES,
      selfAudit: (entry) => audited.push(entry),
      clock,
      randomBytes: random,
    });
  const plans = await reopen();
  return {
    database,
    secrets,
    plans,
    clock,
    random,
    audited,
    reopen,
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
};
