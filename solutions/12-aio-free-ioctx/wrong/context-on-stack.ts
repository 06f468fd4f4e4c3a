// SPDX-License-Identifier: GPL-2.0-only
// Wrong: the context is on the stack of io_setup(), which has returned. Caught by work, and by all the others.

import {
  DECLARE_STRUCT_ONSTACK,
  memset,
  array,
  atomic_dec_and_test,
  atomic_read,
  atomic_set,
  atomic_sub_and_test,
  atomic_t,
  atomic_xchg,
  call_read_iter,
  complete,
  completion,
  container_of,
  copy_from_user,
  current_mm,
  DEFINE_SPINLOCK,
  EAGAIN,
  EBADF,
  EFAULT,
  EINPROGRESS,
  EINVAL,
  EIOCBQUEUED,
  ENOMEM,
  ERR_PTR,
  type errptr,
  fget,
  fn,
  get_user,
  GFP_KERNEL,
  init_completion,
  INIT_LIST_HEAD,
  init_waitqueue_head,
  INIT_WORK,
  int,
  IS_ERR,
  kfree,
  kfree_rcu,
  kiocb,
  kzalloc,
  list_add_tail,
  list_del_init,
  list_empty,
  list_first_entry,
  list_for_each_entry,
  list_head,
  might_sleep,
  type mm_struct,
  mutex,
  mutex_init,
  mutex_lock,
  mutex_unlock,
  type Op,
  type out,
  percpu_ref,
  percpu_ref_exit,
  percpu_ref_get,
  percpu_ref_init,
  percpu_ref_kill,
  percpu_ref_put,
  ptr,
  PTR_ERR,
  put_user,
  rcu_access_pointer,
  rcu_assign_pointer,
  rcu_dereference,
  rcu_dereference_protected,
  rcu_dereference_raw,
  rcu_head,
  RCU_INIT_POINTER,
  rcu_read_lock,
  rcu_read_unlock,
  READ_ONCE,
  schedule_work,
  smp_mb,
  smp_rmb,
  smp_wmb,
  spin_lock,
  spin_lock_init,
  spin_unlock,
  spinlock_t,
  static_var,
  struct,
  type StructOf,
  type user,
  vm_mmap,
  vm_munmap,
  wait_event,
  wait_for_completion,
  wait_queue_head_t,
  waitqueue_active,
  wake_up,
  wake_up_all,
  WARN_ON,
  work_struct,
  WRITE_ONCE,
} from '#lib';

/* kata: a ring is this long whatever was asked for, and an event is one number */
const AIO_RING_EVENTS = 4;

/* kata: every table has room for this many contexts, whatever its nr; the second one uses all of it */
const KIOCTX_TABLE_MAX = 16;

const KIOCB_KEY = 0;

/** The ring, as the process has it mapped. */
export const aio_ring = struct('aio_ring', {
  id: int /* kernel internal index number */,
  nr: int /* number of io_events */,
  head: int,
  tail: int,
  io_events: array(int, AIO_RING_EVENTS),
});
export interface aio_ring extends StructOf<typeof aio_ring> {}

/** What a process hands in: one read, and the number it wants to see in the event. */
export const iocb = struct('iocb', { aio_data: int, aio_key: int, aio_fildes: int });
export interface iocb extends StructOf<typeof iocb> {}

/** Where a process keeps the address of its ring: `aio_context_t *`. */
export const aio_context_t = struct('aio_context_t', { value: int });
export interface aio_context_t extends StructOf<typeof aio_context_t> {}

/** Where a process wants its events: `struct io_event []`. */
export const io_events = array(int, AIO_RING_EVENTS);
export type io_events = array<number>;

/** The contexts of a process, by number. */
export const kioctx_table = struct('kioctx_table', {
  rcu: rcu_head,
  nr: int,
  table: array(ptr<kioctx>(), KIOCTX_TABLE_MAX),
});
export interface kioctx_table extends StructOf<typeof kioctx_table> {}

/** Somebody who waits until the requests of contexts are done. */
export const ctx_rq_wait = struct('ctx_rq_wait', { comp: completion, count: atomic_t });
export interface ctx_rq_wait extends StructOf<typeof ctx_rq_wait> {}

/** One context. */
/** What is counted. */
export const kioctx = struct('kioctx', { id: int });
interface ghost extends StructOf<typeof kioctx> {}
const real_ctx = struct('real_ctx', {
  ghost: ptr<ghost>(),
  users: percpu_ref,
  dead: atomic_t,

  reqs: percpu_ref,

  user_id: int,

  /* what was passed to io_setup(): it counts against the limit */
  max_reqs: int,
  /* size of the ring */
  nr_events: int,

  mmap_base: int,
  mmap_size: int,

  ring_pages: ptr.unchecked<aio_ring>(),

  free_work: work_struct,

  /* signals when all in-flight requests are done */
  rq_wait: ptr<ctx_rq_wait>(),

  ctx_lock: spinlock_t,
  active_reqs: list_head /* used for cancellation */,

  ring_lock: mutex,
  wait: wait_queue_head_t,

  tail: int,
  completion_lock: spinlock_t,

  id: int,
});
export interface kioctx extends StructOf<typeof real_ctx> {}

/** One request under way. */
export const aio_kiocb = struct('aio_kiocb', {
  common: kiocb,
  ki_ctx: ptr.unchecked<kioctx>(),
  ki_cancel: fn<(iocb: kiocb) => Op<unknown>>(),
  ki_user_iocb: int,
  ki_user_data: int,
  ki_list: list_head /* the aio core uses this for cancellation */,
});
export interface aio_kiocb extends StructOf<typeof aio_kiocb> {}

const aio_nr_lock = DEFINE_SPINLOCK('aio_nr_lock');
/* current system wide number of aio requests, and the most there may be: sysctl fs.aio-max-nr */
const aio_nr = static_var('aio_nr', 0);
export const aio_max_nr = static_var('aio_max_nr', 0x10000);

function* aio_free_ring(ctx: kioctx): Op<void> {
  yield* might_sleep(); /* the file behind the ring is truncated */
  yield* kfree(ctx.ring_pages);
}

function* aio_setup_ring(ctx: kioctx): Op<number> {
  const ring = yield* kzalloc(aio_ring, GFP_KERNEL);
  if (ring === null) return -ENOMEM;
  ctx.ring_pages = ring;

  const mmap_base = yield* vm_mmap(ring);
  if (mmap_base < 0) {
    yield* aio_free_ring(ctx);
    return -ENOMEM;
  }
  ctx.mmap_base = mmap_base;
  ctx.mmap_size = 1;

  ctx.user_id = ctx.mmap_base;
  ctx.nr_events = AIO_RING_EVENTS; /* trusted copy */

  ring.nr = AIO_RING_EVENTS; /* user copy */
  ring.id = -1;
  return 0;
}

/** For files whose requests can be cancelled: called from their read_iter(). */
export function* kiocb_set_cancel_fn(iocb: kiocb, cancel: (iocb: kiocb) => Op<unknown>): Op<void> {
  const req = container_of(iocb, aio_kiocb, 'common');
  const ctx = req.ki_ctx;

  yield* spin_lock(ctx.ctx_lock);
  list_add_tail(req.ki_list, ctx.active_reqs);
  req.ki_cancel = cancel;
  yield* spin_unlock(ctx.ctx_lock);
}

/** Cancels a request that is on active_reqs, under ctx_lock; its file completes it soon. */
function* kiocb_cancel(req: aio_kiocb): Op<void> {
  list_del_init(req.ki_list);
  if (req.ki_cancel !== null) yield* req.ki_cancel(req.common);
}

function* free_ioctx(work: work_struct): Op<void> {
  const ctx = container_of(work, real_ctx, 'free_work');

  yield* aio_free_ring(ctx);
  yield* percpu_ref_exit(ctx.reqs);
  yield* percpu_ref_exit(ctx.users);
  yield* kfree(ctx.ghost);
}

function* free_ioctx_reqs(ref: percpu_ref): Op<void> {
  const ctx = container_of(ref, real_ctx, 'reqs');

  /* at this point we know that there are no requests in flight any more */
  const { rq_wait } = ctx;
  if (rq_wait !== null && (yield* atomic_dec_and_test(rq_wait.count)))
    yield* complete(rq_wait.comp);

  // TODO(kata): the other half happens from here on, on the other CPU.
  yield* INIT_WORK(ctx.free_work, free_ioctx);
  yield* schedule_work(ctx.free_work);
}

/*
 * When this runs, the context has been taken out of the table and ctx.users has dropped to 0, so no more requests can be
 * submitted: now it is safe to cancel those that there are.
 */
function* free_ioctx_users(ref: percpu_ref): Op<void> {
  const ctx = container_of(ref, real_ctx, 'users');

  yield* spin_lock(ctx.ctx_lock);
  while (!list_empty(ctx.active_reqs)) {
    yield* kiocb_cancel(list_first_entry(ctx.active_reqs, aio_kiocb, 'ki_list'));
  }
  yield* spin_unlock(ctx.ctx_lock);

  yield* percpu_ref_kill(ctx.reqs);
  yield* percpu_ref_put(ctx.reqs);
}

/** Gives the context the first free number; the table grows if there is none. */
function* ioctx_add_table(ctx: kioctx, mm: mm_struct<kioctx_table>): Op<number> {
  yield* spin_lock(mm.ioctx_lock);
  let table = yield* rcu_dereference_raw(mm, 'ioctx_table');

  for (;;) {
    for (let i = 0; table !== null && i < table.nr; i++) {
      if ((yield* rcu_access_pointer(table.table, i)) !== null) continue;
      ctx.id = i;
      yield* rcu_assign_pointer(table.table, i, ctx);
      yield* spin_unlock(mm.ioctx_lock);

      ctx.ring_pages.id = ctx.id;
      return 0;
    }

    const new_nr = (table === null ? 1 : table.nr) * 4;
    yield* spin_unlock(mm.ioctx_lock);

    table = yield* kzalloc(kioctx_table, GFP_KERNEL);
    if (table === null) return -ENOMEM;
    table.nr = new_nr;

    yield* spin_lock(mm.ioctx_lock);
    const old: kioctx_table | null = yield* rcu_dereference_raw(mm, 'ioctx_table');
    if (old === null) {
      yield* rcu_assign_pointer(mm, 'ioctx_table', table);
    } else if (table.nr > old.nr) {
      for (let i = 0; i < old.nr; i++) table.table[i] = old.table[i] ?? null; /* memcpy() */
      yield* rcu_assign_pointer(mm, 'ioctx_table', table);
      yield* kfree_rcu(old, 'rcu');
    } else {
      yield* kfree(table);
      table = old;
    }
  }
}

function* aio_nr_sub(nr: number): Op<void> {
  yield* spin_lock(aio_nr_lock);
  if (WARN_ON(aio_nr.value < nr)) aio_nr.value = 0;
  else aio_nr.value -= nr;
  yield* spin_unlock(aio_nr_lock);
}

/** Makes a context, in the table already. */
function* ioctx_alloc(nr_events: number): Op<kioctx | errptr> {
  const mm = current_mm<kioctx_table>();
  if (nr_events > aio_max_nr.value) return ERR_PTR(-EAGAIN);

  const ghost = yield* kzalloc(kioctx, GFP_KERNEL);
  if (ghost === null) return ERR_PTR(-ENOMEM);
  const ctx = yield* DECLARE_STRUCT_ONSTACK(real_ctx, 'ctx');
  yield* memset(ctx, 0);
  ctx.ghost = ghost;
  ctx.max_reqs = nr_events;

  yield* spin_lock_init(ctx.ctx_lock);
  yield* spin_lock_init(ctx.completion_lock);
  yield* mutex_init(ctx.ring_lock);
  yield* init_waitqueue_head(ctx.wait);
  INIT_LIST_HEAD(ctx.active_reqs);

  if (yield* percpu_ref_init(ctx.users, free_ioctx_users, 0, GFP_KERNEL))
    return yield* err(ctx, -ENOMEM);
  if (yield* percpu_ref_init(ctx.reqs, free_ioctx_reqs, 0, GFP_KERNEL))
    return yield* err(ctx, -ENOMEM);

  const ret = yield* aio_setup_ring(ctx);
  if (ret < 0) return yield* err(ctx, ret);

  /* limit the number of system wide aios */
  yield* spin_lock(aio_nr_lock);
  if (aio_nr.value + ctx.max_reqs > aio_max_nr.value) {
    yield* spin_unlock(aio_nr_lock);
    return yield* err_ctx(ctx, -EAGAIN);
  }
  aio_nr.value += ctx.max_reqs;
  yield* spin_unlock(aio_nr_lock);

  yield* percpu_ref_get(ctx.users); /* io_setup() will drop this ref */
  yield* percpu_ref_get(ctx.reqs); /* free_ioctx_users() will drop this */

  const added = yield* ioctx_add_table(ctx, mm);
  if (added) return yield* err_cleanup(ctx, added);
  return ctx;
}

/* The error exits of ioctx_alloc(), each of which falls through to the next. */

function* err_cleanup(ctx: kioctx, error: number): Op<errptr> {
  yield* aio_nr_sub(ctx.max_reqs);
  return yield* err_ctx(ctx, error);
}

function* err_ctx(ctx: kioctx, error: number): Op<errptr> {
  yield* atomic_set(ctx.dead, 1);
  if (ctx.mmap_size) yield* vm_munmap(ctx.mmap_base);
  yield* aio_free_ring(ctx);
  return yield* err(ctx, error);
}

function* err(ctx: kioctx, error: number): Op<errptr> {
  yield* percpu_ref_exit(ctx.reqs);
  yield* percpu_ref_exit(ctx.users);
  yield* kfree(ctx.ghost);
  return ERR_PTR(error);
}

/** Takes a context out of the table and drops the first reference to it; once. `wait` is told when its requests are done. */
function* kill_ioctx(
  mm: mm_struct<kioctx_table>,
  ctx: kioctx,
  wait: ctx_rq_wait | null,
): Op<number> {
  yield* spin_lock(mm.ioctx_lock);
  if (yield* atomic_xchg(ctx.dead, 1)) {
    yield* spin_unlock(mm.ioctx_lock);
    return -EINVAL;
  }

  const table = yield* rcu_dereference_raw(mm, 'ioctx_table');
  if (table !== null) {
    WARN_ON(ctx !== (yield* rcu_access_pointer(table.table, ctx.id)));
    yield* RCU_INIT_POINTER(table.table, ctx.id, null);
  }
  yield* spin_unlock(mm.ioctx_lock);

  /* percpu_ref_kill() will do the necessary RCU synchronisation */
  yield* wake_up_all(ctx.wait);

  /*
   * It would be more correct to do this in free_ioctx(), after all the outstanding requests have finished; but by then
   * io_destroy() has returned, so that io_setup() could give -EAGAIN with no contexts in use as far as user space can tell.
   */
  yield* aio_nr_sub(ctx.max_reqs);

  if (ctx.mmap_size) yield* vm_munmap(ctx.mmap_base);

  ctx.rq_wait = wait;
  yield* percpu_ref_kill(ctx.users);
  return 0;
}

/*
 * Called when the last user of mm goes away: no more requests can be submitted, and none of the io_*() calls can be under way.
 */
export function* exit_aio(mm: mm_struct<kioctx_table>): Op<void> {
  const table = yield* rcu_dereference_raw(mm, 'ioctx_table');
  if (table === null) return;

  const wait = yield* DECLARE_STRUCT_ONSTACK(ctx_rq_wait, 'wait');
  yield* atomic_set(wait.count, table.nr);
  yield* init_completion(wait.comp);

  let skipped = 0;
  for (let i = 0; i < table.nr; i++) {
    const ctx = yield* rcu_dereference_protected(table.table, i, true);
    if (ctx === null) {
      skipped++;
      continue;
    }
    /* everything is unmapped in a moment; this is not necessarily our own mm */
    ctx.mmap_size = 0;
    yield* kill_ioctx(mm, ctx, wait);
  }

  if (!(yield* atomic_sub_and_test(skipped, wait.count))) {
    /* wait until all I/O of the contexts is done */
    yield* wait_for_completion(wait.comp);
  }

  yield* RCU_INIT_POINTER(mm, 'ioctx_table', null);
  yield* kfree(table);
}

/** Makes a request. */
function* aio_get_req(ctx: kioctx): Op<aio_kiocb | null> {
  const req = yield* kzalloc(aio_kiocb, GFP_KERNEL);
  if (req === null) return null;

  yield* percpu_ref_get(ctx.reqs);
  req.ki_ctx = ctx;
  INIT_LIST_HEAD(req.ki_list);
  return req;
}

/** Finds the context whose ring a process has at this address. The caller gets a reference and puts it in the end. */
function* lookup_ioctx(ctx_id: number): Op<kioctx | null> {
  const ring: user<aio_ring> = ctx_id;
  const mm = current_mm<kioctx_table>();
  const id: out<number> = { value: 0 };
  let ret: kioctx | null = null;

  if (yield* get_user(id, ring, 'id')) return null;

  yield* rcu_read_lock();
  const table = yield* rcu_dereference(mm, 'ioctx_table');
  if (table !== null && id.value >= 0 && id.value < table.nr) {
    const ctx = yield* rcu_dereference(table.table, id.value);
    // TODO(kata): one half of the story of the README, on one CPU.
    if (ctx !== null && ctx.user_id === ctx_id) {
      yield* percpu_ref_get(ctx.users);
      ret = ctx;
    }
  }
  yield* rcu_read_unlock();
  return ret;
}

/** Called by the file when a request is done. */
function* aio_complete(iocb: kiocb, res: number): Op<void> {
  const req = container_of(iocb, aio_kiocb, 'common');
  const ctx = req.ki_ctx;
  const ring = ctx.ring_pages;

  yield* spin_lock(ctx.ctx_lock);
  list_del_init(req.ki_list);
  yield* spin_unlock(ctx.ctx_lock);

  /* add an event to the ring; the lock keeps others from the tail, as this may be called from interrupt context */
  yield* spin_lock(ctx.completion_lock);
  const { tail } = ctx;
  ring.io_events[tail] = res < 0 ? res : req.ki_user_data;
  yield* smp_wmb(); /* make the event visible before the tail */
  ctx.tail = (tail + 1) % ctx.nr_events;
  yield* WRITE_ONCE(ring, 'tail', ctx.tail);
  yield* spin_unlock(ctx.completion_lock);

  /* everything turned out well: dispose of the request */
  yield* kfree(req);

  /* order the store of the tail above and the test of the wait queue below */
  yield* smp_mb();
  if (yield* waitqueue_active(ctx.wait)) yield* wake_up(ctx.wait);

  yield* percpu_ref_put(ctx.reqs);
}

/** Pulls events off the ring: how many. */
function* aio_read_events_ring(
  ctx: kioctx,
  event: user<io_events>,
  from: number,
  nr: number,
): Op<number> {
  yield* mutex_lock(ctx.ring_lock);
  const ring = ctx.ring_pages;
  let { head } = ring;
  const tail = yield* READ_ONCE(ring, 'tail');
  /* with the tail that we have read we also see the events up to it */
  yield* smp_rmb();

  let ret = 0;
  while (head !== tail && ret < nr) {
    if (yield* put_user(ring.io_events[head] ?? 0, event, from + ret)) {
      ret = -EFAULT;
      break;
    }
    ret++;
    head = (head + 1) % ctx.nr_events;
  }
  if (ret > 0) ring.head = head;
  yield* mutex_unlock(ctx.ring_lock);
  return ret;
}

/** Whether a wait for events is over; `i` is how many there were, or the error. */
function* aio_read_events(
  ctx: kioctx,
  min_nr: number,
  nr: number,
  event: user<io_events>,
  i: out<number>,
): Op<boolean> {
  let ret = yield* aio_read_events_ring(ctx, event, i.value, nr - i.value);
  if (ret > 0) i.value += ret;

  if (yield* atomic_read(ctx.dead)) ret = -EINVAL;

  if (i.value === 0) i.value = ret;
  return ret < 0 || i.value >= min_nr;
}

/** kata: the only times one can ask for are 0, which does not wait, and NULL, which waits for ever. */
function* read_events(
  ctx: kioctx,
  min_nr: number,
  nr: number,
  event: user<io_events>,
  timeout: 0 | null,
): Op<number> {
  const ret: out<number> = { value: 0 };
  if (timeout === 0) yield* aio_read_events(ctx, min_nr, nr, event, ret);
  else yield* wait_event(ctx.wait, () => aio_read_events(ctx, min_nr, nr, event, ret));
  return ret.value;
}

/** Makes a context for that many events and stores its handle at ctxp, where there must be 0 before. */
export function* io_setup(nr_events: number, ctxp: user<aio_context_t>): Op<number> {
  const ctx: out<number> = { value: 0 };
  let ret = yield* get_user(ctx, ctxp, 'value');
  if (ret) return ret;

  if (ctx.value || nr_events === 0) return -EINVAL;

  const ioctx = yield* ioctx_alloc(nr_events);
  if (IS_ERR(ioctx)) return PTR_ERR(ioctx);

  ret = yield* put_user(ioctx.user_id, ctxp, 'value');
  if (ret) yield* kill_ioctx(current_mm(), ioctx, null);
  yield* percpu_ref_put(ioctx.users);
  return ret;
}

/** Destroys a context; returns when its requests are done. */
export function* io_destroy(ctx: number): Op<number> {
  const ioctx = yield* lookup_ioctx(ctx);
  if (ioctx === null) return -EINVAL;

  const wait = yield* DECLARE_STRUCT_ONSTACK(ctx_rq_wait, 'wait');
  yield* init_completion(wait.comp);
  yield* atomic_set(wait.count, 1);

  /* kill_ioctx() stores wait in a safe way; doing it here would be a race with another io_destroy() */
  const ret = yield* kill_ioctx(current_mm(), ioctx, wait);
  yield* percpu_ref_put(ioctx.users);

  /* Otherwise the kernel would go on using buffers of a process that thinks the context is gone. */
  if (!ret) yield* wait_for_completion(wait.comp);
  return ret;
}

function* io_submit_one(ctx: kioctx, user_iocb: user<iocb>, iocb: iocb): Op<number> {
  const req = yield* aio_get_req(ctx);
  if (req === null) return -EAGAIN;

  const file = yield* fget(iocb.aio_fildes);
  if (file === null) return yield* out_put_req(ctx, req, -EBADF);
  req.common.ki_complete = aio_complete;

  if (yield* put_user(KIOCB_KEY, user_iocb, 'aio_key'))
    return yield* out_put_req(ctx, req, -EFAULT);
  req.ki_user_iocb = user_iocb;
  req.ki_user_data = iocb.aio_data;

  const ret = yield* call_read_iter(file, req.common);
  if (ret !== -EIOCBQUEUED) yield* aio_complete(req.common, ret);
  return 0;
}

/* The error exit of io_submit_one(). */
function* out_put_req(ctx: kioctx, req: aio_kiocb, error: number): Op<number> {
  yield* percpu_ref_put(ctx.reqs);
  yield* kfree(req);
  return error;
}

/** Begins as many reads as there are: how many, or why not even the first. */
export function* io_submit(ctx_id: number, iocbpp: readonly user<iocb>[]): Op<number> {
  const ctx = yield* lookup_ioctx(ctx_id);
  if (ctx === null) return -EINVAL;

  const tmp = yield* DECLARE_STRUCT_ONSTACK(iocb, 'tmp');
  let ret = 0;
  let i = 0;
  for (const user_iocb of iocbpp) {
    if (yield* copy_from_user(tmp, user_iocb)) {
      ret = -EFAULT;
      break;
    }
    ret = yield* io_submit_one(ctx, user_iocb, tmp);
    if (ret) break;
    i++;
  }

  yield* percpu_ref_put(ctx.users);
  return i === 0 ? ret : i;
}

/** Finds a request that can be cancelled, under ctx_lock. */
function lookup_kiocb(ctx: kioctx, user_iocb: user<iocb>, key: number): aio_kiocb | null {
  if (key !== KIOCB_KEY) return null;
  for (const kiocb of list_for_each_entry(ctx.active_reqs, aio_kiocb, 'ki_list')) {
    if (kiocb.ki_user_iocb === user_iocb) return kiocb;
  }
  return null;
}

/** Cancels a request: -EINPROGRESS, and its event comes through the ring; -EINVAL if it is too late. */
export function* io_cancel(ctx_id: number, user_iocb: user<iocb>): Op<number> {
  const key: out<number> = { value: 0 };
  if (yield* get_user(key, user_iocb, 'aio_key')) return -EFAULT;

  const ctx = yield* lookup_ioctx(ctx_id);
  if (ctx === null) return -EINVAL;

  let ret = -EINVAL;
  yield* spin_lock(ctx.ctx_lock);
  const kiocb = lookup_kiocb(ctx, user_iocb, key.value);
  if (kiocb !== null) {
    yield* kiocb_cancel(kiocb);
    ret = -EINPROGRESS;
  }
  yield* spin_unlock(ctx.ctx_lock);

  yield* percpu_ref_put(ctx.users);
  return ret;
}

/** Waits for at least min_nr events and takes up to nr: how many. Wakes up with -EINVAL when the context goes. */
export function* io_getevents(
  ctx_id: number,
  min_nr: number,
  nr: number,
  events: user<io_events>,
  timeout: 0 | null,
): Op<number> {
  const ioctx = yield* lookup_ioctx(ctx_id);
  let ret = -EINVAL;
  if (ioctx !== null) {
    if (min_nr <= nr && min_nr >= 0) ret = yield* read_events(ioctx, min_nr, nr, events, timeout);
    yield* percpu_ref_put(ioctx.users);
  }
  return ret;
}
