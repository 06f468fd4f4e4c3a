// SPDX-License-Identifier: GPL-2.0-only
/**
 * What must hold of network block devices that are removed, in whatever way the last reference is dropped. Nothing here asks which
 * task takes them down, when, or under which lock; only that no task waits for ever, that an index is used again after its disk is
 * gone, and that nothing is left.
 */
import {
  alive,
  allocated,
  allocatedBesides,
  blkdev_get_by_dev,
  blkdev_put,
  type block_device,
  delete_module,
  EBUSY,
  EINVAL,
  EIO,
  ENOENT,
  ENOMEM,
  ENXIO,
  EWOULDBLOCK,
  expect_eq,
  expect_no_locks,
  expect_true,
  FMODE_READ,
  genl_rcv,
  type genl_info,
  gendisk,
  listenUevents,
  IS_ERR,
  MINORBITS,
  MKDEV,
  NBD_ATTR_CLIENT_FLAGS,
  NBD_ATTR_DEVICE_LIST,
  NBD_ATTR_INDEX,
  NBD_CFLAG_DESTROY_ON_DISCONNECT,
  NBD_CFLAG_DISCONNECT_ON_CLOSE,
  NBD_CMD_CONNECT,
  NBD_CMD_DISCONNECT,
  NBD_CMD_STATUS,
  NBD_DEVICE_CONNECTED,
  NBD_DEVICE_INDEX,
  NBD_GENL_FAMILY_NAME,
  NBD_MAJOR,
  nla_get_u32,
  type nlattrs,
  type Op,
  PTR_ERR,
  reached,
  register_blkdev,
  request_queue,
  scenario,
  type StructOf,
  suite,
  unregister_blkdev,
} from '#lib';

type Nbd = typeof import('./nbd');
type Device = StructOf<Nbd['nbd_device']>;
interface World {
  /** Disks that somebody has open and will close. */
  readonly open: block_device[];
  /** A device that was there in the beginning and is to go. */
  readonly old: Device | null;
  /** Whether the module has been unloaded. */
  gone: boolean;
}

const DESTROY = NBD_CFLAG_DESTROY_ON_DISCONNECT;
const ON_CLOSE = NBD_CFLAG_DISCONNECT_ON_CLOSE;
const WHILE_REMOVING = 'a device is connected while another one is being taken down';

const workqueue = { typeName: 'workqueue_struct' };
const tags = { typeName: 'blk_mq_tags' };

/** A request to connect a device: its index, if that matters, and the errors that are allowed. */
interface Ask {
  readonly index?: number;
  readonly flags?: number;
  readonly errors?: readonly number[];
}

function* genl(cmd: number, attrs: nlattrs): Op<genl_info & { readonly ret: number }> {
  const info: genl_info = { attrs, reply: null };
  const ret = yield* genl_rcv(NBD_GENL_FAMILY_NAME, cmd, info);
  expect_no_locks('a netlink command');
  return { ...info, ret };
}

/** Disconnects a device: false if there is none that could be. */
function* nbd_disconnect(index = 0): Op<boolean> {
  const { ret } = yield* genl(NBD_CMD_DISCONNECT, { [NBD_ATTR_INDEX]: index });
  if (ret !== -EINVAL) expect_eq(ret, 0, 'a disconnect');
  return ret === 0;
}

/** The devices there are, or one of them, and whether they are connected: `0+ 1-`. */
function* nbd_status(index?: number): Op<string> {
  const attrs = index === undefined ? {} : { [NBD_ATTR_INDEX]: index };
  const { ret, reply } = yield* genl(NBD_CMD_STATUS, attrs);
  expect_eq(ret, 0, 'a status');
  const list = reply?.[NBD_ATTR_DEVICE_LIST];
  if (typeof list !== 'object') return '';
  const show = (device: nlattrs): string =>
    `${nla_get_u32(device[NBD_DEVICE_INDEX] ?? -1)}${device[NBD_DEVICE_CONNECTED] === 1 ? '+' : '-'}`;
  return list.map(show).join(' ');
}

/** Opens a disk: NULL if it is going or gone, or if that failed in a way the scenario allows. */
function* mount(index = 0, errors: readonly number[] = []): Op<block_device | null> {
  const bdev = yield* blkdev_get_by_dev(MKDEV(NBD_MAJOR, index), FMODE_READ, null);
  expect_no_locks('an open');
  if (!IS_ERR(bdev)) return bdev;
  if (errors.includes(PTR_ERR(bdev))) return null;
  expect_eq(PTR_ERR(bdev), -ENXIO, 'opening a disk that is going or gone');
  return null;
}

function* umount(bdev: block_device): Op<void> {
  yield* blkdev_put(bdev, FMODE_READ);
  expect_no_locks('a close');
}

/** Opens a disk that is there, and closes it. */
function* mountAndUmount(index = 0): Op<void> {
  const bdev = yield* mount(index);
  expect_true(bdev !== null, `nbd${index} is there and cannot be opened`);
  if (bdev !== null) yield* umount(bdev);
}

/** Opens a disk that may be there, and closes it. */
function* tryMount(index = 0): Op<void> {
  const bdev = yield* mount(index);
  if (bdev !== null) yield* umount(bdev);
}

/** Closes one of the world's disks. */
function* umountOne(w: World): Op<void> {
  const bdev = w.open.shift();
  if (bdev !== undefined) yield* umount(bdev);
}

function deviceOf(bdev: block_device): Device {
  return bdev.bd_disk.private_data as Device; // nbd's disks have nothing else there
}

export default suite<Nbd>((nbd) => {
  function* insmod(devices = 0): Op<World> {
    nbd.nbds_max.value = devices;
    expect_eq(yield* nbd.nbd_init(), 0, 'nbd_init()');
    return { open: [], old: null, gone: false };
  }
  /** Connects a device: its index, or an error that the scenario allows. */
  function* nbd_connect({ index, flags = DESTROY, errors = [] }: Ask = {}): Op<number> {
    const attrs: nlattrs = {
      [NBD_ATTR_CLIENT_FLAGS]: flags,
      ...(index === undefined ? {} : { [NBD_ATTR_INDEX]: index }),
    };
    const { ret, reply } = yield* genl(NBD_CMD_CONNECT, attrs);
    if (!errors.includes(ret)) expect_eq(ret, 0, 'a connect');
    if (ret !== 0) return ret;
    const given = reply?.[NBD_ATTR_INDEX];
    expect_true(typeof given === 'number', 'a connect that succeeds names the index');
    if (index !== undefined) expect_eq(given, index, 'the index of a device that was asked for');
    return typeof given === 'number' ? given : -EINVAL;
  }
  /** A world with nbd0, connected, which goes away when it is disconnected. */
  function* connected(flags = DESTROY): Op<World> {
    const w = yield* insmod();
    yield* nbd_connect({ index: 0, flags });
    return w;
  }
  /** The same, and its disk is open, once or several times. */
  function* opened(times = 1, flags = DESTROY): Op<World> {
    const w = yield* connected(flags);
    for (let i = 0; i < times; i++) {
      const bdev = yield* mount();
      expect_true(bdev !== null, 'nbd0 is there and cannot be opened');
      if (bdev !== null) w.open.push(bdev);
    }
    const [bdev] = w.open;
    return { ...w, old: bdev === undefined ? null : deviceOf(bdev) };
  }
  /** The same, and it was disconnected since: the last close takes it down. */
  function* closing(times = 1): Op<World> {
    const w = yield* opened(times);
    yield* nbd_disconnect();
    return w;
  }
  function nothingLeft(when: string): void {
    expect_eq(allocated(nbd.nbd_device), 0, `nbd_devices ${when}`);
    expect_eq(allocated(nbd.nbd_config), 0, `nbd_configs ${when}`);
    expect_eq(allocated(gendisk), 0, `gendisks ${when}`);
    expect_eq(allocated(request_queue), 0, `request_queues ${when}`);
    expect_eq(allocated(tags), 0, `tag sets ${when}`);
    expect_eq(allocatedBesides(workqueue), 0, `memory leak: other structures ${when}`);
  }
  /** Unloads the module: false if somebody needs it. When the exit function returns nothing may be left. */
  function* rmmod(w: World): Op<boolean> {
    const ret = yield* delete_module(nbd.THIS_MODULE, function* () {
      yield* nbd.nbd_cleanup();
      expect_no_locks('nbd_cleanup()');
      nothingLeft('when nbd_cleanup() has returned');
      expect_eq(allocated(workqueue), 0, 'workqueues when nbd_cleanup() has returned');
    });
    if (ret !== -EWOULDBLOCK) expect_eq(ret, 0, 'rmmod');
    if (ret === 0) w.gone = true;
    return ret === 0;
  }
  /** No device is left, and the module can be unloaded. */
  function* allGone(w: World): Op<void> {
    if (w.gone) return;
    nothingLeft('at the end');
    expect_eq(yield* nbd_status(), '', 'the devices at the end');
    yield* rmmod(w);
    expect_true(w.gone, 'the module is in use and there is no device');
  }
  /** There is nbd0, it is connected, and it is not the device of that name there was before. */
  function* oneNew({ old }: World): Op<void> {
    expect_eq(allocated(nbd.nbd_device), 1, 'nbd_devices at the end');
    expect_eq(allocated(gendisk), 1, 'gendisks at the end');
    expect_true(old === null || !alive(old), 'the old device is still there');
    expect_eq(yield* nbd_status(), '0+', 'the devices at the end');
    yield* mountAndUmount(0);
  }
  /** After that nbd0 can be opened, if it is there. */
  function* newOrNone(w: World): Op<void> {
    if (allocated(nbd.nbd_device) === 0) yield* allGone(w);
    else yield* oneNew(w);
  }
  /** Calls nbd_init() until it succeeds: each failure is clean. */
  function* insmodInTheEnd(errors: readonly number[]): Op<void> {
    for (let ret = yield* nbd.nbd_init(); ret !== 0; ret = yield* nbd.nbd_init()) {
      expect_no_locks('nbd_init()');
      if (!errors.includes(ret)) expect_eq(ret, 0, 'nbd_init()');
      if (!errors.includes(ret)) return;
      yield* unloaded('after an nbd_init() that failed');
    }
  }
  /** The driver has left nothing behind, and nobody knows it. */
  function* unloaded(when: string): Op<void> {
    nothingLeft(when);
    expect_eq(allocated(workqueue), 0, `workqueues ${when}`);
    expect_eq((yield* genl(NBD_CMD_STATUS, {})).ret, -ENOENT, `a netlink command ${when}`);
    let taken = yield* register_blkdev(NBD_MAJOR, 'other');
    if (taken !== 0) taken = yield* register_blkdev(NBD_MAJOR, 'other'); // the first one may have been made to fail
    expect_eq(taken, 0, `registering nbd's major for another driver ${when}`);
    if (taken === 0) yield* unregister_blkdev(NBD_MAJOR, 'other');
  }

  /** The module stays loaded, and keeps its workqueue and these devices, some of them connected. */
  const keeps = (devices: number, connected: number) => ({
    mayKeep: {
      nbd_device: devices,
      blk_mq_tags: devices,
      gendisk: devices,
      block_device: devices,
      request_queue: devices,
      nbd_config: connected,
      workqueue_struct: 1 + connected,
    },
  });

  const locks = { task: 1, kind: 'race', check: allGone } as const;
  const reuse = { task: 2, kind: 'race' } as const;
  const exits = { task: 3, kind: 'race', check: allGone } as const;
  const stays = { task: 4, kind: 'function' } as const;

  return [
    scenario({
      id: 'open-then-disconnect',
      title: 'a disk is opened and closed, and then its device is disconnected and goes',
      ...locks,
      setup: () => connected(),
      tasks: {
        // Written out, so that the report has room for what the kernel says.
        *'nbd-client'() {
          const bdev = yield* blkdev_get_by_dev(MKDEV(NBD_MAJOR, 0), FMODE_READ, null);
          expect_true(!IS_ERR(bdev), 'nbd0 is there and cannot be opened');
          if (!IS_ERR(bdev)) yield* blkdev_put(bdev, FMODE_READ);
          const disconnect = { attrs: { [NBD_ATTR_INDEX]: 0 }, reply: null };
          yield* genl_rcv(NBD_GENL_FAMILY_NAME, NBD_CMD_DISCONNECT, disconnect);
        },
      },
    }),
    scenario({
      id: 'disconnect-vs-open',
      title: 'a disk is opened while its device is disconnected: it opens, or gives -ENXIO',
      ...locks,
      setup: () => connected(),
      tasks: {
        *'nbd-disc'() {
          expect_true(yield* nbd_disconnect(), 'nbd0 is there and cannot be disconnected');
        },
        mount: () => tryMount(),
      },
    }),
    scenario({
      id: 'close-last',
      title: 'a device that was disconnected while it was open goes with the last close',
      ...locks,
      setup: () => opened(),
      tasks: {
        *umount(w) {
          yield* nbd_disconnect();
          expect_true(w.old !== null && alive(w.old), 'a disk is open and its device is gone');
          yield* umountOne(w);
        },
      },
    }),
    scenario({
      id: 'close-last-lockdep',
      title: 'nor does lockdep, which speaks before anybody waits, find fault with that close',
      ...locks,
      detectors: ['lockdep'],
      setup: () => closing(),
      tasks: { umount: umountOne },
    }),
    scenario({
      id: 'disconnect-on-close',
      title: 'a device that is disconnected by its last close goes with it, and not before',
      ...locks,
      setup: () => opened(2, DESTROY | ON_CLOSE),
      tasks: {
        *umount(w) {
          yield* umountOne(w);
          expect_eq(yield* nbd_status(), '0+', 'the devices while the disk is open');
          const again = yield* nbd_connect({ index: 0, errors: [-EBUSY] });
          expect_eq(again, -EBUSY, 'a connect of a device that is connected');
          yield* umountOne(w);
        },
      },
    }),
    scenario({
      id: 'close-vs-disconnect',
      title: 'the disk is closed while its device is disconnected, and one of the two is the last',
      ...locks,
      setup: () => opened(),
      tasks: {
        umount: umountOne,
        *'nbd-disc'() {
          yield* nbd_disconnect();
        },
      },
    }),
    scenario({
      id: 'open-vs-close',
      title: 'a disk is opened while the last close takes its device down',
      ...locks,
      setup: () => closing(),
      tasks: { umount: umountOne, mount: () => tryMount() },
    }),
    scenario({
      id: 'two-closes',
      title: 'of two that close the disk of a device that is disconnected one is the last',
      ...locks,
      setup: () => closing(2),
      tasks: { 'umount/a': umountOne, 'umount/b': umountOne },
    }),
    scenario({
      id: 'two-devices',
      title: 'two devices whose last closes come together go, each with its own',
      ...locks,
      *setup() {
        const w = yield* closing();
        yield* nbd_connect({ index: 1 });
        const bdev = yield* mount(1);
        if (bdev !== null) w.open.push(bdev);
        yield* nbd_disconnect(1);
        return w;
      },
      tasks: { 'umount/a': umountOne, 'umount/b': umountOne },
    }),
    scenario({
      id: 'open-again',
      title: 'a disk that is open can be opened again, also when its device is disconnected',
      ...locks,
      kind: 'function',
      setup: () => opened(),
      tasks: {
        *mount(w) {
          yield* mountAndUmount();
          yield* nbd_disconnect();
          yield* mountAndUmount();
          expect_true(w.old !== null && alive(w.old), 'a disk is open and its device is gone');
          yield* umountOne(w);
        },
      },
    }),
    scenario({
      id: 'open-vs-connect',
      title: 'a disk whose device is there can be opened, whatever is done to others meanwhile',
      ...locks,
      kind: 'overfix',
      ...keeps(2, 2),
      setup: () => connected(),
      tasks: {
        mount: () => mountAndUmount(),
        *'nbd-client'() {
          yield* nbd_connect({ index: 1 });
        },
      },
      *check() {
        expect_eq(yield* nbd_status(), '0+ 1+', 'the devices at the end');
      },
    }),
    scenario({
      id: 'reconnect',
      title: 'an index is used again: the same index, a new device, one disk of that name',
      ...reuse,
      kind: 'function',
      ...keeps(1, 1),
      *setup() {
        return yield* opened();
      },
      tasks: {
        *'nbd-client'(w) {
          yield* umountOne(w);
          yield* nbd_disconnect();
          yield* nbd_connect({ index: 0 });
        },
      },
      check: oneNew,
    }),
    scenario({
      id: 'connect-vs-close',
      title:
        'who connects an index whose device is going waits until it is gone, and gets a new one',
      ...reuse,
      ...keeps(1, 1),
      setup: () => closing(),
      tasks: {
        umount: umountOne,
        *'nbd-client'() {
          yield* nbd_connect({ index: 0 });
        },
      },
      check: oneNew,
    }),
    scenario({
      id: 'connect-vs-disconnect',
      title: 'who connects an index while its device is disconnected gets -EBUSY or a new device',
      ...reuse,
      ...keeps(1, 1),
      setup: () => connected(),
      tasks: {
        *'nbd-disc'() {
          yield* nbd_disconnect();
        },
        *'nbd-client'() {
          yield* nbd_connect({ index: 0, errors: [-EBUSY] });
        },
      },
      check: newOrNone,
    }),
    scenario({
      id: 'connect-any',
      title: 'who connects any device gets one that is not going, and does not wait for ever',
      ...reuse,
      ...keeps(1, 1),
      setup: () => closing(),
      tasks: {
        umount: umountOne,
        *'nbd-client'() {
          yield* nbd_connect();
        },
      },
      *check({ old }) {
        expect_true(old === null || !alive(old), 'the old device is still there');
        expect_eq(allocated(nbd.nbd_device), 1, 'nbd_devices at the end');
        expect_eq(allocated(nbd.nbd_config), 1, 'nbd_configs at the end');
      },
    }),
    scenario({
      id: 'connect-others',
      title: 'a device can be connected while another one is being taken down',
      task: 2,
      kind: 'reachable',
      reaches: WHILE_REMOVING,
      ...keeps(1, 1),
      *setup() {
        const w = yield* closing();
        // Who hears of the removal connects another device, and is done before it is over.
        listenUevents('udev', function* ({ action }) {
          if (action !== 'remove') return;
          yield* nbd_connect({ index: 1 });
          if (w.old !== null && alive(w.old)) reached(WHILE_REMOVING);
        });
        return w;
      },
      tasks: { umount: umountOne },
    }),
    scenario({
      id: 'others-vs-close',
      title: 'a device is listed, opened and disconnected while another one is being taken down',
      ...reuse,
      kind: 'overfix',
      *setup() {
        const w = yield* closing();
        yield* nbd_connect({ index: 1 });
        return w;
      },
      tasks: {
        umount: umountOne,
        *'nbd-client'() {
          expect_eq(yield* nbd_status(1), '1+', 'a device that is not going');
          yield* mountAndUmount(1);
          expect_true(yield* nbd_disconnect(1), 'nbd1 is there and cannot be disconnected');
        },
      },
      check: allGone,
    }),
    scenario({
      id: 'connect-while-open',
      title: 'while a disk is open every other device can be connected, opened and disconnected',
      ...reuse,
      kind: 'function',
      ...keeps(2, 2),
      setup: () => opened(),
      tasks: {
        *'nbd-client'(w) {
          expect_eq(yield* nbd_connect(), 1, 'the lowest free index');
          yield* nbd_connect({ index: 2 });
          yield* mountAndUmount(2);
          expect_true(yield* nbd_disconnect(1), 'nbd1 is there and cannot be disconnected');
          yield* nbd_connect({ index: 1 });
          expect_eq(yield* nbd_connect({ index: 0, errors: [-EBUSY] }), -EBUSY, 'nbd0 again');
          expect_eq(yield* nbd_status(), '0+ 1+ 2+', 'the devices');
          yield* umountOne(w);
          yield* nbd_disconnect(1);
        },
      },
    }),
    scenario({
      id: 'disconnect-again',
      title: 'a device that is going can be asked for its status and disconnected again',
      ...reuse,
      setup: () => closing(),
      tasks: {
        umount: umountOne,
        *'nbd-disc'() {
          const before = yield* nbd_status();
          expect_true(/^(0[+-])?$/.test(before), 'the devices while one is going');
          yield* nbd_disconnect();
        },
      },
      check: allGone,
    }),
    scenario({
      id: 'in-use',
      title: 'an index in use gives -EBUSY, any other device is found or made',
      ...reuse,
      kind: 'function',
      ...keeps(3, 3),
      setup: () => connected(),
      tasks: {
        *'nbd-client'() {
          expect_eq(yield* nbd_connect({ index: 0, errors: [-EBUSY] }), -EBUSY, 'nbd0 again');
          expect_eq(yield* nbd_connect(), 1, 'the lowest free index');
          expect_eq(yield* nbd_connect({ index: 5 }), 5, 'an index that was asked for');
          expect_eq(yield* nbd_status(), '0+ 1+ 5+', 'the devices');
          expect_eq(yield* nbd_status(5), '5+', 'the device with index 5');
          expect_eq(yield* nbd_status(3), '', 'the device with index 3');
          expect_eq(allocated(gendisk), 3, 'disks of three devices');
          expect_true(!(yield* nbd_disconnect(3)), 'a disconnect of a device that is not there');
        },
      },
      *check() {
        expect_eq(yield* nbd_status(), '0+ 1+ 5+', 'the devices at the end');
      },
    }),
    scenario({
      id: 'no-memory',
      title: 'a connect for which there is no memory leaves nothing behind, its index least of all',
      ...reuse,
      kind: 'function',
      setup: () => insmod(),
      stepsMax: 400,
      failures: {
        kzalloc: 1000,
        blk_mq_alloc_tag_set: 1000,
        idr_alloc: 1000,
        blk_mq_alloc_disk: 1000,
        alloc_workqueue: 1000,
      },
      tasks: {
        *'nbd-client'(w) {
          const ret = yield* nbd_connect({ index: 0, errors: [-ENOMEM] });
          if (ret >= 0) yield* nbd_disconnect();
          expect_eq(allocated(nbd.nbd_config), 0, 'nbd_configs of a device nobody uses');
          // There may be a device that nobody could connect.
          expect_true(yield* rmmod(w), 'the module is in use and no device is');
        },
      },
      check: allGone,
    }),
    scenario({
      id: 'connect-failed',
      title:
        'a connect that fails takes its device down, and who comes next gets -EINVAL or a new one',
      ...reuse,
      kind: 'function',
      setup: () => insmod(),
      failures: { alloc_workqueue: 1 },
      tasks: {
        *'nbd-client'() {
          let error = -ENOMEM;
          for (let i = 0; i < 2; i++) {
            const ret = yield* nbd_connect({ index: 0, errors: [error] });
            if (ret >= 0) yield* nbd_disconnect();
            else error = -EINVAL; // memory is short once
          }
        },
      },
      check: allGone,
    }),
    scenario({
      id: 'connect-after-failure',
      title:
        'after a connect that failed other devices can be connected, and that one when it is gone',
      ...reuse,
      kind: 'function',
      ...keeps(2, 2),
      *setup() {
        yield* insmod();
        return { failed: false };
      },
      failures: { alloc_workqueue: 1 },
      tasks: {
        *'nbd-client'(w) {
          w.failed = (yield* nbd_connect({ index: 0, errors: [-ENOMEM] })) < 0;
          // Memory is short once.
          if (w.failed) yield* nbd_connect({ index: 1 });
        },
      },
      *check(w) {
        if (!w.failed) return;
        yield* nbd_connect({ index: 0 });
        expect_eq(yield* nbd_status(), '0+ 1+', 'the devices at the end');
      },
    }),
    scenario({
      id: 'rmmod-after-disconnect',
      title: 'rmmod returns when the device that was disconnected last is gone, and not before',
      ...exits,
      setup: () => connected(),
      tasks: {
        *root(w) {
          yield* nbd_disconnect();
          expect_true(yield* rmmod(w), 'the module is in use and there is no device');
        },
      },
    }),
    scenario({
      id: 'rmmod-vs-close',
      title: 'rmmod is refused while the disk is open, and finds the device gone or going then',
      ...exits,
      setup: () => closing(),
      tasks: { umount: umountOne, rmmod },
    }),
    scenario({
      id: 'rmmod-mixed',
      title: 'rmmod takes down the devices that stay, and leaves those that go to whom they go by',
      ...exits,
      *setup() {
        const w = yield* insmod(1);
        yield* nbd_connect({ index: 1 });
        return w;
      },
      tasks: {
        *root(w) {
          expect_eq(yield* nbd_status(), '0- 1+', 'the devices');
          yield* nbd_disconnect(1);
          expect_true(yield* rmmod(w), 'the module is in use and there is no device');
        },
      },
    }),
    scenario({
      id: 'rmmod-two',
      title: 'two devices are going when rmmod comes: it waits for both',
      ...exits,
      *setup() {
        const w = yield* connected();
        yield* nbd_connect({ index: 1 });
        return w;
      },
      tasks: {
        *root(w) {
          yield* nbd_disconnect(0);
          yield* nbd_disconnect(1);
          expect_true(yield* rmmod(w), 'the module is in use and there is no device');
        },
      },
    }),
    scenario({
      id: 'rmmod-vs-status',
      title: 'a status that is asked for while the module goes speaks of devices that are there',
      ...exits,
      setup: () => insmod(1),
      tasks: {
        rmmod,
        *'nbd-client'() {
          const { ret } = yield* genl(NBD_CMD_STATUS, {});
          if (ret !== -ENOENT) expect_eq(ret, 0, 'a status');
        },
      },
    }),
    scenario({
      id: 'rmmod-vs-disconnect',
      title: 'rmmod comes while a disconnect is under way: it is refused, or waits for that',
      ...exits,
      setup: () => connected(),
      tasks: {
        *'nbd-client'() {
          const { ret } = yield* genl(NBD_CMD_DISCONNECT, { [NBD_ATTR_INDEX]: 0 });
          // The device may be gone by then, and the family with it.
          if (ret !== -EINVAL && ret !== -ENOENT) expect_eq(ret, 0, 'a disconnect');
        },
        rmmod,
      },
    }),
    scenario({
      id: 'rmmod-refused',
      title: 'while a device is connected or open rmmod is refused, and changes nothing',
      ...exits,
      kind: 'function',
      setup: () => connected(),
      tasks: {
        *root(w) {
          expect_true(!(yield* rmmod(w)), 'the module is unloaded and a device is connected');
          const bdev = yield* mount();
          yield* nbd_disconnect();
          expect_true(!(yield* rmmod(w)), 'the module is unloaded and a disk is open');
          if (bdev !== null && !w.gone) yield* umount(bdev);
        },
      },
    }),
    scenario({
      id: 'insmod-twice',
      title: 'what the exit function leaves is what the init function found',
      ...exits,
      kind: 'function',
      *setup() {
        nbd.nbds_max.value = 2;
      },
      tasks: {
        *root() {
          for (let i = 0; i < 2; i++) {
            expect_eq(yield* nbd.nbd_init(), 0, 'nbd_init()');
            expect_eq(
              yield* nbd_status(),
              '0- 1-',
              'the devices that are there from the beginning',
            );
            yield* nbd.nbd_cleanup();
            expect_no_locks('nbd_cleanup()');
            yield* unloaded('after nbd_cleanup()');
          }
        },
      },
      *check() {
        yield* unloaded('at the end');
      },
    }),
    scenario({
      id: 'init-fails',
      title: 'an init function that fails at any of its steps leaves nothing behind',
      ...stays,
      failures: { register_blkdev: 1, alloc_workqueue: 1, genl_register_family: 1 },
      *setup() {
        nbd.nbds_max.value = 1;
      },
      tasks: {
        *insmod() {
          yield* insmodInTheEnd([-EIO, -ENOMEM, -EINVAL]);
          expect_eq(yield* nbd_status(), '0-', 'the device that is there from the beginning');
          yield* nbd.nbd_cleanup();
          yield* unloaded('at the end');
        },
      },
    }),
    scenario({
      id: 'init-no-memory',
      title: 'nor does one that has no memory for its devices',
      ...stays,
      failures: { kzalloc: 1, blk_mq_alloc_tag_set: 1, idr_alloc: 1, blk_mq_alloc_disk: 1 },
      *setup() {
        nbd.nbds_max.value = 1;
      },
      tasks: {
        *insmod() {
          yield* insmodInTheEnd([-ENOMEM]);
          expect_eq(allocated(nbd.nbd_device), allocated(gendisk), 'devices, one for each disk,');
          yield* nbd.nbd_cleanup();
          yield* unloaded('at the end');
        },
      },
    }),
    scenario({
      id: 'too-many',
      title: 'more devices than there are minors are refused with -EINVAL',
      ...stays,
      *setup() {
        nbd.nbds_max.value = (1 << MINORBITS) + 1;
      },
      tasks: {
        *insmod() {
          expect_eq(yield* nbd.nbd_init(), -EINVAL, 'nbd_init()');
          yield* unloaded('after an nbd_init() that was refused');
        },
      },
    }),
    scenario({
      id: 'stays',
      title: 'a device that is not to go is disconnected, stays, and is connected again',
      ...stays,
      setup: () => insmod(1),
      tasks: {
        *'nbd-client'(w) {
          for (const index of [0, undefined, 0]) {
            const ask = index === undefined ? { flags: 0 } : { index, flags: 0 };
            expect_eq(yield* nbd_connect(ask), 0, 'the device that is free');
            expect_eq(yield* nbd_status(), '0+', 'the devices');
            yield* nbd_disconnect();
            expect_eq(yield* nbd_status(), '0-', 'the devices');
          }
          expect_eq(allocated(nbd.nbd_config), 0, 'nbd_configs of a device nobody uses');
          expect_true(yield* rmmod(w), 'the module is in use and no device is');
        },
      },
      check: allGone,
    }),
    scenario({
      id: 'stays-open',
      title: 'such a device can be opened, connected or not, and stays when it is closed',
      ...stays,
      ...keeps(1, 0),
      setup: () => insmod(1),
      tasks: {
        *mount() {
          yield* mountAndUmount();
          yield* nbd_connect({ index: 0, flags: ON_CLOSE });
          yield* mountAndUmount();
          expect_eq(yield* nbd_status(), '0-', 'the devices after the last close');
          yield* nbd_connect({ index: 0, flags: 0 });
          const bdev = yield* mount();
          yield* nbd_disconnect();
          expect_eq(yield* nbd_status(), '0+', 'the devices while the disk is open');
          if (bdev !== null) yield* umount(bdev);
        },
      },
      *check() {
        expect_eq(yield* nbd_status(), '0-', 'the devices at the end');
        expect_eq(allocated(nbd.nbd_config), 0, 'nbd_configs at the end');
        expect_eq(allocated(nbd.nbd_device), 1, 'nbd_devices at the end');
      },
    }),
    scenario({
      id: 'stays-no-memory',
      title: 'an open for which there is no memory fails with -ENOMEM, and the next one does not',
      ...stays,
      ...keeps(1, 0),
      setup: () => insmod(1),
      stepsMax: 400,
      failures: { kzalloc: 1000 },
      tasks: {
        *mount() {
          const bdev = yield* mount(0, [-ENOMEM]);
          if (bdev !== null) yield* umount(bdev);
        },
      },
      *check() {
        yield* mountAndUmount();
        expect_eq(yield* nbd_status(), '0-', 'the devices at the end');
        expect_eq(allocated(nbd.nbd_config), 0, 'nbd_configs at the end');
      },
    }),
    scenario({
      id: 'stays-raced',
      title: 'such a device stays when it is opened while it is disconnected',
      ...stays,
      ...keeps(1, 0),
      *setup() {
        const w = yield* insmod(1);
        yield* nbd_connect({ index: 0, flags: 0 });
        return w;
      },
      tasks: {
        *'nbd-disc'() {
          expect_true(yield* nbd_disconnect(), 'nbd0 is there and cannot be disconnected');
        },
        mount: () => mountAndUmount(),
      },
      *check() {
        expect_eq(yield* nbd_status(), '0-', 'the devices at the end');
        expect_eq(allocated(nbd.nbd_config), 0, 'nbd_configs at the end');
      },
    }),
    scenario({
      id: 'goes-once',
      title: 'a device from the beginning goes if it is connected so, and its index is used again',
      ...stays,
      ...keeps(1, 0),
      *setup() {
        yield* insmod(1);
        return [] as Device[];
      },
      tasks: {
        *'nbd-client'(going) {
          yield* nbd_connect({ index: 0 });
          const bdev = yield* mount();
          if (bdev !== null) going.push(deviceOf(bdev));
          if (bdev !== null) yield* umount(bdev);
          yield* nbd_disconnect();
          yield* nbd_connect({ index: 0, flags: 0 });
          yield* nbd_disconnect();
        },
      },
      *check(going) {
        expect_eq(going.filter(alive).length, 0, 'devices that were to go and are still there');
        expect_eq(going.length, 1, 'devices that were to go');
        expect_eq(yield* nbd_status(), '0-', 'the devices at the end');
        expect_eq(allocated(nbd.nbd_device), 1, 'nbd_devices at the end');
      },
    }),
  ];
});
