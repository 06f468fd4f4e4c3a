// SPDX-License-Identifier: GPL-2.0-only
// Wrong: every file has a lock of its own, and so nobody ever waits for anybody. Caught by two-writes.
import {
  bool,
  int,
  type Op,
  spin_lock,
  spin_lock_init,
  spin_unlock,
  spinlock_t,
  static_var,
  struct,
  type StructOf,
  WRITE_ONCE,
} from '#lib';

/** An open file. Nobody but its opener uses it. */
export const tally_file = struct('tally_file', { pos: int, lock: spinlock_t, ready: bool });
export interface tally_file extends StructOf<typeof tally_file> {}

const tally_writes = static_var('tally_writes', 0); /* on all files together */

/** write(2). Any number of CPUs may be in here at once, each with a file of its own. May sleep. */
export function* tally_write(file: tally_file): Op<void> {
  if (!file.ready) yield* spin_lock_init(file.lock);
  file.ready = true;
  yield* spin_lock(file.lock);
  const writes = tally_writes.value;
  yield* WRITE_ONCE(file, 'pos', file.pos + 1);
  tally_writes.value = writes + 1;
  yield* spin_unlock(file.lock);
}

/** read(2): how many writes there have been. May sleep. */
export function* tally_read(): Op<number> {
  return tally_writes.value;
}
