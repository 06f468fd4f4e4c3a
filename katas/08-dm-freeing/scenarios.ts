// SPDX-License-Identifier: GPL-2.0-only
/**
 * What must hold of device mapper's devices when the disk of one is opened while its last reference goes. Nothing here asks how
 * the driver counts, locks or marks.
 *
 * In the scenarios of task 1 the put is slow: it may be held up between any two of its steps, unless it holds a lock, and an open
 * runs from beginning to end meanwhile. In the first scenario of task 2 the open is slow; then come all orders there are.
 */
import { alive, expect_eq, expect_true, type Op, scenario, suite } from '#lib';
import { atOnce, DM_MAJOR, dmWorld, inSteps, type World } from '../worlds/dm';

type Dm = typeof import('./dm');
type Device = import('./dm').mapped_device;
type W = World<Device>;

export default suite<Dm>((dm) => {
  const { make, world, useDevice, put, putOne, lookup, finds, open, ...rest } = dmWorld(dm);
  const {
    findsNothing,
    keepOpen,
    mustOpen,
    close,
    closeOne,
    allGone,
    noMemory,
    creationsOverlap,
    drained,
    opensMeetPuts,
    othersMeet,
    whileOthers,
    common,
  } = rest;

  const putSlowly = (w: W): Op<void> => inSteps(() => putOne(w));
  /** Opens the disk of minor 0 and closes it again, if it is not too late. */
  function* mountIt(md: Device | undefined): Op<void> {
    const bdev = yield* open(0);
    if (bdev === null) return;
    if (md !== undefined) useDevice(md, 0);
    yield* close(bdev);
  }
  /** A world of one device whose disk is open. */
  function* opened(): Op<W> {
    const w = yield* world(0);
    yield* mustOpen(w, 0);
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
  const late = { ...race, task: 2 } as const;

  return [
    scenario({
      id: 'open-in-put',
      title:
        'a disk that is opened while the last reference to its device goes has a device, or -ENXIO',
      ...race,
      tasks: {
        'dm-remove': putSlowly,
        *mount({ devices: [md] }) {
          const bdev = yield* atOnce(() => open(0));
          if (bdev === null || md === undefined) return;
          useDevice(md, 0);
          yield* atOnce(() => close(bdev));
        },
      },
    }),
    scenario({
      id: 'mount-in-put',
      title: 'a task that opens the disk may even have closed it before the put continues',
      ...race,
      tasks: {
        'dm-remove': putSlowly,
        mount: ({ devices: [md] }) => atOnce(() => mountIt(md)),
      },
    }),
    scenario({
      id: 'put-in-open',
      title: 'the last reference goes, and all that went with it, in the middle of an open',
      ...late,
      tasks: {
        'dm-remove': (w) => atOnce(() => putOne(w)),
        mount: ({ devices: [md] }) => inSteps(() => mountIt(md)),
      },
    }),
    ...opensMeetPuts(2),
    ...othersMeet(),
    whileOthers(true).made,
    whileOthers(true).goes,
    scenario({
      id: 'open-vs-close',
      title: 'the last reference is that of somebody who has the disk open, and closes it',
      ...late,
      *setup() {
        const w = yield* opened();
        yield* putOne(w);
        return w;
      },
      tasks: {
        umount: closeOne,
        mount: (w) => keepOpen(w, 0),
      },
    }),
    scenario({
      id: 'close-vs-put',
      title:
        'of a close and a put that drop the last two references one takes the device down, once',
      ...works,
      setup: opened,
      tasks: {
        'dm-remove': putOne,
        umount: closeOne,
      },
      check: (w) => allGone(w, [0]),
    }),
    scenario({
      id: 'open-keeps',
      title: 'a device outlives its maker for as long as its disk is open, and not longer',
      ...works,
      tasks: {
        *dmsetup(w) {
          const md = yield* make({ minor: 0 });
          const same = yield* lookup(0);
          expect_true(md !== null && same === md, 'the device that was made is the one found');
          if (md === null) return;
          yield* findsNothing(0, DM_MAJOR + 1);
          for (let i = 0; i < 2; i++) yield* mustOpen(w, 0);
          yield* dm.dm_get(md);
          for (let i = 0; i < 3; i++) yield* put(md);
          while (w.disks.length > 0) {
            expect_true(alive(md), 'a disk is open and its device is gone');
            yield* finds(0);
            yield* closeOne(w);
          }
          expect_true(!alive(md), 'the last reference is gone and the device is not');
          expect_eq(yield* open(0), null, 'a disk that is gone');
        },
      },
    }),
    common['create-remove'],
    common['minor-taken'],
    common['full-for-long'],
    common['remove-vs-create'],
    noMemory({ blk_alloc_queue: 1 }),
    common['no-memory-at-all'],
    common['tight-memory'],
    ...drained(1),
    common['add-event'],
    creationsOverlap(),
  ];
});
