// SPDX-License-Identifier: GPL-2.0-only
/**
 * Turning interrupts and softirqs off on the running CPU. After include/linux/irqflags.h and bottom_half.h, with the checks of
 * kernel/softirq.c. They are off on this CPU alone: the same interrupt may come on another one, so this protects nothing that the
 * interrupt uses without a lock.
 */
import {
  BH_OFF,
  type Cpu,
  current,
  IRQS_OFF,
  type Kind,
  type Machine,
  mayNotSleep,
  type Op,
  request,
  type Task,
} from '../machine';

/** The state of interrupts that local_irq_save() has found: `unsigned long flags`. @kernel include/linux/irqflags.h */
export type irqflags_t = number & {
  /** Never there: no other number is one by chance. */
  readonly irqflags?: never;
};

/** Interrupts were on: X86_EFLAGS_IF. */
const ENABLED = 0x200;

function warn(machine: Machine, message: string, site: string): void {
  machine.complain({ check: 'warn', message, object: null, site });
}

/** What a task holds may be held where an interrupt comes, from now on. */
function turnedOn(machine: Machine, task: Task, what: 'hardirq' | 'softirq', site: string): void {
  for (const { type, object } of task.held)
    if (type === 'spin') machine.victims.holds(task, object.base);
  machine.turnedOn(task, what, site);
}

function irqsOff(task: Task, cpu: Cpu): void {
  task.irqsOff = true;
  cpu.state |= IRQS_OFF;
}

function irqsOn(machine: Machine, task: Task, cpu: Cpu, site: string): void {
  task.irqsOff = false;
  cpu.state &= ~IRQS_OFF;
  turnedOn(machine, task, 'hardirq', site);
}

const DISABLE: Kind<Cpu, [], void> = {
  name: 'local_irq_disable',
  access: 'write',
  perform: (_machine, task, { object }) => {
    irqsOff(task, object);
  },
};

const ENABLE: Kind<Cpu, [], void> = {
  name: 'local_irq_enable',
  access: 'write',
  perform: (machine, task, { object, site }) => {
    irqsOn(machine, task, object, site);
  },
};

const SAVE: Kind<Cpu, [], irqflags_t> = {
  name: 'local_irq_save',
  access: 'write',
  perform(_machine, task, { object }) {
    const flags = task.irqsOff ? 0 : ENABLED;
    irqsOff(task, object);
    return flags;
  },
};

const RESTORE: Kind<Cpu, [flags: irqflags_t], void> = {
  name: 'local_irq_restore',
  access: 'write',
  perform(machine, task, { object, a: flags, site }) {
    if (!task.irqsOff) warn(machine, 'raw_local_irq_restore() called with IRQs enabled', site);
    if ((flags & ENABLED) !== 0) irqsOn(machine, task, object, site);
  },
};

const BH_DISABLE: Kind<Cpu, [], void> = {
  name: 'local_bh_disable',
  access: 'write',
  perform(machine, task, { object, site }) {
    if (task.context === 'hardirq') warn(machine, '', site);
    task.bhDepth++;
    task.atomicDepth++;
    object.state |= BH_OFF;
  },
};

const BH_ENABLE: Kind<Cpu, [], void> = {
  name: 'local_bh_enable',
  access: 'write',
  perform(machine, task, { object, site }) {
    if (task.irqsOff) warn(machine, '', site);
    if (task.bhDepth === 0) {
      warn(machine, 'DEBUG_LOCKS_WARN_ON(val > preempt_count())', site);
      return;
    }
    task.bhDepth--;
    task.atomicDepth--;
    if (task.bhDepth > 0) return;
    object.state &= ~BH_OFF;
    if (!mayNotSleep(task.context)) turnedOn(machine, task, 'softirq', site);
  },
};

function here(): Cpu {
  const { machine } = current;
  return machine.cpuOf(machine.task);
}

/**
 * Turns interrupts off on this CPU.
 *
 * @example
 * yield* local_irq_disable();
 * irqs_disabled(); // => true
 * yield* local_irq_enable();
 * irqs_disabled(); // => false
 * @kernel include/linux/irqflags.h
 * @context any; does not sleep, and nothing may until local_irq_enable()
 * @ordering none
 */
export function local_irq_disable(): Op<void> {
  return request(DISABLE, here());
}

/**
 * Turns interrupts on, also if they were off before local_irq_disable(): a function that may be called with interrupts off uses
 * local_irq_save().
 *
 * @kernel include/linux/irqflags.h
 * @context any but an interrupt handler; does not sleep
 * @ordering none
 */
export function local_irq_enable(): Op<void> {
  return request(ENABLE, here());
}

/**
 * Turns interrupts off on this CPU and says whether they were on.
 *
 * @example
 * const flags = yield* local_irq_save();
 * const inner = yield* local_irq_save();
 * yield* local_irq_restore(inner);
 * irqs_disabled(); // => true
 * yield* local_irq_restore(flags);
 * irqs_disabled(); // => false
 * @returns the flags for local_irq_restore()
 * @kernel include/linux/irqflags.h
 * @context any; does not sleep, and nothing may until local_irq_restore()
 * @ordering none
 * @divergence returns the flags, where the macro in C assigns them to its argument
 */
export function local_irq_save(): Op<irqflags_t> {
  return request(SAVE, here());
}

/**
 * Turns interrupts on again if they were on at the local_irq_save(). With interrupts on already it warns.
 *
 * @param flags what local_irq_save() returned
 * @kernel include/linux/irqflags.h
 * @context any; does not sleep
 * @ordering none
 */
export function local_irq_restore(flags: irqflags_t): Op<void> {
  return request(RESTORE, here(), flags);
}

/**
 * Keeps softirqs, such as timers and tasklets, away from this CPU. Nests.
 *
 * @example
 * yield* local_bh_disable();
 * in_softirq(); // => true
 * in_serving_softirq(); // => false
 * yield* local_bh_enable();
 * in_interrupt(); // => false
 * @kernel include/linux/bottom_half.h
 * @context any but an interrupt handler; does not sleep, and nothing may until local_bh_enable()
 * @ordering none
 */
export function local_bh_disable(): Op<void> {
  return request(BH_DISABLE, here());
}

/**
 * Undoes local_bh_disable().
 *
 * @kernel include/linux/bottom_half.h
 * @context any but an interrupt handler, with interrupts on; does not sleep
 * @ordering none
 * @divergence what softirqs are due run at any time afterwards, not in this call
 */
export function local_bh_enable(): Op<void> {
  return request(BH_ENABLE, here());
}

/** Whether any of the tasks that are on the running CPU satisfies a test: the running one, and those it has interrupted. */
function anyHere(is: (task: Task) => boolean): boolean {
  for (let task: Task | null = current.machine.task; task !== null; task = task.on) {
    if (is(task)) return true;
  }
  return false;
}

/**
 * Whether interrupts are off on this CPU.
 *
 * @returns whether they are
 * @kernel include/linux/irqflags.h
 * @context any; does not sleep
 * @ordering none
 */
export function irqs_disabled(): boolean {
  return current.machine.task.irqsOff;
}

/**
 * Whether the code runs in a hard interrupt.
 *
 * @example
 * in_hardirq(); // => false
 * in_irq(); // => false
 * in_task(); // => true
 * @returns whether it does
 * @kernel include/linux/preempt.h
 * @context any; does not sleep
 * @ordering none
 */
export function in_hardirq(): boolean {
  return current.machine.task.context === 'hardirq';
}

/**
 * The name of in_hardirq() before Linux 5.11.
 *
 * @returns whether the code runs in a hard interrupt
 * @kernel include/linux/preempt.h
 * @context any; does not sleep
 * @ordering none
 */
export function in_irq(): boolean {
  return in_hardirq();
}

/**
 * Whether the code runs in a softirq, or with softirqs off, which in_serving_softirq() tells apart.
 *
 * @returns whether it does
 * @kernel include/linux/preempt.h
 * @context any; does not sleep
 * @ordering none
 */
export function in_softirq(): boolean {
  return anyHere(
    ({ context, bhDepth }) => context === 'softirq' || context === 'rcu' || bhDepth > 0,
  );
}

/**
 * Whether the code runs in a softirq, such as the function of a timer or a tasklet.
 *
 * @returns whether it does
 * @kernel include/linux/preempt.h
 * @context any; does not sleep
 * @ordering none
 * @divergence false in an RCU callback, as with rcutree.use_softirq=0; by default RCU calls it in a softirq
 */
export function in_serving_softirq(): boolean {
  return anyHere(({ context }) => context === 'softirq');
}

/**
 * Whether the code runs in any interrupt, or with softirqs off.
 *
 * @returns whether it does
 * @kernel include/linux/preempt.h
 * @context any; does not sleep
 * @ordering none
 */
export function in_interrupt(): boolean {
  return in_hardirq() || in_softirq();
}

/**
 * Whether the code runs in a task, and in no interrupt.
 *
 * @returns whether it does
 * @kernel include/linux/preempt.h
 * @context any; does not sleep
 * @ordering none
 * @divergence true in an RCU callback, as with rcutree.use_softirq=0
 */
export function in_task(): boolean {
  return !in_hardirq() && !in_serving_softirq();
}
