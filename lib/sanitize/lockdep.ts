// SPDX-License-Identifier: GPL-2.0-only
/**
 * Lockdep: finds lock orders that can deadlock, whether or not this execution did. After kernel/locking/lockdep.c:
 * classes instead of instances, subclasses, shared and recursive readers, trylocks, work items and flushes as locks. As
 * in the kernel, only the first problem of each kind is reported. Orders are forgotten between executions, as by a
 * reboot: two orders that never occur in one execution cannot deadlock, and a report must not depend on what else was
 * explored.
 *
 * Misses: wait types (atomic-sleep reports a mutex under a spinlock); RCU callbacks as softirqs (they run in a thread here);
 * cycles through completions; opposite orders of two instances of one class, which only their addresses distinguish. Two
 * structures of one type that are initialised in different places share a class here, but not in the kernel; lockdep_set_class()
 * tells them apart.
 */
import {
  type Acquisition,
  type Allocation,
  type Finding,
  type Held,
  type Machine,
  mayNotSleep,
  type Monitor,
  type SyncObject,
  type Task,
} from '../machine';
import { empty } from './emptying';
import { IrqUsage } from './irq-usage';
import { forgetUsage, lockClass, noteUsage } from './layout';
import { LockOrder } from './lock-order';
import {
  circular,
  heldLockFreed,
  recursiveLocking,
  stillHasLocks,
  unlockBalance,
} from './lockdep-report';

/** Options of lockdep. */
export interface LockdepOptions {
  /**
   * Treat every read_lock() as a recursive reader, as a kernel without queued rwlocks does; lib/locking-selftest.c runs
   * in this mode. Without it only a read_lock() in interrupt context is recursive: others queue behind a waiting writer.
   */
  readonly forceReadLockRecursive?: boolean;
}

/** Finds lock orders that can deadlock and locks that are not given back. */
export function lockdep(options: LockdepOptions = {}): Monitor {
  const detector = new Lockdep(options.forceReadLockRecursive ?? false);
  return {
    name: 'lockdep',
    boot: () => detector.boot(),
    acquire: (machine, task, lock, how) => detector.acquire(machine, task, lock, how),
    acquired: (_machine, task, _lock, held) => detector.acquired(task, held),
    release: (machine, task, lock, held, site) => {
      if (held === null) detector.once('balance', machine, () => unlockBalance(task, lock, site));
    },
    init: (machine, task, object, site) =>
      detector.gone(machine, task, site, object.label, (held) => held === object),
    free: (machine, task, memory, site) => detector.free(machine, task, memory, site),
    turnedOn: (machine, task, _what, site) => detector.turnedOn(machine, task, site),
    exit: (machine, task) => detector.exit(machine, task),
  };
}

type Once = 'order' | 'balance' | 'freed' | 'exit';

class Lockdep {
  readonly #said = new Set<Once>();
  /** The subclass that each task wants next, and the subclasses of held locks; 0 by default. */
  readonly #wanted: number[] = [];
  readonly #subclasses = new Map<Held, number>();

  readonly order = new LockOrder();
  readonly irqs = new IrqUsage(this.order);

  constructor(readonly forceReadLockRecursive: boolean) {}

  boot(): void {
    this.order.clear();
    this.irqs.boot();
    forgetUsage();
    empty(this.#said);
    this.#wanted.fill(0);
    empty(this.#subclasses);
  }

  /** Reports the first problem of a kind. The kernel's lockdep switches itself off after its first report. */
  once(what: Once, machine: Machine, make: () => Parameters<Machine['report']>[0]): void {
    if (this.#said.has(what)) return;
    this.#said.add(what);
    machine.report({ ...make(), step: machine.steps });
  }

  acquire(machine: Machine, task: Task, lock: SyncObject, how: Acquisition): void {
    this.#wanted[task.id] = how.subclass;
    if (how.type === 'rcu') return;
    const wanted = this.order.idOf(lockClass(lock), how.subclass);
    const taking = { task, lock, how, id: wanted, recursive: this.#isRecursive(task, how) };
    this.#found(machine, this.irqs.acquire(taking, how.trylock));
    if (how.type !== 'map') this.#tell(wanted);
    // A read section does not wait, and nothing waits for it here.
    if (how.trylock || task.held.length === 0) return;
    const same = task.held.findLast((held) => this.#deadlocks(task, held, how, wanted));
    if (same !== undefined) {
      const name = this.order.nameOf(wanted);
      this.once('order', machine, () => recursiveLocking(task, lock, how, same, name));
      return;
    }
    for (let i = task.held.length - 1; i >= 0; i--) {
      const held = task.held[i];
      if (held === undefined || held.type === 'rcu') continue;
      const from = this.#classOf(held);
      if (from === wanted) continue;
      this.#nest(machine, task, lock, how, held, from, wanted);
      if (held.type !== 'map' && how.type !== 'map')
        this.#found(machine, this.irqs.nest({ id: from, held }, taking));
    }
  }

  /** Interrupts or softirqs were turned on, with what the task holds. */
  turnedOn(machine: Machine, task: Task, site: string): void {
    for (const held of task.held) {
      const id = this.#classOf(held);
      const how = { type: held.type, read: held.read, site };
      const taking = { task, lock: held.object, how, id, recursive: false };
      this.#found(machine, this.irqs.turnedOn(taking, site));
      if (held.type === 'spin' || held.type === 'sleep') this.#tell(id);
    }
  }

  /** Reports shall show how a class is used. */
  #tell(id: number): void {
    const { usage } = this.irqs;
    if (usage.changed(id)) noteUsage(this.order.nameOf(id), usage.letters(id));
  }

  #found(machine: Machine, finding: Finding | null): void {
    if (finding !== null) this.once('order', machine, () => finding);
  }

  #classOf(held: Held): number {
    return this.order.idOf(lockClass(held.object), this.#subclasses.get(held) ?? 0);
  }

  /**
   * check_deadlock(): whether a held lock has the wanted class. This check comes before the search for orders. A second
   * read lock is allowed only if it is recursive: any other queues behind a writer that waits for the first.
   */
  #deadlocks(task: Task, held: Held, how: Acquisition, wanted: number): boolean {
    if (held.type === 'rcu' || this.#classOf(held) !== wanted) return false;
    return !(held.read && this.#isRecursive(task, how));
  }

  /** read_lock_is_recursive(): a reader that waits only for writers. Readers of an rw_semaphore never are. */
  #isRecursive(task: Task, { type, read }: Acquisition): boolean {
    return read && type === 'spin' && (this.forceReadLockRecursive || inInterrupt(task));
  }

  #nest(
    machine: Machine,
    task: Task,
    lock: SyncObject,
    how: Acquisition,
    held: Held,
    from: number,
    to: number,
  ): void {
    const { type, read, site } = how;
    const recursive = this.#isRecursive(task, how);
    const shared = held.read;
    const order = this.order.add({ from, to, shared, recursive, type, read, task, site });
    const { cycle } = order;
    if (cycle === null) return;
    this.once('order', machine, () =>
      circular({ task, lock, how, held, order, cycle, graph: this.order }),
    );
  }

  acquired(task: Task, held: Held): void {
    const subclass = this.#wanted[task.id] ?? 0;
    if (subclass !== 0) this.#subclasses.set(held, subclass);
  }

  /** A running work item holds its own map, and its function may free it. */
  free(machine: Machine, task: Task, memory: Allocation, site: string): void {
    if (memory.freed) return;
    this.gone(machine, task, site, memory.object.label, (lock) => lock.memory === memory);
  }

  /** debug_check_no_locks_freed(). The kernel looks only at the locks of the running task. */
  gone(
    machine: Machine,
    task: Task,
    site: string,
    what: string,
    isGone: (lock: SyncObject) => boolean,
  ): void {
    const inside = ({ type, object }: Held): boolean =>
      (type === 'spin' || type === 'sleep') && isGone(object);
    for (const holder of machine.tasks) {
      const held = holder?.held.find(inside);
      if (holder === undefined || held === undefined) continue;
      this.once('freed', machine, () => heldLockFreed(task, what, holder, held, site));
      return;
    }
  }

  exit(machine: Machine, task: Task): void {
    if (task.killed || !task.held.some((held) => held.type !== 'map')) return;
    this.once('exit', machine, () => stillHasLocks(task));
  }
}

/** The kernel also counts disabled softirqs here, but nothing in the model disables them. */
function inInterrupt({ context }: Task): boolean {
  return mayNotSleep(context);
}
