/** Whether Witness can do its work, component by component, and the answers for those who watch it. */
import { maskText } from './mask-secrets.ts';

export interface ComponentHealth {
  /** `store`, `spool`, `listener integration-api` */
  readonly name: string;
  readonly isReady: boolean;
  /** Why not, and what to do about it; nothing secret. */
  readonly reason?: string;
  readonly advice?: string;
}

export interface HealthAnswer {
  readonly status: 200 | 503;
  readonly body: {
    readonly status: 'alive' | 'ready' | 'not ready';
    readonly components?: readonly ComponentHealth[];
  };
}

export interface Health {
  /** Replaces what was known of the component. */
  readonly report: (component: ComponentHealth) => void;
  /** In order of first report. */
  readonly components: () => readonly ComponentHealth[];
}

export const createHealth = (): Health => {
  const known = new Map<string, ComponentHealth>();
  return {
    report: (component) => known.set(component.name, component),
    components: () => [...known.values()],
  };
};

/** `/healthz`: the process answers. It says nothing of the store, so that a slow disk does not get the process killed. */
export const healthzAnswer = (): HealthAnswer => ({ status: 200, body: { status: 'alive' } });

const toShown = ({ name, isReady, reason, advice }: ComponentHealth): ComponentHealth => ({
  name,
  isReady,
  ...(reason !== undefined && !isReady && { reason: maskText(reason) }),
  ...(advice !== undefined && !isReady && { advice: maskText(advice) }),
});

/** `/readyz`: 200 when every component is ready and there is one at all, otherwise 503. */
export const readyzAnswer = (components: readonly ComponentHealth[]): HealthAnswer => {
  const isReady = components.length > 0 && components.every((component) => component.isReady);
  return {
    status: isReady ? 200 : 503,
    body: { status: isReady ? 'ready' : 'not ready', components: components.map(toShown) },
  };
};
