// SPDX-License-Identifier: GPL-2.0-only
/**
 * Two submissions whose grades are known: one that is right and one that is not. They go the way of all others. A grader that is
 * broken, or that somebody has got into, would have to be wrong about others without being wrong about these.
 */
import type { GradedReport } from './types';

/** The kata they are for. */
export const CANARY_KATA = '00-lost-update';

const HEAD = `import {
  DEFINE_SPINLOCK, int, type Op, spin_lock, spin_unlock, static_var, struct, type StructOf, WRITE_ONCE,
} from '#lib';
export const tally_file = struct('tally_file', { pos: int });
export interface tally_file extends StructOf<typeof tally_file> {}
const tally_writes = static_var('tally_writes', 0);
const tally_lock = DEFINE_SPINLOCK('tally_lock');
`;

/** Holds in every interleaving. */
export const GOOD = `${HEAD}
export function* tally_write(file: tally_file): Op<void> {
  yield* WRITE_ONCE(file, 'pos', file.pos + 1);
  yield* spin_lock(tally_lock);
  tally_writes.value = tally_writes.value + 1;
  yield* spin_unlock(tally_lock);
}
export function* tally_read(): Op<number> {
  yield* spin_lock(tally_lock);
  const writes = tally_writes.value;
  yield* spin_unlock(tally_lock);
  return writes;
}
`;

/** Right when nobody else is about: a judge that tries one interleaving, or none, would let it pass. */
export const RACY = `${HEAD}
export function* tally_write(file: tally_file): Op<void> {
  yield* spin_lock(tally_lock);
  const writes = tally_writes.value;
  yield* spin_unlock(tally_lock);
  yield* WRITE_ONCE(file, 'pos', file.pos + 1);
  yield* spin_lock(tally_lock);
  tally_writes.value = writes + 1;
  yield* spin_unlock(tally_lock);
}
export function* tally_read(): Op<number> {
  yield* spin_lock(tally_lock);
  const writes = tally_writes.value;
  yield* spin_unlock(tally_lock);
  return writes;
}
`;

/** What is surprising about the grades of the two; null if nothing is. */
export function surprise(good: GradedReport, racy: GradedReport): string | null {
  if (good.status !== 'pass' || good.score !== good.maxScore)
    return `the canary that is right got '${good.status}', ${shareOf(good)}`;
  const lost = racy.tests.filter(({ kind, status }) => kind === 'race' && status === 'fail');
  const alone = racy.tests.find(({ id }) => id === 'one-by-one');
  if (racy.status !== 'fail' || racy.score !== 0 || lost.length === 0 || alone?.status !== 'pass')
    return `the canary that races got '${racy.status}', ${shareOf(racy)}`;
  return null;
}

/** In words: a search for a number in what is written must not find this one. */
function shareOf({ score, maxScore }: GradedReport): string {
  return score === 0 ? 'no points' : score === maxScore ? 'all points' : 'some points';
}
