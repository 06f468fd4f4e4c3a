// SPDX-License-Identifier: GPL-2.0-only
/**
 * What must hold when minors are given out under a spinlock: nobody sleeps with it, nobody is refused for want of layers that
 * memory could be had for, and minors and devices are what they were.
 */
import {
  DEFINE_SPINLOCK,
  expect_true,
  MKDEV,
  scenario,
  spin_lock,
  spin_unlock,
  suite,
  interrupted,
} from '#lib';
import { DM_MAJOR, dmWorld } from '../worlds/dm';

/** How often others make a device while one is being made. */
const ROUNDS = 24;
/** A lock of somebody who looks for devices. */
const others_lock = DEFINE_SPINLOCK('others_lock');

const works = { task: 1, kind: 'function' } as const;
const drains = { task: 2, kind: 'race' } as const;

export default suite<typeof import('./dm')>((dm) => {
  const {
    make,
    keep,
    world,
    oneMade,
    put,
    putOne,
    status,
    finds,
    allGone,
    noMemory,
    creationsOverlap,
    drained,
    othersMeet,
    whileOthers,
    common,
  } = dmWorld(dm);

  return [
    common['create-remove'],
    common['get-put'],
    common['open-close'],
    common['minor-busy'],
    common['all-taken'],
    common['full-for-long'],
    common['both-want-it'],
    common['two-creates'],
    common['remove-vs-create'],
    noMemory({ blk_alloc_queue: 1 }),
    common['no-memory-at-all'],
    common['tight-memory'],
    common['add-event'],
    ...othersMeet(),
    whileOthers(false).made,
    scenario({
      id: 'lookup-vs-create',
      title: 'devices are found as before, while others are made',
      ...works,
      setup: oneMade,
      tasks: {
        'dm-create': (w) => keep(w),
        *'dm-status'() {
          yield* finds(0);
          yield* status(1);
        },
      },
      check: allGone,
    }),
    scenario({
      id: 'lookup-in-atomic',
      title: 'a device can be found, and let go of by one of many, where nobody may sleep',
      task: 1,
      kind: 'overfix',
      setup: oneMade,
      tasks: {
        'dm-create': (w) => keep(w),
        *'dm-status'() {
          yield* spin_lock(others_lock);
          const md = yield* dm.dm_get_md(MKDEV(DM_MAJOR, 0));
          if (md !== null) yield* dm.dm_put(md);
          yield* spin_unlock(others_lock);
          expect_true(md !== null, 'minor 0 has a device and is not found');
        },
      },
      check: allGone,
    }),
    creationsOverlap(),
    creationsOverlap('creations-overlap-minor', { minor: 0 }, { minor: 4 }),
    ...drained(2),
    scenario({
      id: 'drained-again',
      title: 'and it may happen more than once',
      ...drains,
      setup: world,
      tasks: {
        'dm-create/a': (w) => keep(w, { minor: 0 }),
        *'dm-create/b'(w) {
          const md = yield* make({ minor: 4 });
          if (md !== null) yield* put(md);
          yield* keep(w, { minor: 4 });
        },
      },
      check: (w) => allGone(w, []),
    }),
    scenario({
      id: 'drained-often',
      title: 'and more often than anybody would count',
      ...drains,
      stepsMax: 4000,
      setup: world,
      tasks: {
        *'dm-create'(w) {
          let left = ROUNDS;
          yield* interrupted(
            () => keep(w, { minor: 0 }),
            function* () {
              if (left-- === 0) return false;
              yield* putOne(w);
              yield* keep(w, { minor: 4 });
              return true;
            },
          );
        },
      },
      check: (w) => allGone(w, []),
    }),
    scenario({
      id: 'drained-again-any',
      title: 'the same for one to whom any minor is welcome',
      ...drains,
      setup: world,
      tasks: {
        'dm-create/a': (w) => keep(w),
        *'dm-create/b'(w) {
          const md = yield* make({ minor: 4 });
          if (md !== null) yield* put(md);
          yield* keep(w, { minor: 4 });
        },
      },
      check: (w) => allGone(w, []),
    }),
  ];
});
