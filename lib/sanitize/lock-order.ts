// SPDX-License-Identifier: GPL-2.0-only
/** The order in which an execution nested its locks: a graph over lock classes. */
import type { Held, Task } from '../machine';

/** A lock class that was wanted while another was held. */
export interface Nesting {
  readonly from: number;
  readonly to: number;
  /** The held lock was shared. */
  readonly shared: boolean;
  /** The wanted lock is a reader that waits only for writers. */
  readonly recursive: boolean;
}

/** A class that a search has reached, and the orders that led there, from the root on. */
export interface Reached {
  readonly id: number;
  readonly weak: boolean;
  readonly path: readonly Order[];
}

/** The first time that a nesting occurred in an execution. */
export interface Order extends Nesting {
  /** The type of the inner lock, for the report. */
  readonly type: Held['type'];
  readonly read: boolean;
  /** The orders from `to` back to `from` that were known at that time; null if there were none. */
  readonly cycle: readonly Order[] | null;
  /** The task that nested the locks. */
  readonly task: Task;
  /** Stack of the inner lock. */
  readonly site: string;
}

/** Subclasses of a class are numbered 0 to 7, as in the kernel. */
const SUBCLASSES = 8;

const NO_ORDERS: readonly Order[] = [];

/** The orders that begin with a class, in the order in which one execution nested them. */
interface Behind {
  execution: number;
  readonly orders: Order[];
}

/** The graph. Each execution has its own: entries with an older execution number are stale and are overwritten. */
export class LockOrder {
  readonly #ids = new Map<string, number>();
  readonly #names: string[] = [];
  readonly #behind: (Behind | undefined)[] = [];
  #execution = 0;

  /** Forgets the orders; the classes keep their numbers. */
  clear(): void {
    this.#execution++;
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

  /** The name of a number: `&gendisk->open_mutex/1`. */
  nameOf(id: number): string {
    const name = this.#names[Math.floor(id / SUBCLASSES)] ?? '';
    return id % SUBCLASSES === 0 ? name : `${name}/${id % SUBCLASSES}`;
  }

  /** Records an order, or returns the recorded one. */
  add(seen: Omit<Order, 'cycle'>): Order {
    return this.#find(seen) ?? this.#record(seen);
  }

  #find({ from, to, shared, recursive }: Nesting): Order | null {
    for (const order of this.#from(from)) {
      if (order.to === to && order.shared === shared && order.recursive === recursive) return order;
    }
    return null;
  }

  #record(seen: Omit<Order, 'cycle'>): Order {
    const { from, to, shared, recursive, type, read, task, site } = seen;
    const cycle = this.#path(seen);
    const order = { from, to, shared, recursive, type, read, task, site, cycle };
    let behind = this.#behind[from];
    if (behind?.execution !== this.#execution) {
      behind = this.#behind[from] = { execution: this.#execution, orders: [] };
    }
    behind.orders.push(order);
    return order;
  }

  /**
   * Breadth-first search from a class, along the orders or against them, for the nearest class that matches; the class itself comes
   * first. `weak` says of a class that it was reached by a reader alone: as the inner lock one that waits only for writers, as the
   * outer one any. Such a class does not lead on through an order that begins, or ends, with such a reader.
   */
  nearest(
    root: Reached,
    forwards: boolean,
    matches: (reached: Reached) => boolean,
  ): Reached | null {
    const known = new Set<number>();
    const queue = [root];
    for (const reached of queue) {
      const key = reached.id * 2 + (reached.weak ? 1 : 0);
      if (known.has(key)) continue;
      known.add(key);
      if (matches(reached)) return reached;
      for (const order of forwards ? this.#from(reached.id) : this.#to(reached.id)) {
        if (reached.weak && (forwards ? order.shared : order.recursive)) continue;
        const [id, weak] = forwards ? [order.to, order.recursive] : [order.from, order.shared];
        queue.push({ id, weak, path: [...reached.path, order] });
      }
    }
    return null;
  }

  #to(id: number): readonly Order[] {
    return this.#behind.flatMap((behind, from) =>
      behind === undefined ? [] : this.#from(from).filter(({ to }) => to === id),
    );
  }

  #from(id: number): readonly Order[] {
    const behind = this.#behind[id];
    return behind?.execution === this.#execution ? behind.orders : NO_ORDERS;
  }

  /**
   * Breadth-first search for the shortest path from the new order's end to its beginning. A reader that waits only for
   * writers does not wait for a shared holder, so an order that ends in one cannot be followed by one that begins shared
   * (the strong paths of kernel/locking/lockdep.c).
   */
  #path(closing: Nesting): Order[] | null {
    if (this.#from(closing.to).length === 0) return null;
    const reached = new Set<number>([closing.to * 2 + (closing.recursive ? 1 : 0)]);
    let ends: Order[][] = [[]];
    while (ends.length > 0) {
      const next: Order[][] = [];
      for (const path of ends) {
        const last: Nesting = path[path.length - 1] ?? closing;
        for (const order of this.#from(last.to)) {
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
