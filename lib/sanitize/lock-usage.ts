// SPDX-License-Identifier: GPL-2.0-only
/**
 * How lock classes are used with respect to interrupts: the usage bits of kernel/locking/lockdep.c. A class that an interrupt takes
 * is safe from that kind of interrupt, one that is held while such an interrupt may come is unsafe. No class may be both, and no
 * order may lead from a safe one to an unsafe one.
 */
import type { Held, Task } from '../machine';
import { empty } from './emptying';

/** The two kinds of interrupts. */
export type Irq = 'HARDIRQ' | 'SOFTIRQ';

/** A usage bit, as the kernel spells it: `IN-HARDIRQ-W`, `SOFTIRQ-ON-R`. */
export type Usage = `IN-${Irq}-${'W' | 'R'}` | `${Irq}-ON-${'W' | 'R'}`;

/** Where a class was first used in a way. */
export interface Used {
  readonly task: Task;
  readonly site: string;
  readonly type: Held['type'];
  readonly read: boolean;
}

const IRQS: readonly Irq[] = ['HARDIRQ', 'SOFTIRQ'];

const LETTERS = { true: 'R', false: 'W' } as const;

/** The bit of a use in an interrupt. */
export function inIrq(irq: Irq, read: boolean): Usage {
  return `IN-${irq}-${LETTERS[`${read}`]}`;
}

/** The bit of a use while interrupts are on. */
export function irqOn(irq: Irq, read: boolean): Usage {
  return `${irq}-ON-${LETTERS[`${read}`]}`;
}

const WRITTEN_WITH_ALL_ON = IRQS.map((irq) => irqOn(irq, false));
const READ_WITH_ALL_ON = IRQS.map((irq) => irqOn(irq, true));

/** Whether a task may be interrupted. Softirqs come at the end of hard interrupts, so those must be on for both. */
function isOn(irq: Irq, { irqsOff, bhDepth, context }: Task): boolean {
  if (irqsOff) return false;
  return irq === 'HARDIRQ' || (bhDepth === 0 && context !== 'softirq' && context !== 'rcu');
}

/** The bits that a task sets when it takes a lock (mark_usage()). */
export function usagesOf(task: Task, read: boolean, trylock: boolean): readonly Usage[] {
  // Most locks are taken with interrupts on, in no interrupt: nothing is made for them.
  if (!task.irqsOff && task.bhDepth === 0 && task.context === 'process')
    return read ? READ_WITH_ALL_ON : WRITTEN_WITH_ALL_ON;
  const usages: Usage[] = [];
  if (!trylock && task.context === 'hardirq') usages.push(inIrq('HARDIRQ', read));
  if (!trylock && servesSoftirq(task)) usages.push(inIrq('SOFTIRQ', read));
  return [...usages, ...IRQS.filter((irq) => isOn(irq, task)).map((irq) => irqOn(irq, read))];
}

/** The bits that a held lock gets when a task turns interrupts on (mark_held_locks()). */
export function turnedOnUsages(task: Task, read: boolean): readonly Usage[] {
  return IRQS.filter((irq) => isOn(irq, task)).map((irq) => irqOn(irq, read));
}

/** Whether a task runs in a softirq, or interrupts one. */
function servesSoftirq(task: Task): boolean {
  return task.context === 'softirq' || (task.on !== null && servesSoftirq(task.on));
}

/** The kind of interrupt that a bit is about. */
export function irqOf(usage: Usage): Irq {
  return usage.includes('HARDIRQ') ? 'HARDIRQ' : 'SOFTIRQ';
}

/** Whether a bit says that an interrupt uses the lock, and not that it may be interrupted. */
export function isInIrq(usage: Usage): boolean {
  return usage.startsWith('IN-');
}

/**
 * The bits that must not meet a bit. In the same class two readers do not wait for each other; towards other classes the bits are the
 * same, as the path between them decides (mark_lock_irq(), exclusive_mask()).
 */
export function against(usage: Usage): Usage[] {
  const bit = isInIrq(usage) ? irqOn : inIrq;
  const irq = irqOf(usage);
  return usage.endsWith('R') ? [bit(irq, false)] : [bit(irq, false), bit(irq, true)];
}

/** The first uses of each class, in one execution. */
export class LockUsage {
  readonly #used = new Map<number, Map<Usage, Used>>();
  /** How many bits of each class the reports know. */
  readonly #told = new Map<number, number>();

  /** Whether any class is used by interrupts. If none is, no order can be wrong for their sake. */
  inAnyIrq = false;

  clear(): void {
    empty(this.#used);
    empty(this.#told);
    this.inAnyIrq = false;
  }

  /** Records a use; false if the class has been used in this way before. */
  mark(lock: number, usage: Usage, used: Used): boolean {
    let uses = this.#used.get(lock);
    if (uses === undefined) {
      uses = new Map<Usage, Used>();
      this.#used.set(lock, uses);
    }
    if (uses.has(usage)) return false;
    uses.set(usage, used);
    if (isInIrq(usage)) this.inAnyIrq = true;
    return true;
  }

  /** The first of some bits that a class has; null if it has none. */
  first(lock: number, usages: readonly Usage[]): Usage | null {
    const uses = this.#used.get(lock);
    return uses === undefined ? null : (usages.find((usage) => uses.has(usage)) ?? null);
  }

  /** Whether a class has got bits since this was last asked; true at first. */
  changed(lock: number): boolean {
    const bits = this.#used.get(lock)?.size ?? 0;
    if (this.#told.get(lock) === bits) return false;
    this.#told.set(lock, bits);
    return true;
  }

  /** All bits of a class. */
  of(lock: number): readonly Usage[] {
    return [...(this.#used.get(lock)?.keys() ?? [])];
  }

  /** Where a class was first used in a way; null if it was not. */
  where(lock: number, usage: Usage): Used | null {
    return this.#used.get(lock)?.get(usage) ?? null;
  }

  /** `-.-.`: for writers and readers, of both kinds of interrupts (get_usage_chars()). */
  letters(lock: number): string {
    const uses = this.#used.get(lock);
    return IRQS.flatMap((irq) => [false, true].map((read) => this.#letter(uses, irq, read))).join(
      '',
    );
  }

  #letter(uses: ReadonlyMap<Usage, Used> | undefined, irq: Irq, read: boolean): string {
    const on = uses?.has(irqOn(irq, read)) === true;
    if (uses?.has(inIrq(irq, read)) === true) return on ? '?' : '-';
    return on ? '+' : '.';
  }
}
