// SPDX-License-Identifier: GPL-2.0-only
/**
 * Interrupt handlers: installed, removed, disabled and waited for. After include/linux/interrupt.h and kernel/irq/manage.c. Interrupts
 * come where a scenario calls raise_irq(), and on any CPU.
 */
import {
  composite,
  type Handle,
  type Kind,
  type Machine,
  type Op,
  request,
  type Task,
  storable,
} from '../machine';
import { EBUSY, EINVAL, ENOMEM } from './err';
import {
  deliver,
  type irq_handler_t,
  irqDesc,
  type IrqDesc,
  type irqaction,
  type irqreturn_t,
} from './irq-core';
import { failed, outcomesOf } from './may-fail';

/** The interrupt was not from this handler's device. */
export const IRQ_NONE: irqreturn_t = 0;
/** The interrupt was handled. */
export const IRQ_HANDLED: irqreturn_t = 1;

/** Several devices share the line. */
export const IRQF_SHARED = 0x80;

function warn(machine: Machine, message: string, desc: IrqDesc, site: string): void {
  machine.complain({ check: 'warn', message, object: desc, site });
}

const REQUEST: Kind<IrqDesc, [action: irqaction], number> = {
  name: 'request_irq',
  access: 'write',
  outcomes: outcomesOf('request_irq'),
  announce: (machine, task, { site }) => machine.mightSleep(task, 'request_irq', site),
  perform(machine, task, { object: desc, a: action }) {
    if (failed('request_irq', machine, task)) return -ENOMEM;
    const [other] = desc.actions;
    const shared = (action.flags & (other?.flags ?? 0) & IRQF_SHARED) !== 0;
    if (other !== undefined && !shared) return -EBUSY;
    if (other === undefined) desc.depth = 0;
    desc.actions = [...desc.actions, action];
    machine.release(task, desc, true);
    return 0;
  },
};

const INVALID: Kind<null, [], number> = {
  name: 'request_irq',
  access: 'none',
  perform: () => -EINVAL,
};

const REMOVE: Kind<IrqDesc, [dev_id: Handle | null], void> = {
  name: 'free_irq',
  access: 'write',
  announce(machine, task, { object: desc, site }) {
    if (task.context !== 'process' && task.context !== 'workqueue')
      warn(machine, `Trying to free IRQ ${desc.irq} from IRQ context!`, desc, site);
    machine.mightSleep(task, 'free_irq', site);
  },
  perform(machine, task, { object: desc, a: dev_id, site }) {
    const at = desc.actions.findIndex((action) => action.dev_id === dev_id);
    if (at < 0) {
      warn(machine, `Trying to free already-free IRQ ${desc.irq}`, desc, site);
      return;
    }
    desc.actions = desc.actions.filter((_, i) => i !== at);
    if (desc.actions.length === 0) desc.pending = false;
    machine.release(task, desc, true);
  },
};

function waiting(name: string, sleeps: boolean): Kind<IrqDesc, [], void> {
  return {
    name,
    access: 'read',
    enabled: (inProgress) => inProgress === 0,
    announce(machine, task, { site }) {
      if (sleeps) machine.mightSleep(task, name, site);
    },
    perform: (machine, task, { object }) => machine.acquire(task, object),
  };
}

const SYNCHRONIZE = waiting('synchronize_irq', true);
const SYNCHRONIZE_HARDIRQ = waiting('synchronize_hardirq', false);

function disabling(name: string): Kind<IrqDesc, [], void> {
  return {
    name,
    access: 'write',
    announce(machine, task, { site }) {
      if (name === 'disable_irq') machine.mightSleep(task, name, site);
    },
    perform(_machine, _task, { object }) {
      object.depth++;
    },
  };
}

const DISABLE = disabling('disable_irq');
const DISABLE_NOSYNC = disabling('disable_irq_nosync');

const ENABLE: Kind<IrqDesc, [], void> = {
  name: 'enable_irq',
  access: 'write',
  perform(machine, task, { object: desc, site }) {
    if (desc.depth === 0) {
      warn(machine, `Unbalanced enable for IRQ ${desc.irq}`, desc, site);
      return;
    }
    desc.depth--;
    if (desc.depth > 0 || !desc.pending) {
      machine.release(task, desc, true);
      return;
    }
    desc.pending = false;
    deliver(machine, task, desc);
  },
};

const RAISE: Kind<IrqDesc, [], void> = {
  name: 'raise_irq',
  access: 'write',
  perform: (machine: Machine, task: Task, { object }) => {
    deliver(machine, task, object);
  },
};

/** The line with a number; faults as a wild pointer does if there is none. */
function line(irq: number): IrqDesc {
  const desc = irqDesc(irq);
  if (desc === null) throw new RangeError(`there is no irq ${irq}`);
  return desc;
}

/**
 * Installs a handler on an interrupt line. From now on it may be called, also before this function returns.
 *
 * @example
 * const nic = struct('nic', { lock: spinlock_t, received: int });
 * function* nic_interrupt(irq: number, dev_id: Handle | null) {
 *   const dev = dev_id as StructOf<typeof nic>;
 *   yield* spin_lock(dev.lock);
 *   dev.received++;
 *   yield* spin_unlock(dev.lock);
 *   return IRQ_HANDLED;
 * }
 * const one = yield* kzalloc(nic, GFP_KERNEL);
 * if (one === null) return;
 * yield* spin_lock_init(one.lock);
 * yield* request_irq(11, nic_interrupt, IRQF_SHARED, 'nic', one); // => 0
 * yield* request_irq(11, nic_interrupt, 0, 'other', null); // => -16
 * yield* raise_irq(11);
 * yield* free_irq(11, one);
 * if (one.received > 1) BUG();
 * yield* kfree(one);
 * @param irq the number of the line
 * @param handler what an interrupt calls, with the number and dev_id, in hard interrupt context: returns IRQ_HANDLED or IRQ_NONE, and must not sleep
 * @param flags IRQF_SHARED, or 0
 * @param name of the device, for reports
 * @param dev_id what the handler is given; may be NULL unless the line is shared
 * @returns 0, -EBUSY if the line is in use and not shared, -EINVAL, or -ENOMEM
 * @kernel include/linux/interrupt.h
 * @context process context only; may sleep
 * @ordering release, to the handler
 */
export function request_irq(
  irq: number,
  handler: irq_handler_t,
  flags: number,
  name: string,
  dev_id: Handle | null,
): Op<number> {
  storable(handler);
  const desc = irqDesc(irq);
  const anonymous = (flags & IRQF_SHARED) !== 0 && dev_id === null;
  if (desc === null || anonymous) return request(INVALID, null);
  return request(REQUEST, desc, { handler, flags, name, dev_id });
}

function* removed(irq: number, dev_id: Handle | null): Op<void> {
  const desc = line(irq);
  yield* request(REMOVE, desc, dev_id);
  yield* request(SYNCHRONIZE, desc);
}

/**
 * Removes a handler, and waits until it has returned if it runs. Afterwards it is not called any more.
 *
 * @param irq the number of the line
 * @param dev_id what request_irq() was given
 * @kernel include/linux/interrupt.h
 * @context process context only, not with a lock that the handler takes; may sleep
 * @ordering acquire, from the handler
 * @divergence returns nothing, where newer Linux gives the name of the device; a number without a line faults; Linux does nothing then
 */
export function free_irq(irq: number, dev_id: Handle | null): Op<void> {
  return composite('free_irq', removed(irq, dev_id));
}

/**
 * Waits until no handler of the line runs. The next interrupt may come at any moment.
 *
 * @example
 * yield* synchronize_irq(11);
 * yield* synchronize_hardirq(11);
 * @param irq the number of the line
 * @kernel include/linux/hardirq.h
 * @context process context only, not with a lock that the handler takes; may sleep
 * @ordering acquire, from the handlers
 * @divergence a number without a line faults; Linux does nothing then
 */
export function synchronize_irq(irq: number): Op<void> {
  return request(SYNCHRONIZE, line(irq));
}

/**
 * synchronize_irq() for callers that must not sleep.
 *
 * @param irq the number of the line
 * @kernel include/linux/hardirq.h
 * @context any but the handler, not with a lock that it takes; does not sleep, but spins
 * @ordering acquire, from the handlers
 * @divergence returns nothing: there are no threaded handlers; a number without a line faults; Linux does nothing then
 */
export function synchronize_hardirq(irq: number): Op<void> {
  return request(SYNCHRONIZE_HARDIRQ, line(irq));
}

function* disabled(irq: number): Op<void> {
  yield* request(DISABLE, line(irq));
  yield* request(SYNCHRONIZE, line(irq));
}

/**
 * Disables the line and waits until no handler of it runs. Nests. An interrupt that comes meanwhile is handled after enable_irq().
 *
 * @example
 * const events = static_var('events', 0);
 * function* device_interrupt() {
 *   events.value++;
 *   return IRQ_HANDLED;
 * }
 * yield* request_irq(11, device_interrupt, 0, 'device', null);
 * yield* disable_irq(11);
 * yield* raise_irq(11);
 * events.value; // => 0
 * yield* enable_irq(11);
 * yield* disable_irq_nosync(11);
 * yield* enable_irq(11);
 * yield* free_irq(11, null);
 * @param irq the number of the line
 * @kernel include/linux/interrupt.h
 * @context process context only, not with a lock that the handler takes; may sleep
 * @ordering acquire, from the handlers
 * @divergence a number without a line faults; Linux does nothing then
 */
export function disable_irq(irq: number): Op<void> {
  return composite('disable_irq', disabled(irq));
}

/**
 * Disables the line and does not wait: a handler may still run. A handler may disable its own line.
 *
 * @param irq the number of the line
 * @kernel include/linux/interrupt.h
 * @context any; does not sleep
 * @ordering none
 * @divergence a number without a line faults; Linux does nothing then
 */
export function disable_irq_nosync(irq: number): Op<void> {
  return request(DISABLE_NOSYNC, line(irq));
}

/**
 * Undoes disable_irq(). What came meanwhile is handled once.
 *
 * @param irq the number of the line
 * @kernel include/linux/interrupt.h
 * @context any; does not sleep
 * @ordering release, to the handlers
 * @divergence a number without a line faults; Linux does nothing then
 */
export function enable_irq(irq: number): Op<void> {
  return request(ENABLE, line(irq));
}

/**
 * For scenarios: the device interrupts. The line's handlers run at any time afterwards, on a CPU of their own or on top of a task.
 * Without a handler nothing happens.
 *
 * @example
 * const events = static_var('events', 0);
 * function* device_interrupt() {
 *   events.value++;
 *   return IRQ_HANDLED;
 * }
 * scenario({
 *   id: 'three-interrupts',
 *   title: 'three interrupts are at most three events',
 *   task: 1,
 *   kind: 'race',
 *   setup: () => request_irq(11, device_interrupt, 0, 'device', null),
 *   tasks: {
 *     *device() {
 *       for (let i = 0; i < 3; i++) yield* raise_irq(11);
 *     },
 *   },
 *   *check() {
 *     yield* free_irq(11, null);
 *     expect_true(events.value <= 3, 'more events than interrupts');
 *   },
 * });
 * @param irq the number of the line
 */
export function raise_irq(irq: number): Op<void> {
  return request(RAISE, line(irq));
}
