// SPDX-License-Identifier: GPL-2.0-only
/**
 * Sockets: their lock, their reference count, and their queues. After include/net/sock.h and net/core/sock.c. A protocol embeds one as
 * `sk: sock`. Left out: the backlog, and with it the lock that softirqs take.
 */
import {
  fn,
  init_waitqueue_head,
  int,
  kfree,
  refcount_dec_and_test,
  refcount_inc,
  refcount_set,
  refcount_t,
  wait_queue_head_t,
} from '../kernel';
import type { LockRules } from '../kernel/lock-rules';
import { ownedLockKinds } from '../kernel/owned-lock';
import {
  type Branded,
  composite,
  type Embeddable,
  embeddable,
  type Kind,
  makeHandle,
  objectOf,
  type Op,
  request,
  struct,
  type StructOf,
  SyncObject,
} from '../machine';
import { sk_buff_head, skb_queue_head_init, skb_queue_purge } from './skb-queue';

/** The lock of a socket. */
export interface socket_lock_t extends Branded<'socket_lock_t', SocketLock> {}

class SocketLock extends SyncObject {
  readonly typeName = 'socket_lock_t';
  readonly handle: socket_lock_t = makeHandle(this);
}

/** Type of the lock in a socket. */
export const socket_lock_t: Embeddable<socket_lock_t> = embeddable(
  'socket_lock_t',
  () => new SocketLock(),
);

/** A socket. */
export const sock = struct('sock', {
  /** Taken by lock_sock(). */
  sk_lock: socket_lock_t,
  /** How many use it; it is freed with the last. */
  sk_refcnt: refcount_t,
  /** What it has received. */
  sk_receive_queue: sk_buff_head,
  /** What it is to send. */
  sk_write_queue: sk_buff_head,
  /** Where tasks wait for it: sk_sleep(). */
  sk_wq: wait_queue_head_t,
  /** The state of its connection, as its protocol numbers them. */
  sk_state: int,
  /** Its last error. */
  sk_err: int,
  /** Which directions are shut down. */
  sk_shutdown: int,
  /** Called before it is freed. */
  sk_destruct: fn<(sk: sock) => Op<unknown>>(),
});
export interface sock extends StructOf<typeof sock> {}

const RULES: LockRules = {
  type: 'sleep',
  check(machine, task, lock, site) {
    if (lock.initialised) return;
    const message = `bad magic on CPU#${task.id}, ${task.comm}/${task.pid}`; // of the spinlock inside
    machine.complain({ check: 'spinlock', message, object: lock, site });
  },
  notHeld: () => undefined, // lockdep says so
};

const LOCK = ownedLockKinds<SocketLock>(RULES, {
  init: 'sock_lock_init',
  lock: 'lock_sock',
  tryLock: 'lock_sock_fast',
  unlock: 'release_sock',
});

const IS_OWNED: Kind<SocketLock, [], boolean> = {
  name: 'sock_owned_by_user',
  access: 'read',
  perform: (_machine, _task, { object }) => object.state !== 0,
};

function* initialising(sk: sock): Op<void> {
  yield* request(LOCK.init, objectOf(sk.sk_lock));
  yield* skb_queue_head_init(sk.sk_receive_queue);
  yield* skb_queue_head_init(sk.sk_write_queue);
  yield* init_waitqueue_head(sk.sk_wq);
  sk.sk_destruct = null;
  yield* refcount_set(sk.sk_refcnt, 1);
}

/** sk_free(): the memory is that of the structure around it. */
function* putting(sk: sock): Op<void> {
  if (!(yield* refcount_dec_and_test(sk.sk_refcnt))) return;
  const { sk_destruct } = sk;
  if (sk_destruct !== null) yield* sk_destruct(sk);
  yield* skb_queue_purge(sk.sk_receive_queue);
  yield* skb_queue_purge(sk.sk_write_queue);
  yield* kfree(objectOf(sk).outermost.handle);
}

/**
 * Makes a socket usable, with one reference and without a destructor of its own.
 *
 * @kernel include/net/sock.h
 * @context any; does not sleep
 * @ordering none
 * @divergence takes no struct socket
 */
export function sock_init_data(sk: sock): Op<void> {
  return composite('sock_init_data', initialising(sk));
}

/**
 * Takes the lock of a socket, sleeping while another task has it.
 *
 * @example
 * const packet_sock = struct('packet_sock', { sk: sock, version: int });
 * const po = yield* kzalloc(packet_sock, GFP_KERNEL);
 * if (po === null) return;
 * yield* sock_init_data(po.sk);
 * yield* lock_sock(po.sk);
 * po.version = 2;
 * yield* sock_owned_by_user(po.sk); // => true
 * yield* release_sock(po.sk);
 * yield* lock_sock_nested(po.sk, 1);
 * yield* release_sock(po.sk);
 * yield* sock_hold(po.sk);
 * yield* sock_put(po.sk);
 * yield* sock_put(po.sk);
 * @kernel include/net/sock.h
 * @context process context only; may sleep
 * @ordering acquire
 */
export function lock_sock(sk: sock): Op<void> {
  return request(LOCK.lock, objectOf(sk.sk_lock), 0);
}

/**
 * lock_sock() with a lockdep subclass (1 is SINGLE_DEPTH_NESTING). This changes only lockdep's analysis, not the locking.
 *
 * @param subclass 0 is that of lock_sock(), 1 is SINGLE_DEPTH_NESTING
 * @kernel include/net/sock.h
 * @context process context only; may sleep
 * @ordering acquire
 */
export function lock_sock_nested(sk: sock, subclass: number): Op<void> {
  return request(LOCK.lock, objectOf(sk.sk_lock), subclass);
}

/**
 * Releases the lock of a socket.
 *
 * @kernel include/net/sock.h
 * @context process context only; does not sleep
 * @ordering release
 * @divergence has no backlog of packets that came meanwhile, for which Linux may sleep
 */
export function release_sock(sk: sock): Op<void> {
  return request(LOCK.unlock, objectOf(sk.sk_lock));
}

/**
 * Whether a task has the lock of a socket.
 *
 * @returns whether one has; it may already be stale
 * @kernel include/net/sock.h
 * @context any; does not sleep
 * @ordering none
 * @divergence as sock_owned_by_user_nocheck(): without the lock or spinlock of the socket nothing is reported
 */
export function sock_owned_by_user(sk: sock): Op<boolean> {
  return request(IS_OWNED, objectOf(sk.sk_lock));
}

/**
 * Where tasks wait for a change of a socket.
 *
 * @example
 * const vsock_sock = struct('vsock_sock', { sk: sock });
 * const vsk = yield* kzalloc(vsock_sock, GFP_KERNEL);
 * if (vsk === null) return;
 * yield* sock_init_data(vsk.sk);
 * yield* prepare_to_wait(sk_sleep(vsk.sk), TASK_INTERRUPTIBLE);
 * yield* waitqueue_active(sk_sleep(vsk.sk)); // => true
 * yield* finish_wait(sk_sleep(vsk.sk));
 * yield* sock_put(vsk.sk);
 * @returns its wait queue
 * @kernel include/net/sock.h
 * @context any; does not sleep
 * @ordering none
 * @divergence the queue is in the socket; the kernel has it in the structure of the open file, and frees it by RCU
 */
export function sk_sleep(sk: sock): wait_queue_head_t {
  return sk.sk_wq;
}

/**
 * Takes a reference to a socket.
 *
 * @kernel include/net/sock.h
 * @context any; does not sleep
 * @ordering none
 */
export function sock_hold(sk: sock): Op<void> {
  return composite('sock_hold', refcount_inc(sk.sk_refcnt));
}

/**
 * Drops a reference to a socket. With the last its `sk_destruct` is called, its queues are emptied, and it is freed together with the
 * structure around it.
 *
 * @kernel include/net/sock.h
 * @context any; does not sleep, unless `sk_destruct` does
 * @ordering release, and acquire for the last one
 * @divergence the queues are emptied here, not by `sk_destruct`
 */
export function sock_put(sk: sock): Op<void> {
  return composite('sock_put', putting(sk));
}
