// SPDX-License-Identifier: GPL-2.0-only
/**
 * Lockdep's rules about interrupts: a class must not be both taken in an interrupt and held where that interrupt may come, nor may
 * orders lead from the one to the other. After mark_lock_irq() and check_irq_usage() in kernel/locking/lockdep.c.
 */
import type { Acquisition, Finding, Held, SyncObject, Task } from '../machine';
import { badIrqDependency, inconsistentState, irqInversion } from './irq-report';
import type { LockOrder, Reached } from './lock-order';
import {
  against,
  irqOf,
  irqOn,
  inIrq,
  isInIrq,
  LockUsage,
  turnedOnUsages,
  type Usage,
  usagesOf,
} from './lock-usage';

/** A lock that is being taken, or is held. */
export interface Taking {
  readonly task: Task;
  readonly lock: SyncObject;
  readonly how: Pick<Acquisition, 'type' | 'read' | 'site'>;
  /** Its class. */
  readonly id: number;
  /** It is a reader that waits only for writers. */
  readonly recursive: boolean;
}

export class IrqUsage {
  readonly usage = new LockUsage();

  constructor(readonly order: LockOrder) {}

  boot(): void {
    this.usage.clear();
  }

  /** A lock is wanted: what is wrong with that, if anything. */
  acquire(taking: Taking, trylock: boolean): Finding | null {
    return this.#markAll(taking, usagesOf(taking.task, taking.how.read, trylock));
  }

  /** Interrupts were turned on with a lock held. */
  turnedOn(taking: Taking, site: string): Finding | null {
    const usages = turnedOnUsages(taking.task, taking.how.read);
    return this.#markAll({ ...taking, how: { ...taking.how, site } }, usages);
  }

  #markAll(taking: Taking, usages: readonly Usage[]): Finding | null {
    const { task, how, id } = taking;
    if (how.type !== 'spin' && how.type !== 'sleep') return null;
    let found: Finding | null = null;
    for (const usage of usages) {
      const { site, type, read } = how;
      if (this.usage.mark(id, usage, { task, site, type, read }))
        found ??= this.#mark(taking, usage);
    }
    return found;
  }

  /** mark_lock_irq() */
  #mark(taking: Taking, usage: Usage): Finding | null {
    const { id, how } = taking;
    const bad = this.usage.first(id, against(usage));
    if (bad !== null) return inconsistentState(this, taking, usage, bad);
    const forwards = isInIrq(usage);
    const root = { id, weak: forwards ? taking.recursive : how.read, path: [] };
    const other = this.order.nearest(
      root,
      forwards,
      (reached) => this.#has(reached, usage) !== null,
    );
    const met = other === null ? null : this.#has(other, usage);
    if (other === null || met === null) return null;
    return irqInversion(this, taking, { usage, other, met, forwards });
  }

  /** The bit of a class that must not be connected with another bit; null if it has none. */
  #has({ id, weak }: Reached, usage: Usage): Usage | null {
    const bit = isInIrq(usage) ? irqOn : inIrq;
    const irq = irqOf(usage);
    return this.usage.first(id, weak ? [bit(irq, false)] : [bit(irq, false), bit(irq, true)]);
  }

  /** check_irq_usage(): whether a new order connects a class that interrupts take with one that is held where they may come. */
  nest(held: { readonly id: number; readonly held: Held }, taking: Taking): Finding | null {
    if (!this.usage.inAnyIrq) return null;
    const root = { id: held.id, weak: held.held.read, path: [] };
    let found: Finding | null = null;
    this.order.nearest(root, false, (safe) => {
      for (const usage of this.usage.of(safe.id)) {
        if (!isInIrq(usage) || (safe.weak && usage.endsWith('R'))) continue;
        const next = { id: taking.id, weak: taking.recursive, path: [] };
        const unsafe = this.order.nearest(next, true, (one) => this.#has(one, usage) !== null);
        const met = unsafe === null ? null : this.#has(unsafe, usage);
        if (unsafe === null || met === null) continue;
        found = badIrqDependency(this, taking, {
          held: held.held,
          heldId: held.id,
          usage,
          safe,
          unsafe,
          met,
        });
        return true;
      }
      return false;
    });
    return found;
  }
}
