// SPDX-License-Identifier: GPL-2.0-only
/** What must hold of a socket that is used while it is connected to elsewhere: nobody uses what belongs to a transport that is gone. */
import {
  allocated,
  atomic_read,
  atomic_set,
  complete,
  container_of,
  DEFINE_ATOMIC,
  DECLARE_COMPLETION,
  DEFINE_STATIC,
  ECONNRESET,
  EISCONN,
  ENODEV,
  ENOMEM,
  ENOPROTOOPT,
  expect_eq,
  expect_no_locks,
  expect_true,
  GFP_KERNEL,
  INIT_WORK,
  int,
  kmalloc,
  type Op,
  ptr,
  scenario,
  schedule,
  schedule_work,
  settle,
  sock_hold,
  sock_put,
  struct,
  type StructOf,
  suite,
  wait_for_completion,
  work_struct,
} from '#lib';

type Vsock = typeof import('./af_vsock');
type Sock = StructOf<Vsock['vsock_sock']>;
type Transport = StructOf<Vsock['virtio_transport']>;

/** The other end of a transport. */
const peer = struct('peer', {
  work: work_struct,
  transport: ptr.unchecked<Transport>(),
  vsk: ptr.unchecked<Sock>(),
  answer: int /* to a request; 0: none */,
});
const machine = DEFINE_STATIC('machine', peer);
const guest = DEFINE_STATIC('guest', peer);
const GUEST = 3;
/** The peer has so much room. */
const ROOM = 2;

/** The size of the buffer that the last peer knows. */
const told = DEFINE_ATOMIC('told', 0);
const resets = DEFINE_ATOMIC('resets', 0);
const asked = DECLARE_COMPLETION('asked');

export default suite<Vsock>((vsock) => {
  const { EPOLLIN, EPOLLOUT } = vsock;
  const { VIRTIO_VSOCK_OP_REQUEST: REQUEST, VIRTIO_VSOCK_OP_RESPONSE: RESPONSE } = vsock;
  const { VIRTIO_VSOCK_OP_RST: RST, VIRTIO_VSOCK_OP_RW: RW } = vsock;
  const { VIRTIO_VSOCK_OP_CREDIT_UPDATE: CREDIT_UPDATE } = vsock;
  const { SO_VM_SOCKETS_BUFFER_SIZE, SO_VM_SOCKETS_BUFFER_MAX_SIZE } = vsock;

  /** A packet comes, over a transport. */
  function* deliver(t: Transport, vsk: Sock, op: number, len: number, room: number): Op<void> {
    const pkt = yield* kmalloc(vsock.virtio_vsock_pkt, GFP_KERNEL);
    if (pkt === null) throw new Error('the peer has no memory');
    pkt.op = op;
    pkt.len = len;
    pkt.buf_alloc = room;
    yield* vsock.virtio_transport_recv_pkt(t, vsk, pkt);
  }
  function* packet(t: Transport, vsk: Sock, op: number, len = 0, room = ROOM): Op<void> {
    yield* deliver(t, vsk, op, len, room);
    expect_no_locks('virtio_transport_recv_pkt()');
  }
  /** The socket was found, and is held until the packet is delivered. */
  function* answer(work: work_struct): Op<void> {
    const { transport, vsk, answer: its } = container_of(work, peer, 'work');
    yield* deliver(transport, vsk, its, 0, ROOM);
    yield* sock_put(vsk.sk);
  }
  function* meet(p: StructOf<typeof peer>, transport: Transport, its: number): Op<void> {
    yield* INIT_WORK(p.work, answer);
    p.transport = transport;
    p.answer = its;
    transport.send_pkt = function* (vsk, op, buf_alloc) {
      if (op === RST) yield* atomic_set(resets, 1 + (yield* atomic_read(resets)));
      else yield* atomic_set(told, buf_alloc);
      if (op !== REQUEST) return;
      if (p.answer === 0) return yield* complete(asked);
      yield* sock_hold(vsk.sk);
      p.vsk = vsk;
      yield* schedule_work(p.work);
    };
  }
  /** Nobody listens on this machine. In the guest somebody does, or does not, or does not answer. */
  function* world(guests = RESPONSE): Op<Sock> {
    yield* vsock.vsock_init();
    yield* meet(machine, vsock.vsock_loopback, RST);
    yield* meet(guest, vsock.vhost_transport, guests);
    return yield* opened();
  }
  function* opened(): Op<Sock> {
    const vsk = yield* vsock.vsock_create();
    if (vsk === null) throw new Error('set-up code has no memory');
    return vsk;
  }
  /** A task that has waited runs again: only somebody else's turn makes it pause. */
  function* connecting(vsk: Sock, cid: number): Op<number> {
    const err = yield* vsock.vsock_stream_connect(vsk, cid);
    expect_no_locks('vsock_stream_connect()');
    yield* schedule();
    return err;
  }
  function* connect(vsk: Sock, cid: number, result = 0): Op<void> {
    expect_eq(yield* connecting(vsk, cid), result, `connect() to ${cid}`);
  }
  const nowhere = (vsk: Sock): Op<void> => connect(vsk, vsock.VMADDR_CID_HOST, -ENODEV);
  /** The machine has refused the socket, which keeps its transport. */
  function* refused(guests = RESPONSE): Op<Sock> {
    const vsk = yield* world(guests);
    yield* connect(vsk, vsock.VMADDR_CID_LOCAL, -ECONNRESET);
    return vsk;
  }
  function* setsockopt(vsk: Sock, optname: number, val: number, result = 0): Op<void> {
    const err = yield* vsock.vsock_stream_setsockopt(vsk, optname, val);
    expect_eq(err, result, 'setsockopt()');
    expect_no_locks('vsock_stream_setsockopt()');
  }
  const size = (vsk: Sock, val = 6): Op<void> => setsockopt(vsk, SO_VM_SOCKETS_BUFFER_SIZE, val);
  function* poll(vsk: Sock): Op<number> {
    const mask = yield* vsock.vsock_poll(vsk);
    expect_no_locks('vsock_poll()');
    return mask;
  }
  function* polled(vsk: Sock, mask: number): Op<void> {
    expect_eq(yield* poll(vsk), mask, 'what poll() gives');
  }
  function* knows(bytes: number): Op<void> {
    expect_eq(yield* atomic_read(told), bytes, 'the size of the buffer that the peer knows');
  }
  /** Data for which there is just room comes; a byte more does not. */
  function* receives(vsk: Sock, bytes: number): Op<void> {
    yield* polled(vsk, EPOLLOUT);
    yield* packet(vsock.vhost_transport, vsk, RW, bytes + 1);
    yield* polled(vsk, EPOLLOUT);
    yield* packet(vsock.vhost_transport, vsk, RW, bytes);
    yield* polled(vsk, EPOLLIN | EPOLLOUT);
  }
  function* gone(): Op<void> {
    yield* settle();
    expect_eq(allocated(vsock.vsock_sock), 0, 'sockets that are left');
    expect_eq(allocated(vsock.virtio_vsock_sock), 0, 'data of transports that are left');
    expect_eq(allocated(vsock.virtio_vsock_pkt), 0, 'packets that are left');
  }
  function* close(vsk: Sock): Op<void> {
    yield* vsock.vsock_release(vsk);
    yield* gone();
  }
  /** After a failed connect, the socket may be used as if new; its buffer has this size. */
  function* usable(vsk: Sock, bytes: number): Op<void> {
    yield* polled(vsk, EPOLLOUT);
    yield* connect(vsk, GUEST);
    yield* knows(bytes);
    yield* receives(vsk, bytes);
    yield* close(vsk);
  }
  /** A packet of the peer that the socket had before, while it is connected to a guest. */
  const late = {
    task: 2,
    kind: 'race',
    setup: () => refused(),
  } as const;
  function lately(op: number, len = 0, room = 0): (vsk: Sock) => Op<void> {
    return (vsk) => packet(vsock.vsock_loopback, vsk, op, len, room);
  }

  return [
    scenario({
      id: 'size-vs-connect',
      title:
        'the size of the buffer is set while the socket is connected to elsewhere, which fails',
      task: 1,
      kind: 'race',
      setup: () => refused(),
      tasks: { size: (vsk) => size(vsk), connect: nowhere },
      check: (vsk) => usable(vsk, 6),
    }),
    scenario({
      id: 'max-vs-connect',
      title: 'so is the size that it may have at most',
      task: 1,
      kind: 'race',
      setup: () => refused(),
      tasks: { max: (vsk) => setsockopt(vsk, SO_VM_SOCKETS_BUFFER_MAX_SIZE, 3), connect: nowhere },
      check: (vsk) => usable(vsk, 3),
    }),
    scenario({
      id: 'poll-vs-connect',
      title: 'somebody looks whether there is data while the socket is connected to elsewhere',
      task: 1,
      kind: 'race',
      setup: () => refused(),
      tasks: { poll: (vsk) => polled(vsk, EPOLLOUT), connect: nowhere },
      check: (vsk) => usable(vsk, 4),
    }),
    scenario({
      id: 'size-vs-first-connect',
      title: 'the peer knows the size that is set while the socket is connected for the first time',
      task: 1,
      kind: 'race',
      setup: () => world(),
      tasks: { size: (vsk) => size(vsk), connect: (vsk) => connect(vsk, GUEST) },
      *check(vsk) {
        yield* knows(6);
        yield* receives(vsk, 6);
        yield* close(vsk);
      },
    }),
    scenario({
      id: 'poll-vs-reconnect',
      title: 'somebody looks for data while the socket gets another transport',
      task: 1,
      kind: 'race',
      setup: () => refused(),
      tasks: {
        *poll(vsk) {
          const mask = yield* poll(vsk);
          expect_true(mask === 0 || mask === EPOLLOUT, `poll() gives ${mask}`);
        },
        connect: (vsk) => connect(vsk, GUEST),
      },
      *check(vsk) {
        yield* receives(vsk, 4);
        yield* close(vsk);
      },
    }),
    scenario({
      ...late,
      id: 'packet-vs-connect',
      title: 'a late packet comes while the socket is connected to elsewhere, which fails',
      tasks: { packet: lately(CREDIT_UPDATE), connect: nowhere },
      check: (vsk) => usable(vsk, 4),
    }),
    scenario({
      ...late,
      id: 'late-answer',
      title: 'a late answer of one peer is not the answer of another',
      setup: () => refused(RST),
      tasks: {
        packet: lately(RESPONSE),
        connect: (vsk) => connect(vsk, GUEST, -ECONNRESET),
      },
      check: close,
    }),
    scenario({
      ...late,
      id: 'late-refusal',
      title: 'nor is a late refusal',
      tasks: { packet: lately(RST), connect: (vsk) => connect(vsk, GUEST) },
      *check(vsk) {
        yield* receives(vsk, 4);
        yield* close(vsk);
      },
    }),
    scenario({
      ...late,
      id: 'late-credit',
      title: 'whether there is room at one peer says nothing about another',
      tasks: { packet: lately(CREDIT_UPDATE), connect: (vsk) => connect(vsk, GUEST) },
      *check(vsk) {
        yield* receives(vsk, 4);
        yield* close(vsk);
      },
    }),
    scenario({
      ...late,
      id: 'late-data',
      title: 'late data of one peer is not the data of another',
      tasks: { packet: lately(RW, 1, 1), connect: (vsk) => connect(vsk, GUEST) },
      *check(vsk) {
        yield* receives(vsk, 4);
        yield* close(vsk);
      },
    }),
    scenario({
      id: 'packet-vs-close',
      title: 'a packet comes while the socket is closed',
      task: 3,
      kind: 'overfix',
      *setup() {
        const vsk = yield* refused();
        yield* sock_hold(vsk.sk);
        return vsk;
      },
      tasks: {
        *packet(vsk) {
          yield* packet(vsock.vsock_loopback, vsk, CREDIT_UPDATE);
          yield* sock_put(vsk.sk);
        },
        close: (vsk) => vsock.vsock_release(vsk),
      },
      check: gone,
    }),
    scenario({
      id: 'while-it-waits',
      title: 'while a socket waits for its peer, it can be used, and so can others',
      task: 3,
      kind: 'overfix',
      *setup() {
        return { vsk: yield* refused(0), other: yield* opened() };
      },
      tasks: {
        connect: ({ vsk }) => connect(vsk, GUEST),
        *user({ vsk, other }) {
          yield* wait_for_completion(asked);
          yield* size(vsk);
          yield* knows(6);
          yield* setsockopt(vsk, SO_VM_SOCKETS_BUFFER_MAX_SIZE, 3);
          yield* knows(3);
          yield* polled(vsk, 0);
          yield* size(other);
          yield* polled(other, EPOLLOUT);
          yield* nowhere(other);
          yield* packet(vsock.vhost_transport, vsk, CREDIT_UPDATE);
          yield* polled(vsk, 0);
          yield* packet(vsock.vhost_transport, vsk, RESPONSE);
        },
      },
      *check({ vsk, other }) {
        yield* receives(vsk, 3);
        yield* vsock.vsock_release(other);
        yield* close(vsk);
      },
    }),
    scenario({
      id: 'two-connects',
      title: 'two connect a socket to the same peer, and it is connected once',
      task: 3,
      kind: 'overfix',
      setup: () => world(),
      tasks: {
        'connect/a': (vsk) => mayConnect(vsk, GUEST),
        'connect/b': (vsk) => mayConnect(vsk, GUEST),
      },
      alike: [['connect/a', 'connect/b']],
      *check(vsk) {
        yield* connect(vsk, GUEST, -EISCONN);
        yield* receives(vsk, 4);
        yield* close(vsk);
      },
    }),
    scenario({
      id: 'refused-and-again',
      title: 'a socket is refused, and connected again, while somebody else waits for an answer',
      task: 3,
      kind: 'function',
      setup: () => world(),
      tasks: {
        *again(vsk) {
          yield* mayConnect(vsk, vsock.VMADDR_CID_LOCAL, -ECONNRESET);
          yield* mayConnect(vsk, GUEST, -ECONNRESET);
        },
        other: (vsk) => mayConnect(vsk, vsock.VMADDR_CID_LOCAL, -ECONNRESET),
      },
      *check(vsk) {
        yield* mayConnect(vsk, GUEST);
        yield* receives(vsk, 4);
        yield* close(vsk);
      },
    }),
    scenario({
      id: 'data-vs-user',
      title: 'data comes while the user of the socket looks for it, and sets a size',
      task: 3,
      kind: 'overfix',
      *setup() {
        const vsk = yield* world();
        yield* connect(vsk, GUEST);
        return vsk;
      },
      tasks: {
        packet: (vsk) => packet(vsock.vhost_transport, vsk, RW, 4),
        *user(vsk) {
          const mask = yield* poll(vsk);
          expect_true((mask | EPOLLIN) === (EPOLLIN | EPOLLOUT), `poll() gives ${mask}`);
          yield* size(vsk, 3);
        },
      },
      *check(vsk) {
        yield* knows(3);
        yield* close(vsk);
      },
    }),
    scenario({
      id: 'one-by-one',
      title: 'sockets are connected, and their buffers have the size that was set',
      task: 3,
      kind: 'function',
      setup: () => world(),
      tasks: {
        *user(vsk) {
          yield* polled(vsk, EPOLLOUT);
          yield* setsockopt(vsk, 1, 5, -ENOPROTOOPT);
          yield* nowhere(vsk);
          yield* connect(vsk, vsock.VMADDR_CID_LOCAL, -ECONNRESET);
          yield* knows(4);
          yield* size(vsk, 9);
          yield* knows(8);
          yield* setsockopt(vsk, SO_VM_SOCKETS_BUFFER_MAX_SIZE, 7);
          yield* knows(7);
          yield* size(vsk, 5);
          yield* knows(5);
          yield* atomic_set(told, 0);
          yield* size(vsk, 5);
          yield* knows(0);
          yield* connect(vsk, vsock.VMADDR_CID_LOCAL, -ECONNRESET);
          yield* connect(vsk, GUEST);
          yield* packet(vsock.vhost_transport, vsk, CREDIT_UPDATE, 1);
          yield* connect(vsk, GUEST, -EISCONN);
          yield* connect(vsk, vsock.VMADDR_CID_LOCAL, -EISCONN);
          yield* receives(vsk, 5);
          yield* packet(vsock.vhost_transport, vsk, CREDIT_UPDATE, 0, 0);
          yield* polled(vsk, EPOLLIN);
          yield* packet(vsock.vhost_transport, vsk, CREDIT_UPDATE);
          yield* polled(vsk, EPOLLIN | EPOLLOUT);
        },
      },
      check: close,
    }),
    scenario({
      id: 'not-expected',
      title: 'a packet that nobody expects is answered, and changes nothing',
      task: 3,
      kind: 'function',
      setup: () => refused(),
      tasks: {
        *peers(vsk) {
          yield* packet(vsock.vsock_loopback, vsk, RST);
          expect_eq(yield* atomic_read(resets), 0, 'answers to a refusal');
          yield* packet(vsock.vsock_loopback, vsk, RESPONSE);
          expect_eq(yield* atomic_read(resets), 1, 'answers to an answer');
          const { VMADDR_CID_LOCAL } = vsock;
          yield* connect(vsk, VMADDR_CID_LOCAL, -ECONNRESET);
        },
      },
      check: (vsk) => usable(vsk, 4),
    }),
    scenario({
      id: 'never-connected',
      title: 'a packet for a socket that was never connected is answered',
      task: 3,
      kind: 'function',
      setup: () => world(),
      tasks: { packet: lately(RESPONSE) },
      *check(vsk) {
        expect_eq(yield* atomic_read(resets), 1, 'answers');
        yield* usable(vsk, 4);
      },
    }),
    scenario({
      id: 'no-memory',
      title:
        'without memory a socket is not connected to another peer than before, and one may try again',
      task: 3,
      kind: 'function',
      setup: () => refused(),
      failures: { kzalloc: 1 },
      tasks: {
        *user(vsk) {
          yield* connect(vsk, vsock.VMADDR_CID_LOCAL, -ECONNRESET);
          const err = yield* connecting(vsk, GUEST);
          if (err === 0) return;
          expect_eq(err, -ENOMEM, 'connect()');
          yield* size(vsk, 4);
          yield* polled(vsk, EPOLLOUT);
          yield* packet(vsock.vsock_loopback, vsk, CREDIT_UPDATE);
          yield* packet(vsock.vhost_transport, vsk, CREDIT_UPDATE);
          yield* connect(vsk, GUEST);
        },
      },
      *check(vsk) {
        yield* receives(vsk, 4);
        yield* close(vsk);
      },
    }),
    scenario({
      id: 'no-socket',
      title: 'without memory there is no socket',
      task: 3,
      kind: 'function',
      failures: { kzalloc: 1 },
      tasks: {
        *user() {
          const vsk = yield* vsock.vsock_create();
          if (vsk !== null) yield* vsock.vsock_release(vsk);
        },
      },
      check: gone,
    }),
  ];

  /** Somebody else may connect the socket meanwhile, and may be refused. A task that is not refused has a connection. */
  function* mayConnect(vsk: Sock, cid: number, ...errors: readonly number[]): Op<void> {
    const err = yield* connecting(vsk, cid);
    if (errors.includes(err)) return;
    expect_true(err === 0 || err === -EISCONN, `connect() gives ${err}`);
    yield* polled(vsk, EPOLLOUT);
  }
});
