// SPDX-License-Identifier: GPL-2.0-only
/** What must hold of a guest's clock while the hypervisor sets it: it tells the time by the old data or by the new, never by both. */
import {
  DEFINE_SPINLOCK,
  expect_eq,
  expect_no_locks,
  GFP_KERNEL,
  kfree,
  kzalloc,
  type Op,
  scenario,
  smp_wmb,
  spin_lock,
  spin_unlock,
  type StructOf,
  suite,
  WRITE_ONCE,
} from '#lib';

type Pvclock = typeof import('./pvclock');
type Info = StructOf<Pvclock['pvclock_vcpu_time_info']>;

/** The time is this much ahead of the time stamp counter, whatever the hypervisor writes down. */
const AHEAD = 900;
/** The time may be asked for under a lock. */
const rq_lock = DEFINE_SPINLOCK('rq_lock');

export default suite<Pvclock>((pvclock) => {
  /** The hypervisor has looked at the time at this value of the counter. It pairs with what the guest does. */
  function* kvm_guest_time_update(src: Info, version: number, tsc: number): Op<void> {
    yield* WRITE_ONCE(src, 'version', version - 1);
    yield* smp_wmb();
    yield* WRITE_ONCE(src, 'tsc_timestamp', tsc);
    yield* WRITE_ONCE(src, 'system_time', tsc + AHEAD);
    yield* smp_wmb();
    yield* WRITE_ONCE(src, 'version', version);
  }
  function* guest(): Op<Info> {
    const src = yield* kzalloc(pvclock.pvclock_vcpu_time_info, GFP_KERNEL);
    if (src === null) throw new Error('set-up code has no memory');
    yield* kvm_guest_time_update(src, 2, 100);
    return src;
  }
  function* read(src: Info, tsc: number): Op<void> {
    const time = yield* pvclock.pvclock_clocksource_read(src, tsc);
    expect_eq(time, tsc + AHEAD, `the time when the counter shows ${tsc}`);
    expect_no_locks('pvclock_clocksource_read()');
  }
  function* readAndFree(src: Info): Op<void> {
    yield* read(src, 500);
    yield* kfree(src);
  }

  return [
    scenario({
      id: 'update-vs-read',
      title: 'who asks for the time during an update gets the right time',
      task: 1,
      kind: 'race',
      setup: guest,
      tasks: {
        hypervisor: (src) => kvm_guest_time_update(src, 4, 200),
        guest: (src) => read(src, 250),
      },
      check: readAndFree,
    }),
    scenario({
      id: 'update-vs-atomic-read',
      title: 'the time can be asked for under a spinlock, which the hypervisor does not know',
      task: 2,
      kind: 'overfix',
      setup: guest,
      tasks: {
        hypervisor: (src) => kvm_guest_time_update(src, 4, 200),
        *guest(src) {
          yield* spin_lock(rq_lock);
          yield* pvclock.pvclock_clocksource_read(src, 250);
          yield* spin_unlock(rq_lock);
          expect_no_locks('pvclock_clocksource_read()');
        },
      },
      check: readAndFree,
    }),
    scenario({
      id: 'one-by-one',
      title: 'the time goes on between updates and after them',
      task: 2,
      kind: 'function',
      setup: guest,
      tasks: {
        *guest(src) {
          yield* read(src, 100);
          yield* read(src, 150);
          yield* kvm_guest_time_update(src, 4, 200);
          yield* read(src, 200);
          yield* read(src, 270);
        },
      },
      check: readAndFree,
    }),
  ];
});
