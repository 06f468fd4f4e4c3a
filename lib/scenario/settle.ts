// SPDX-License-Identifier: GPL-2.0-only
/** Lets a scenario's check wait until the driver's deferred work has run. */
import { current, hasPutOff, joinAlone, type Kind, type Op, request, UsageError } from '../machine';

const SETTLE: Kind<null, [], void> = {
  name: 'settle',
  access: 'none',
  enabled: () => !hasPutOff(current.machine),
  announce(_machine, task) {
    if (task.id !== 0) throw new UsageError('settle() is for setup and check() only');
  },
  perform: (machine) => {
    joinAlone(machine);
  },
};

/**
 * For set-up code and checks: waits until all deferred works and RCU callbacks have run. A driver may use either to free
 * something later, so call this before you count what is left.
 *
 * @example
 * const freed = static_var('freed', 0);
 * function* free() {
 *   freed.value++;
 * }
 * const free_work = DECLARE_WORK('free_work', free);
 * scenario({
 *   id: 'put',
 *   title: 'an object that is put is freed in the end',
 *   task: 1,
 *   kind: 'function',
 *   tasks: {},
 *   *check() {
 *     yield* schedule_work(free_work);
 *     yield* settle();
 *     expect_eq(freed.value, 1, 'objects freed');
 *   },
 * });
 */
export function settle(): Op<void> {
  return request(SETTLE, null);
}
