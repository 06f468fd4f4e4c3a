// SPDX-License-Identifier: GPL-2.0-only
/** What must hold of a touchscreen with a watchdog: it is watched while it is awake, and at no other time. */
import {
  alive,
  allocated,
  EIO,
  expect_eq,
  expect_no_locks,
  expect_true,
  GFP_KERNEL,
  kfree,
  kzalloc,
  type Op,
  scenario,
  settle,
  type StructOf,
  suite,
} from '#lib';

type Ts = typeof import('./cyttsp4_core');
interface World {
  readonly hw: StructOf<Ts['cyttsp4_controller']>;
  readonly cd: StructOf<Ts['cyttsp4']>;
}

export default suite<Ts>((ts) => {
  function* controller(): Op<World['hw']> {
    const hw = yield* kzalloc(ts.cyttsp4_controller, GFP_KERNEL);
    if (hw === null) throw new Error('set-up code has no memory');
    return hw;
  }
  function* plugged(): Op<World> {
    const hw = yield* controller();
    const cd = yield* ts.cyttsp4_probe(hw);
    if (cd === null) throw new Error('set-up code has no memory');
    expect_eq(hw.resets, 1, 'resets of the controller by cyttsp4_probe()');
    return { hw, cd };
  }
  function* remove({ cd }: World): Op<void> {
    yield* ts.cyttsp4_remove(cd);
    expect_no_locks('cyttsp4_remove()');
    expect_true(!alive(cd), 'the touchscreen is still there after cyttsp4_remove()');
  }
  function* sleep({ cd }: World, result = 0): Op<void> {
    expect_eq(yield* ts.cyttsp4_core_sleep(cd), result, 'cyttsp4_core_sleep()');
    expect_no_locks('cyttsp4_core_sleep()');
  }
  /** It sleeps already, and is not to be woken up for that. */
  function* sleepOn(w: World): Op<void> {
    const { reads } = w.hw;
    yield* sleep(w);
    expect_eq(w.hw.reads, reads, 'registers that were read');
  }
  function* wake({ hw, cd }: World): Op<void> {
    expect_eq(yield* ts.cyttsp4_core_wake(cd), 0, 'cyttsp4_core_wake()');
    expect_no_locks('cyttsp4_core_wake()');
    expect_true(!hw.deep_sleep, 'the controller sleeps after cyttsp4_core_wake()');
  }
  function* touch({ cd }: World): Op<void> {
    yield* ts.cyttsp4_irq(cd);
    expect_no_locks('cyttsp4_irq()');
  }
  function* restart({ hw, cd }: World): Op<void> {
    yield* ts.cyttsp4_startup(cd);
    expect_no_locks('cyttsp4_startup()');
    expect_eq(hw.resets, 2, 'resets of the controller');
  }
  /** After the end of a scenario: the watchdog has looked, as often as its timer may expire. */
  function* watched(w: World, times = 2): Op<void> {
    yield* settle();
    expect_eq(w.hw.reads, times, 'looks of the watchdog at the controller');
    yield* remove(w);
    yield* kfree(w.hw);
  }
  function* unwatched(w: World): Op<void> {
    yield* settle();
    expect_true(w.hw.deep_sleep, 'the watchdog has woken the controller up');
    yield* remove(w);
    yield* kfree(w.hw);
  }

  return [
    scenario({
      id: 'remove',
      title: 'the watchdog does not outlive the touchscreen',
      task: 1,
      kind: 'race',
      setup: plugged,
      tasks: { rmmod: remove },
      check: ({ hw }) => kfree(hw),
    }),
    scenario({
      id: 'remove-after-wake',
      title: 'nor does it when it has been stopped and started before',
      task: 1,
      kind: 'race',
      *setup() {
        const w = yield* plugged();
        yield* sleep(w);
        yield* wake(w);
        yield* restart(w);
        return w;
      },
      tasks: { rmmod: remove },
      check: ({ hw }) => kfree(hw),
    }),
    scenario({
      id: 'remove-asleep',
      title: 'a touchscreen that has been sent to sleep may be unplugged',
      task: 1,
      kind: 'function',
      *setup() {
        const w = yield* plugged();
        yield* sleep(w);
        return w;
      },
      tasks: { rmmod: remove },
      check: ({ hw }) => kfree(hw),
    }),
    scenario({
      id: 'restart',
      title: 'the controller may be reset while it is watched',
      task: 1,
      kind: 'function',
      setup: plugged,
      tasks: { startup: restart },
      *check(w) {
        yield* remove(w);
        yield* kfree(w.hw);
      },
    }),
    scenario({
      id: 'sleep',
      title: 'a controller that sleeps is left alone',
      task: 2,
      kind: 'race',
      setup: plugged,
      tasks: { pm: (w) => sleep(w) },
      check: unwatched,
    }),
    scenario({
      id: 'sleep-again',
      title: 'also when it is sent to sleep twice, or has been awake in between',
      task: 2,
      kind: 'race',
      *setup() {
        const w = yield* plugged();
        yield* sleep(w);
        yield* sleepOn(w);
        yield* wake(w);
        return w;
      },
      tasks: { pm: (w) => sleep(w) },
      check: unwatched,
    }),
    scenario({
      id: 'watched',
      title: 'a touchscreen that has been found is watched again and again',
      task: 3,
      kind: 'function',
      setup: plugged,
      tasks: {},
      check: (w) => watched(w),
    }),
    scenario({
      id: 'touch',
      title: 'it is watched while somebody touches it',
      task: 3,
      kind: 'function',
      setup: plugged,
      tasks: { touch },
      check: (w) => watched(w, 3),
    }),
    scenario({
      id: 'touch-vs-restart',
      title: 'it is touched while the controller is reset, or woken up',
      task: 3,
      kind: 'function',
      expiries: { watchdog_timer: 1 },
      *setup() {
        const w = yield* plugged();
        yield* sleep(w);
        return w;
      },
      tasks: {
        touch,
        *pm(w) {
          yield* ts.cyttsp4_core_wake(w.cd);
          yield* restart(w);
        },
      },
      *check(w) {
        yield* remove(w);
        yield* kfree(w.hw);
      },
    }),
    scenario({
      id: 'watched-after-restart',
      title: 'it is watched after another reset',
      task: 3,
      kind: 'overfix',
      *setup() {
        const w = yield* plugged();
        yield* restart(w);
        return w;
      },
      tasks: {},
      check: (w) => watched(w),
    }),
    scenario({
      id: 'watched-after-wake',
      title: 'it is watched when it has been woken up, be it twice',
      task: 3,
      kind: 'overfix',
      *setup() {
        const w = yield* plugged();
        for (const _ of [1, 2]) {
          yield* sleep(w);
          yield* sleepOn(w);
          yield* wake(w);
          yield* wake(w);
        }
        w.hw.reads = 0;
        return w;
      },
      tasks: {},
      check: (w) => watched(w),
    }),
    scenario({
      id: 'wake',
      title: 'it is watched from the moment on at which it is woken up',
      task: 3,
      kind: 'overfix',
      *setup() {
        const w = yield* plugged();
        yield* sleep(w);
        w.hw.reads = -1;
        return w;
      },
      tasks: { pm: ({ cd }) => ts.cyttsp4_core_wake(cd) },
      check: (w) => watched(w),
    }),
    scenario({
      id: 'watched-when-sleep-fails',
      title: 'it is watched when it could not be sent to sleep',
      task: 3,
      kind: 'overfix',
      *setup() {
        const w = yield* plugged();
        w.hw.mute = true;
        for (const _ of [1, 2]) {
          yield* sleep(w, -EIO);
          expect_true(!w.hw.deep_sleep, 'the controller sleeps although it has not heard of it');
        }
        w.hw.mute = false;
        return w;
      },
      tasks: {},
      check: (w) => watched(w),
    }),
    scenario({
      id: 'other-removed',
      title: 'a touchscreen is watched while another one is unplugged',
      task: 3,
      kind: 'overfix',
      *setup() {
        return { one: yield* plugged(), other: yield* plugged() };
      },
      tasks: { rmmod: ({ other }) => remove(other) },
      *check({ one, other }) {
        yield* kfree(other.hw);
        yield* watched(one);
      },
    }),
    scenario({
      id: 'no-memory',
      title: 'a touchscreen that there is no memory for leaves nothing behind',
      task: 3,
      kind: 'function',
      setup: controller,
      failures: { kzalloc: 1 },
      tasks: {
        *probe(hw) {
          const cd = yield* ts.cyttsp4_probe(hw);
          expect_no_locks('cyttsp4_probe()');
          if (cd === null) expect_eq(allocated(ts.cyttsp4), 0, 'touchscreens after a failure');
          else yield* remove({ hw, cd });
        },
      },
      check: (found) => kfree(found),
    }),
  ];
});
