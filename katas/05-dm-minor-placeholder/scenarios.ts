// SPDX-License-Identifier: GPL-2.0-only
/**
 * What must hold when a device is found while it is being made, or while it goes: it is whole, or not found. Nothing here asks how
 * the driver keeps others from finding one that is not.
 */
import {
  allocated,
  ENOMEM,
  expect_eq,
  expect_true,
  listenUevents,
  MINOR,
  type Op,
  scenario,
  suite,
} from '#lib';
import { dmWorld } from '../worlds/dm';

type Dm = typeof import('./dm');

const race = { task: 1, kind: 'race' } as const;
/** The type of a device's pool. */
const POOL = { typeName: 'mempool_t' };
const noQueue = { task: 2, failures: { blk_alloc_queue: 1 } } as const;

export default suite<Dm>((dm) => {
  const { keep, world, put, putOne, lookup, status, isIdle, findsNothing, ...rest } = dmWorld(dm);
  const { open, close, allGone, noMemory, creationsOverlap, othersMeet, whileOthers, common } =
    rest;

  /** Finds a device by its number, does with it what devices are for, and lets go of it. */
  function* used(minor: number): Op<void> {
    const md = yield* lookup(minor);
    if (md === null) return;
    const bdev = yield* open(minor);
    expect_true(bdev !== null, 'the disk of a device that is found cannot be opened');
    yield* isIdle(md);
    if (bdev !== null) yield* close(bdev);
    yield* put(md);
  }

  return [
    scenario({
      id: 'lookup-vs-create',
      title: 'a device that is looked up while it is being made is whole, or not found',
      ...race,
      setup: world,
      tasks: { 'dm-create': (w) => keep(w), 'dm-status': () => status(0) },
      check: (w) => allGone(w, [0]),
    }),
    scenario({
      id: 'lookup-vs-create-minor',
      title: 'so is one that is being made with a minor of its own choice',
      ...race,
      setup: world,
      tasks: { 'dm-create': (w) => keep(w, { minor: 5 }), 'dm-status': () => status(5) },
      check: (w) => allGone(w, [5]),
    }),
    scenario({
      id: 'use-vs-create',
      title: 'a device that is found can be opened and waited for',
      ...race,
      setup: world,
      tasks: { 'dm-create': (w) => keep(w), mount: () => used(0) },
      check: (w) => allGone(w, [0]),
    }),
    scenario({
      id: 'lookup-vs-creates',
      title: 'the second of two devices is looked up while both are being made',
      ...race,
      setup: world,
      tasks: {
        'dm-create/a': (w) => keep(w),
        'dm-create/b': (w) => keep(w),
        'dm-status': () => status(1),
      },
      check: (w) => allGone(w, [0, 1]),
    }),
    scenario({
      id: 'lookup-vs-failure',
      title: 'a device that cannot be made is never found',
      ...race,
      setup: world,
      failures: { mempool_create: 1, alloc_disk: 1 },
      tasks: {
        'dm-create': (w) => keep(w, { errors: [-ENOMEM] }),
        'dm-status': () => status(0),
      },
      check: (w) => allGone(w, [0]),
    }),
    common['add-event'],
    scenario({
      id: 'use-on-add',
      title: 'a device that is found when its disk is announced can be opened and waited for',
      ...race,
      *setup() {
        listenUevents('udev', ({ dev }) => used(MINOR(dev)));
        return yield* world();
      },
      tasks: { 'dm-create': (w) => keep(w, { minor: 5 }) },
      check: (w) => allGone(w, [5]),
    }),
    scenario({
      id: 'remove-event',
      title:
        'a task that hears of a disk being removed and looks its device up does not find it any more',
      ...race,
      *setup() {
        listenUevents('udev', ({ dev }) => findsNothing(MINOR(dev)));
        return yield* world(3);
      },
      tasks: { 'dm-remove': putOne },
      check: allGone,
    }),
    common['create-remove'],
    common['get-put'],
    common['open-close'],
    common['minor-busy'],
    common['all-taken'],
    common['both-want-it'],
    common['two-creates'],
    common['remove-vs-create'],
    ...othersMeet(),
    whileOthers(false).made,
    common['full-for-long'],
    noMemory({ kzalloc: 1 }),
    common['no-memory-at-all'],
    common['tight-memory'],
    creationsOverlap(),
    creationsOverlap('creations-overlap-minor', { minor: 5 }),
    scenario({
      id: 'no-queue',
      title: 'without a queue a creation says -ENOMEM, and its minor can be had again',
      ...noQueue,
      kind: 'function',
      setup: world,
      tasks: {
        *'dm-create'(w) {
          yield* keep(w, { minor: 2, errors: [-ENOMEM] });
          yield* keep(w, { errors: [-ENOMEM] });
        },
      },
      check: allGone,
    }),
    scenario({
      id: 'no-pool',
      title: 'without a pool it says so too: a device that was made has all that belongs to it',
      task: 2,
      kind: 'function',
      failures: { mempool_create: 1 },
      setup: world,
      tasks: { 'dm-create': (w) => keep(w, { errors: [-ENOMEM] }) },
      check(w) {
        expect_eq(allocated(POOL), w.devices.length, 'pools when that many devices were made');
        return allGone(w, [0]);
      },
    }),
    scenario({
      id: 'no-queue-vs-lookup',
      title: 'a device that got no queue is never found',
      ...noQueue,
      kind: 'race',
      setup: world,
      tasks: {
        'dm-create': (w) => keep(w, { errors: [-ENOMEM] }),
        'dm-status': () => status(0),
      },
      check: allGone,
    }),
  ];
});
