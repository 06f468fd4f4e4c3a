// SPDX-License-Identifier: GPL-2.0-only
/**
 * Sleepable RCU: read sections in which a task may sleep, each of an srcu_struct, whose grace periods wait for no others. After
 * include/linux/srcu.h and kernel/rcu/srcutree.c.
 */
import {
  current,
  type Handle,
  type Kind,
  type Machine,
  objectOf,
  type Op,
  reading,
  request,
  storable,
  type SyncObject,
  writing,
} from '../machine';
import { ENOMEM } from './err';
import { failed, outcomesOf } from './may-fail';
import { fieldLoad, type FieldOf } from './once';
import { barrier, caller, type rcu_callback_t, type rcu_head } from './rcu-callback';
import { dereferenceIf } from './rcu-check';
import type { Section } from './rcu-state';
import { synchronizer } from './rcu-synchronize';
import { Srcu, type srcu_struct } from './srcu-state';

/**
 * Defines a static srcu_struct, ready to be used.
 *
 * @kernel include/linux/srcutree.h
 */
export function DEFINE_SRCU(name: string): srcu_struct {
  const srcu = new Srcu();
  srcu.initial = true;
  srcu.init(true);
  return srcu.makeStatic(name).handle;
}

const INIT: Kind<Srcu, [], number> = {
  name: 'init_srcu_struct',
  access: 'write',
  outcomes: outcomesOf('init_srcu_struct'),
  announce: (machine, task, { site }) => machine.mightSleep(task, 'init_srcu_struct', site),
  perform(machine, task, { object, site }) {
    machine.initialising(task, object, site);
    if (failed('init_srcu_struct', machine, task)) return -ENOMEM;
    object.init(true);
    return 0;
  },
};

function warn(machine: Machine, message: string, object: SyncObject, site: string): void {
  machine.complain({ check: 'warn', message, object, site });
}

const CLEANUP: Kind<Srcu, [], void> = {
  name: 'cleanup_srcu_struct',
  access: 'write',
  extra: ({ object: { sections, callbacks } }) =>
    [...sections, ...callbacks].map(({ base }) => reading(base)),
  announce: (machine, task, { site }) => machine.mightSleep(task, 'cleanup_srcu_struct', site),
  perform(machine, _task, { object: srcu, site }) {
    srcu.assertUsable();
    if (srcu.hasReaders) warn(machine, 'srcu_readers_active()', srcu, site);
    else if (srcu.callbacks.some(({ state }) => state === 0))
      warn(machine, 'cleanup_srcu_struct() with callbacks that have not run', srcu, site);
    else srcu.init(false);
  },
};

const LOCK: Kind<Srcu, [], number> = {
  name: 'srcu_read_lock',
  access: 'read',
  perform(machine, task, { object: srcu, site }) {
    srcu.assertUsable();
    const idx = srcu.enter(machine, task);
    machine.tookLock(task, srcu, { object: srcu, type: 'rcu', read: true, site });
    return idx;
  },
};

const UNLOCK: Kind<Srcu, [section: Section | null], void> = {
  name: 'srcu_read_unlock',
  access: 'read',
  extra: ({ a: section }) => (section === null ? [] : [writing(section.base)]),
  sets: ({ a: section }) => (section === null ? [] : [section]),
  perform(machine, task, { object: srcu, a: section, site }) {
    machine.droppedLock(task, srcu, site);
    if (section !== null) srcu.leave(machine, task, section);
  },
};

const synchronizeSrcu = synchronizer('synchronize_srcu', null);
const synchronizeSrcuExpedited = synchronizer('synchronize_srcu_expedited', null);
const CALL_SRCU = caller('call_srcu', null);
const srcuBarrier = barrier('srcu_barrier');
const DEREFERENCE = dereferenceIf('srcu_dereference', 'suspicious rcu_dereference_check() usage!');

/**
 * Makes an srcu_struct usable.
 *
 * @returns 0, or -ENOMEM
 * @kernel include/linux/srcu.h
 * @context process context only; may sleep
 * @ordering none
 */
export function init_srcu_struct(ssp: srcu_struct): Op<number> {
  return request(INIT, objectOf(ssp));
}

/**
 * Ends an srcu_struct, which nobody may read and no callback may wait for any more: a warning if so, and it stays as it is.
 *
 * @example
 * const hub = struct('hub', { srcu: srcu_struct, users: int });
 * const one = yield* kzalloc(hub, GFP_KERNEL);
 * if (one === null) return;
 * if ((yield* init_srcu_struct(one.srcu)) === 0) {
 *   const idx = yield* srcu_read_lock(one.srcu);
 *   srcu_read_lock_held(one.srcu); // => true
 *   yield* srcu_read_unlock(one.srcu, idx);
 *   yield* synchronize_srcu_expedited(one.srcu);
 *   yield* cleanup_srcu_struct(one.srcu);
 * }
 * yield* kfree(one);
 * @kernel include/linux/srcu.h
 * @context process context only; may sleep
 * @ordering none
 */
export function cleanup_srcu_struct(ssp: srcu_struct): Op<void> {
  return request(CLEANUP, objectOf(ssp));
}

/**
 * Begins a read section of an srcu_struct. An object that is freed after a grace period of it stays allocated until the section ends.
 * Sections nest.
 *
 * @returns the index to give to srcu_read_unlock()
 * @kernel include/linux/srcu.h
 * @context any; does not sleep, but the section may
 * @ordering acquire, from everything before a grace period that has begun
 */
export function srcu_read_lock(ssp: srcu_struct): Op<number> {
  return request(LOCK, objectOf(ssp));
}

/**
 * Ends a read section.
 *
 * @param idx what srcu_read_lock() returned
 * @kernel include/linux/srcu.h
 * @context any; does not sleep
 * @ordering release, to the end of a grace period that waits for the section
 * @divergence ends a section of the same task only
 */
export function srcu_read_unlock(ssp: srcu_struct, idx: number): Op<void> {
  const srcu = objectOf(ssp);
  return request(UNLOCK, srcu, srcu.ends(current.machine.task, idx));
}

/**
 * Whether the caller is in a read section of an srcu_struct.
 *
 * @returns whether it is
 * @kernel include/linux/srcu.h
 * @context any; does not sleep
 * @ordering none
 */
export function srcu_read_lock_held(ssp: srcu_struct): boolean {
  return objectOf(ssp).fresh().openedBy(current.machine.task).length > 0;
}

/**
 * Waits until every read section of an srcu_struct that began before the call has ended; later ones, and those of others, do not
 * matter.
 *
 * @example
 * const config = struct('config', { size: int });
 * const current_config = static_var<StructOf<typeof config> | null>('current_config', null);
 * const srcu = DEFINE_SRCU('srcu');
 * const first = yield* kzalloc(config, GFP_KERNEL);
 * if (first === null) return;
 * yield* rcu_assign_pointer(current_config, 'value', first);
 * const idx = yield* srcu_read_lock(srcu);
 * const seen = yield* srcu_dereference(current_config, 'value', srcu);
 * if (seen !== null) expect_eq(seen.size, 0, 'it is allocated');
 * yield* srcu_read_unlock(srcu, idx);
 * yield* RCU_INIT_POINTER(current_config, 'value', null);
 * yield* synchronize_srcu(srcu);
 * yield* kfree(first);
 * @kernel include/linux/srcu.h
 * @context process context, outside read sections of it; may sleep
 * @ordering full; acquire, from the unlock of these sections; release, to sections that begin later
 */
export function synchronize_srcu(ssp: srcu_struct): Op<void> {
  return synchronizeSrcu(objectOf(ssp));
}

/**
 * synchronize_srcu() that disturbs other CPUs to finish sooner. It is still a full grace period.
 *
 * @kernel include/linux/srcutree.h
 * @context process context, outside read sections of it; may sleep
 * @ordering as synchronize_srcu()
 * @divergence there is no time here, so both are the same
 */
export function synchronize_srcu_expedited(ssp: srcu_struct): Op<void> {
  return synchronizeSrcuExpedited(objectOf(ssp));
}

/**
 * Runs a function after a grace period of an srcu_struct, without waiting for it. A head can be queued only once at a time.
 *
 * @example
 * const table = struct('table', { rcu: rcu_head });
 * const srcu = DEFINE_SRCU('srcu');
 * function* free_table(head: rcu_head) {
 *   yield* kfree(container_of(head, table, 'rcu'));
 * }
 * const one = yield* kzalloc(table, GFP_KERNEL);
 * if (one === null) return;
 * yield* call_srcu(srcu, one.rcu, free_table);
 * yield* srcu_barrier(srcu);
 * @param func the function to run; receives the head and must not sleep
 * @kernel include/linux/srcu.h
 * @context any; does not sleep, nor may the function
 * @ordering release, to the function; acquire there, from the unlock of the sections it waited for
 * @divergence each callback is a task of its own; callbacks run in any order
 */
export function call_srcu(ssp: srcu_struct, head: rcu_head, func: rcu_callback_t): Op<void> {
  storable(func);
  return request(CALL_SRCU, objectOf(ssp), head, func);
}

/**
 * Waits until all call_srcu() callbacks of an srcu_struct queued so far, by any task, have run. It is not a grace period by itself.
 *
 * @kernel include/linux/srcutree.h
 * @context process context only; may sleep
 * @ordering acquire, from the callbacks
 */
export function srcu_barrier(ssp: srcu_struct): Op<void> {
  return srcuBarrier(objectOf(ssp));
}

/**
 * Reads a pointer that another CPU may change, inside a read section of an srcu_struct. Its target can be used until the section
 * ends.
 *
 * @param ssp the srcu_struct whose section the caller is in; a warning if it is not
 * @returns the pointer, which may be followed until the section ends
 * @kernel include/linux/srcu.h
 * @context inside srcu_read_lock(); does not sleep
 * @ordering none, except for accesses through the loaded pointer (address dependency)
 */
export function srcu_dereference<H extends Handle, K extends FieldOf<H>>(
  object: H,
  field: K,
  ssp: srcu_struct,
): Op<H[K]> {
  return fieldLoad(DEREFERENCE, object, field, srcu_read_lock_held(ssp));
}
