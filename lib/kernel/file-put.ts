// SPDX-License-Identifier: GPL-2.0-only
/** The end of an open file. After include/linux/file.h and fs/file_table.c of 5.15. */
import { composite, current, mayNotSleep, type Op } from '../machine';
import { atomic_long_dec_and_test } from './atomic-long';
import { file, functionsOf } from './fs';
import { container_of } from './list';
import { might_sleep } from './might-sleep';
import type { rcu_head } from './rcu-callback';
import { call_rcu } from './rcupdate';
import { kfree } from './slab';
import { schedule_work } from './workqueue';
import type { work_struct } from './workqueue-core';

function* file_free_rcu(head: rcu_head): Op<void> {
  yield* kfree(container_of(head, file, 'f_rcuhead'));
}

function* __fput(ended: file): Op<void> {
  yield* might_sleep();
  const { release } = functionsOf(ended);
  if (release !== undefined) yield* release(ended);
  yield* call_rcu(ended.f_rcuhead, file_free_rcu);
}

/** The function of a file that was put where nothing may sleep. */
export function* ____fput(work: work_struct): Op<void> {
  yield* __fput(container_of(work, file, 'f_task_work'));
}

/** Whether the task could return to user space here: it is in process context and holds nothing. */
function mayReturn(): boolean {
  const { task } = current.machine;
  const { held, atomicDepth, rcuDepth, irqsOff, context } = task;
  return !(held.length > 0 || atomicDepth > 0 || rcuDepth > 0 || irqsOff || mayNotSleep(context));
}

function* putting(file: file): Op<void> {
  if (!(yield* atomic_long_dec_and_test(file.f_count))) return;
  if (mayReturn()) yield* __fput(file);
  else yield* schedule_work(file.f_task_work);
}

/**
 * Drops a reference to a file. After the last one its release() is called, and its memory is freed after a grace period.
 *
 * @example
 * const fops = DEFINE_FILE_OPERATIONS('fops', {
 *   *release(file) {
 *     yield* kfree(file.private_data);
 *   },
 * });
 * const thing = struct('thing', { id: int });
 * const one = yield* kzalloc(thing, GFP_KERNEL);
 * if (one === null) return;
 * const file = yield* anon_inode_getfile('[thing]', fops, one, 0);
 * if (IS_ERR(file)) return;
 * yield* get_file(file);
 * yield* fput(file);
 * yield* fput(file);
 * alive(one); // => false
 * @kernel include/linux/file.h
 * @context any; does not sleep in atomic context, or with a lock held
 * @ordering full
 * @divergence release() runs at once if the task holds no lock and may sleep, as if it returned to user space here; otherwise in a
 * kworker. In Linux it runs when the task does return, and for interrupts and kthreads in a kworker. The memory is that of 2.6.29 to 6.6:
 * it becomes no other file before the grace period is over
 */
export function fput(file: file): Op<void> {
  return composite('fput', putting(file));
}
