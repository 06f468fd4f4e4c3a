// SPDX-License-Identifier: GPL-2.0-only
/** What must hold of packets that come in while sockets join and leave: each goes to a socket of the group, if there is one. */
import {
  expect_eq,
  expect_no_locks,
  expect_true,
  GFP_KERNEL,
  kfree,
  kzalloc,
  type Op,
  rcu_read_lock,
  rcu_read_unlock,
  scenario,
  spin_lock_init,
  type StructOf,
  suite,
  synchronize_rcu,
} from '#lib';

type Packet = typeof import('./af_packet');
type Sock = StructOf<Packet['packet_sock']>;
interface World {
  readonly f: StructOf<Packet['packet_fanout']>;
  readonly first: Sock;
  readonly second: Sock;
}

/** The CPUs on which packets come in. */
const CPUS = [1, 0];

export default suite<Packet>((packet) => {
  function* socket(num: number): Op<Sock> {
    const po = yield* kzalloc(packet.packet_sock, GFP_KERNEL);
    if (po === null) throw new Error('set-up code has no memory');
    po.num = num;
    return po;
  }
  function* group(): Op<World> {
    const f = yield* kzalloc(packet.packet_fanout, GFP_KERNEL);
    if (f === null) throw new Error('set-up code has no memory');
    yield* spin_lock_init(f.lock);
    return { f, first: yield* socket(1), second: yield* socket(2) };
  }
  function* one(): Op<World> {
    const w = yield* group();
    yield* packet.__fanout_link(w.first, w.f);
    return w;
  }
  function* both(): Op<World> {
    const w = yield* one();
    yield* packet.__fanout_link(w.second, w.f);
    return w;
  }
  /** Gives the number of the socket that gets the packet; 0 for none. */
  function* receive({ f }: World, cpu: number): Op<number> {
    yield* rcu_read_lock();
    const po = yield* packet.packet_rcv_fanout(f, cpu);
    const num = po === null ? 0 : po.num;
    yield* rcu_read_unlock();
    expect_no_locks('packet_rcv_fanout()');
    return num;
  }
  /** A packet on each CPU, and none may be dropped. */
  function* receiveAll(w: World): Op<void> {
    for (const cpu of CPUS) {
      const num = yield* receive(w, cpu);
      expect_true(num !== 0, 'a packet was dropped although a socket is in the group');
    }
  }
  function* close({ f }: World, po: Sock): Op<void> {
    yield* packet.__fanout_unlink(po, f);
    expect_no_locks('__fanout_unlink()');
    yield* synchronize_rcu();
    yield* kfree(po);
  }

  return [
    scenario({
      id: 'last-leaves',
      title: 'a packet comes in while the last socket leaves: it is dropped or received',
      task: 1,
      kind: 'race',
      setup: one,
      tasks: {
        close: (w) => close(w, w.first),
        *softirq(w) {
          for (const cpu of CPUS) yield* receive(w, cpu);
        },
      },
      *check(w) {
        expect_eq(yield* receive(w, 1), 0, 'the socket of a packet when nobody is left');
        yield* kfree(w.second);
        yield* kfree(w.f);
      },
    }),
    scenario({
      id: 'one-leaves',
      title: 'a packet that comes in while one of two sockets leaves is not lost',
      task: 2,
      kind: 'overfix',
      setup: both,
      tasks: {
        close: (w) => close(w, w.first),
        softirq: receiveAll,
      },
      *check(w) {
        expect_eq(yield* receive(w, 1), 2, 'the socket of a packet when the first one has left');
        yield* close(w, w.second);
        yield* kfree(w.f);
      },
    }),
    scenario({
      id: 'one-joins',
      title: 'a packet that comes in while a second socket joins is not lost',
      task: 2,
      kind: 'overfix',
      setup: one,
      tasks: {
        join: (w) => packet.__fanout_link(w.second, w.f),
        softirq: receiveAll,
      },
      *check(w) {
        expect_eq(yield* receive(w, 1), 2, 'the socket of a packet on CPU 1 of two sockets');
        yield* close(w, w.first);
        yield* close(w, w.second);
        yield* kfree(w.f);
      },
    }),
    scenario({
      id: 'two-join',
      title: 'two sockets join at once, and both get packets',
      task: 2,
      kind: 'function',
      setup: group,
      tasks: {
        first: (w) => packet.__fanout_link(w.first, w.f),
        second: (w) => packet.__fanout_link(w.second, w.f),
      },
      *check(w) {
        const nums = [yield* receive(w, 0), yield* receive(w, 1)].sort();
        expect_eq(nums.join(), '1,2', 'the sockets of a packet on CPU 0 and one on CPU 1');
        yield* close(w, w.first);
        yield* close(w, w.second);
        yield* kfree(w.f);
      },
    }),
    scenario({
      id: 'two-leave',
      title: 'two sockets leave at once, and nobody is left',
      task: 2,
      kind: 'function',
      setup: both,
      tasks: { first: (w) => close(w, w.first), second: (w) => close(w, w.second) },
      *check(w) {
        expect_eq(yield* receive(w, 0), 0, 'the socket of a packet when nobody is left');
        yield* kfree(w.f);
      },
    }),
    scenario({
      id: 'two-groups',
      title: 'the packets of one group are not lost while the last socket leaves another',
      task: 2,
      kind: 'overfix',
      *setup() {
        const w = yield* one();
        const other = yield* group();
        yield* packet.__fanout_link(other.second, other.f);
        return { ...w, other };
      },
      tasks: {
        close: (w) => close(w, w.first),
        softirq: (w) => receiveAll(w.other),
      },
      *check(w) {
        const { other } = w;
        expect_eq(yield* receive(w, 1), 0, 'the socket of a packet when nobody is left');
        expect_eq(yield* receive(other, 1), 2, 'the socket of a packet of the other group');
        yield* close(other, other.second);
        for (const memory of [w.second, w.f, other.first, other.f]) yield* kfree(memory);
      },
    }),
    scenario({
      id: 'one-by-one',
      title: 'packets are shared between the sockets that are there',
      task: 2,
      kind: 'function',
      setup: group,
      tasks: {
        *user(w) {
          expect_eq(yield* receive(w, 0), 0, 'the socket of a packet of an empty group');
          yield* packet.__fanout_link(w.first, w.f);
          for (const cpu of [0, 1, 2, 3]) {
            expect_eq(yield* receive(w, cpu), 1, `the socket of a packet on CPU ${cpu} of one`);
          }
          yield* packet.__fanout_link(w.second, w.f);
          for (const cpu of [0, 1, 2, 3]) {
            const num = yield* receive(w, cpu);
            expect_eq(num, (cpu % 2) + 1, `the socket of a packet on CPU ${cpu} of two`);
          }
          yield* close(w, w.first);
          for (const cpu of [0, 1, 2, 3]) {
            expect_eq(
              yield* receive(w, cpu),
              2,
              `the socket of a packet on CPU ${cpu} of the second`,
            );
          }
          yield* close(w, w.second);
          expect_eq(yield* receive(w, 1), 0, 'the socket of a packet when nobody is left');
        },
      },
      *check(w) {
        yield* kfree(w.f);
      },
    }),
  ];
});
