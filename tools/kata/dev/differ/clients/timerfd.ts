// SPDX-License-Identifier: GPL-2.0-only
/** Clients of timerfd.ts: the threads of a process that has a timer, and a task that sets the clock. */
import type { Part } from './client';

export const timerfd: Part = {
  text: `interface World {
  offs: number;
}
function* world(): Op<World> {
  yield* driver.timerfd_create(CLOCK_REALTIME);
  return { offs: 0 };
}
function* read(): Op<number> {
  const file = yield* fget(0);
  if (file === null) return -EBADF;
  const ticks = yield* driver.timerfd_read(file, driver.O_NONBLOCK);
  yield* fput(file);
  return ticks;
}
function* clock(w: World): Op<string> {
  w.offs++;
  yield* driver.do_settimeofday64(w.offs);
  return 'set';
}
function* left(w: World): Op<string> {
  yield* clock(w);
  const ticks = yield* read();
  yield* close_fd(0);
  yield* settle();
  yield* clock(w);
  return [ticks, allocated(driver.timerfd_ctx)].join();
}`,
  calls: [
    'yield* driver.do_timerfd_settime(0, 3, 0)',
    'yield* driver.do_timerfd_settime(0, 1, 0)',
    'yield* clock(w)',
    'yield* read()',
    'yield* close_fd(0)',
    'yield* driver.do_timerfd_settime(0, 3, 5)',
  ],
  failures: { kzalloc: 1 },
  left: 'yield* left(w)',
};
