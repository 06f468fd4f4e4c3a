// SPDX-License-Identifier: GPL-2.0-only
/**
 * What must hold of device mapper's devices when one is found while its last reference goes. Nothing here asks how the driver
 * counts or locks.
 *
 * A lookup that is itself held up half-way is the story of kata 09. Where a lookup meets a put in this kata, the put is the slow
 * one: it may be held up between any two of its steps, unless it holds a lock, and a lookup runs from beginning to end meanwhile.
 */
import {
  alive,
  allocated,
  atomic_read,
  atomic_set,
  blkdev_put,
  blkQueuesAllocating,
  blkWatchQueues,
  current_task,
  DEFINE_ATOMIC,
  DEFINE_SEMAPHORE,
  down,
  EBUSY,
  EINVAL,
  ENOMEM,
  ENOSPC,
  expect_eq,
  expect_no_locks,
  expect_true,
  format_dev_t,
  gendisk,
  IS_ERR,
  listenUevents,
  MINORBITS,
  MKDEV,
  open_by_devnum,
  type Op,
  type out,
  reached,
  request_queue,
  scenario,
  type StructOf,
  suite,
  up,
} from '#lib';

type Dm = typeof import('./dm');
type Device = StructOf<Dm['mapped_device']>;
/** The references that somebody has and will drop. */
type World = Device[];

const DM_MAJOR = 253;
const MINORS = 1 << MINORBITS;
const EVERY_MINOR = Array.from({ length: MINORS }, (_, minor) => minor);
const WHILE_CREATING = 'a device is made while another is in the middle of being made';
const WHILE_REMOVING = 'a device is looked up while another is in the middle of being taken down';

/** Taken by who must not be disturbed, and by who is held up for each of its steps. */
const turn = DEFINE_SEMAPHORE('turn', 1);
const removed = DEFINE_ATOMIC('removed', 0);

/** Runs something from beginning to end while whoever is inSteps() does nothing. */
function* atOnce<T>(call: () => Op<T>): Op<T> {
  yield* down(turn);
  const result = yield* call();
  yield* up(turn);
  return result;
}

/** Runs something that may be held up after any of its steps, while something else runs atOnce(); not with a lock held. */
function* inSteps<T>(call: () => Op<T>): Op<T> {
  const steps = call()[Symbol.iterator]();
  yield* down(turn);
  let step = steps.next();
  while (step.done !== true) {
    const result: unknown = yield step.value;
    if (current_task().held.length === 0) {
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
    if (md !== null) w.push(md);
  }
  /** A world of devices with these minors. */
  function* world(...minors: readonly number[]): Op<World> {
    const w: World = [];
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
    const md = w.shift();
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
  /** Finds a device that somebody else may be removing, uses it for a while, and lets go of it. */
  function* dm_statusSlowly(minor: number): Op<void> {
    const md = yield* atOnce(() => dm_lookup(minor));
    if (md === null) return;
    dm_use(md, minor);
    yield* inSteps(() => dm_remove(md));
  }
  /** The same, but whoever looks the device up stays with it. */
  function* dm_join(w: World, minor: number): Op<void> {
    const md = yield* atOnce(() => dm_lookup(minor));
    if (md !== null) w.push(md);
  }
  /** A world of one device with two references. */
  function* heldTwice(): Op<World> {
    const w = yield* world(0);
    yield* dm_join(w, 0);
    return w;
  }
  /** The references there are are good ones; once they are dropped nothing is left and the minors that were in play are free. */
  function* allGone(w: World, minors = EVERY_MINOR): Op<void> {
    expect_true(w.every(alive), 'a device was freed under its owner');
    for (const md of w) yield* dm_finds(dm.dm_disk(md).first_minor);
    for (const md of w) {
      expect_true(alive(md), 'a device was freed before its last reference went');
      yield* dm_remove(md);
    }
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

  return [
    scenario({
      id: 'put-vs-lookup',
      title: 'a device that is found while its last reference goes lives, or is not found',
      ...race,
      tasks: { 'dm-remove': dm_removeSlowly, 'dm-status': () => dm_statusSlowly(0) },
    }),
    scenario({
      id: 'put-vs-status',
      title: 'whoever finds the device may even be gone again before the put goes on',
      ...race,
      tasks: { 'dm-remove': dm_removeSlowly, 'dm-status': () => atOnce(() => dm_status(0)) },
    }),
    scenario({
      id: 'put-vs-join',
      title: 'whoever has found the device can keep it, however long the put takes',
      ...race,
      tasks: { 'dm-remove': dm_removeSlowly, dmeventd: (w) => dm_join(w, 0) },
    }),
    scenario({
      id: 'put-vs-two-lookups',
      title: 'two look the device up while its last reference goes',
      ...race,
      setup: () => world(3),
      tasks: {
        'dm-remove': dm_removeSlowly,
        'dm-status/a': () => dm_statusSlowly(3),
        'dm-status/b': () => atOnce(() => dm_status(3)),
      },
      check: (w) => allGone(w, [3]),
    }),
    scenario({
      id: 'two-puts-vs-lookup',
      title: 'the last two references go at once, and somebody looks the device up',
      ...race,
      setup: heldTwice,
      tasks: {
        'dm-remove/a': dm_removeSlowly,
        'dm-remove/b': dm_removeSlowly,
        'dm-status': () => atOnce(() => dm_status(0)),
      },
    }),
    scenario({
      id: 'two-puts',
      title: 'of two who drop the last two references one takes the device down, once',
      ...works,
      setup: heldTwice,
      tasks: {
        'dm-remove/a': dm_removeOne,
        'dm-remove/b': dm_removeOne,
      },
    }),
    scenario({
      id: 'held-put-vs-lookup',
      title: 'a device that somebody has is found by everybody, whoever else lets go of it',
      ...works,
      setup: heldTwice,
      tasks: {
        'dm-remove': dm_removeOne,
        'dm-status': () => dm_finds(0),
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
      id: 'get-put',
      title:
        'a device outlives its maker for as long as somebody has it or its disk is open, and not longer',
      ...works,
      tasks: {
        *dmsetup() {
          const md = yield* dm_make({ minor: 4 });
          const same = yield* dm_lookup(4);
          expect_true(md !== null && same === md, 'the device that was made is the one found');
          const bdev = yield* open_by_devnum(MKDEV(DM_MAJOR, 4));
          expect_true(!IS_ERR(bdev), 'the disk of a device can be opened');
          if (md === null || IS_ERR(bdev)) return;
          for (let i = 0; i < 2; i++) {
            yield* dm_remove(md);
            yield* dm_finds(4);
          }
          yield* dm.dm_get(md);
          yield* blkdev_put(bdev);
          dm_use(md, 4);
          yield* dm_remove(md);
          expect_true(!alive(md), 'the last reference is gone and the device is not');
          expect_eq(yield* dm.dm_get_md(MKDEV(DM_MAJOR + 1, 4)), null, 'a device of another major');
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
          while (w.length < MINORS) yield* dm_keep(w);
          expect_eq(yield* dm_make({ errors: [-ENOSPC] }), null, 'a device without a minor');
          yield* dm_removeOne(w);
          yield* dm_keep(w);
          yield* dm_finds(6);
        },
      },
    }),
    scenario({
      id: 'two-creates',
      title: 'two devices made at once get two minors, the lowest',
      ...works,
      tasks: { 'dm-create/a': (w) => dm_keep(w), 'dm-create/b': (w) => dm_keep(w) },
      *check(w) {
        const minors = w.map((md) => dm.dm_disk(md).first_minor).sort();
        expect_eq(minors.join(), '0,1', 'the minors of the first two devices');
        yield* allGone(w, [0, 1]);
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
    scenario({
      id: 'lookup-while-removing',
      title: 'a device can be looked up while another is in the middle of being taken down',
      ...works,
      kind: 'reachable',
      reaches: WHILE_REMOVING,
      *setup() {
        const w = yield* world(0, 1);
        const first = w[0];
        listenUevents('udev', function* () {
          yield* dm_finds(1);
          const done = yield* atomic_read(removed);
          if (done === 0 && first !== undefined && alive(first)) reached(WHILE_REMOVING);
        });
        return w;
      },
      tasks: {
        *'dm-remove'(w) {
          yield* dm_removeOne(w);
          yield* atomic_set(removed, 1);
        },
      },
    }),
  ];
});
