// SPDX-License-Identifier: GPL-2.0-only
/**
 * What must hold of device mapper's minors and devices, whichever way those meet who make, find and remove them. A device that
 * is found is whole; how the driver keeps others from finding one that is not is its own affair.
 */
import {
  alive,
  allocated,
  blkdev_put,
  blkQueuesAllocating,
  blkWatchQueues,
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
  MINOR,
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
} from '#lib';

type Dm = typeof import('./dm');
type Device = StructOf<Dm['mapped_device']>;
/** The devices that tasks have made and not removed. */
type World = Device[];

const DM_MAJOR = 253;
const MINORS = 1 << MINORBITS;
const EVERY_MINOR = Array.from({ length: MINORS }, (_, minor) => minor);
const WHILE_CREATING = 'a device is made while another is in the middle of being made';

const race = { task: 1, kind: 'race' } as const;
const works = { task: 1, kind: 'function' } as const;

/** How a device is to be made: its minor, if it matters, and the errors that may come of it. */
interface Ask {
  readonly minor?: number;
  readonly errors?: readonly number[];
}

export default suite<Dm>((dm) => {
  function* world(): Op<World> {
    return [];
  }
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
  /** Finds a device by its number, uses it if there is one, and lets go of it. */
  function* dm_status(minor: number): Op<boolean> {
    const md = yield* dm.dm_get_md(MKDEV(DM_MAJOR, minor));
    expect_no_locks('dm_get_md()');
    if (md === null) return false;
    dm_use(md, minor);
    yield* dm_remove(md);
    return true;
  }
  function* dm_finds(minor: number): Op<void> {
    expect_true(yield* dm_status(minor), `minor ${minor} has a device and is not found`);
  }
  function* dm_findsNothing(minor: number): Op<void> {
    expect_true(!(yield* dm_status(minor)), `minor ${minor} has no device and one is found`);
  }
  /** These devices work and can be found, and once they are removed nothing is left and the minors that were in play are free. */
  function* allGone(devices: World, minors = EVERY_MINOR): Op<void> {
    const taken = devices.map((md) => (alive(md) ? dm.dm_disk(md).first_minor : -1));
    expect_true(!taken.includes(-1), 'a device was freed under its owner');
    expect_eq(new Set(taken).size, devices.length, 'minors of the devices there are');
    for (const minor of taken) yield* dm_finds(minor);
    for (const md of devices) yield* dm_remove(md);
    expect_eq(allocated(dm.mapped_device), 0, 'mapped_devices left at the end');
    expect_eq(allocated(gendisk), 0, 'gendisks left at the end');
    expect_eq(allocated(request_queue), 0, 'request_queues left at the end');
    for (const minor of minors) {
      yield* dm_findsNothing(minor);
      const md = yield* dm_make({ minor });
      if (md !== null) yield* dm_remove(md);
    }
  }

  return [
    scenario({
      id: 'lookup-vs-create',
      title: 'a device that is looked up while it is being made is whole, or not found',
      ...race,
      setup: world,
      tasks: { 'dm-create': (w) => dm_keep(w), 'dm-status': () => dm_status(0) },
      check: (w) => allGone(w, [0]),
    }),
    scenario({
      id: 'lookup-vs-create-minor',
      title: 'so is one that is being made with a minor of its own choice',
      ...race,
      setup: world,
      tasks: { 'dm-create': (w) => dm_keep(w, { minor: 5 }), 'dm-status': () => dm_status(5) },
      check: (w) => allGone(w, [5]),
    }),
    scenario({
      id: 'lookup-vs-creates',
      title: 'the second of two devices is looked up while both are being made',
      ...race,
      setup: world,
      tasks: {
        'dm-create/a': (w) => dm_keep(w),
        'dm-create/b': (w) => dm_keep(w),
        'dm-status': () => dm_status(1),
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
        'dm-create': (w) => dm_keep(w, { errors: [-ENOMEM] }),
        'dm-status': () => dm_status(0),
      },
      check: (w) => allGone(w, [0]),
    }),
    scenario({
      id: 'add-event',
      title: 'who hears of a new disk and looks its device up finds it whole, or not yet',
      ...race,
      *setup() {
        listenUevents('udev', ({ dev }) => dm_status(MINOR(dev)));
        return yield* world();
      },
      tasks: { 'dm-create': (w) => dm_keep(w) },
      check: allGone,
    }),
    scenario({
      id: 'remove-event',
      title: 'who hears that a disk is going and looks its device up does not find it any more',
      ...race,
      *setup() {
        listenUevents('udev', ({ dev }) => dm_findsNothing(MINOR(dev)));
        const w = yield* world();
        yield* dm_keep(w, { minor: 3 });
        return w;
      },
      tasks: {
        *'dm-remove'(w) {
          const md = w.pop();
          if (md !== undefined) yield* dm_remove(md);
        },
      },
      check: allGone,
    }),
    scenario({
      id: 'create-remove',
      title: 'devices come, are found, and go; the lowest free minor is used again',
      ...works,
      setup: world,
      tasks: {
        *dmsetup(w) {
          for (const minor of [0, 1, 2]) {
            yield* dm_keep(w);
            yield* dm_finds(minor);
          }
          const [first, second] = w.splice(0, 2);
          for (const md of [second, first]) if (md !== undefined) yield* dm_remove(md);
          yield* dm_findsNothing(0);
          yield* dm_findsNothing(1);
          yield* dm_finds(2);
          yield* dm_keep(w);
          yield* dm_finds(0);
          yield* dm_findsNothing(7);
        },
      },
      check: allGone,
    }),
    scenario({
      id: 'get-put',
      title: 'a device outlives its maker for as long as somebody has it',
      ...works,
      setup: world,
      tasks: {
        *dmsetup() {
          const md = yield* dm_make({ minor: 4 });
          const same = yield* dm.dm_get_md(MKDEV(DM_MAJOR, 4));
          expect_true(md !== null && same === md, 'the device that was made is the one found');
          if (md === null) return;
          yield* dm_remove(md);
          yield* dm_finds(4);
          dm_use(md, 4);
          yield* dm_remove(md);
          expect_true(!alive(md), 'the last reference is gone and the device is not');
          expect_eq(yield* dm.dm_get_md(MKDEV(DM_MAJOR + 1, 4)), null, 'a device of another major');
        },
      },
      check: allGone,
    }),
    scenario({
      id: 'open-close',
      title: 'the disk of a device can be opened, and keeps the device',
      ...works,
      setup: world,
      tasks: {
        *dmsetup() {
          const md = yield* dm_make();
          const bdev = yield* open_by_devnum(MKDEV(DM_MAJOR, 0));
          expect_true(!IS_ERR(bdev), 'the disk of a device can be opened');
          if (md === null || IS_ERR(bdev)) return;
          yield* dm_remove(md);
          dm_use(md, 0);
          yield* blkdev_put(bdev);
          expect_true(!alive(md), 'the last reference is gone and the device is not');
        },
      },
      check: allGone,
    }),
    scenario({
      id: 'minor-busy',
      title: 'a minor that is taken gives -EBUSY, one that does not exist -EINVAL',
      ...works,
      setup: world,
      tasks: {
        *dmsetup(w) {
          for (const minor of [6, 0]) {
            yield* dm_keep(w, { minor });
            const second = yield* dm_make({ minor, errors: [-EBUSY] });
            expect_eq(second, null, 'a second device with the same minor');
          }
          const beyond = yield* dm_make({ minor: MINORS, errors: [-EINVAL] });
          expect_eq(beyond, null, 'a device beyond the last minor');
          yield* dm_keep(w);
          yield* dm_finds(1);
        },
      },
      check: allGone,
    }),
    scenario({
      id: 'all-taken',
      title: 'when all minors are taken there is -ENOSPC, until one is free',
      ...works,
      stepsMax: 3000,
      setup: world,
      tasks: {
        *dmsetup(w) {
          for (let minor = 0; minor < MINORS; minor++) yield* dm_keep(w);
          const last = yield* dm_make({ errors: [-ENOSPC] });
          expect_eq(last, null, 'a device without a minor');
          const fifth = w.splice(5, 1)[0];
          if (fifth !== undefined) yield* dm_remove(fifth);
          yield* dm_keep(w);
          yield* dm_finds(5);
        },
      },
      check: allGone,
    }),
    scenario({
      id: 'both-want-it',
      title: 'of two who want the same minor one gets it, however far the other has come',
      ...works,
      setup: world,
      tasks: {
        'dm-create/a': (w) => dm_keep(w, { minor: 0, errors: [-EBUSY] }),
        'dm-create/b': (w) => dm_keep(w, { minor: 0, errors: [-EBUSY] }),
      },
      *check(w) {
        expect_eq(w.length, 1, 'devices made with one minor');
        yield* allGone(w, [0]);
      },
    }),
    scenario({
      id: 'two-creates',
      title: 'two devices made at once get two minors, the lowest',
      ...works,
      setup: world,
      tasks: {
        'dm-create/a': (w) => dm_keep(w),
        'dm-create/b': (w) => dm_keep(w),
      },
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
      *setup() {
        const w = yield* world();
        yield* dm_keep(w);
        return w;
      },
      tasks: {
        *'dm-remove'(w) {
          const md = w.shift();
          if (md !== undefined) yield* dm_remove(md);
        },
        'dm-create': (w) => dm_keep(w, { minor: 0, errors: [-EBUSY] }),
      },
      check: (w) => allGone(w, [0]),
    }),
    scenario({
      id: 'no-memory',
      title:
        'without memory a creation says -ENOMEM and leaves nothing behind, its minor least of all',
      ...works,
      setup: world,
      failures: { kmalloc: 1, idr_pre_get: 1, mempool_create: 1, alloc_disk: 1 },
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
      task: 1,
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
    }),
    scenario({
      id: 'no-queue',
      title: 'without a queue a creation says -ENOMEM, and its minor can be had again',
      task: 2,
      kind: 'function',
      setup: world,
      failures: { blk_alloc_queue: 1 },
      tasks: {
        *'dm-create'(w) {
          yield* dm_keep(w, { minor: 2, errors: [-ENOMEM] });
          yield* dm_keep(w, { errors: [-ENOMEM] });
        },
      },
      check: allGone,
    }),
    scenario({
      id: 'no-queue-vs-lookup',
      title: 'a device that got no queue is never found',
      task: 2,
      kind: 'race',
      setup: world,
      failures: { blk_alloc_queue: 1 },
      tasks: {
        'dm-create': (w) => dm_keep(w, { errors: [-ENOMEM] }),
        'dm-status': () => dm_status(0),
      },
      check: allGone,
    }),
  ];
});
