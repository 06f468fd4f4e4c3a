// SPDX-License-Identifier: GPL-2.0-only
/**
 * What must hold of device mapper's devices when the disk of one is opened while its last reference goes. Nothing here asks how
 * the driver counts, locks or marks.
 *
 * In the scenarios of task 1 the put is slow: it may be held up between any two of its steps, unless it holds a lock, and an open
 * runs from beginning to end meanwhile. Task 2 turns that round first, and then takes all orders there are.
 */
import {
  alive,
  allocated,
  blkdev_put,
  type block_device,
  blkQueuesAllocating,
  blkWatchQueues,
  current_task,
  DEFINE_SEMAPHORE,
  down,
  EBUSY,
  EINVAL,
  ENOMEM,
  ENOSPC,
  ENXIO,
  expect_eq,
  expect_no_locks,
  expect_true,
  format_dev_t,
  gendisk,
  IS_ERR,
  MINORBITS,
  MKDEV,
  open_by_devnum,
  type Op,
  type out,
  PTR_ERR,
  reached,
  request_queue,
  scenario,
  type StructOf,
  suite,
  up,
} from '#lib';

type Dm = typeof import('./dm');
type Device = StructOf<Dm['mapped_device']>;
/** References that somebody has and will drop, and a disk that somebody has open and will close. */
interface World {
  readonly held: Device[];
  readonly open: block_device[];
}

const DM_MAJOR = 253;
const MINORS = 1 << MINORBITS;
const EVERY_MINOR = Array.from({ length: MINORS }, (_, minor) => minor);
const WHILE_CREATING = 'a device is made while another is in the middle of being made';

/** Taken by who must not be disturbed, and by who is held up for each of its steps. */
const turn = DEFINE_SEMAPHORE('turn', 1);

/** Runs something from beginning to end while whoever is inSteps() does nothing. */
function* atOnce<T>(call: () => Op<T>): Op<T> {
  yield* down(turn);
  const result = yield* call();
  yield* up(turn);
  return result;
}

/** Runs something that may be held up after any of its steps, while something else runs atOnce(); not with a lock held
 * that others may want: a block device's own is not. */
function* inSteps<T>(call: () => Op<T>): Op<T> {
  const steps = call()[Symbol.iterator]();
  yield* down(turn);
  let step = steps.next();
  while (step.done !== true) {
    const result: unknown = yield step.value;
    if (current_task().held.every(({ object }) => object.label.endsWith('.bd_mutex'))) {
      yield* up(turn);
      yield* down(turn);
    }
    step = steps.next(result);
  }
  yield* up(turn);
  return step.value;
}

/** How a device is to be made: its minor, if it matters, and the errors that may come of it. */
interface Ask {
  readonly minor?: number;
  readonly errors?: readonly number[];
}

export default suite<Dm>((dm) => {
  /** Makes a device: the device, or null if that failed in a way the scenario allows. */
  function* dm_make({ minor, errors = [] }: Ask = {}): Op<Device | null> {
    const result: out<Device | null> = { value: null };
    const ret =
      minor === undefined
        ? yield* dm.dm_create(result)
        : yield* dm.dm_create_with_minor(minor, result);
    expect_no_locks('dm_create()');
    if (!errors.includes(ret)) expect_eq(ret, 0, 'dm_create()');
    return ret === 0 ? result.value : null;
  }
  /** Makes a device that stays. */
  function* dm_keep(w: World, ask: Ask = {}): Op<void> {
    const md = yield* dm_make(ask);
    if (md !== null) w.held.push(md);
  }
  /** A world of devices with these minors. */
  function* world(...minors: readonly number[]): Op<World> {
    const w: World = { held: [], open: [] };
    for (const minor of minors) yield* dm_keep(w, { minor });
    return w;
  }
  /** What a user of a device sees of it. */
  function dm_use(md: Device, minor = dm.dm_disk(md).first_minor): void {
    const disk = dm.dm_disk(md);
    expect_eq(disk.first_minor, minor, 'the minor of a device in use');
    expect_eq(disk.disk_name, `dm-${minor}`, 'the name of its disk');
    expect_eq(md.name, format_dev_t(MKDEV(DM_MAJOR, minor)), 'its own name');
  }
  function* dm_remove(md: Device): Op<void> {
    yield* dm.dm_put(md);
    expect_no_locks('dm_put()');
  }
  /** Drops one of the world's references. */
  function* dm_removeOne(w: World): Op<void> {
    const md = w.held.shift();
    if (md !== undefined) yield* dm_remove(md);
  }
  const dm_removeSlowly = (w: World): Op<void> => inSteps(() => dm_removeOne(w));
  function* dm_lookup(minor: number): Op<Device | null> {
    const md = yield* dm.dm_get_md(MKDEV(DM_MAJOR, minor));
    expect_no_locks('dm_get_md()');
    if (md !== null) dm_use(md, minor);
    return md;
  }
  /** Finds a device by its number, uses it if there is one, and lets go of it. */
  function* dm_status(minor: number): Op<boolean> {
    const md = yield* dm_lookup(minor);
    if (md !== null) yield* dm_remove(md);
    return md !== null;
  }
  function* dm_finds(minor: number): Op<void> {
    expect_true(yield* dm_status(minor), `minor ${minor} has a device and is not found`);
  }
  function* dm_findsNothing(minor: number): Op<void> {
    expect_true(!(yield* dm_status(minor)), `minor ${minor} has no device and one is found`);
  }
  /** Opens the disk of minor 0: null if it is too late for that. */
  function* dm_open(): Op<block_device | null> {
    const bdev = yield* open_by_devnum(MKDEV(DM_MAJOR, 0));
    expect_no_locks('dm_blk_open()');
    if (!IS_ERR(bdev)) return bdev;
    expect_eq(PTR_ERR(bdev), -ENXIO, 'opening a disk that is going or gone');
    return null;
  }
  function* dm_close(bdev: block_device): Op<void> {
    yield* blkdev_put(bdev);
    expect_no_locks('dm_blk_close()');
  }
  /** Opens the disk of minor 0 and closes it again, if it is not too late. */
  function* dm_mount(md: Device | undefined): Op<void> {
    const bdev = yield* dm_open();
    if (bdev === null) return;
    if (md !== undefined) dm_use(md, 0);
    yield* dm_close(bdev);
  }
  /** Opens the disk of minor 0, which stays open. */
  function* dm_keepOpen(w: World): Op<void> {
    const bdev = yield* dm_open();
    if (bdev !== null) w.open.push(bdev);
  }
  function* dm_closeOne(w: World): Op<void> {
    const bdev = w.open.shift();
    if (bdev !== undefined) yield* dm_close(bdev);
  }
  /** A world of one device whose disk is open. */
  function* opened(): Op<World> {
    const w = yield* world(0);
    yield* dm_keepOpen(w);
    return w;
  }
  /** The references there are are good ones; once they are dropped nothing is left and the minors that were in play are free. */
  function* allGone(w: World, minors = EVERY_MINOR): Op<void> {
    expect_true(w.held.every(alive), 'a device was freed under its owner');
    for (const md of w.held) yield* dm_finds(dm.dm_disk(md).first_minor);
    if (w.open.length > 0) yield* dm_finds(0);
    for (const bdev of w.open) yield* dm_close(bdev);
    for (const md of w.held) yield* dm_remove(md);
    expect_eq(allocated(dm.mapped_device), 0, 'mapped_devices left at the end');
    expect_eq(allocated(gendisk), 0, 'gendisks left at the end');
    expect_eq(allocated(request_queue), 0, 'request_queues left at the end');
    for (const minor of minors) {
      yield* dm_findsNothing(minor);
      const md = yield* dm_make({ minor });
      if (md !== null) yield* dm_remove(md);
    }
  }

  const works = { task: 1, kind: 'function', setup: () => world(), check: allGone } as const;
  const race = {
    ...works,
    kind: 'race',
    setup: () => world(0),
    check: (w: World) => allGone(w, [0]),
  } as const;
  const late = { ...race, task: 2 } as const;

  return [
    scenario({
      id: 'open-in-put',
      title:
        'a disk that is opened while the last reference to its device goes has a device, or -ENXIO',
      ...race,
      tasks: {
        'dm-remove': dm_removeSlowly,
        *mount({ held: [md] }) {
          const bdev = yield* atOnce(dm_open);
          if (bdev === null || md === undefined) return;
          dm_use(md, 0);
          yield* atOnce(() => dm_close(bdev));
        },
      },
    }),
    scenario({
      id: 'mount-in-put',
      title: 'whoever opens the disk may even have closed it before the put goes on',
      ...race,
      tasks: {
        'dm-remove': dm_removeSlowly,
        mount: ({ held: [md] }) => atOnce(() => dm_mount(md)),
      },
    }),
    scenario({
      id: 'put-in-open',
      title: 'the last reference goes, and all that went with it, in the middle of an open',
      ...late,
      tasks: {
        'dm-remove': (w) => atOnce(() => dm_removeOne(w)),
        mount: ({ held: [md] }) => inSteps(() => dm_mount(md)),
      },
    }),
    scenario({
      id: 'open-vs-put',
      title: 'an open and the last put, in every order there is',
      ...late,
      tasks: { 'dm-remove': dm_removeOne, mount: ({ held: [md] }) => dm_mount(md) },
    }),
    scenario({
      id: 'open-vs-close',
      title: 'the last reference is that of somebody who has the disk open, and closes it',
      ...late,
      *setup() {
        const w = yield* opened();
        yield* dm_removeOne(w);
        return w;
      },
      tasks: {
        umount: dm_closeOne,
        mount: dm_keepOpen,
      },
    }),
    scenario({
      id: 'open-vs-remake',
      title: 'the device goes and another gets its minor: an open gets one of the two, or -ENXIO',
      ...late,
      tasks: {
        *dmsetup(w) {
          yield* dm_removeOne(w);
          yield* dm_keep(w, { minor: 0, errors: [-EBUSY] });
        },
        mount: dm_keepOpen,
      },
    }),
    scenario({
      id: 'close-vs-put',
      title:
        'of a close and a put that drop the last two references one takes the device down, once',
      ...works,
      setup: opened,
      tasks: {
        'dm-remove': dm_removeOne,
        umount: dm_closeOne,
      },
      check: (w) => allGone(w, [0]),
    }),
    scenario({
      id: 'open-keeps',
      title: 'a device outlives its maker for as long as its disk is open, and not longer',
      ...works,
      tasks: {
        *dmsetup(w) {
          const md = yield* dm_make({ minor: 0 });
          const same = yield* dm_lookup(0);
          expect_true(md !== null && same === md, 'the device that was made is the one found');
          if (md === null) return;
          for (let i = 0; i < 2; i++) yield* dm_keepOpen(w);
          expect_eq(w.open.length, 2, 'opens of a disk');
          yield* dm.dm_get(md);
          for (let i = 0; i < 3; i++) yield* dm_remove(md);
          while (w.open.length > 0) {
            expect_true(alive(md), 'a disk is open and its device is gone');
            yield* dm_finds(0);
            yield* dm_closeOne(w);
          }
          expect_true(!alive(md), 'the last reference is gone and the device is not');
          expect_eq(yield* dm_open(), null, 'a disk that is gone');
        },
      },
    }),
    scenario({
      id: 'create-remove',
      title: 'devices come, are found, and go; the lowest free minor is used again',
      ...works,
      tasks: {
        *dmsetup(w) {
          for (const minor of [0, 1, 2]) {
            yield* dm_keep(w);
            yield* dm_finds(minor);
          }
          for (const minor of [0, 1]) {
            yield* dm_removeOne(w);
            yield* dm_findsNothing(minor);
          }
          yield* dm_finds(2);
          yield* dm_keep(w);
          yield* dm_finds(0);
          yield* dm_findsNothing(7);
        },
      },
    }),
    scenario({
      id: 'minor-taken',
      title:
        'a minor that is taken gives -EBUSY, one that does not exist -EINVAL, and if none is free -ENOSPC',
      ...works,
      stepsMax: 3000,
      setup: () => world(6),
      tasks: {
        *dmsetup(w) {
          yield* dm_make({ minor: 6, errors: [-EBUSY] });
          yield* dm_make({ minor: MINORS, errors: [-EINVAL] });
          expect_eq(allocated(gendisk), 1, 'devices after two that could not be made');
          while (w.held.length < MINORS) yield* dm_keep(w);
          expect_eq(yield* dm_make({ errors: [-ENOSPC] }), null, 'a device without a minor');
          yield* dm_removeOne(w);
          yield* dm_keep(w);
          yield* dm_finds(6);
        },
      },
    }),
    scenario({
      id: 'remove-vs-create',
      title: 'a minor is free again only when its disk is gone',
      ...works,
      setup: () => world(0),
      tasks: {
        'dm-remove': dm_removeOne,
        'dm-create': (w) => dm_keep(w, { minor: 0, errors: [-EBUSY] }),
      },
      check: (w) => allGone(w, [0]),
    }),
    scenario({
      id: 'no-memory',
      title:
        'without memory a creation says -ENOMEM and leaves nothing behind, its minor least of all',
      ...works,
      failures: {
        kmalloc: 1,
        idr_pre_get: 1,
        blk_alloc_queue: 1,
        mempool_create: 1,
        alloc_disk: 1,
      },
      tasks: {
        *'dm-create'(w) {
          yield* dm_keep(w, { errors: [-ENOMEM] });
          yield* dm_keep(w, { minor: 4, errors: [-ENOMEM] });
        },
      },
      check: (w) => allGone(w, [0, 4]),
    }),
    scenario({
      id: 'creations-overlap',
      title: 'a device can be made while another waits for memory in the middle of being made',
      ...works,
      kind: 'reachable',
      reaches: WHILE_CREATING,
      *setup() {
        blkWatchQueues();
        return yield* world();
      },
      tasks: {
        'dm-create/a': (w) => dm_keep(w),
        *'dm-create/b'(w) {
          const before = yield* blkQueuesAllocating();
          yield* dm_keep(w);
          const after = yield* blkQueuesAllocating();
          if (before > 0 && after > 0) reached(WHILE_CREATING);
        },
      },
      check: (w) => allGone(w, [0, 1]),
    }),
  ];
});
