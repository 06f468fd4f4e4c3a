// SPDX-License-Identifier: GPL-2.0-only
/**
 * What must hold of device mapper's devices when one is found while its last reference goes. Nothing here asks how the driver
 * counts or locks.
 *
 * Kata 09 is about a lookup that is held up half-way. Where a lookup meets a put in this kata, the put is the slow one: it may be
 * held up between any two of its steps, unless it holds a lock, and a lookup runs from beginning to end meanwhile.
 */
import {
  alive,
  atomic_read,
  atomic_set,
  DEFINE_ATOMIC,
  expect_true,
  listenUevents,
  type Op,
  reached,
  type Scenario,
  scenario,
  suite,
} from '#lib';
import { atOnce, DM_MAJOR, dmWorld, inSteps, type World } from '../worlds/dm';

type Dm = typeof import('./dm');
type W = World<import('./dm').mapped_device>;

const WHILE_REMOVING = 'a device is looked up while another is in the middle of being taken down';
const removed = DEFINE_ATOMIC('removed', 0);

export default suite<Dm>((dm) => {
  const { make, world, useDevice, put, putOne, lookup, status, finds, ...rest } = dmWorld(dm);
  const {
    findsNothing,
    open,
    close,
    allGone,
    noMemory,
    creationsOverlap,
    drained,
    othersMeet,
    whileOthers,
    common,
  } = rest;

  const putSlowly = (w: W): Op<void> => inSteps(() => putOne(w));
  /** Finds a device that another task may be removing, uses it for a while, and puts it. */
  function* statusSlowly(minor: number): Op<void> {
    const md = yield* atOnce(() => lookup(minor));
    if (md === null) return;
    useDevice(md, minor);
    yield* inSteps(() => put(md));
  }
  /** Finds a device that another task may be removing, and keeps it. */
  function* join(w: W, minor: number): Op<void> {
    const md = yield* atOnce(() => lookup(minor));
    if (md !== null) w.devices.push(md);
  }
  /** A world of one device with two references. */
  function* heldTwice(): Op<W> {
    const w = yield* world(0);
    yield* join(w, 0);
    return w;
  }

  const works = {
    task: 1,
    kind: 'function',
    setup: () => world(),
    check: (w: W) => allGone(w),
  } as const;
  const race = {
    ...works,
    kind: 'race',
    setup: () => world(0),
    check: (w: W) => allGone(w, [0]),
  } as const;

  /** One device is looked up while another is being taken down: both ways round, so that no lock is left out for one of them alone. */
  const lookupWhileRemoving = (id: string, going: number, other: number): Scenario =>
    scenario({
      ...works,
      id,
      title: `minor ${other} can be looked up while the device with minor ${going} is being taken down`,
      kind: 'reachable',
      reaches: WHILE_REMOVING,
      *setup() {
        const w = yield* world(going, other);
        const first = w.devices[0];
        listenUevents('udev', function* () {
          yield* finds(other);
          const done = yield* atomic_read(removed);
          if (done === 0 && first !== undefined && alive(first)) reached(WHILE_REMOVING);
        });
        return w;
      },
      tasks: {
        *'dm-remove'(w) {
          yield* putOne(w);
          yield* atomic_set(removed, 1);
        },
      },
    });

  return [
    scenario({
      id: 'put-vs-lookup',
      title: 'a device that is found while its last reference goes lives, or is not found',
      ...race,
      tasks: { 'dm-remove': putSlowly, 'dm-status': () => statusSlowly(0) },
    }),
    scenario({
      id: 'put-vs-status',
      title: 'a task that finds the device may even be done with it before the put continues',
      ...race,
      tasks: { 'dm-remove': putSlowly, 'dm-status': () => atOnce(() => status(0)) },
    }),
    scenario({
      id: 'put-vs-join',
      title: 'a task that has found the device can keep it, however long the put takes',
      ...race,
      tasks: { 'dm-remove': putSlowly, dmeventd: (w) => join(w, 0) },
    }),
    scenario({
      id: 'put-vs-two-lookups',
      title: 'two look the device up while its last reference goes',
      ...race,
      setup: () => world(1),
      tasks: {
        'dm-remove': putSlowly,
        'dm-status/a': () => statusSlowly(1),
        'dm-status/b': () => atOnce(() => status(1)),
      },
      check: (w) => allGone(w, [1]),
    }),
    scenario({
      id: 'two-puts-vs-lookup',
      title: 'the last two references go at once, and somebody looks the device up',
      ...race,
      setup: heldTwice,
      tasks: {
        'dm-remove/a': putSlowly,
        'dm-remove/b': putSlowly,
        'dm-status': () => atOnce(() => status(0)),
      },
    }),
    scenario({
      id: 'two-puts',
      title: 'of two who drop the last two references one takes the device down, once',
      ...works,
      setup: heldTwice,
      tasks: {
        'dm-remove/a': putOne,
        'dm-remove/b': putOne,
      },
    }),
    scenario({
      id: 'held-put-vs-lookup',
      title: 'a device that somebody has is found by everybody, even if others put it',
      ...works,
      setup: heldTwice,
      tasks: {
        'dm-remove': putOne,
        'dm-status': () => finds(0),
      },
    }),
    common['create-remove'],
    scenario({
      id: 'get-put',
      title:
        'a device outlives its maker for as long as somebody has it or its disk is open, and not longer',
      ...works,
      tasks: {
        *dmsetup() {
          const md = yield* make({ minor: 4 });
          const same = yield* lookup(4);
          expect_true(md !== null && same === md, 'the device that was made is the one found');
          const bdev = yield* open(4);
          expect_true(bdev !== null, 'the disk of a device can be opened');
          if (md === null || bdev === null) return;
          for (let i = 0; i < 2; i++) {
            yield* put(md);
            yield* finds(4);
          }
          yield* dm.dm_get(md);
          yield* close(bdev);
          useDevice(md, 4);
          yield* findsNothing(4, DM_MAJOR + 1);
          yield* put(md);
          expect_true(!alive(md), 'the last reference is gone and the device is not');
        },
      },
    }),
    common['minor-taken'],
    common['full-for-long'],
    common['two-creates'],
    common['remove-vs-create'],
    noMemory({ blk_alloc_queue: 1 }),
    common['no-memory-at-all'],
    common['tight-memory'],
    ...drained(1),
    ...othersMeet(),
    whileOthers(false).made,
    whileOthers(false).goes,
    common['add-event'],
    creationsOverlap(),
    lookupWhileRemoving('lookup-while-removing', 0, 1),
    lookupWhileRemoving('lookup-other-while-removing', 1, 0),
  ];
});
