import { type AccessControl, createPassword, describeAssignments } from '../access/index.ts';
import type { Pipeline } from '../pipeline/index.ts';
import {
  type Actor,
  type ApplyReport,
  type MonitoringPlan,
  type Plans,
  toNameKey,
} from '../plans/index.ts';
import { parseSearch } from '../search-language/index.ts';
import { SOURCES } from '../sources/index.ts';
import type { AuditStore } from '../store/index.ts';
import { windowsPolicyOf } from '../windows-collection/index.ts';
import { operationsError } from './errors.ts';
import type { CallName, Calls, Operations, PlanLine, PlanReport } from './operations.ts';
import { parseRoleAssignment } from './role-scope.ts';
import type { StatusReport } from './status-report.ts';

export interface OperationsParts {
  readonly plans: Plans;
  readonly access: AccessControl;
  /** Opened when first asked for: listing users needs no store. */
  readonly records: () => Promise<{ readonly store: AuditStore; readonly pipeline: Pipeline }>;
  readonly status: () => Promise<StatusReport>;
  /** Resolves when what was changed is in the self-audit, durably. */
  readonly audited: () => Promise<void>;
  readonly clock: () => number;
  readonly randomBytes: (count: number) => Uint8Array;
  readonly timeZone: string;
  readonly close: () => Promise<void>;
}

/** Whoever may open the data folder or its socket is the administrator of this Witness. */
const ACTOR: Actor = { who: 'Local administrator', workstation: 'localhost' };
const DAY_MS = 86_400_000;

const toPlanLine = (plan: MonitoringPlan): PlanLine => ({
  id: plan.id,
  name: plan.name,
  ...(plan.folder === undefined ? {} : { folder: plan.folder }),
  isEnabled: plan.isEnabled,
  dataSources: plan.dataSources.map(({ source, isEnabled }) =>
    isEnabled ? source : `${source} (disabled)`,
  ),
  items: plan.dataSources.flatMap(({ items }) =>
    items.map(({ name, type }) => `${name} (${type})`),
  ),
});

const toPlanReport = ({ plans }: ApplyReport): PlanReport => {
  const named = (wanted: string): string[] =>
    plans.filter(({ outcome }) => outcome === wanted).map(({ name }) => name);
  return {
    created: named('created'),
    updated: named('updated'),
    unchanged: named('unchanged'),
  };
};

const plansNamed = async (plans: Plans, name: string | undefined): Promise<MonitoringPlan[]> => {
  const all = await plans.list();
  if (name === undefined) return all.filter(({ isEnabled }) => isEnabled);
  const key = toNameKey(name);
  const named = all.filter((plan) => toNameKey(plan.name) === key);
  if (named.length === 0) throw operationsError('OPERATION_PLAN_UNKNOWN', { name });
  return named;
};

type CallTable = {
  readonly [Name in CallName]: (args: Calls[Name]['args']) => Promise<Calls[Name]['result']>;
};

const createCalls = (parts: OperationsParts): CallTable => {
  const { plans, access, status, audited, clock, randomBytes } = parts;
  return {
    status,
    'user-add': async ({ name, role, scope, password }) => {
      const generated = password === undefined ? createPassword(randomBytes) : undefined;
      const user = await access.addUser(
        {
          name,
          password: password ?? generated ?? '',
          assignments: [parseRoleAssignment(role, scope, plans)],
        },
        ACTOR,
      );
      await audited();
      return {
        name: user.name,
        ...(generated === undefined ? {} : { generatedPassword: generated }),
      };
    },
    'user-list': async () => {
      const tokens = await access.listTokens();
      return (await access.listUsers()).map(({ name, assignments }) => ({
        name,
        roles: [describeAssignments(assignments)],
        tokens: tokens.filter(({ userName }) => userName === name).map((token) => token.name),
      }));
    },
    'user-remove': async ({ name }) => {
      const wasThere = await access.removeUser(name, ACTOR);
      await audited();
      return { wasThere };
    },
    'user-token': async ({ name, label, expiresInDays }) => {
      const { token } = await access.createToken(
        {
          userName: name,
          name: label,
          ...(expiresInDays === undefined ? {} : { expiresAt: clock() + expiresInDays * DAY_MS }),
        },
        ACTOR,
      );
      await audited();
      return { token };
    },
    'plan-list': async () => (await plans.list()).map(toPlanLine),
    'plan-apply': async ({ yaml }) => {
      const report = await plans.apply(yaml, ACTOR);
      await audited();
      return toPlanReport(report);
    },
    'plan-delete': async ({ name }) => {
      const wasThere = await plans.remove(name, ACTOR);
      await audited();
      return { wasThere };
    },
    'windows-policy': async ({ plan, target }) =>
      windowsPolicyOf(await plansNamed(plans, plan), SOURCES, target),
  };
};

/** Operations carried out in this process. */
export const createOperations = (parts: OperationsParts): Operations => {
  const calls = createCalls(parts);
  return {
    submit: async (batch) => (await parts.records()).pipeline.submit(batch),
    async *search({ text, limit }, signal) {
      const where = parseSearch(text, { now: parts.clock(), timeZone: parts.timeZone });
      const { store } = await parts.records();
      yield* store.search({
        visible: 'everything',
        ...(where ? { where } : {}),
        ...(limit === undefined ? {} : { limit }),
        ...(signal ? { signal } : {}),
      });
    },
    call: async (name, args) => {
      if (!Object.hasOwn(calls, name)) throw operationsError('OPERATION_UNKNOWN', { name });
      return calls[name](args);
    },
    [Symbol.asyncDispose]: parts.close,
  };
};
