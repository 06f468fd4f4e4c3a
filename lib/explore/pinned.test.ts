// SPDX-License-Identifier: GPL-2.0-only
/** Programs that once broke the exploration, found by the oracle and shrunk. */
import {
  atomic_read,
  atomic_set,
  DECLARE_COMPLETION,
  DECLARE_RWSEM,
  DEFINE_ATOMIC,
  down_read,
  down_read_trylock,
  down_write,
  mayFail,
  static_var,
  wait_for_completion,
  WRITE_ONCE,
} from '../kernel';
import { join, spawn_task } from '../kernel/join';
import type { Op } from '../machine';
import { agree } from './testing/small-program';

const v = static_var('v', 0);
const flag = static_var('flag', 0);
const x = DEFINE_ATOMIC('x', 0);
const done = DECLARE_COMPLETION('done');
const sem = DECLARE_RWSEM('sem');

it('a choice with an outcome that commutes with a reader, and one that does not', () => {
  // The failed outcome writes v: before or after the read. The other outcome does not touch it.
  const seen = agree({
    failures: { it: 1 },
    tasks: {
      *a(): Op<void> {
        if (yield* mayFail('it')) v.value = 1;
      },
      *b(): Op<void> {
        v.value++; // reads and writes: dependent on the failed outcome
        yield* mayFail('never');
      },
    },
  });
  expect(seen).toMatchObject({ executions: 3, surplus: 0, blocked: 0 });
});

it('a writer that waits for two readers, neither of which releases the lock', () => {
  // a and c in, b never; a or c first is the same. b first, a never and c fails. a in, b never, c in is the first again.
  const seen = agree({
    tasks: {
      a: () => down_read(sem),
      b: () => down_write(sem),
      c: () => down_read_trylock(sem),
    },
  });
  expect(seen).toMatchObject({ executions: 2, surplus: 0, blocked: 0 });
});

it('a join that makes the ends of tasks matter in the only execution', () => {
  const seen = agree({
    tasks: {
      a: () => wait_for_completion(done),
      *b(): Op<void> {
        yield* join(yield* spawn_task('child', () => mayFail('never')));
      },
    },
  });
  expect(seen).toMatchObject({ executions: 1, hung: 1 });
});

it('a reader that looks further only if it comes first', () => {
  // a b c in any order of c; b a with c before or after b; c may be anywhere if b has not looked at the flag.
  let seenSet = false;
  const seen = agree({
    tasks: {
      a: () => atomic_set(x, 1),
      *b(): Op<void> {
        if ((yield* atomic_read(x)) === 0 && flag.value === 1) seenSet = true;
      },
      c: () => WRITE_ONCE(flag, 'value', 1),
    },
  });
  expect(seen).toMatchObject({ executions: 3, blocked: 0 });
  expect(seenSet).toBe(true);
});
