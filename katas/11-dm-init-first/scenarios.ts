// SPDX-License-Identifier: GPL-2.0-only
/**
 * What must hold of a device mapper's device from the moment its disk is announced: an opener can use all of the device. Nothing
 * here asks in which order things are initialised, or which task waits for which.
 */
import {
  alive,
  allocated,
  type block_device,
  complete,
  completion_done,
  current_task,
  DECLARE_COMPLETION,
  delete_module,
  EBUSY,
  EINVAL,
  ENOMEM,
  ENOSPC,
  ENXIO,
  expect_eq,
  expect_no_locks,
  expect_true,
  idrLayersReady,
  inModuleText,
  listenUevents,
  MINOR,
  module_refcount,
  type Op,
  request_queue,
  scenario,
  suite,
  type uevent,
  wait_for_completion,
} from '#lib';
import { dmWorld, EVERY_MINOR, MINORS, type World } from '../worlds/dm';

type Dm = typeof import('./dm');
type Device = import('./dm').mapped_device;
type W = World<Device>;

const race = { task: 1, kind: 'race' } as const;
const works = { task: 1, kind: 'function' } as const;

/** The device is complete: its maker has it. */
const made = DECLARE_COMPLETION('device_made');
/** The listener that heard of its disk has finished with it. */
const closed = DECLARE_COMPLETION('device_closed');
/** The task that runs in the module without a reference of its own has left it. */
const left = DECLARE_COMPLETION('left_module');
/** A request is on its way; it may go on; it goes on. */
const underWay = DECLARE_COMPLETION('underWay');
const goOn = DECLARE_COMPLETION('goOn');
const goesOn = DECLARE_COMPLETION('goesOn');

export default suite<Dm>((dm) => {
  const { make, keep, world, oneMade, useDevice, put, lookup, open, close, ...rest } = dmWorld(dm);
  const {
    nothingLeft,
    creationsOverlap,
    drained,
    opensMeetPuts,
    othersMeet,
    whileOthers,
    getsMeetPuts,
    common,
  } = rest;

  /** Finds a device by its number; it must be whole, and its disk one that can be opened. */
  function* isWhole(minor: number): Op<boolean> {
    const md = yield* lookup(minor);
    if (md === null) return false;
    expect_true(yield* opened(minor, read), 'the disk of a device that is found cannot be opened');
    yield* put(md);
    return true;
  }
  /** Opens the disk with a minor, does something with its device, and closes it; false if it cannot be opened. */
  function* opened(minor: number, act: (md: Device) => Op<unknown>): Op<boolean> {
    const bdev = yield* open(minor);
    if (bdev === null) return false;
    yield* act(deviceOf(bdev));
    yield* close(bdev);
    return true;
  }
  function deviceOf(bdev: block_device): Device {
    return bdev.bd_disk.private_data as Device; // void * in C
  }
  /** For set-up code: from now on udev opens every new disk, does something with its device, and closes it. */
  function udev(act: (md: Device) => Op<unknown>): void {
    listenUevents('udev', function* ({ action, dev }: uevent) {
      if (action === 'remove') return;
      expect_true(yield* opened(MINOR(dev), act), 'a disk that was announced cannot be opened');
      yield* complete(closed);
    });
  }
  /** Waits until a device has had its first event. */
  function* waitEvent(md: Device): Op<void> {
    yield* dm.dm_wait_event(md, 0);
    expect_eq(yield* dm.dm_get_event_nr(md), 1, 'events of a device that has had one');
  }
  function* read(md: Device): Op<void> {
    expect_eq(yield* dm.dm_request(md), 0, 'a request');
    expect_no_locks('dm_request()');
  }
  /** The same by a task that is preempted as soon as it has begun and holds nothing, and goes on when the device is there. */
  function* readSlowly(md: Device): Op<void> {
    const steps = read(md)[Symbol.iterator]();
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
  /** The same by a task that is held up while its request has memory of the device's, and so is on its way. */
  function* readHeldUp(md: Device): Op<void> {
    const steps = read(md)[Symbol.iterator]();
    let waited = false;
    for (let step = steps.next(); step.done !== true;) {
      const result: unknown = yield step.value;
      if (!waited && allocated({ typeName: 'dm_io' }) > 0) {
        waited = true;
        yield* complete(underWay);
        yield* wait_for_completion(goOn);
        yield* complete(goesOn);
      }
      step = steps.next(result);
    }
    expect_true(waited, 'a request has no dm_io at any time');
  }
  /** Unloads the module, which may be in use; its exit function lets the last caller return before it does anything. */
  function* rmmod(): Op<boolean> {
    const ret = yield* delete_module(dm.THIS_MODULE, function* () {
      expect_eq(allocated(request_queue), 0, 'request_queues of a module that goes');
      yield* wait_for_completion(left);
      yield* dm.dm_exit();
      expect_eq(idrLayersReady(), 0, 'layers that the index of a module that goes keeps');
    });
    return ret === 0;
  }
  /** The devices there are work and can be found; once they are removed nothing is left, of the module either. */
  function* allGone(w: W, minors = EVERY_MINOR): Op<void> {
    for (const md of w.devices) {
      expect_true(alive(md), 'a device was freed under its owner');
      expect_true(yield* isWhole(dm.dm_disk(md).first_minor), 'a device there is is not found');
    }
    yield* rest.allGone(w, minors);
    expect_eq(yield* module_refcount(dm.THIS_MODULE), 0, 'references to the module at the end');
  }

  return [
    scenario({
      id: 'wait-on-add',
      title:
        'who opens a disk as soon as it is announced can wait for the first event of its device',
      ...race,
      *setup() {
        udev(waitEvent);
        return yield* world();
      },
      tasks: {
        *'dm-create'(w) {
          const md = yield* keep(w);
          if (md !== null) yield* dm.event_callback(md);
        },
      },
      check: (w) => allGone(w, [0]),
    }),
    scenario({
      id: 'event-on-add',
      title: 'an event that comes as soon as the disk is announced counts, and is not forgotten',
      ...race,
      *setup() {
        udev((md) => dm.event_callback(md));
        return yield* world();
      },
      tasks: {
        *'dm-create'(w) {
          const md = yield* keep(w);
          yield* wait_for_completion(closed);
          if (md !== null) yield* waitEvent(md);
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
        udev(read);
        return yield* world();
      },
      tasks: {
        *'dm-create'(w) {
          const md = yield* keep(w);
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
        udev(readSlowly);
        return yield* world();
      },
      tasks: {
        *'dm-create'(w) {
          const md = yield* keep(w);
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
        'dm-create': (w) => keep(w),
        dd: () => opened(0, read),
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
          const md = yield* keep(w, { minor: 5 });
          if (md !== null) yield* dm.event_callback(md);
        },
        dd: () => opened(5, waitEvent),
      },
      check: (w) => allGone(w, [5]),
    }),
    scenario({
      id: 'lookup-vs-create',
      title:
        'a device that is looked up while it is being made is whole, its disk too, or not found',
      ...race,
      setup: world,
      tasks: { 'dm-create': (w) => keep(w), 'dm-status': () => isWhole(0) },
      check: (w) => allGone(w, [0]),
    }),
    scenario({
      id: 'lookup-on-add',
      title: 'so is one that is looked up when its disk is announced',
      ...race,
      *setup() {
        listenUevents('udev', ({ dev }) => isWhole(MINOR(dev)));
        return yield* world();
      },
      tasks: { 'dm-create': (w) => keep(w) },
      check: (w) => allGone(w, [0]),
    }),
    scenario({
      id: 'event',
      title: 'an event wakes all who wait for it',
      ...works,
      setup: oneMade,
      tasks: {
        *'dm-wait'({ devices: [md] }) {
          if (md !== undefined) yield* waitEvent(md);
        },
        dd: () => opened(0, waitEvent),
        *'dm-event'({ devices: [md] }) {
          if (md !== undefined) yield* dm.event_callback(md);
        },
      },
      check: (w) => allGone(w, [0]),
    }),
    scenario({
      id: 'suspend',
      title: 'a suspend waits for the requests under way, and requests go on afterwards',
      ...works,
      setup: oneMade,
      failures: { mempool_alloc: 1 },
      tasks: {
        dd: () => opened(0, read),
        *'dm-suspend'({ devices: [md] }) {
          if (md === undefined) return;
          yield* dm.dm_suspend(md);
          yield* read(md);
        },
      },
      check: (w) => allGone(w, [0]),
    }),
    scenario({
      id: 'suspend-waits',
      title: 'a suspend returns when a request that was under way has ended, and not before',
      ...works,
      setup: oneMade,
      tasks: {
        *dd({ devices: [md] }) {
          if (md !== undefined) yield* readHeldUp(md);
        },
        *'dm-suspend'({ devices: [md] }) {
          yield* wait_for_completion(underWay);
          if (md !== undefined) yield* dm.dm_suspend(md);
          const went = yield* completion_done(goesOn);
          expect_true(went, 'dm_suspend() returned while a request was under way');
          const taken = allocated({ typeName: 'dm_io' });
          expect_eq(taken, 0, 'elements that requests have after dm_suspend()');
        },
        disk: () => complete(goOn),
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
            yield* keep(w);
            expect_true(yield* isWhole(minor), 'a device that was made is not found');
          }
          const md = w.devices.shift();
          const bdev = yield* open(0);
          expect_true(bdev !== null, 'the disk of a device can be opened');
          if (md === undefined || bdev === null) return;
          yield* put(md);
          useDevice(md, 0);
          yield* read(deviceOf(bdev));
          yield* close(bdev);
          expect_true(!alive(md), 'the last reference is gone and the device is not');
          expect_true(!(yield* isWhole(0)), 'a device that was removed is found');
          yield* keep(w);
          expect_true(yield* isWhole(0), 'a device with a minor used before is not found');
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
          yield* keep(w, { errors: [-ENOMEM] });
          yield* keep(w, { minor: 4, errors: [-ENOMEM] });
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
          yield* keep(w, { minor: 6 });
          const busy = yield* make({ minor: 6, errors: [-EBUSY] });
          const beyond = yield* make({ minor: MINORS, errors: [-EINVAL] });
          while (w.devices.length < MINORS) yield* keep(w);
          const last = yield* make({ errors: [-ENOSPC] });
          expect_true(!busy && !beyond && !last, 'a device with a minor it cannot have');
        },
      },
      check: allGone,
    }),
    scenario({
      id: 'rmmod',
      title:
        'a device keeps the module until all of it has gone; a module on its way out makes none: -ENXIO',
      ...works,
      *setup() {
        return { ...(yield* world()), gone: false };
      },
      tasks: {
        *rmmod(w) {
          w.gone = yield* rmmod();
        },
        *'dm-user'() {
          yield* inModuleText(dm.THIS_MODULE, function* () {
            const md = yield* make({ minor: 3, errors: [-ENXIO] });
            if (md !== null) yield* put(md);
          });
          yield* complete(left);
        },
      },
      *check(w) {
        nothingLeft();
        if (!w.gone) expect_true(yield* rmmod(), 'a module without devices stays');
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
    creationsOverlap('creations-overlap-second', { minor: 1 }, { minor: 5 }),
  ];
});
