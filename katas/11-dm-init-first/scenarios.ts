// SPDX-License-Identifier: GPL-2.0-only
/**
 * What must hold of a device mapper's device from the moment its disk is announced: whoever opens it can do with it whatever can
 * be done with a device. Nothing here asks in which order things are made ready, or who waits for whom.
 */
import {
  alive,
  allocated,
  type block_device,
  blkdev_put,
  blkQueuesAllocating,
  blkWatchQueues,
  complete,
  current_task,
  DECLARE_COMPLETION,
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
  module_refcount,
  open_by_devnum,
  type Op,
  type out,
  reached,
  request_queue,
  scenario,
  type StructOf,
  suite,
  type uevent,
  wait_for_completion,
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

/** The device is there: its maker has it. */
const made = DECLARE_COMPLETION('device_made');
/** Who was told of its disk has done with it. */
const closed = DECLARE_COMPLETION('device_closed');

/** How a device is to be made: its minor, if it matters, and the errors that may come of it. */
interface Ask {
  readonly minor?: number;
  readonly errors?: readonly number[];
}

export default suite<Dm>((dm) => {
  function* world(): Op<World> {
    return [];
  }
  function* worldWithDevice(): Op<World> {
    const w = yield* world();
    yield* dm_keep(w);
    return w;
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
  function* dm_keep(w: World, ask: Ask = {}): Op<Device | null> {
    const md = yield* dm_make(ask);
    if (md !== null) w.push(md);
    return md;
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
  /** Finds a device by its number; it must be whole, and its disk one that can be opened. */
  function* dm_status(minor: number): Op<boolean> {
    const md = yield* dm.dm_get_md(MKDEV(DM_MAJOR, minor));
    expect_no_locks('dm_get_md()');
    if (md === null) return false;
    dm_use(md, minor);
    expect_true(
      yield* dm_opened(minor, dm_read),
      'the disk of a device that is found cannot be opened',
    );
    yield* dm_remove(md);
    return true;
  }
  /** Opens the disk with a minor, does something with its device, and closes it; false if it cannot be opened. */
  function* dm_opened(minor: number, act: (md: Device) => Op<unknown>): Op<boolean> {
    const bdev = yield* open_by_devnum(MKDEV(DM_MAJOR, minor));
    if (IS_ERR(bdev)) return false;
    yield* act(deviceOf(bdev));
    yield* blkdev_put(bdev);
    return true;
  }
  function deviceOf(bdev: block_device): Device {
    return bdev.bd_disk.private_data as Device; // void * in C
  }
  /** For set-up code: from now on udev opens every new disk, does something with its device, and closes it. */
  function udev(act: (md: Device) => Op<unknown>): void {
    listenUevents('udev', function* ({ action, dev }: uevent) {
      if (action === 'remove') return;
      expect_true(yield* dm_opened(MINOR(dev), act), 'a disk that was announced cannot be opened');
      yield* complete(closed);
    });
  }
  /** Waits until a device has had its first event. */
  function* dm_wait(md: Device): Op<void> {
    yield* dm.dm_wait_event(md, 0);
    expect_eq(yield* dm.dm_get_event_nr(md), 1, 'events of a device that has had one');
  }
  function* dm_read(md: Device): Op<void> {
    expect_eq(yield* dm.dm_request(md), 0, 'a request');
    expect_no_locks('dm_request()');
  }
  /** The same by a task that is preempted as soon as it has begun and holds nothing, and goes on when the device is there. */
  function* dm_readSlowly(md: Device): Op<void> {
    const steps = dm_read(md)[Symbol.iterator]();
    let waited = false;
    for (let step = steps.next(); step.done !== true;) {
      const result: unknown = yield step.value;
      if (!waited && current_task().held.length === 0) {
        waited = true;
        yield* wait_for_completion(made);
      }
      step = steps.next(result);
    }
  }
  /** These devices work and can be found, and once they are removed nothing is left and the minors that were in play are free. */
  function* allGone(devices: World, minors = EVERY_MINOR): Op<void> {
    for (const md of devices) {
      expect_true(alive(md), 'a device was freed under its owner');
      expect_true(yield* dm_status(dm.dm_disk(md).first_minor), 'a device there is is not found');
    }
    for (const md of devices) yield* dm_remove(md);
    for (const minor of minors) {
      const md = yield* dm_make({ minor });
      if (md !== null) yield* dm_remove(md);
    }
    expect_eq(allocated(dm.mapped_device), 0, 'mapped_devices left at the end');
    expect_eq(allocated(gendisk), 0, 'gendisks left at the end');
    expect_eq(allocated(request_queue), 0, 'request_queues left at the end');
    expect_eq(yield* module_refcount(dm.THIS_MODULE), 0, 'references to the module at the end');
  }

  return [
    scenario({
      id: 'wait-on-add',
      title:
        'who opens a disk as soon as it is announced can wait for the first event of its device',
      ...race,
      *setup() {
        udev(dm_wait);
        return yield* world();
      },
      tasks: {
        *'dm-create'(w) {
          const md = yield* dm_keep(w);
          if (md !== null) yield* dm.event_callback(md);
        },
      },
      check: (w) => allGone(w, [0]),
    }),
    scenario({
      id: 'read-on-add',
      title:
        'who opens a disk as soon as it is announced can read from it, and a suspend waits for that and no longer',
      ...race,
      *setup() {
        udev(dm_read);
        return yield* world();
      },
      tasks: {
        *'dm-create'(w) {
          const md = yield* dm_keep(w);
          if (md !== null) yield* dm.dm_suspend(md);
        },
      },
      check: (w) => allGone(w, [0]),
    }),
    scenario({
      id: 'slow-read-on-add',
      title: 'so it does if the request began while the device was being made, and ends later',
      ...race,
      *setup() {
        udev(dm_readSlowly);
        return yield* world();
      },
      tasks: {
        *'dm-create'(w) {
          const md = yield* dm_keep(w);
          yield* complete(made);
          if (md === null) return;
          yield* dm.dm_suspend(md);
          yield* wait_for_completion(closed);
          yield* dm.dm_suspend(md);
        },
      },
      check: (w) => allGone(w, [0]),
    }),
    scenario({
      id: 'suspend-on-add',
      title:
        'who opens a disk as soon as it is announced can suspend its device, while another reads',
      ...race,
      *setup() {
        udev((md) => dm.dm_suspend(md));
        return yield* world();
      },
      tasks: {
        'dm-create': (w) => dm_keep(w),
        dd: () => dm_opened(0, dm_read),
      },
      check: (w) => allGone(w, [0]),
    }),
    scenario({
      id: 'wait-unannounced',
      title: 'nor does it matter whether the opener has waited for the announcement',
      ...race,
      setup: world,
      tasks: {
        *'dm-create'(w) {
          const md = yield* dm_keep(w, { minor: 5 });
          if (md !== null) yield* dm.event_callback(md);
        },
        dd: () => dm_opened(5, dm_wait),
      },
      check: (w) => allGone(w, [5]),
    }),
    scenario({
      id: 'lookup-vs-create',
      title:
        'a device that is looked up while it is being made is whole, its disk too, or not found',
      ...race,
      setup: world,
      tasks: { 'dm-create': (w) => dm_keep(w), 'dm-status': () => dm_status(0) },
      check: (w) => allGone(w, [0]),
    }),
    scenario({
      id: 'lookup-on-add',
      title: 'so is one that is looked up when its disk is announced',
      ...race,
      *setup() {
        listenUevents('udev', ({ dev }) => dm_status(MINOR(dev)));
        return yield* world();
      },
      tasks: { 'dm-create': (w) => dm_keep(w) },
      check: (w) => allGone(w, [0]),
    }),
    scenario({
      id: 'event',
      title: 'an event wakes all who wait for it',
      ...works,
      setup: worldWithDevice,
      tasks: {
        *'dm-wait'([md]) {
          if (md !== undefined) yield* dm_wait(md);
        },
        dd: () => dm_opened(0, dm_wait),
        *'dm-event'([md]) {
          if (md !== undefined) yield* dm.event_callback(md);
        },
      },
      check: (w) => allGone(w, [0]),
    }),
    scenario({
      id: 'suspend',
      title: 'a suspend waits for the requests under way, and requests go on afterwards',
      ...works,
      setup: worldWithDevice,
      failures: { mempool_alloc: 1 },
      tasks: {
        dd: () => dm_opened(0, dm_read),
        *'dm-suspend'([md]) {
          if (md === undefined) return;
          yield* dm.dm_suspend(md);
          yield* dm_read(md);
        },
      },
      check: (w) => allGone(w, [0]),
    }),
    scenario({
      id: 'create-remove',
      title: 'devices come, are found, opened, and go; the lowest free minor is used again',
      ...works,
      setup: world,
      tasks: {
        *dmsetup(w) {
          for (const minor of [0, 1]) {
            yield* dm_keep(w);
            expect_true(yield* dm_status(minor), 'a device that was made is not found');
          }
          const md = w.shift();
          const bdev = yield* open_by_devnum(MKDEV(DM_MAJOR, 0));
          expect_true(!IS_ERR(bdev), 'the disk of a device can be opened');
          if (md === undefined || IS_ERR(bdev)) return;
          yield* dm_remove(md);
          dm_use(md, 0);
          yield* dm_read(deviceOf(bdev));
          yield* blkdev_put(bdev);
          expect_true(!alive(md), 'the last reference is gone and the device is not');
          expect_true(!(yield* dm_status(0)), 'a device that was removed is found');
          yield* dm_keep(w);
          expect_true(yield* dm_status(0), 'a device with a minor used before is not found');
        },
      },
      check: allGone,
    }),
    scenario({
      id: 'no-memory',
      title: 'a creation without memory says -ENOMEM and leaves nothing behind',
      ...works,
      setup: world,
      failures: {
        kmalloc: 1,
        idr_pre_get: 1,
        blk_alloc_queue: 1,
        mempool_create: 1,
        alloc_disk: 1,
      },
      tasks: {
        *dmsetup(w) {
          yield* dm_keep(w, { errors: [-ENOMEM] });
          yield* dm_keep(w, { minor: 4, errors: [-ENOMEM] });
        },
      },
      check: (w) => allGone(w, [0, 4]),
    }),
    scenario({
      id: 'no-minor',
      title: 'one that cannot have a minor says -EBUSY, -EINVAL or -ENOSPC',
      ...works,
      stepsMax: 3000,
      setup: world,
      tasks: {
        *dmsetup(w) {
          yield* dm_keep(w, { minor: 6 });
          const busy = yield* dm_make({ minor: 6, errors: [-EBUSY] });
          const beyond = yield* dm_make({ minor: MINORS, errors: [-EINVAL] });
          while (w.length < MINORS) yield* dm_keep(w);
          const last = yield* dm_make({ errors: [-ENOSPC] });
          expect_true(!busy && !beyond && !last, 'a device with a minor it cannot have');
        },
      },
      check: allGone,
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
  ];
});
