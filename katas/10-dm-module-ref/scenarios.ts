// SPDX-License-Identifier: GPL-2.0-only
/**
 * What must hold between device mapper's devices and its module: the module stays while there is a device, and goes when there
 * is none. Nothing here asks who counts what; counts are compared with what they were, and rmmod is asked in the end.
 */
import {
  alive,
  allocated,
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
  expect_true,
  gendisk,
  idrLayersReady,
  inModuleText,
  module_put,
  module_refcount,
  type Op,
  request_queue,
  scenario,
  suite,
  systemWorksLeft,
  try_module_get,
  wait_for_completion,
} from '#lib';
import { type Ask, dmWorld, EVERY_MINOR, MINORS, type World } from '../worlds/dm';

type Dm = typeof import('./dm');
interface W extends World<import('./dm').mapped_device> {
  /** Whether the module has been unloaded. */
  gone: boolean;
}

const race = { task: 1, kind: 'race' } as const;
const works = { task: 1, kind: 'function' } as const;

/** The task that runs in the module without a reference of its own has left it. */
const left = DECLARE_COMPLETION('left_module');

export default suite<Dm>((dm) => {
  const { make, keep, world, useDevice, put, lookup, finds, mustOpen, ...rest } = dmWorld(dm);
  const {
    closeOne,
    nothingLeft,
    creationsOverlap,
    drained,
    opensMeetPuts,
    othersMeet,
    whileOthers,
    getsMeetPuts,
    common,
  } = rest;

  function* none(): Op<W> {
    return { ...(yield* world()), gone: false };
  }
  function* oneMade(): Op<W> {
    const w = yield* none();
    yield* keep(w);
    return w;
  }
  /** Calls the driver as dmsetup does: through the open control node, which holds the module. */
  function* ioctl<T>(call: () => Op<T>): Op<T | number> {
    if (!(yield* try_module_get(dm.THIS_MODULE))) return -ENODEV;
    const result = yield* inModuleText(dm.THIS_MODULE, call);
    yield* module_put(dm.THIS_MODULE);
    return result;
  }
  /** Makes a device that stays, through the control node. If that fails the module's count is what it was. Nobody else runs. */
  function* keepAlone(w: W, ask: Ask = {}): Op<void> {
    const before = yield* module_refcount(dm.THIS_MODULE);
    const had = w.devices.length;
    yield* ioctl(() => keep(w, ask));
    const after = yield* module_refcount(dm.THIS_MODULE);
    if (w.devices.length > had) return;
    expect_eq(after, before, 'references to the module after a creation that failed');
  }
  /** Removes the first of the devices, through the control node. */
  function* drop(w: W): Op<void> {
    const md = w.devices.shift();
    if (md !== undefined) yield* ioctl(() => put(md));
  }
  /** Unloads the module; it may say that it is in use. */
  function* rmmod(w: W, exit: () => Op<void> = dm.dm_exit): Op<number> {
    const ret = yield* delete_module(dm.THIS_MODULE, function* () {
      expect_eq(allocated(gendisk), 0, 'gendisks of a module that goes');
      expect_eq(allocated(request_queue), 0, 'request_queues of a module that goes');
      expect_eq(allocated({ typeName: 'mempool_t' }), 0, 'pools of a module that goes');
      yield* exit();
      expect_eq(systemWorksLeft(), 0, 'works that still run in a module that goes');
      expect_eq(idrLayersReady(), 0, 'layers that the index of a module that goes keeps');
    });
    if (ret === 0) w.gone = true;
    else expect_eq(ret, -EWOULDBLOCK, 'rmmod of a module that may be in use');
    return ret;
  }
  function* rmmodRefused(w: W, why: string): Op<void> {
    expect_eq(yield* rmmod(w), -EWOULDBLOCK, `rmmod while ${why}`);
  }
  /** These devices work and can be found; without them their minors are free, the module can be unloaded, and nothing is left. */
  function* allGone(w: W, minors = EVERY_MINOR): Op<void> {
    if (w.gone) {
      expect_eq(w.devices.length, 0, 'devices whose module has gone');
    } else {
      for (const md of w.devices) {
        expect_true(alive(md), 'a device was freed under its owner');
        yield* finds(dm.dm_disk(md).first_minor);
      }
      while (w.devices.length > 0) yield* drop(w);
      for (const minor of minors) {
        const md = yield* make({ minor });
        if (md !== null) yield* put(md);
      }
      expect_eq(yield* module_refcount(dm.THIS_MODULE), 0, 'references to the module at the end');
      expect_eq(yield* rmmod(w), 0, 'rmmod when there are no devices');
    }
    nothingLeft();
  }

  return [
    scenario({
      id: 'rmmod-vs-user',
      title: 'who has a device can let go of it, whatever rmmod has been asked to do meanwhile',
      ...race,
      setup: oneMade,
      tasks: {
        *rmmod(w) {
          if ((yield* delete_module(dm.THIS_MODULE, dm.dm_exit)) === 0) w.gone = true;
        },
        *'dm-user'({ devices: [md] }) {
          if (md === undefined) return;
          yield* inModuleText(dm.THIS_MODULE, function* () {
            yield* dm.dm_get(md);
            useDevice(md, 0);
            yield* put(md);
          });
        },
      },
      check: (w) => allGone(w, [0]),
    }),
    scenario({
      id: 'rmmod-unopened',
      title: 'a module with devices stays, even if nobody has opened one; without them it goes',
      ...works,
      setup: none,
      tasks: {
        *root(w) {
          yield* keepAlone(w);
          yield* keepAlone(w, { minor: 6 });
          yield* rmmodRefused(w, 'there are two devices');
          yield* drop(w);
          yield* rmmodRefused(w, 'there is one device');
          yield* ioctl(() => finds(6));
          yield* keepAlone(w);
          yield* drop(w);
          yield* rmmodRefused(w, 'there is the device made last');
          yield* drop(w);
          expect_eq(yield* rmmod(w), 0, 'rmmod when the devices are gone');
        },
      },
      check: allGone,
    }),
    scenario({
      id: 'rmmod-vs-create',
      title: 'a device is made and keeps the module, or there is no module to make one',
      ...race,
      setup: none,
      tasks: {
        rmmod: (w) => rmmod(w),
        'dm-create': (w) => ioctl(() => keep(w)),
      },
      check: (w) => allGone(w, [0]),
    }),
    scenario({
      id: 'rmmod-vs-remove',
      title: 'a device is removed and lets go of the module, not before the end',
      ...race,
      setup: oneMade,
      tasks: { rmmod: (w) => rmmod(w), 'dm-remove': drop },
      check: (w) => allGone(w, [0]),
    }),
    scenario({
      id: 'rmmod-vs-last-put',
      title: 'when the module may go, nothing is left of its devices',
      ...race,
      setup: oneMade,
      tasks: {
        // The exit function of the module lets the put return before the text goes.
        rmmod: (w) =>
          rmmod(w, function* () {
            yield* dm.dm_exit();
            yield* wait_for_completion(left);
          }),
        *'dm-user'({ devices }) {
          const md = devices.shift();
          if (md !== undefined) yield* inModuleText(dm.THIS_MODULE, () => put(md));
          yield* complete(left);
        },
      },
      check: (w) => allGone(w, [0]),
    }),
    scenario({
      id: 'create-while-going',
      title: 'a module on its way out makes no device: -ENXIO, and no minor is taken',
      ...race,
      setup: none,
      tasks: {
        // The exit function of the module lets the creation return before it does anything.
        rmmod: (w) =>
          rmmod(w, function* () {
            yield* wait_for_completion(left);
            yield* dm.dm_exit();
          }),
        *'dm-create'(w) {
          yield* inModuleText(dm.THIS_MODULE, function* () {
            yield* keep(w, { minor: 3, errors: [-ENXIO] });
            if (w.devices.length === 0) yield* keep(w, { minor: 3, errors: [-ENXIO] });
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
      setup: oneMade,
      tasks: {
        *root(w) {
          const md = yield* lookup(0);
          expect_true(md !== null && md === w.devices[0], 'the device that was made is found');
          if (md === null) return;
          yield* drop(w);
          yield* rmmodRefused(w, 'a device has a user left');
          if (w.gone) return;
          useDevice(md, 0);
          yield* put(md);
          expect_true(!alive(md), 'the last reference is gone and the device is not');
        },
      },
      check: allGone,
    }),
    scenario({
      id: 'open-close',
      title: 'an open device can be removed, and keeps the module until it is closed',
      ...works,
      setup: none,
      tasks: {
        *root(w) {
          yield* keepAlone(w);
          yield* mustOpen(w, 0);
          yield* rmmodRefused(w, 'a device is open');
          yield* drop(w);
          yield* rmmodRefused(w, 'a device that was removed is open');
          yield* closeOne(w);
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
      setup: none,
      failures: {
        kmalloc: 1,
        idr_pre_get: 1,
        blk_alloc_queue: 1,
        mempool_create: 1,
        alloc_disk: 1,
      },
      tasks: {
        *dmsetup(w) {
          yield* keepAlone(w, { errors: [-ENOMEM] });
          yield* keepAlone(w, { minor: 4, errors: [-ENOMEM] });
        },
      },
      check: (w) => allGone(w, [0, 4]),
    }),
    scenario({
      id: 'no-minor',
      title: 'nor does one that cannot have a minor: -EBUSY, -EINVAL, -ENOSPC',
      ...works,
      stepsMax: 3000,
      setup: none,
      tasks: {
        *dmsetup(w) {
          yield* keepAlone(w, { minor: 6 });
          yield* keepAlone(w, { minor: 6, errors: [-EBUSY] });
          yield* keepAlone(w, { minor: MINORS, errors: [-EINVAL] });
          while (w.devices.length < MINORS) yield* keepAlone(w);
          yield* keepAlone(w, { errors: [-ENOSPC] });
          expect_eq(w.devices.length, MINORS, 'devices when all minors are taken');
          yield* drop(w);
          yield* keepAlone(w);
          yield* ioctl(() => finds(6));
        },
      },
      check: allGone,
    }),
    scenario({
      id: 'two-creates',
      title: 'two devices can be made at once, and both keep the module',
      ...works,
      setup: none,
      tasks: {
        'dm-create/a': (w) => ioctl(() => keep(w)),
        'dm-create/b': (w) => ioctl(() => keep(w)),
      },
      *check(w) {
        expect_eq(w.devices.length, 2, 'devices that were made');
        yield* drop(w);
        yield* rmmodRefused(w, 'one of the two is left');
        yield* allGone(w, [0, 1]);
      },
    }),
    common['get-put'],
    common['add-event'],
    common['remove-vs-create'],
    common['minor-taken'],
    common['full-for-long'],
    common['no-memory-at-all'],
    common['tight-memory'],
    ...drained(1),
    ...getsMeetPuts(),
    ...opensMeetPuts(),
    ...othersMeet(),
    whileOthers(true).made,
    whileOthers(true).goes,
    creationsOverlap(),
    creationsOverlap('creations-overlap-minor', { minor: 0 }, { minor: 4 }),
    creationsOverlap('creations-overlap-second', { minor: 1 }, { minor: 3 }),
  ];
});
