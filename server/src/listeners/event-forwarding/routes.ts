/** Where computers post to. */
import { subscriptionKey } from './subscriptions.ts';

export type Route =
  /** Asks for its subscriptions: the path of the Group Policy setting. */
  | { readonly kind: 'manager' }
  | { readonly kind: 'delivery'; readonly subscription: string }
  /** Asks what this is, without a sign-in (DSP0226, 11). */
  | { readonly kind: 'identify' }
  /** Identify for those who are signed in. */
  | { readonly kind: 'root' };

const DELIVERY = /^\/wsman\/subscriptions\/(\{?[\da-f-]{36}\}?)(?:\/\d{1,9})?$/i;

const FIXED: ReadonlyMap<string, Route> = new Map<string, Route>([
  ['/wsman/subscriptionmanager/wec', { kind: 'manager' }],
  ['/wsman-anon/identify', { kind: 'identify' }],
  ['/wsman', { kind: 'root' }],
]);

/** Without letter case, as HTTP.sys compares paths. A query (Windows sends `?PSVersion=`) says nothing here. */
export const routeOf = (target: string): Route | undefined => {
  const [path = ''] = target.split('?', 1);
  const fixed = FIXED.get(path.toLowerCase().replace(/(?<=.)\/$/, ''));
  if (fixed) return fixed;
  const [, id] = DELIVERY.exec(path) ?? [];
  return id === undefined ? undefined : { kind: 'delivery', subscription: subscriptionKey(id) };
};
