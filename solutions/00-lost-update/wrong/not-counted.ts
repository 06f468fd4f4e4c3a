// SPDX-License-Identifier: GPL-2.0-only
// Wrong: no count, no race. Caught by one-by-one.
import { int, type Op, struct, type StructOf, WRITE_ONCE } from '#lib';

/** An open file. Nobody but its opener uses it. */
export const tally_file = struct('tally_file', { pos: int });
export interface tally_file extends StructOf<typeof tally_file> {}

/** write(2). Any number of CPUs may be in here at once, each with a file of its own. May sleep. */
export function* tally_write(file: tally_file): Op<void> {
  yield* WRITE_ONCE(file, 'pos', file.pos + 1);
}

/** read(2): how many writes there have been. May sleep. */
export function* tally_read(): Op<number> {
  return 0;
}
