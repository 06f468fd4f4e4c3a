// SPDX-License-Identifier: GPL-2.0-only
// Right: what a compare-and-exchange finds changed since the load is tried again.
import {
  atomic_cmpxchg,
  atomic_read,
  DEFINE_ATOMIC,
  int,
  type Op,
  struct,
  type StructOf,
  WRITE_ONCE,
} from '#lib';

/** An open file. Nobody but its opener uses it. */
export const tally_file = struct('tally_file', { pos: int });
export interface tally_file extends StructOf<typeof tally_file> {}

const tally_writes = DEFINE_ATOMIC('tally_writes', 0); /* on all files together */

/** write(2). Any number of CPUs may be in here at once, each with a file of its own. May sleep. */
export function* tally_write(file: tally_file): Op<void> {
  yield* WRITE_ONCE(file, 'pos', file.pos + 1);
  for (;;) {
    const writes = yield* atomic_read(tally_writes);
    if ((yield* atomic_cmpxchg(tally_writes, writes, writes + 1)) === writes) return;
  }
}

/** read(2): how many writes there have been. May sleep. */
export function* tally_read(): Op<number> {
  return yield* atomic_read(tally_writes);
}
