// SPDX-License-Identifier: GPL-2.0-only
/**
 * net/vmw_vsock/af_vsock.c and virtio_transport_common.c as of Linux 5.11-rc6, with commit c518adafa39f ("vsock: fix the race
 * conditions in multi-transport support", 2021) and what was still missing.
 *
 * vsock: sockets between a host and its virtual machines. A socket gets a transport when it is connected: one that leads to a guest,
 * or one that leads back to its own machine. Connected to elsewhere it gets another one.
 */
import {
  container_of,
  DEFINE_STATIC,
  ECONNRESET,
  EISCONN,
  ENODEV,
  ENOMEM,
  ENOPROTOOPT,
  EPROTO,
  finish_wait,
  fn,
  GFP_KERNEL,
  int,
  kfree,
  kzalloc,
  lock_sock,
  type Op,
  prepare_to_wait,
  ptr,
  READ_ONCE,
  release_sock,
  schedule,
  sk_sleep,
  sock,
  sock_init_data,
  sock_put,
  spin_lock_bh,
  spin_lock_init,
  spin_unlock_bh,
  spinlock_t,
  struct,
  type StructOf,
  TASK_UNINTERRUPTIBLE,
  wake_up,
  WRITE_ONCE,
} from '#lib';

export const VMADDR_CID_LOCAL = 1; /* this machine */
export const VMADDR_CID_HOST = 2; /* whoever runs this machine; larger numbers are guests */

export const SO_VM_SOCKETS_BUFFER_SIZE = 0;
export const SO_VM_SOCKETS_BUFFER_MAX_SIZE = 2;

const VSOCK_DEFAULT_BUFFER_SIZE = 4;
const VSOCK_DEFAULT_BUFFER_MAX_SIZE = 8;

export const EPOLLIN = 1;
export const EPOLLOUT = 4;

/* what a packet says */
export const VIRTIO_VSOCK_OP_REQUEST = 1;
export const VIRTIO_VSOCK_OP_RESPONSE = 2;
export const VIRTIO_VSOCK_OP_RST = 3;
export const VIRTIO_VSOCK_OP_RW = 5;
export const VIRTIO_VSOCK_OP_CREDIT_UPDATE = 6;

/* of a connection: sk_state */
const TCP_ESTABLISHED = 1;
const TCP_SYN_SENT = 2;
const TCP_CLOSE = 7;

/* of a socket: what its user has done with it */
const SS_UNCONNECTED = 1;
const SS_CONNECTING = 2;
const SS_CONNECTED = 3;

/** What a transport knows of one socket. */
export const virtio_vsock_sock = struct('virtio_vsock_sock', {
  tx_lock: spinlock_t,
  peer_buf_alloc: int /* what the peer has room for; protected by tx_lock */,
  buf_alloc: int /* what there is room for here */,
  rx_bytes: int /* what has come, and nobody has read */,
});
export interface virtio_vsock_sock extends StructOf<typeof virtio_vsock_sock> {}

/** What a transport can do. */
export const vsock_transport = struct('vsock_transport', {
  init: fn.unchecked<(vsk: vsock_sock) => Op<number>>(),
  destruct: fn.unchecked<(vsk: vsock_sock) => Op<void>>(),
  connect: fn.unchecked<(vsk: vsock_sock) => Op<void>>(),
  stream_has_data: fn.unchecked<(vsk: vsock_sock) => Op<number>>(),
  stream_has_space: fn.unchecked<(vsk: vsock_sock) => Op<number>>(),
  notify_poll_in: fn.unchecked<(vsk: vsock_sock) => Op<boolean>>(),
  notify_poll_out: fn.unchecked<(vsk: vsock_sock) => Op<boolean>>(),
  notify_buffer_size: fn.unchecked<(vsk: vsock_sock, val: number) => Op<void>>(),
});
export interface vsock_transport extends StructOf<typeof vsock_transport> {}

/** A transport of virtio; they differ in where their packets go. */
export const virtio_transport = struct('virtio_transport', {
  transport: vsock_transport,
  send_pkt: fn.unchecked<(vsk: vsock_sock, op: number, buf_alloc: number) => Op<void>>(),
});
export interface virtio_transport extends StructOf<typeof virtio_transport> {}

export const virtio_vsock_pkt = struct('virtio_vsock_pkt', {
  op: int,
  len: int,
  buf_alloc: int /* what its sender has room for */,
});
export interface virtio_vsock_pkt extends StructOf<typeof virtio_vsock_pkt> {}

export const vsock_sock = struct('vsock_sock', {
  sk: sock,
  state: int /* of the struct socket */,
  transport: ptr<vsock_transport>(),
  trans: ptr<virtio_vsock_sock>() /* of the transport */,
  remote_cid: int,
  buffer_size: int,
  buffer_max_size: int,
});
export interface vsock_sock extends StructOf<typeof vsock_sock> {}

export const vsock_loopback = DEFINE_STATIC('vsock_loopback', virtio_transport);
export const vhost_transport = DEFINE_STATIC('vhost_transport', virtio_transport);

/** What the transport knows of the socket, without a check whether there is anything. */
function* virtio_trans(vsk: vsock_sock): Op<virtio_vsock_sock> {
  return (yield* READ_ONCE(vsk, 'trans')) as virtio_vsock_sock; // C follows NULL, too
}

function* virtio_transport_do_socket_init(vsk: vsock_sock): Op<number> {
  const vvs = yield* kzalloc(virtio_vsock_sock, GFP_KERNEL);
  if (vvs === null) return -ENOMEM;
  yield* spin_lock_init(vvs.tx_lock);
  vvs.buf_alloc = vsk.buffer_size;
  yield* WRITE_ONCE(vsk, 'trans', vvs);
  return 0;
}

function* virtio_transport_destruct(vsk: vsock_sock): Op<void> {
  const vvs = yield* READ_ONCE(vsk, 'trans');

  yield* kfree(vvs);
}

/** Sends a packet, by the transport that the socket has. */
function* virtio_transport_send_pkt_info(vsk: vsock_sock, op: number): Op<void> {
  const transport = yield* READ_ONCE(vsk, 'transport');
  const vvs = yield* virtio_trans(vsk);

  if (transport === null) return;
  yield* container_of(transport, virtio_transport, 'transport').send_pkt(vsk, op, vvs.buf_alloc);
}

function* virtio_transport_connect(vsk: vsock_sock): Op<void> {
  yield* virtio_transport_send_pkt_info(vsk, VIRTIO_VSOCK_OP_REQUEST);
}

function* virtio_transport_stream_has_data(vsk: vsock_sock): Op<number> {
  const vvs = yield* virtio_trans(vsk);

  return vvs.rx_bytes;
}

function* virtio_transport_stream_has_space(vsk: vsock_sock): Op<number> {
  const vvs = yield* virtio_trans(vsk);

  yield* spin_lock_bh(vvs.tx_lock);
  const bytes = vvs.peer_buf_alloc;
  yield* spin_unlock_bh(vvs.tx_lock);
  return bytes;
}

function* virtio_transport_notify_poll_in(vsk: vsock_sock): Op<boolean> {
  return (yield* vsock_stream_has_data(vsk)) > 0;
}

function* virtio_transport_notify_poll_out(vsk: vsock_sock): Op<boolean> {
  return (yield* vsock_stream_has_space(vsk)) > 0;
}

function* virtio_transport_notify_buffer_size(vsk: vsock_sock, val: number): Op<void> {
  const vvs = yield* virtio_trans(vsk);

  vvs.buf_alloc = val;
  yield* virtio_transport_send_pkt_info(vsk, VIRTIO_VSOCK_OP_CREDIT_UPDATE);
}

/** vsock_loopback_init() and vhost_vsock_init(): makes the transports. No transport leads to the host of this machine. */
export function* vsock_init(): Op<void> {
  for (const { transport } of [vsock_loopback, vhost_transport]) {
    transport.init = virtio_transport_do_socket_init;
    transport.destruct = virtio_transport_destruct;
    transport.connect = virtio_transport_connect;
    transport.stream_has_data = virtio_transport_stream_has_data;
    transport.stream_has_space = virtio_transport_stream_has_space;
    transport.notify_poll_in = virtio_transport_notify_poll_in;
    transport.notify_poll_out = virtio_transport_notify_poll_out;
    transport.notify_buffer_size = virtio_transport_notify_buffer_size;
  }
}

/** Answers a packet that nobody expects. */
function* virtio_transport_reset_no_sock(
  t: virtio_transport,
  vsk: vsock_sock,
  pkt: virtio_vsock_pkt,
): Op<void> {
  if (pkt.op !== VIRTIO_VSOCK_OP_RST) yield* t.send_pkt(vsk, VIRTIO_VSOCK_OP_RST, 0);
}

function* virtio_transport_space_update(vsk: vsock_sock, pkt: virtio_vsock_pkt): Op<void> {
  const vvs = yield* READ_ONCE(vsk, 'trans');

  if (vvs === null) return; /* the socket has never been connected */

  yield* spin_lock_bh(vvs.tx_lock);
  vvs.peer_buf_alloc = pkt.buf_alloc;
  yield* spin_unlock_bh(vvs.tx_lock);
}

function* virtio_transport_recv_connecting(vsk: vsock_sock, pkt: virtio_vsock_pkt): Op<void> {
  switch (pkt.op) {
    case VIRTIO_VSOCK_OP_RESPONSE:
      vsk.sk.sk_state = TCP_ESTABLISHED;
      vsk.state = SS_CONNECTED;
      break;
    case VIRTIO_VSOCK_OP_CREDIT_UPDATE:
      return;
    default:
      vsk.sk.sk_state = TCP_CLOSE;
      vsk.sk.sk_err = pkt.op === VIRTIO_VSOCK_OP_RST ? ECONNRESET : EPROTO;
  }
  yield* wake_up(sk_sleep(vsk.sk)); /* sk_state_change(), sk_error_report() */
}

function* virtio_transport_recv_connected(vsk: vsock_sock, pkt: virtio_vsock_pkt): Op<void> {
  const vvs = yield* virtio_trans(vsk);

  /* there may be no room, and then it is dropped */
  if (pkt.op === VIRTIO_VSOCK_OP_RW && vvs.rx_bytes + pkt.len <= vvs.buf_alloc) {
    vvs.rx_bytes += pkt.len;
  }
}

/** A packet has come for a socket, and is freed here. The caller has found the socket, and holds a reference to it. */
export function* virtio_transport_recv_pkt(
  t: virtio_transport,
  vsk: vsock_sock,
  pkt: virtio_vsock_pkt,
): Op<void> {
  yield* lock_sock(vsk.sk);

  /* the socket may have got another transport, or none, since the packet was sent */
  if ((yield* READ_ONCE(vsk, 'transport')) !== t.transport) {
    yield* virtio_transport_reset_no_sock(t, vsk, pkt);
    yield* release_sock(vsk.sk);
    yield* kfree(pkt);
    return;
  }

  yield* virtio_transport_space_update(vsk, pkt);

  switch (vsk.sk.sk_state) {
    case TCP_SYN_SENT:
      yield* virtio_transport_recv_connecting(vsk, pkt);
      break;
    case TCP_ESTABLISHED:
      yield* virtio_transport_recv_connected(vsk, pkt);
      break;
    default:
      yield* virtio_transport_reset_no_sock(t, vsk, pkt);
  }

  yield* release_sock(vsk.sk);

  yield* kfree(pkt);
}

/** The transport of the socket, without a check whether there is one. */
function* vsock_transport_of(vsk: vsock_sock): Op<vsock_transport> {
  return (yield* READ_ONCE(vsk, 'transport')) as vsock_transport; // C follows NULL, too
}

function* vsock_stream_has_data(vsk: vsock_sock): Op<number> {
  return yield* (yield* vsock_transport_of(vsk)).stream_has_data(vsk);
}

function* vsock_stream_has_space(vsk: vsock_sock): Op<number> {
  return yield* (yield* vsock_transport_of(vsk)).stream_has_space(vsk);
}

function* vsock_deassign_transport(vsk: vsock_sock): Op<void> {
  const transport = yield* READ_ONCE(vsk, 'transport');

  if (transport === null) return;
  yield* transport.destruct(vsk);
  yield* WRITE_ONCE(vsk, 'transport', null);
}

/** Gives the socket the transport that leads to its remote_cid. The socket is locked. */
function* vsock_assign_transport(vsk: vsock_sock): Op<number> {
  const { remote_cid } = vsk;
  let new_transport: vsock_transport | null = null;

  if (remote_cid === VMADDR_CID_LOCAL) new_transport = vsock_loopback.transport;
  else if (remote_cid > VMADDR_CID_HOST) new_transport = vhost_transport.transport;

  const transport = yield* READ_ONCE(vsk, 'transport');
  if (transport !== null) {
    if (transport === new_transport) return 0;
    yield* vsock_deassign_transport(vsk);
  }
  if (new_transport === null) return -ENODEV;

  const ret = yield* new_transport.init(vsk);
  if (ret !== 0) return ret;

  yield* WRITE_ONCE(vsk, 'transport', new_transport);
  return 0;
}

/** Asks for a connection. The socket is locked. */
function* vsock_connect_begin(vsk: vsock_sock, cid: number): Op<number> {
  vsk.remote_cid = cid;
  const err = yield* vsock_assign_transport(vsk);
  if (err !== 0) return err;

  vsk.sk.sk_state = TCP_SYN_SENT;
  vsk.sk.sk_err = 0;
  yield* (yield* vsock_transport_of(vsk)).connect(vsk);
  vsk.state = SS_CONNECTING;
  return 0;
}

/** Waits for the answer. The socket is locked, but not while this sleeps. */
function* vsock_connect_wait(vsk: vsock_sock): Op<number> {
  const { sk } = vsk;
  let err = 0;

  yield* prepare_to_wait(sk_sleep(sk), TASK_UNINTERRUPTIBLE);
  while (sk.sk_state !== TCP_ESTABLISHED && sk.sk_err === 0) {
    yield* release_sock(sk);
    yield* schedule();
    yield* lock_sock(sk);
    yield* prepare_to_wait(sk_sleep(sk), TASK_UNINTERRUPTIBLE);
  }
  if (sk.sk_err !== 0) {
    err = -sk.sk_err;
    sk.sk_state = TCP_CLOSE;
    vsk.state = SS_UNCONNECTED;
  }
  yield* finish_wait(sk_sleep(sk));
  return err;
}

/** connect(): gives 0 if the peer has accepted. */
export function* vsock_stream_connect(vsk: vsock_sock, cid: number): Op<number> {
  let err = 0;

  yield* lock_sock(vsk.sk);
  if (vsk.state === SS_CONNECTED) err = -EISCONN;
  else if (vsk.state === SS_UNCONNECTED) err = yield* vsock_connect_begin(vsk, cid);
  if (err === 0) err = yield* vsock_connect_wait(vsk);
  yield* release_sock(vsk.sk);
  return err;
}

function* vsock_update_buffer_size(
  vsk: vsock_sock,
  transport: vsock_transport | null,
  new_size: number,
): Op<void> {
  const val = Math.min(new_size, vsk.buffer_max_size);

  if (val !== vsk.buffer_size && transport !== null) yield* transport.notify_buffer_size(vsk, val);

  vsk.buffer_size = val;
}

/** setsockopt() */
export function* vsock_stream_setsockopt(
  vsk: vsock_sock,
  optname: number,
  val: number,
): Op<number> {
  let err = 0;

  yield* lock_sock(vsk.sk);
  const transport = yield* READ_ONCE(vsk, 'transport');

  switch (optname) {
    case SO_VM_SOCKETS_BUFFER_SIZE:
      yield* vsock_update_buffer_size(vsk, transport, val);
      break;
    case SO_VM_SOCKETS_BUFFER_MAX_SIZE:
      vsk.buffer_max_size = val;
      yield* vsock_update_buffer_size(vsk, transport, vsk.buffer_size);
      break;
    default:
      err = -ENOPROTOOPT;
  }
  yield* release_sock(vsk.sk);
  return err;
}

/** poll(): whether the socket can be read, and written. */
export function* vsock_poll(vsk: vsock_sock): Op<number> {
  let mask = 0;

  yield* lock_sock(vsk.sk);
  const transport = yield* READ_ONCE(vsk, 'transport');

  /* if there is something in the queue, it can be read */
  if (transport !== null && (yield* transport.notify_poll_in(vsk))) mask |= EPOLLIN;

  if (transport !== null && vsk.sk.sk_state === TCP_ESTABLISHED) {
    if (yield* transport.notify_poll_out(vsk)) mask |= EPOLLOUT;
  }
  /* as sockets of INET do it */
  if (vsk.sk.sk_state === TCP_CLOSE) mask |= EPOLLOUT;
  yield* release_sock(vsk.sk);
  return mask;
}

function* vsock_sk_destruct(sk: sock): Op<void> {
  yield* vsock_deassign_transport(container_of(sk, vsock_sock, 'sk'));
}

/** socket(AF_VSOCK). Gives null if there is no memory. */
export function* vsock_create(): Op<vsock_sock | null> {
  const vsk = yield* kzalloc(vsock_sock, GFP_KERNEL);
  if (vsk === null) return null;

  yield* sock_init_data(vsk.sk);
  vsk.sk.sk_destruct = vsock_sk_destruct;
  vsk.sk.sk_state = TCP_CLOSE;
  vsk.state = SS_UNCONNECTED;
  vsk.buffer_size = VSOCK_DEFAULT_BUFFER_SIZE;
  vsk.buffer_max_size = VSOCK_DEFAULT_BUFFER_MAX_SIZE;
  return vsk;
}

/** close(): no system call uses the socket any more, but a packet may. */
export function* vsock_release(vsk: vsock_sock): Op<void> {
  yield* sock_put(vsk.sk);
}
