// SPDX-License-Identifier: GPL-2.0-only
import { agree } from '../explore/testing/small-program';
import type { Op } from '../machine';
import { EINTR } from './err';
import { DECLARE_RWSEM, down_write, type rw_semaphore, up_read, up_write } from './rwsem';
import { down_read_interruptible, down_read_killable, down_write_killable } from './rwsem-ends';

const sem = DECLARE_RWSEM('sem');

type Take = (sem: rw_semaphore) => Op<number>;

/** What a wait gives beside a writer, over all interleavings. */
function given(take: Take, release: (sem: rw_semaphore) => Op<void>, failures: object): number[] {
  const seen = new Set<number>();
  const result = agree({
    failures: { ...failures },
    tasks: {
      *writer() {
        yield* down_write(sem);
        yield* up_write(sem);
      },
      *waiter() {
        const error = yield* take(sem);
        seen.add(error);
        if (error === 0) yield* release(sem);
      },
    },
  });
  expect(result).toMatchObject({ surplus: 0, blocked: 0, hung: 0, complaints: [], findings: [] });
  return [...seen].sort((a, b) => a - b);
}

it.each<[string, Take, (sem: rw_semaphore) => Op<void>, object, object]>([
  ['down_read_interruptible', down_read_interruptible, up_read, { signal: 1 }, { fatal_signal: 1 }],
  ['down_read_killable', down_read_killable, up_read, { fatal_signal: 1 }, { signal: 1 }],
  ['down_write_killable', down_write_killable, up_write, { fatal_signal: 1 }, { signal: 1 }],
])('%s() gives up for its own kind of signal alone', (_name, take, release, own, other) => {
  expect(given(take, release, own)).toEqual([-EINTR, 0]);
  expect(given(take, release, other)).toEqual([0]);
});
