// SPDX-License-Identifier: GPL-2.0-only
/** For scenarios in which a driver may end things later: a check that looks when later has come. */
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
 * For set-up code and checks: lets what has been put off run to its end, works and RCU callbacks. A driver may use either to end
 * something that nobody uses any more; whoever counts what is left waits for it first.
 *
 * @example
 * const freed = static_var('freed', 0);
 * function* free() {
 *   freed.value++;
 * }
 * const free_work = DECLARE_WORK('free_work', free);
 * scenario({
 *   id: 'put',
 *   title: 'what is put is freed in the end',
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
