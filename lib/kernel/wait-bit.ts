// SPDX-License-Identifier: GPL-2.0-only
/** Waiting for a bit of a field, or for whatever there is to say of an object. After include/linux/wait_bit.h and kernel/sched/wait_bit.c. */
import { composite, current, type Handle, type Op, request } from '../machine';
import { smp_mb__after_atomic } from './barrier';
import { clear_bit_unlock, type NumberOf, test_and_set_bit } from './bitops';
import { EINTR } from './err';
import { type FieldOf, smp_load_acquire } from './once';
import { sleeper, stateOf, TASK_INTERRUPTIBLE, TASK_KILLABLE } from './task-state';
import {
  DECLARE_WAIT_QUEUE_HEAD,
  sleeping,
  type wait_condition_t,
  wait_event,
  waitingFor,
  waitqueue_active,
  wake_up_all,
} from './wait';

/** All who wait for a bit are on one queue; the kernel has 256, and uses one of them for many bits, too. */
const bit_wait_table = DECLARE_WAIT_QUEUE_HEAD('bit_wait_table');

const UNTIL = {
  signal: sleeper('schedule', 'signal'),
  fatal_signal: sleeper('schedule', 'fatal_signal'),
} as const;

function sleepIn(mode: number): () => Op<boolean> {
  if (mode !== TASK_INTERRUPTIBLE && mode !== TASK_KILLABLE) return sleeping;
  const kind = mode === TASK_INTERRUPTIBLE ? UNTIL.signal : UNTIL.fatal_signal;
  return () => request(kind, stateOf(current.machine.task));
}

function* waiting(name: string, mode: number, condition: () => Op<boolean>): Op<number> {
  const how = { name, state: mode, sleep: sleepIn(mode) };
  return (yield* waitingFor(bit_wait_table, condition, how)) ? 0 : -EINTR;
}

function* waking(): Op<void> {
  if (yield* waitqueue_active(bit_wait_table)) yield* wake_up_all(bit_wait_table);
}

function* clearing<H extends Handle>(nr: number, object: H, field: NumberOf<H>): Op<void> {
  yield* clear_bit_unlock(nr, object, field);
  yield* smp_mb__after_atomic();
  yield* waking();
}

/**
 * Waits until a bit is clear.
 *
 * @example
 * const buffer = struct('buffer', { flags: int });
 * const one = DEFINE_STATIC('one', buffer);
 * function* use() {
 *   yield* wait_on_bit_lock(one, 'flags', 0, TASK_UNINTERRUPTIBLE); // => 0
 *   yield* clear_and_wake_up_bit(0, one, 'flags');
 * }
 * const b = yield* spawn_task('b', use);
 * yield* use();
 * yield* wait_on_bit(one, 'flags', 0, TASK_UNINTERRUPTIBLE); // => 0
 * @param nr number of the bit, from 0 on
 * @param mode TASK_UNINTERRUPTIBLE, TASK_INTERRUPTIBLE or TASK_KILLABLE
 * @returns 0, or -EINTR if a signal came first
 * @kernel include/linux/wait_bit.h
 * @context process context only; may sleep
 * @ordering acquire, from who has cleared it
 */
export function wait_on_bit<H extends Handle>(
  object: H,
  field: NumberOf<H>,
  nr: number,
  mode: number,
): Op<number> {
  const name = 'wait_on_bit';
  if (!(nr >= 0 && nr < 32)) throw new TypeError(`${name}: no bit ${nr} in 32`);
  const word: string = field;
  function* isClear(): Op<boolean> {
    const bits = yield* smp_load_acquire(object, word as FieldOf<H>); // test_bit_acquire()
    return ((bits as number) & (1 << nr)) === 0; // a NumberOf field holds a number
  }
  return composite(name, waiting(name, mode, isClear));
}

/**
 * Waits until it is this task that has set a bit: a lock of one bit.
 *
 * @param nr number of the bit, from 0 on
 * @param mode TASK_UNINTERRUPTIBLE, TASK_INTERRUPTIBLE or TASK_KILLABLE
 * @returns 0, or -EINTR if a signal came first
 * @kernel include/linux/wait_bit.h
 * @context process context only; may sleep
 * @ordering full when it returns 0
 * @divergence all who wait are woken, not one of them
 */
export function wait_on_bit_lock<H extends Handle>(
  object: H,
  field: NumberOf<H>,
  nr: number,
  mode: number,
): Op<number> {
  const name = 'wait_on_bit_lock';
  function* isOurs(): Op<boolean> {
    return !(yield* test_and_set_bit(nr, object, field));
  }
  return composite(name, waiting(name, mode, isOurs));
}

/**
 * Wakes who waits for a bit. Between the clearing of the bit and this a full barrier is needed: without one the sleeper can be missed.
 *
 * @example
 * const buffer = struct('buffer', { flags: int });
 * const one = DEFINE_STATIC('one', buffer);
 * yield* set_bit(1, one, 'flags');
 * yield* spawn_task('b', function* () {
 *   yield* clear_bit(1, one, 'flags');
 *   yield* smp_mb__after_atomic();
 *   yield* wake_up_bit(one, 'flags', 1);
 * });
 * yield* wait_on_bit(one, 'flags', 1, TASK_UNINTERRUPTIBLE);
 * @param _nr number of the bit, from 0 on
 * @kernel include/linux/wait_bit.h
 * @context any; does not sleep
 * @ordering full if it wakes a task, none otherwise
 * @divergence also wakes tasks that wait for other bits: they look again, and sleep on
 */
export function wake_up_bit<H extends Handle>(
  _object: H,
  _field: NumberOf<H>,
  _nr: number,
): Op<void> {
  return composite('wake_up_bit', waking());
}

/**
 * Clears a bit and wakes who waits for that.
 *
 * @param nr number of the bit, from 0 on
 * @kernel include/linux/wait_bit.h
 * @context any; does not sleep
 * @ordering release, and full between the clearing and the look for sleepers
 */
export function clear_and_wake_up_bit<H extends Handle>(
  nr: number,
  object: H,
  field: NumberOf<H>,
): Op<void> {
  return composite('clear_and_wake_up_bit', clearing(nr, object, field));
}

/**
 * Waits until a condition on an object holds; the task that makes it true calls wake_up_var().
 *
 * @example
 * const device = struct('device', { users: atomic_t });
 * const one = DEFINE_STATIC('one', device);
 * yield* atomic_set(one.users, 1);
 * yield* spawn_task('b', function* () {
 *   if (yield* atomic_dec_and_test(one.users)) yield* wake_up_var(one);
 * });
 * yield* wait_var_event(one, function* () {
 *   return (yield* atomic_read(one.users)) === 0;
 * });
 * @param condition checked by the sleeping task itself
 * @kernel include/linux/wait_bit.h
 * @context process context only; may sleep
 * @ordering acquire, from the wake_up_var(), if it slept
 */
export function wait_var_event(_object: Handle, condition: wait_condition_t): Op<void> {
  return wait_event(bit_wait_table, condition);
}

/**
 * Wakes who waits for a condition on an object. A full barrier is needed before it: without one the sleeper can be missed.
 *
 * @kernel include/linux/wait_bit.h
 * @context any; does not sleep
 * @ordering full if it wakes a task, none otherwise
 * @divergence also wakes tasks that wait for other objects: they look again, and sleep on
 */
export function wake_up_var(_object: Handle): Op<void> {
  return composite('wake_up_var', waking());
}
