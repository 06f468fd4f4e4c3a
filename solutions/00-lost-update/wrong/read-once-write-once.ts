// SPDX-License-Identifier: GPL-2.0-only
// Wrong: READ_ONCE() and WRITE_ONCE() silence the data race; the other CPU still fits in between. Caught by two-writes.
import { int, type Op, READ_ONCE, static_var, struct, type StructOf, WRITE_ONCE } from '#lib';

/** An open file. Nobody but its opener uses it. */
export const tally_file = struct('tally_file', { pos: int });
export interface tally_file extends StructOf<typeof tally_file> {}

const tally_writes = static_var('tally_writes', 0); /* on all files together */

/** write(2). Any number of CPUs may be in here at once, each with a file of its own. May sleep. */
export function* tally_write(file: tally_file): Op<void> {
  const writes = yield* READ_ONCE(tally_writes, 'value');
  yield* WRITE_ONCE(file, 'pos', file.pos + 1);
  yield* WRITE_ONCE(tally_writes, 'value', writes + 1);
}

/** read(2): how many writes there have been. May sleep. */
export function* tally_read(): Op<number> {
  return yield* READ_ONCE(tally_writes, 'value');
}
