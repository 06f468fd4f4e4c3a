// SPDX-License-Identifier: GPL-2.0-only
/**
 * The order in which locks were seen to nest in an execution: a graph over lock classes.
 */
import type { Held, Task } from '../machine';

/** One class wanted while another was held. */
export interface Order {
  readonly from: number;
  readonly to: number;
  /** The held lock was shared. */
  readonly shared: boolean;
  /** How the inner lock is taken, for the report. */
  readonly type: Held['type'];
  readonly read: boolean;
  /** The wanted lock is a reader that waits for writers only. */
  readonly recursive: boolean;
  /** The orders from `to` back to `from` that were known when this one was first seen; null if there were none. */
  readonly cycle: readonly Order[] | null;
  /** Task that was first seen to do it. */
  readonly task: Task;
  /** Stack of the inner lock. */
  readonly site: string;
}

/** Subclasses of a class are numbered 0 to 7, as in the kernel. */
const SUBCLASSES = 8;
const CLASSES = 1 << 20;

/** The graph. */
export class LockOrder {
  readonly #ids = new Map<string, number>();
  readonly #names: string[] = [];
  readonly #orders = new Map<number, Order>();
  readonly #behind = new Map<number, Order[]>();

  /** Forgets the orders; the classes keep their numbers. */
  clear(): void {
    if (this.#orders.size === 0) return;
    this.#orders.clear();
    this.#behind.clear();
  }

  /** Number of a class with its subclass. */
  idOf(name: string, subclass: number): number {
    let id = this.#ids.get(name);
    if (id === undefined) {
      this.#ids.set(name, (id = this.#names.length));
      this.#names.push(name);
    }
    return id * SUBCLASSES + subclass;
  }

  /** The name behind a number: `&gendisk->open_mutex/1`. */
  nameOf(id: number): string {
    const name = this.#names[Math.floor(id / SUBCLASSES)] ?? '';
    return id % SUBCLASSES === 0 ? name : `${name}/${id % SUBCLASSES}`;
  }

  /** Records an order, or finds it recorded. */
  add(seen: Omit<Order, 'cycle'>): Order {
    const { from, to, shared, recursive } = seen;
    const key = (from * CLASSES + to) * 4 + (shared ? 2 : 0) + (recursive ? 1 : 0);
    let order = this.#orders.get(key);
    if (order === undefined) {
      order = { ...seen, cycle: this.#path(seen) };
      this.#orders.set(key, order);
      const behind = this.#behind.get(from);
      if (behind === undefined) this.#behind.set(from, [order]);
      else behind.push(order);
    }
    return order;
  }

  /**
   * The shortest way from the new order's end to its beginning, breadth first. A reader that waits for writers only does not
   * wait for a shared holder, so an order that ends in one cannot be followed by one that begins shared (the strong paths of
   * kernel/locking/lockdep.c).
   */
  #path(closing: Omit<Order, 'cycle'>): Order[] | null {
    const reached = new Set<number>([closing.to * 2 + (closing.recursive ? 1 : 0)]);
    let ends: Order[][] = [[]];
    while (ends.length > 0) {
      const next: Order[][] = [];
      for (const path of ends) {
        const last = path[path.length - 1] ?? closing;
        for (const order of this.#behind.get(last.to) ?? []) {
          if (last.recursive && order.shared) continue;
          if (order.to === closing.from && !(order.recursive && closing.shared)) {
            return [...path, order];
          }
          const end = order.to * 2 + (order.recursive ? 1 : 0);
          if (reached.has(end)) continue;
          reached.add(end);
          next.push([...path, order]);
        }
      }
      ends = next;
    }
    return null;
  }
}
