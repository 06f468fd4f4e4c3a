// SPDX-License-Identifier: GPL-2.0-only
/**
 * fs/file.c, net/unix/af_unix.c and net/unix/garbage.c as of Linux 5.15, before commit 054aa8d439b9 ("fget: check that the fd still
 * exists after getting a ref to it", 2021).
 *
 * A message between sockets can carry an open file, also that of a socket. Sockets that lie in each other's messages keep each
 * other alive when no process has them open any more: a collector finds those, and throws their messages away.
 */
import {
  __skb_dequeue,
  __skb_queue_tail,
  __skb_unlink,
  alloc_skb,
  anon_inode_getfile,
  atomic_long_dec,
  atomic_long_dec_and_test,
  atomic_long_inc,
  atomic_long_inc_return,
  atomic_long_read,
  atomic_long_t,
  BUG_ON,
  consume_skb,
  current_files,
  DECLARE_STRUCT_ONSTACK,
  DEFINE_FILE_OPERATIONS,
  DEFINE_SPINLOCK,
  EBADF,
  EBUSY,
  EINVAL,
  ENOMEM,
  fd_install,
  type file,
  file_count,
  files_lookup_fd_locked,
  files_lookup_fd_rcu,
  type files_struct,
  fput,
  get_file,
  get_file_rcu,
  get_unused_fd_flags,
  GFP_KERNEL,
  INIT_LIST_HEAD,
  int,
  IS_ERR,
  kfree_skb,
  kzalloc,
  list_add_tail,
  list_del_init,
  list_empty,
  list_for_each_entry,
  list_for_each_entry_safe,
  list_head,
  LIST_HEAD,
  list_move_tail,
  mutex,
  mutex_init,
  mutex_lock,
  mutex_unlock,
  NR_OPEN_DEFAULT,
  type Op,
  ptr,
  PTR_ERR,
  put_unused_fd,
  rcu_assign_pointer,
  rcu_read_lock,
  rcu_read_unlock,
  sk_buff,
  sk_buff_head,
  skb_dequeue,
  skb_peek,
  skb_queue_head_init,
  skb_queue_tail,
  skb_unlink,
  sock,
  sock_init_data,
  sock_put,
  spin_lock,
  spin_lock_init,
  spin_unlock,
  spinlock_t,
  static_var,
  struct,
  type StructOf,
} from '#lib';

export const unix_sock = struct('unix_sock', {
  sk: sock,
  lock: spinlock_t /* unix_state_lock() */,
  iolock: mutex /* one reader at a time */,
  file: ptr.unchecked<file>() /* sk.sk_socket->file */,
  inflight: atomic_long_t /* how many messages carry its file */,
  link: list_head,
  gc_flags: int,
});
export interface unix_sock extends StructOf<typeof unix_sock> {}

const UNIX_GC_CANDIDATE = 1; /* in gc_flags */

const unix_gc_lock = DEFINE_SPINLOCK('unix_gc_lock');
const gc_inflight_list = LIST_HEAD('gc_inflight_list');
const gc_candidates = LIST_HEAD('gc_candidates');
const not_cycle_list = LIST_HEAD('not_cycle_list'); /* on the stack of unix_gc() in the original */
const gc_in_progress = static_var('gc_in_progress', false);

/* fs/file.c */

/** Looks a descriptor up, without a lock, and takes a reference to its file. */
function* __fget_files(files: files_struct, fd: number): Op<file | null> {
  let file: file | null;

  yield* rcu_read_lock();
  // TODO(kata): the story of the README happens from here on.
  for (;;) {
    file = yield* files_lookup_fd_rcu(files, fd);
    /* A file without references is just going. dup2() may have put another one in its place, so look again. */
    if (file === null || (yield* get_file_rcu(file))) break;
  }
  yield* rcu_read_unlock();

  return file;
}

/** The file of a descriptor, with a reference that fput() drops; null if the descriptor is not open. */
export function* fget(fd: number): Op<file | null> {
  return yield* __fget_files(current_files(), fd);
}

/** close() */
export function* close_fd(fd: number): Op<number> {
  const files = current_files();

  yield* spin_lock(files.file_lock);
  const file = yield* files_lookup_fd_locked(files, fd);
  if (file === null) {
    yield* spin_unlock(files.file_lock);
    return -EBADF;
  }
  yield* rcu_assign_pointer(files.fdtab.fd, fd, null);
  files.fdtab.open_fds &= ~(1 << fd);
  yield* spin_unlock(files.file_lock);

  yield* fput(file);
  return 0;
}

/** Gives a descriptor another file. Called with file_lock held, and releases it. */
function* do_dup2(files: files_struct, file: file, fd: number): Op<number> {
  const tofree = yield* files_lookup_fd_locked(files, fd);
  if (tofree === null && files.fdtab.open_fds & (1 << fd)) {
    yield* spin_unlock(files.file_lock);
    return -EBUSY;
  }
  yield* get_file(file);
  yield* rcu_assign_pointer(files.fdtab.fd, fd, file);
  files.fdtab.open_fds |= 1 << fd;
  yield* spin_unlock(files.file_lock);

  if (tofree !== null) yield* fput(tofree);
  return fd;
}

/** dup3(): newfd is never closed in between. */
export function* ksys_dup3(oldfd: number, newfd: number): Op<number> {
  const files = current_files();

  if (oldfd === newfd) return -EINVAL;
  if (newfd < 0 || newfd >= NR_OPEN_DEFAULT) return -EBADF;

  yield* spin_lock(files.file_lock);
  const file = yield* files_lookup_fd_locked(files, oldfd);
  if (file === null) {
    yield* spin_unlock(files.file_lock);
    return -EBADF;
  }
  return yield* do_dup2(files, file, newfd);
}

/* net/unix/scm.c */

/** A message is going to carry the file. */
function* unix_inflight(fp: file): Op<void> {
  const u = fp.private_data as unix_sock;

  yield* spin_lock(unix_gc_lock);
  if ((yield* atomic_long_inc_return(u.inflight)) === 1) list_add_tail(u.link, gc_inflight_list);
  yield* spin_unlock(unix_gc_lock);
}

/** A message does not carry the file any more. */
function* unix_notinflight(fp: file): Op<void> {
  const u = fp.private_data as unix_sock;

  yield* spin_lock(unix_gc_lock);
  BUG_ON((yield* atomic_long_read(u.inflight)) === 0);
  if (yield* atomic_long_dec_and_test(u.inflight)) list_del_init(u.link);
  yield* spin_unlock(unix_gc_lock);
}

/** Takes the file out of a message. The caller has its reference now. */
function* unix_detach_fds(skb: sk_buff): Op<file | null> {
  const fp = skb.cb as file | null;

  skb.cb = null;
  if (fp !== null) yield* unix_notinflight(fp);
  return fp;
}

/** The destructor of a message, and kfree_skb(). */
function* unix_free_skb(skb: sk_buff): Op<void> {
  const fp = yield* unix_detach_fds(skb);
  if (fp !== null) yield* fput(fp);
  yield* kfree_skb(skb);
}

/* net/unix/af_unix.c */

/** The last reference to the file of a socket is gone: so are its messages. */
function* unix_release(file: file): Op<void> {
  const u = file.private_data as unix_sock;

  for (;;) {
    const skb = yield* skb_dequeue(u.sk.sk_receive_queue);
    if (skb === null) break;
    yield* unix_free_skb(skb);
  }
  yield* sock_put(u.sk);
}

const unix_stream_ops = DEFINE_FILE_OPERATIONS('unix_stream_ops', { release: unix_release });

/** A socket without a file. */
function* unix_create(): Op<unix_sock | null> {
  const u = yield* kzalloc(unix_sock, GFP_KERNEL);
  if (u === null) return null;

  yield* sock_init_data(u.sk);
  yield* spin_lock_init(u.lock);
  yield* mutex_init(u.iolock);
  INIT_LIST_HEAD(u.link);
  return u;
}

/** socket(AF_UNIX): its descriptor. */
export function* unix_socket(): Op<number> {
  const fd = yield* get_unused_fd_flags(0);
  if (fd < 0) return fd;

  const u = yield* unix_create();
  if (u === null) {
    yield* put_unused_fd(fd);
    return -ENOMEM;
  }
  const file = yield* anon_inode_getfile('[socket]', unix_stream_ops, u, 0);
  if (IS_ERR(file)) {
    yield* sock_put(u.sk);
    yield* put_unused_fd(fd);
    return PTR_ERR(file);
  }
  u.file = file;
  yield* fd_install(fd, file);
  return fd;
}

/** Sends the file fp to a socket, in a message. */
export function* unix_stream_sendmsg(to: file, fp: file): Op<number> {
  const other = to.private_data as unix_sock;

  const skb = yield* alloc_skb(1, GFP_KERNEL);
  if (skb === null) return -ENOMEM;
  skb.cb = yield* get_file(fp);
  yield* unix_inflight(fp);

  yield* spin_lock(other.lock);
  yield* skb_queue_tail(other.sk.sk_receive_queue, skb);
  yield* spin_unlock(other.lock);
  return 0;
}

/** Reads a message, and drops the file in it. Gives how much it read: 0 if there is no message. */
export function* unix_stream_recvmsg(file: file): Op<number> {
  const u = file.private_data as unix_sock;
  let copied = 0;
  let fp: file | null = null;

  yield* mutex_lock(u.iolock);
  yield* spin_lock(u.lock);
  const skb = skb_peek(u.sk.sk_receive_queue);
  yield* spin_unlock(u.lock);
  if (skb !== null) {
    copied = skb.len;
    fp = yield* unix_detach_fds(skb);
    yield* skb_unlink(skb, u.sk.sk_receive_queue);
    yield* consume_skb(skb);
  }
  yield* mutex_unlock(u.iolock);

  if (fp !== null) yield* fput(fp);
  return copied;
}

/* net/unix/garbage.c */

/** Calls a function for each candidate that lies in the queue of x, and moves those messages to the hitlist, if there is one. */
function* scan_children(
  x: unix_sock,
  func: (u: unix_sock) => Op<void>,
  hitlist: sk_buff_head | null,
): Op<void> {
  const queue = x.sk.sk_receive_queue;

  yield* spin_lock(queue.lock);
  for (const skb of list_for_each_entry_safe(queue.list, sk_buff, 'list')) {
    const fp = skb.cb as file | null;
    if (fp === null) continue;
    const u = fp.private_data as unix_sock;
    if (!(u.gc_flags & UNIX_GC_CANDIDATE)) continue;
    yield* func(u);
    if (hitlist !== null) {
      yield* __skb_unlink(skb, queue);
      yield* __skb_queue_tail(hitlist, skb);
    }
  }
  yield* spin_unlock(queue.lock);
}

function* dec_inflight(u: unix_sock): Op<void> {
  yield* atomic_long_dec(u.inflight);
}

function* inc_inflight(u: unix_sock): Op<void> {
  yield* atomic_long_inc(u.inflight);
}

/** Collects the sockets that only messages refer to, and only messages of such sockets. */
export function* unix_gc(): Op<void> {
  const hitlist = yield* DECLARE_STRUCT_ONSTACK(sk_buff_head, 'hitlist');
  yield* skb_queue_head_init(hitlist);

  yield* spin_lock(unix_gc_lock);
  if (gc_in_progress.value) {
    yield* spin_unlock(unix_gc_lock);
    return;
  }
  gc_in_progress.value = true;

  /*
   * Candidates are in flight and have no other reference. While unix_gc_lock is held they cannot get one by being received:
   * nobody has them open, so nobody can receive what is in their queues.
   */
  for (const u of list_for_each_entry_safe(gc_inflight_list, unix_sock, 'link')) {
    const total_refs = yield* file_count(u.file);
    const inflight_refs = yield* atomic_long_read(u.inflight);

    BUG_ON(inflight_refs < 1);
    BUG_ON(total_refs < inflight_refs);
    if (total_refs === inflight_refs) {
      list_move_tail(u.link, gc_candidates);
      u.gc_flags |= UNIX_GC_CANDIDATE;
    }
  }

  /* Take away the references that candidates give each other ... */
  for (const u of list_for_each_entry(gc_candidates, unix_sock, 'link')) {
    yield* scan_children(u, dec_inflight, null);
  }

  /* ... and give them back where somebody else has one: what lies in such a queue can still be received. */
  let again = true;
  while (again) {
    again = false;
    for (const u of list_for_each_entry_safe(gc_candidates, unix_sock, 'link')) {
      if ((yield* atomic_long_read(u.inflight)) <= 0) continue;
      list_move_tail(u.link, not_cycle_list);
      yield* scan_children(u, inc_inflight, null);
      again = true;
    }
  }

  /* The others are garbage: their counts become right again, and their messages are for the hitlist. */
  for (const u of list_for_each_entry(gc_candidates, unix_sock, 'link')) {
    yield* scan_children(u, inc_inflight, hitlist);
  }

  for (const u of list_for_each_entry_safe(not_cycle_list, unix_sock, 'link')) {
    u.gc_flags &= ~UNIX_GC_CANDIDATE;
    list_move_tail(u.link, gc_inflight_list);
  }
  yield* spin_unlock(unix_gc_lock);

  for (;;) {
    const skb = yield* __skb_dequeue(hitlist);
    if (skb === null) break;
    yield* unix_free_skb(skb);
  }

  yield* spin_lock(unix_gc_lock);
  BUG_ON(!list_empty(gc_candidates));
  gc_in_progress.value = false;
  yield* spin_unlock(unix_gc_lock);
}
