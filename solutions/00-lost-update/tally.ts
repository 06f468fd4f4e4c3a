// SPDX-License-Identifier: GPL-2.0-only
/**
 * drivers/char/tally.c, which no kernel has and no commit has fixed: it is here to warm up with.
 *
 * tally: a character device that counts how often it is written to.
 */
import {
  DEFINE_SPINLOCK,
  int,
  type Op,
  spin_lock,
  spin_unlock,
  static_var,
  struct,
  type StructOf,
  WRITE_ONCE,
} from '#lib';

/** An open file. Nobody but its opener uses it. */
export const tally_file = struct('tally_file', { pos: int });
export interface tally_file extends StructOf<typeof tally_file> {}

const tally_writes = static_var('tally_writes', 0); /* on all files together */
const tally_lock = DEFINE_SPINLOCK('tally_lock'); /* protects tally_writes */

/** write(2). Any number of CPUs may be in here at once, each with a file of its own. May sleep. */
export function* tally_write(file: tally_file): Op<void> {
  yield* spin_lock(tally_lock);
  const writes = tally_writes.value;
  yield* WRITE_ONCE(file, 'pos', file.pos + 1);
  tally_writes.value = writes + 1;
  yield* spin_unlock(tally_lock);
}

/** read(2): how many writes there have been. May sleep. */
export function* tally_read(): Op<number> {
  yield* spin_lock(tally_lock);
  const writes = tally_writes.value;
  yield* spin_unlock(tally_lock);
  return writes;
}
