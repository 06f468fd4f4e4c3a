// SPDX-License-Identifier: GPL-2.0-only
/**
 * What must hold between device mapper's devices and its module: the module stays while there is a device, and goes when there
 * is none. Nothing here asks who counts what; counts are compared with what they were, and rmmod is asked in the end.
 */
import {
  alive,
  allocated,
  blkdev_put,
  blkQueuesAllocating,
  blkWatchQueues,
  complete,
  DECLARE_COMPLETION,
  delete_module,
  EBUSY,
  EINVAL,
  ENODEV,
  ENOMEM,
  ENOSPC,
  ENXIO,
  EWOULDBLOCK,
  expect_eq,
  expect_no_locks,
  expect_true,
  format_dev_t,
  gendisk,
  inModuleText,
  IS_ERR,
  MINORBITS,
  MKDEV,
  module_put,
  module_refcount,
  open_by_devnum,
  type Op,
  type out,
  reached,
  request_queue,
  scenario,
  type StructOf,
  suite,
  try_module_get,
  wait_for_completion,
} from '#lib';

type Dm = typeof import('./dm');
type Device = StructOf<Dm['mapped_device']>;
interface World {
  /** The devices that tasks have made and not removed. */
  readonly devices: Device[];
  /** Whether the module has been unloaded. */
  gone: boolean;
}

const DM_MAJOR = 253;
const MINORS = 1 << MINORBITS;
const EVERY_MINOR = Array.from({ length: MINORS }, (_, minor) => minor);
const WHILE_CREATING = 'a device is made while another is in the middle of being made';

const race = { task: 1, kind: 'race' } as const;
const works = { task: 1, kind: 'function' } as const;

/** Who runs in the module without a reference of its own has left it. */
const left = DECLARE_COMPLETION('left_module');

/** How a device is to be made: its minor, if it matters, and the errors that may come of it. */
interface Ask {
  readonly minor?: number;
  readonly errors?: readonly number[];
}

export default suite<Dm>((dm) => {
  function* world(): Op<World> {
    return { devices: [], gone: false };
  }
  function* worldWithDevice(): Op<World> {
    const w = yield* world();
    yield* dm_keep(w);
    return w;
  }
  /** Calls the driver as dmsetup does: through the open control node, which holds the module. */
  function* ioctl<T>(call: () => Op<T>): Op<T | number> {
    if (!(yield* try_module_get(dm.THIS_MODULE))) return -ENODEV;
    const result = yield* inModuleText(dm.THIS_MODULE, call);
    yield* module_put(dm.THIS_MODULE);
    return result;
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
    if (md !== null) w.devices.push(md);
  }
  /** The same through the control node, and if that comes to nothing the module's count is what it was. Nobody else runs. */
  function* dm_keepAlone(w: World, ask: Ask = {}): Op<void> {
    const before = yield* module_refcount(dm.THIS_MODULE);
    const had = w.devices.length;
    yield* ioctl(() => dm_keep(w, ask));
    const after = yield* module_refcount(dm.THIS_MODULE);
    if (w.devices.length > had) return;
    expect_eq(after, before, 'references to the module after a creation that failed');
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
  /** Removes the first of the devices, through the control node. */
  function* dm_drop(w: World): Op<void> {
    const md = w.devices.shift();
    if (md !== undefined) yield* ioctl(() => dm_remove(md));
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
  /** Unloads the module; it may say that it is in use. */
  function* rmmod(w: World, exit: () => Op<void> = dm.dm_exit): Op<number> {
    const ret = yield* delete_module(dm.THIS_MODULE, function* () {
      expect_eq(allocated(gendisk), 0, 'gendisks of a module that goes');
      expect_eq(allocated(request_queue), 0, 'request_queues of a module that goes');
      yield* exit();
    });
    if (ret === 0) w.gone = true;
    else expect_eq(ret, -EWOULDBLOCK, 'rmmod of a module that may be in use');
    return ret;
  }
  function* rmmodRefused(w: World, why: string): Op<void> {
    expect_eq(yield* rmmod(w), -EWOULDBLOCK, `rmmod while ${why}`);
  }
  /** These devices work and can be found; without them their minors are free, the module can be unloaded, and nothing is left. */
  function* allGone(w: World, minors = EVERY_MINOR): Op<void> {
    if (w.gone) {
      expect_eq(w.devices.length, 0, 'devices whose module has gone');
    } else {
      for (const md of w.devices) {
        expect_true(alive(md), 'a device was freed under its owner');
        yield* dm_finds(dm.dm_disk(md).first_minor);
      }
      while (w.devices.length > 0) yield* dm_drop(w);
      for (const minor of minors) {
        const md = yield* dm_make({ minor });
        if (md !== null) yield* dm_remove(md);
      }
      expect_eq(yield* module_refcount(dm.THIS_MODULE), 0, 'references to the module at the end');
      expect_eq(yield* rmmod(w), 0, 'rmmod when there are no devices');
    }
    expect_eq(allocated(dm.mapped_device), 0, 'mapped_devices left at the end');
    expect_eq(allocated(gendisk), 0, 'gendisks left at the end');
    expect_eq(allocated(request_queue), 0, 'request_queues left at the end');
  }

  return [
    scenario({
      id: 'rmmod-vs-user',
      title: 'who has a device can let go of it, whatever rmmod has been asked to do meanwhile',
      ...race,
      setup: worldWithDevice,
      tasks: {
        *rmmod(w) {
          if ((yield* delete_module(dm.THIS_MODULE, dm.dm_exit)) === 0) w.gone = true;
        },
        *'dm-user'({ devices: [md] }) {
          if (md === undefined) return;
          yield* inModuleText(dm.THIS_MODULE, function* () {
            yield* dm.dm_get(md);
            dm_use(md, 0);
            yield* dm_remove(md);
          });
        },
      },
      check: (w) => allGone(w, [0]),
    }),
    scenario({
      id: 'rmmod-unopened',
      title: 'a module with devices stays, even if nobody has opened one; without them it goes',
      ...works,
      setup: world,
      tasks: {
        *root(w) {
          yield* dm_keepAlone(w);
          yield* dm_keepAlone(w, { minor: 6 });
          yield* rmmodRefused(w, 'there are two devices');
          yield* dm_drop(w);
          yield* rmmodRefused(w, 'there is one device');
          yield* ioctl(() => dm_finds(6));
          yield* dm_keepAlone(w);
          yield* dm_drop(w);
          yield* rmmodRefused(w, 'there is the device made last');
          yield* dm_drop(w);
          expect_eq(yield* rmmod(w), 0, 'rmmod when the devices are gone');
        },
      },
      check: allGone,
    }),
    scenario({
      id: 'rmmod-vs-create',
      title: 'a device is made and keeps the module, or there is no module to make one',
      ...race,
      setup: world,
      tasks: {
        rmmod: (w) => rmmod(w),
        'dm-create': (w) => ioctl(() => dm_keep(w)),
      },
      check: (w) => allGone(w, [0]),
    }),
    scenario({
      id: 'rmmod-vs-remove',
      title: 'a device is removed and lets go of the module, not before the end',
      ...race,
      setup: worldWithDevice,
      tasks: { rmmod: (w) => rmmod(w), 'dm-remove': dm_drop },
      check: (w) => allGone(w, [0]),
    }),
    scenario({
      id: 'rmmod-vs-last-put',
      title: 'when the module may go, nothing is left of its devices',
      ...race,
      setup: worldWithDevice,
      tasks: {
        // The exit function of the module lets the put return before the text goes.
        rmmod: (w) =>
          rmmod(w, function* () {
            yield* dm.dm_exit();
            yield* wait_for_completion(left);
          }),
        *'dm-user'({ devices }) {
          const md = devices.shift();
          if (md !== undefined) yield* inModuleText(dm.THIS_MODULE, () => dm_remove(md));
          yield* complete(left);
        },
      },
      check: (w) => allGone(w, [0]),
    }),
    scenario({
      id: 'create-while-going',
      title: 'a module on its way out makes no device: -ENXIO, and no minor is taken',
      ...race,
      setup: world,
      tasks: {
        // The exit function of the module lets the creation return before it does anything.
        rmmod: (w) =>
          rmmod(w, function* () {
            yield* wait_for_completion(left);
            yield* dm.dm_exit();
          }),
        *'dm-create'(w) {
          yield* inModuleText(dm.THIS_MODULE, function* () {
            yield* dm_keep(w, { minor: 3, errors: [-ENXIO] });
            if (w.devices.length === 0) yield* dm_keep(w, { minor: 3, errors: [-ENXIO] });
          });
          yield* complete(left);
        },
      },
      check: (w) => allGone(w, [3]),
    }),
    scenario({
      id: 'last-user',
      title: 'a device that is removed and still in use keeps the module',
      ...works,
      setup: worldWithDevice,
      tasks: {
        *root(w) {
          const md = yield* dm.dm_get_md(MKDEV(DM_MAJOR, 0));
          expect_true(md !== null && md === w.devices[0], 'the device that was made is found');
          if (md === null) return;
          yield* dm_drop(w);
          yield* rmmodRefused(w, 'a device has a user left');
          if (w.gone) return;
          dm_use(md, 0);
          yield* dm_remove(md);
          expect_true(!alive(md), 'the last reference is gone and the device is not');
        },
      },
      check: allGone,
    }),
    scenario({
      id: 'open-close',
      title: 'an open device can be removed, and keeps the module until it is closed',
      ...works,
      setup: world,
      tasks: {
        *root(w) {
          yield* dm_keepAlone(w);
          const bdev = yield* open_by_devnum(MKDEV(DM_MAJOR, 0));
          expect_true(!IS_ERR(bdev), 'the disk of a device can be opened');
          if (IS_ERR(bdev)) return;
          yield* rmmodRefused(w, 'a device is open');
          yield* dm_drop(w);
          yield* rmmodRefused(w, 'a device that was removed is open');
          yield* blkdev_put(bdev);
          expect_eq(allocated(dm.mapped_device), 0, 'mapped_devices after the last close');
          expect_eq(yield* rmmod(w), 0, 'rmmod after the last close');
        },
      },
      check: allGone,
    }),
    scenario({
      id: 'no-memory',
      title: 'a creation for which there is no memory takes nothing of the module with it',
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
          yield* dm_keepAlone(w, { errors: [-ENOMEM] });
          yield* dm_keepAlone(w, { minor: 4, errors: [-ENOMEM] });
        },
      },
      check: (w) => allGone(w, [0, 4]),
    }),
    scenario({
      id: 'no-minor',
      title: 'nor does one that cannot have a minor: -EBUSY, -EINVAL, -ENOSPC',
      ...works,
      stepsMax: 3000,
      setup: world,
      tasks: {
        *dmsetup(w) {
          yield* dm_keepAlone(w, { minor: 6 });
          yield* dm_keepAlone(w, { minor: 6, errors: [-EBUSY] });
          yield* dm_keepAlone(w, { minor: MINORS, errors: [-EINVAL] });
          while (w.devices.length < MINORS) yield* dm_keepAlone(w);
          yield* dm_keepAlone(w, { errors: [-ENOSPC] });
          expect_eq(w.devices.length, MINORS, 'devices when all minors are taken');
          yield* dm_drop(w);
          yield* dm_keepAlone(w);
          yield* ioctl(() => dm_finds(6));
        },
      },
      check: allGone,
    }),
    scenario({
      id: 'two-creates',
      title: 'two devices can be made at once, and both keep the module',
      ...works,
      setup: world,
      tasks: {
        'dm-create/a': (w) => ioctl(() => dm_keep(w)),
        'dm-create/b': (w) => ioctl(() => dm_keep(w)),
      },
      *check(w) {
        expect_eq(w.devices.length, 2, 'devices that were made');
        yield* dm_drop(w);
        yield* rmmodRefused(w, 'one of the two is left');
        yield* allGone(w, [0, 1]);
      },
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
