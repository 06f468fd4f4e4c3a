// SPDX-License-Identifier: GPL-2.0-only
/**
 * A scenario's world with its accesses tracked. Tasks that keep records in it, `w.held.shift()`, pass information that
 * the machine does not see. Exploration ignores it as mere bookkeeping, but a search that recognises states must know
 * about it.
 */

/** Called on every access to the world, which counts as one location. */
export type Touch = (write: boolean) => void;

/** The world with its arrays and plain objects tracked. The machine itself tracks the others, such as kernel objects. */
export function trackedWorld<W>(world: W, touch: Touch): W {
  const parts = new Set<object>();
  collect(world, parts);
  const proxies = new Map<unknown, object>();
  const handler: ProxyHandler<object> = {
    get(target, key, receiver) {
      touch(false);
      const value: unknown = Reflect.get(target, key, receiver);
      return proxies.get(value) ?? value;
    },
    set(target, key, value: unknown) {
      touch(true);
      return Reflect.set(target, key, value);
    },
    deleteProperty(target, key) {
      touch(true);
      return Reflect.deleteProperty(target, key);
    },
    ownKeys(target) {
      touch(false);
      return Reflect.ownKeys(target);
    },
  };
  for (const part of parts) proxies.set(part, new Proxy(part, handler));
  return (proxies.get(world) ?? world) as W; // the proxy of a W
}

function collect(value: unknown, parts: Set<object>): void {
  if (typeof value !== 'object' || value === null || parts.has(value)) return;
  const plain = Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
  if (!plain || Object.isFrozen(value)) return;
  parts.add(value);
  for (const part of Object.values(value)) collect(part, parts);
}
