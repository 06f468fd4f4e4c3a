// SPDX-License-Identifier: GPL-2.0-only
import { agree } from '../explore/testing/small-program';
import type { Op } from '../machine';
import { atomic_dec, atomic_inc_return, DEFINE_ATOMIC } from './atomic';
import { DECLARE_WORK, schedule_work } from './workqueue';
import { flush_work } from './workqueue-wait';
import { systemWorksLeft, systemWorksOneAtATime } from './workqueue-busy';

const running = DEFINE_ATOMIC('running', 0);
const asked = DEFINE_ATOMIC('asked', 0);
let most = 0;

function* run(): Op<void> {
  most = Math.max(most, yield* atomic_inc_return(running));
  yield* atomic_dec(running);
}

const first = DECLARE_WORK('first', run);
const second = DECLARE_WORK('second', run);

/** How many works of the system's queue ever run at a time. */
function mostRunning(oneAtATime: boolean): number {
  most = 0;
  agree({
    *setup() {
      systemWorksOneAtATime(oneAtATime);
    },
    tasks: {
      *a() {
        yield* schedule_work(first);
        yield* schedule_work(second);
      },
    },
  });
  return most;
}

describe('systemWorksOneAtATime()', () => {
  it('lets a work wait for the one before, and only in the scenario that asked for it', () => {
    expect(mostRunning(true)).toBe(1);
    expect(mostRunning(false)).toBe(2);
  });
});

describe('systemWorksLeft()', () => {
  it('counts a work until its function has returned, and explores both sides of that', () => {
    const left = new Set<number>();
    agree({
      *setup() {
        yield* schedule_work(first);
      },
      tasks: {
        *a() {
          yield* atomic_inc_return(asked);
          left.add(systemWorksLeft());
          yield* flush_work(first);
          expect(systemWorksLeft()).toBe(0);
        },
      },
    });
    expect([...left].sort()).toEqual([0, 1]);
  });
});
