// SPDX-License-Identifier: GPL-2.0-only
/** What must hold of a ring and its timer: they belong together, from the beginning to the end, whatever the version becomes. */
import {
  allocated,
  atomic_inc,
  atomic_read,
  DEFINE_ATOMIC,
  EBUSY,
  EINVAL,
  ENOMEM,
  expect_eq,
  expect_no_locks,
  expect_true,
  type Op,
  scenario,
  settle,
  type StructOf,
  suite,
} from '#lib';

type Packet = typeof import('./af_packet');
type Sock = StructOf<Packet['packet_sock']>;

const rings_made = DEFINE_ATOMIC('rings_made', 0);

export default suite<Packet>((packet) => {
  const { TPACKET_V1, TPACKET_V2, TPACKET_V3 } = packet;

  function* version(po: Sock, val: number, result = 0): Op<void> {
    expect_eq(yield* packet.packet_version(po, val), result, 'setsockopt(PACKET_VERSION)');
    expect_no_locks('packet_version()');
  }
  /** There may be a ring. */
  function* mayVersion(po: Sock, val: number): Op<void> {
    const err = yield* packet.packet_version(po, val);
    expect_true(err === 0 || err === -EBUSY, `setsockopt(PACKET_VERSION) gives ${err}`);
    expect_no_locks('packet_version()');
  }
  function* ring(po: Sock, blocks: number, result = 0): Op<void> {
    expect_eq(yield* packet.packet_rx_ring(po, blocks), result, 'setsockopt(PACKET_RX_RING)');
    expect_no_locks('packet_rx_ring()');
  }
  function* mayRing(po: Sock): Op<void> {
    const err = yield* packet.packet_rx_ring(po, 1);
    expect_true(err === 0 || err === -EBUSY, `setsockopt(PACKET_RX_RING) gives ${err}`);
    if (err === 0) yield* atomic_inc(rings_made);
    expect_no_locks('packet_rx_ring()');
  }
  function* open(val: number): Op<Sock> {
    const po = yield* packet.packet_create();
    if (po === null) throw new Error('set-up code has no memory');
    yield* version(po, val);
    return po;
  }
  function* ringed(val: number): Op<Sock> {
    const po = yield* open(val);
    yield* ring(po, 1);
    return po;
  }
  function* close(po: Sock): Op<void> {
    yield* packet.packet_release(po);
    expect_no_locks('packet_release()');
  }
  function* gone(): Op<void> {
    yield* settle();
    expect_eq(allocated(packet.packet_sock), 0, 'sockets that are left');
  }
  /** The blocks that its timer has retired. */
  function* retired(po: Sock, times: number): Op<void> {
    yield* settle();
    expect_eq(po.rx_ring.pg_vec?.[0]?.retired, times, 'blocks that were retired');
  }
  function* closed(po: Sock): Op<void> {
    yield* close(po);
    yield* gone();
  }

  return [
    scenario({
      id: 'ring-vs-version',
      title: 'the version changes while a ring is made: its timer does not outlive the socket',
      task: 1,
      kind: 'race',
      setup: () => open(TPACKET_V3),
      tasks: { ring: (po) => ring(po, 1), version: (po) => mayVersion(po, TPACKET_V1) },
      *check(po) {
        yield* retired(po, po.tp_version === TPACKET_V3 ? 2 : 0);
        yield* closed(po);
      },
    }),
    scenario({
      id: 'ring-vs-version-3',
      title: 'the version becomes 3 while a ring is made: no timer is ended that never was',
      task: 1,
      kind: 'race',
      setup: () => open(TPACKET_V1),
      tasks: { ring: (po) => ring(po, 1), version: (po) => mayVersion(po, TPACKET_V3) },
      *check(po) {
        yield* retired(po, po.tp_version === TPACKET_V3 ? 2 : 0);
        yield* closed(po);
      },
    }),
    scenario({
      id: 'two-rings',
      title: 'two make a ring at once, and there is one',
      task: 1,
      kind: 'race',
      setup: () => open(TPACKET_V3),
      tasks: { 'ring/a': mayRing, 'ring/b': mayRing },
      alike: [['ring/a', 'ring/b']],
      *check(po) {
        expect_eq(yield* atomic_read(rings_made), 1, 'rings that were made');
        yield* closed(po);
      },
    }),
    scenario({
      id: 'close',
      title: 'the timer may expire while the socket is closed',
      task: 1,
      kind: 'overfix',
      setup: () => ringed(TPACKET_V3),
      tasks: { close },
      check: gone,
    }),
    scenario({
      id: 'ring-removed',
      title: 'a ring is taken away, and its timer with it',
      task: 2,
      kind: 'race',
      setup: () => ringed(TPACKET_V3),
      tasks: { ring: (po) => ring(po, 0) },
      check: closed,
    }),
    scenario({
      id: 'removed-vs-version',
      title: 'also when the version changes at this moment',
      task: 2,
      kind: 'race',
      setup: () => ringed(TPACKET_V3),
      expiries: { retire_blk_timer: 1 },
      tasks: { ring: (po) => ring(po, 0), version: (po) => mayVersion(po, TPACKET_V1) },
      *check(po) {
        yield* version(po, TPACKET_V3);
        yield* closed(po);
      },
    }),
    scenario({
      id: 'removed-vs-ring',
      title: 'or when another ring is made at this moment',
      task: 2,
      kind: 'race',
      setup: () => ringed(TPACKET_V3),
      expiries: { retire_blk_timer: 1 },
      tasks: { remove: (po) => ring(po, 0), ring: mayRing },
      check: closed,
    }),
    scenario({
      id: 'ring-vs-removed',
      title: 'a ring is taken away as soon as it is there',
      task: 2,
      kind: 'race',
      setup: () => open(TPACKET_V3),
      expiries: { retire_blk_timer: 1 },
      tasks: { ring: (po) => ring(po, 1), remove: (po) => ring(po, 0) },
      check: closed,
    }),
    scenario({
      id: 'another-ring',
      title: 'a ring that follows another one has a timer of its own if its version is 3',
      task: 3,
      kind: 'function',
      *setup() {
        const po = yield* ringed(TPACKET_V3);
        yield* ring(po, 0);
        yield* version(po, TPACKET_V2);
        yield* ring(po, 2);
        yield* ring(po, 0);
        yield* ring(po, 0);
        yield* version(po, TPACKET_V3);
        yield* ring(po, 1);
        yield* ring(po, 1, -EBUSY);
        yield* version(po, TPACKET_V1, -EBUSY);
        return po;
      },
      tasks: {},
      *check(po) {
        yield* retired(po, 2);
        yield* closed(po);
      },
    }),
    scenario({
      id: 'no-timer',
      title: 'a ring of another version has no timer',
      task: 3,
      kind: 'overfix',
      setup: () => ringed(TPACKET_V1),
      tasks: {
        *user(po) {
          yield* ring(po, 0);
          yield* ring(po, 1);
        },
      },
      *check(po) {
        yield* retired(po, 0);
        yield* closed(po);
      },
    }),
    scenario({
      id: 'what-is-refused',
      title: 'there is one ring, and the version is fixed while there is one',
      task: 3,
      kind: 'function',
      setup: () => open(TPACKET_V1),
      tasks: {
        *user(po) {
          yield* version(po, 3, -EINVAL);
          yield* ring(po, 2);
          yield* ring(po, 1, -EBUSY);
          yield* version(po, TPACKET_V3, -EBUSY);
          yield* ring(po, 0);
          yield* version(po, TPACKET_V2);
          expect_eq(po.tp_version, TPACKET_V2, 'the version');
        },
      },
      check: closed,
    }),
    scenario({
      id: 'no-memory',
      title: 'without memory there is no ring and no timer, and one may try again',
      task: 3,
      kind: 'function',
      setup: () => open(TPACKET_V3),
      failures: { kzalloc: 1 },
      tasks: {
        *user(po) {
          const err = yield* packet.packet_rx_ring(po, 1);
          expect_no_locks('packet_rx_ring()');
          if (err === 0) return;
          expect_eq(err, -ENOMEM, 'setsockopt(PACKET_RX_RING)');
          yield* ring(po, 1);
        },
      },
      *check(po) {
        yield* retired(po, 2);
        yield* closed(po);
      },
    }),
    scenario({
      id: 'no-socket',
      title: 'without memory there is no socket',
      task: 3,
      kind: 'function',
      stepsMax: 400,
      failures: { kzalloc: 1000 },
      tasks: {
        *user() {
          const po = yield* packet.packet_create();
          if (po !== null) yield* close(po);
        },
      },
      check: gone,
    }),
  ];
});
