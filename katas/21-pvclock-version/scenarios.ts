// SPDX-License-Identifier: GPL-2.0-only
/** What must hold of a guest's clock while the hypervisor sets it: it tells the time by the old data or by the new, never by both. */
import {
  complete,
  DECLARE_COMPLETION,
  DEFINE_SPINLOCK,
  expect_eq,
  expect_no_locks,
  GFP_KERNEL,
  interrupted,
  kfree,
  kzalloc,
  type Op,
  scenario,
  smp_wmb,
  spin_lock,
  spin_unlock,
  type StructOf,
  suite,
  wait_for_completion,
  WRITE_ONCE,
} from '#lib';

type Pvclock = typeof import('./pvclock');
type Info = StructOf<Pvclock['pvclock_vcpu_time_info']>;

/** A guest, and how far its time is ahead of the time stamp counter, whatever the hypervisor writes down. */
interface World {
  readonly src: Info;
  readonly ahead: number;
}

const AHEAD = 900;
/** The time of a guest that has been moved here from a machine that began to count earlier. */
const BEHIND = -60;
/** Steps of the guest that an update may take. */
const LONG = 100;
/** The guest has taken a step; the hypervisor has, too. */
const looked = DECLARE_COMPLETION('looked');
const written = DECLARE_COMPLETION('written');
/** The time may be asked for under a lock. */
const rq_lock = DEFINE_SPINLOCK('rq_lock');

export default suite<Pvclock>((pvclock) => {
  /** The hypervisor has looked at the time at this value of the counter. It pairs with what the guest does. */
  function* update({ src, ahead }: World, version: number, tsc: number): Op<void> {
    yield* WRITE_ONCE(src, 'version', version - 1);
    yield* smp_wmb();
    yield* WRITE_ONCE(src, 'tsc_timestamp', tsc);
    yield* WRITE_ONCE(src, 'system_time', tsc + ahead);
    yield* smp_wmb();
    yield* WRITE_ONCE(src, 'version', version);
  }
  function* guest(ahead = AHEAD): Op<World> {
    const src = yield* kzalloc(pvclock.pvclock_vcpu_time_info, GFP_KERNEL);
    if (src === null) throw new Error('set-up code has no memory');
    const w = { src, ahead };
    yield* update(w, 2, 100);
    return w;
  }
  function* read({ src, ahead }: World, tsc: number): Op<void> {
    const time = yield* pvclock.pvclock_clocksource_read(src, tsc);
    expect_eq(time, tsc + ahead, `the time when the counter shows ${tsc}`);
    expect_no_locks('pvclock_clocksource_read()');
  }
  function* readAndFree(w: World): Op<void> {
    yield* read(w, 500);
    yield* kfree(w.src);
  }

  return [
    scenario({
      id: 'update-vs-read',
      title: 'who asks for the time during an update gets the right time',
      task: 1,
      kind: 'race',
      setup: () => guest(),
      tasks: {
        hypervisor: (w) => update(w, 4, 200),
        guest: (w) => read(w, 250),
      },
      check: readAndFree,
    }),
    scenario({
      id: 'update-vs-read-behind',
      title: 'so does a guest whose time is behind the counter',
      task: 1,
      kind: 'race',
      setup: () => guest(BEHIND),
      tasks: {
        hypervisor: (w) => update(w, 4, 200),
        guest: (w) => read(w, 270),
      },
      check: readAndFree,
    }),
    scenario({
      id: 'update-vs-atomic-read',
      title: 'the time can be asked for under a spinlock, which the hypervisor does not know',
      task: 2,
      kind: 'overfix',
      setup: () => guest(),
      tasks: {
        hypervisor: (w) => update(w, 4, 200),
        *guest({ src }) {
          yield* spin_lock(rq_lock);
          for (const tsc of [250, 270]) yield* pvclock.pvclock_clocksource_read(src, tsc);
          yield* spin_unlock(rq_lock);
          expect_no_locks('pvclock_clocksource_read()');
        },
      },
      check: readAndFree,
    }),
    scenario({
      id: 'slow-update',
      title: 'an update is waited for, however long it takes',
      task: 2,
      kind: 'function',
      setup: () => guest(),
      tasks: {
        // Writes a little whenever the guest has taken a step.
        *hypervisor(w) {
          for (let step = 0; step < LONG; step++) {
            yield* wait_for_completion(looked);
            if (step === 0) yield* WRITE_ONCE(w.src, 'version', 3);
            else if (step < LONG - 1) yield* WRITE_ONCE(w.src, 'tsc_timestamp', step);
            else yield* update(w, 4, 200);
            yield* complete(written);
          }
        },
        *guest({ src, ahead }) {
          let steps = 0;
          const time = yield* interrupted(
            () => pvclock.pvclock_clocksource_read(src, 250),
            function* () {
              yield* complete(looked);
              yield* wait_for_completion(written);
              return ++steps < LONG;
            },
          );
          while (steps++ < LONG) yield* complete(looked);
          expect_eq(time, 250 + ahead, 'the time after an update that took long');
        },
      },
      check: readAndFree,
    }),
    scenario({
      id: 'two-clocks',
      title: 'each virtual CPU has a clock of its own',
      task: 2,
      kind: 'function',
      *setup() {
        return { ...(yield* guest()), other: yield* guest(BEHIND) };
      },
      tasks: {
        *guest(w) {
          for (const clock of [w, w.other, w]) yield* read(clock, 250);
          yield* update(w.other, 4, 200);
          for (const clock of [w.other, w]) yield* read(clock, 270);
        },
      },
      *check(w) {
        yield* readAndFree(w.other);
        yield* readAndFree(w);
      },
    }),
    scenario({
      id: 'one-by-one',
      title: 'the time goes on between updates and after them',
      task: 2,
      kind: 'function',
      setup: () => guest(),
      tasks: {
        *guest(w) {
          yield* read(w, 100);
          yield* read(w, 150);
          yield* update(w, 4, 200);
          yield* read(w, 200);
          yield* read(w, 270);
        },
      },
      check: readAndFree,
    }),
  ];
});
