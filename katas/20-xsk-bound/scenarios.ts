// SPDX-License-Identifier: GPL-2.0-only
/** What must hold of a socket that is bound while others use it: it is not bound, or it is bound to what was asked for. */
import {
  DEFINE_SPINLOCK,
  EBUSY,
  EINVAL,
  ENXIO,
  expect_eq,
  expect_no_locks,
  expect_true,
  GFP_KERNEL,
  kfree,
  kzalloc,
  type Op,
  reached,
  scenario,
  spin_lock,
  spin_unlock,
  type StructOf,
  suite,
} from '#lib';

type Xsk = typeof import('./xsk');
type Device = StructOf<Xsk['net_device']>;
type Socket = StructOf<Xsk['xdp_sock']>;
interface World {
  readonly xs: Socket;
  /** Another socket, which is bound already. */
  readonly other: Socket;
  readonly eth0: Device;
  readonly eth1: Device;
  /** How often a device was asked to send. */
  readonly rung: { times: number };
}

/** The queue that the socket is bound to; a new socket has a zero there. */
const QUEUE = 3;
/** The softirq that receives packets holds the lock of its ring. */
const rx_lock = DEFINE_SPINLOCK('rx_lock');

export default suite<Xsk>((xsk) => {
  function* device(queues: number, queue: number, rung: World['rung']): Op<Device> {
    const dev = yield* kzalloc(xsk.net_device, GFP_KERNEL);
    if (dev === null) throw new Error('set-up code has no memory');
    dev.num_queues = queues;
    dev.ndo_xsk_wakeup = function* (queue_id) {
      rung.times++;
      expect_eq(queue_id, queue, 'the queue that is to send');
      return 0;
    };
    return dev;
  }
  function* world(): Op<World> {
    const xs = yield* kzalloc(xsk.xdp_sock, GFP_KERNEL);
    if (xs === null) throw new Error('set-up code has no memory');
    const other = yield* kzalloc(xsk.xdp_sock, GFP_KERNEL);
    if (other === null) throw new Error('set-up code has no memory');
    const rung = { times: 0 };
    const [eth0, eth1] = [yield* device(4, QUEUE, rung), yield* device(2, 0, rung)];
    expect_eq(yield* xsk.xsk_bind(other, eth1, 0), 0, 'xsk_bind() of another socket');
    return { xs, other, eth0, eth1, rung };
  }
  function* bind({ xs, eth0 }: World, expected = 0): Op<void> {
    expect_eq(yield* xsk.xsk_bind(xs, eth0, QUEUE), expected, 'xsk_bind()');
    expect_no_locks('xsk_bind()');
  }
  /** Only one task sends at a time. */
  function* send({ xs, rung }: World): Op<number> {
    const before = rung.times;
    const ret = yield* xsk.xsk_sendmsg(xs);
    expect_eq(rung.times - before, ret === 0 ? 1 : 0, 'times the device was asked to send');
    expect_no_locks('xsk_sendmsg()');
    return ret;
  }
  function* receive({ xs }: World, dev: Device, queue: number): Op<number> {
    yield* spin_lock(rx_lock);
    const ret = yield* xsk.xsk_rcv(xs, dev, queue);
    yield* spin_unlock(rx_lock);
    expect_no_locks('xsk_rcv()');
    return ret;
  }
  function* sends(w: World): Op<void> {
    expect_eq(yield* send(w), 0, 'xsk_sendmsg() of a socket that is bound');
    expect_eq(yield* receive(w, w.eth0, QUEUE), 0, 'xsk_rcv() of a packet for this socket');
  }
  /** The other socket is bound to its own queue still. */
  function* free({ xs, other, eth0, eth1, rung }: World): Op<void> {
    const w = { xs: other, other, eth0, eth1, rung };
    expect_eq(yield* send(w), 0, 'xsk_sendmsg() of another socket');
    expect_eq(yield* receive(w, eth1, 0), 0, 'xsk_rcv() of a packet for another socket');
    expect_eq(yield* receive(w, eth0, QUEUE), -EINVAL, 'xsk_rcv() of a packet for one socket only');
    for (const memory of [xs, other, eth0, eth1]) yield* kfree(memory);
  }

  return [
    scenario({
      id: 'bind-vs-send',
      title: 'who sends while the socket is bound sends through the right queue or not at all',
      task: 1,
      kind: 'race',
      setup: world,
      tasks: {
        bind,
        *send(w) {
          const ret = yield* send(w);
          expect_true(ret === 0 || ret === -ENXIO, `xsk_sendmsg() gave ${ret}`);
        },
      },
      *check(w) {
        yield* sends(w);
        yield* free(w);
      },
    }),
    scenario({
      id: 'bind-vs-other-packet',
      title: 'a packet of another queue is not received, whatever the socket looks like meanwhile',
      task: 1,
      kind: 'race',
      setup: world,
      tasks: {
        bind,
        *softirq(w) {
          const ret = yield* receive(w, w.eth0, 0);
          expect_eq(ret, -EINVAL, 'xsk_rcv() of a packet of another queue');
          const own = yield* receive(w, w.eth0, QUEUE);
          expect_true(own === 0 || own === -EINVAL, `xsk_rcv() gave ${own}`);
        },
      },
      *check(w) {
        yield* sends(w);
        yield* free(w);
      },
    }),
    scenario({
      id: 'bind-vs-two-sends',
      title: 'a socket that could send once can send again',
      task: 1,
      kind: 'race',
      setup: world,
      tasks: {
        bind,
        *send(w) {
          const first = yield* send(w);
          const second = yield* send(w);
          if (first === 0) expect_eq(second, 0, 'xsk_sendmsg() after one that worked');
        },
      },
      check: free,
    }),
    scenario({
      id: 'bind-vs-packet',
      title: 'a packet that comes in while the socket is bound may be received',
      task: 2,
      kind: 'reachable',
      reaches: 'received',
      setup: world,
      tasks: {
        bind,
        *softirq(w) {
          const ret = yield* receive(w, w.eth0, QUEUE);
          expect_true(ret === 0 || ret === -EINVAL, `xsk_rcv() gave ${ret}`);
          if (ret === 0) reached('received');
        },
      },
      check: free,
    }),
    scenario({
      id: 'send-vs-packet',
      title: 'a socket sends and receives at once, and the softirq does not sleep',
      task: 2,
      kind: 'overfix',
      *setup() {
        const w = yield* world();
        yield* bind(w);
        return w;
      },
      tasks: {
        *send(w) {
          expect_eq(yield* send(w), 0, 'xsk_sendmsg() of a socket that is bound');
          expect_eq(yield* xsk.xsk_bind(w.xs, w.eth1, 0), -EBUSY, 'xsk_bind() to another device');
        },
        *softirq(w) {
          const other = yield* receive(w, w.eth0, 0);
          expect_eq(other, -EINVAL, 'xsk_rcv() of a packet of another queue');
          const ret = yield* receive(w, w.eth0, QUEUE);
          expect_eq(ret, 0, 'xsk_rcv() of a packet for this socket');
        },
      },
      check: free,
    }),
    scenario({
      id: 'two-binds',
      title: 'of two that bind a socket at once one gets -EBUSY, and has changed nothing',
      task: 2,
      kind: 'race',
      *setup() {
        return { ...(yield* world()), bound: [] as Device[] };
      },
      tasks: {
        *'bind/a'({ xs, eth0, bound }) {
          const ret = yield* xsk.xsk_bind(xs, eth0, QUEUE);
          if (ret !== -EBUSY) expect_eq(ret, 0, 'xsk_bind()');
          if (ret === 0) bound.push(eth0);
        },
        *'bind/b'({ xs, eth1, bound }) {
          const ret = yield* xsk.xsk_bind(xs, eth1, 0);
          if (ret !== -EBUSY) expect_eq(ret, 0, 'xsk_bind()');
          if (ret === 0) bound.push(eth1);
        },
      },
      *check(w) {
        expect_eq(w.bound.length, 1, 'binds that succeeded');
        expect_eq(yield* send(w), 0, 'xsk_sendmsg() of a socket that is bound');
        for (const [dev, queue] of [
          [w.eth0, QUEUE],
          [w.eth1, 0],
        ] as const) {
          const expected = w.bound.includes(dev) ? 0 : -EINVAL;
          expect_eq(yield* receive(w, dev, queue), expected, 'xsk_rcv() after two binds');
        }
        yield* free(w);
      },
    }),
    scenario({
      id: 'two-sockets',
      title: 'two sockets are bound at once, each to its own queue',
      task: 2,
      kind: 'overfix',
      *setup() {
        const w = yield* world();
        const xs = yield* kzalloc(xsk.xdp_sock, GFP_KERNEL);
        if (xs === null) throw new Error('set-up code has no memory');
        return { ...w, second: { ...w, xs } };
      },
      tasks: {
        'bind/a': (w) => bind(w),
        'bind/b': ({ second }) => bind(second),
      },
      *check(w) {
        yield* sends(w);
        yield* sends(w.second);
        yield* kfree(w.second.xs);
        yield* free(w);
      },
    }),
    scenario({
      id: 'cannot-send',
      title: 'a device that cannot send gives -ENXIO, and receives all the same',
      task: 2,
      kind: 'function',
      setup: world,
      tasks: {
        *user(w) {
          w.eth0.ndo_xsk_wakeup = null;
          yield* bind(w);
          expect_eq(yield* send(w), -ENXIO, 'xsk_sendmsg() of a device that cannot send');
          expect_eq(yield* receive(w, w.eth0, QUEUE), 0, 'xsk_rcv() of a packet for this socket');
        },
      },
      check: free,
    }),
    scenario({
      id: 'one-by-one',
      title: 'a socket takes its own packets only, and is bound once',
      task: 2,
      kind: 'function',
      setup: world,
      tasks: {
        *user(w) {
          expect_eq(yield* send(w), -ENXIO, 'xsk_sendmsg() of a new socket');
          for (const queue of [0, QUEUE])
            expect_eq(yield* receive(w, w.eth0, queue), -EINVAL, 'xsk_rcv() of a new socket');
          for (const [dev, none] of [
            [w.eth0, 4],
            [w.eth1, 2],
          ] as const) {
            expect_eq(yield* xsk.xsk_bind(w.xs, dev, none), -EINVAL, 'xsk_bind() to no queue');
          }
          expect_no_locks('xsk_bind()');
          expect_eq(yield* send(w), -ENXIO, 'xsk_sendmsg() of a socket that is not bound');
          yield* bind(w);
          yield* sends(w);
          for (const [dev, queue] of [
            [w.eth0, 0],
            [w.eth0, 1],
            [w.eth0, 2],
            [w.eth1, QUEUE],
            [w.eth1, 0],
          ] as const) {
            expect_eq(
              yield* receive(w, dev, queue),
              -EINVAL,
              "xsk_rcv() of somebody else's packet",
            );
          }
          yield* bind(w, -EBUSY);
          yield* sends(w);
        },
      },
      check: free,
    }),
  ];
});
