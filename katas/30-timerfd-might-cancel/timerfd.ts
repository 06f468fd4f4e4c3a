// SPDX-License-Identifier: GPL-2.0-only
/**
 * fs/timerfd.c as of Linux 4.10, before commit 1e38da300e1e ("timerfd: Protect the might cancel mechanism proper", 2017), with as
 * much of kernel/time/timekeeping.c as it needs.
 *
 * Timers that have a descriptor and are read like files. When somebody sets the clock, the timers that asked for it are cancelled.
 */
import {
  anon_inode_getfd,
  bool,
  CLOCK_MONOTONIC,
  CLOCK_REALTIME,
  container_of,
  cpu_relax,
  DEFINE_FILE_OPERATIONS,
  DEFINE_SPINLOCK,
  EAGAIN,
  EBADF,
  ECANCELED,
  EINVAL,
  ENOMEM,
  ERR_PTR,
  type errptr,
  fget,
  type file,
  finish_wait,
  fput,
  GFP_KERNEL,
  hrtimer,
  hrtimer_cancel,
  HRTIMER_MODE_ABS,
  HRTIMER_MODE_REL,
  HRTIMER_NORESTART,
  type hrtimer_restart,
  hrtimer_setup,
  hrtimer_start,
  hrtimer_try_to_cancel,
  init_waitqueue_head,
  int,
  IS_ERR,
  kfree,
  kfree_rcu,
  kzalloc,
  list_add_rcu,
  list_del_rcu,
  list_first_or_null_rcu,
  LIST_HEAD,
  list_head,
  list_next_or_null_rcu,
  type Op,
  prepare_to_wait,
  PTR_ERR,
  rcu_head,
  rcu_read_lock,
  rcu_read_unlock,
  READ_ONCE,
  schedule,
  spin_lock,
  spin_lock_init,
  spin_lock_irq,
  spin_lock_irqsave,
  spin_unlock,
  spin_unlock_irq,
  spin_unlock_irqrestore,
  spinlock_t,
  static_var,
  struct,
  type StructOf,
  TASK_UNINTERRUPTIBLE,
  wait_queue_head_t,
  wake_up,
  WRITE_ONCE,
} from '#lib';

export const TFD_TIMER_ABSTIME = 1;
export const TFD_TIMER_CANCEL_ON_SET = 2;
const TFD_SETTIME_FLAGS = 3;

/* of read() */
export const O_NONBLOCK = 2048;

/* no clock is ever that much ahead */
const KTIME_MAX = 2147483647;

export const timerfd_ctx = struct('timerfd_ctx', {
  tmr: hrtimer,
  moffs:
    int /* how much the time of day is ahead; KTIME_MAX: it was set, and nobody has read that yet */,
  wqh: wait_queue_head_t,
  wqh_lock: spinlock_t /* wqh.lock */,
  ticks: int,
  clockid: int,
  rcu: rcu_head,
  clist: list_head /* in cancel_list */,
  might_cancel: bool,
});
export interface timerfd_ctx extends StructOf<typeof timerfd_ctx> {}

const cancel_list = LIST_HEAD('cancel_list');
const cancel_lock = DEFINE_SPINLOCK('cancel_lock');

/* kernel/time/timekeeping.c */

/* how much the time of day is ahead of the time since boot */
const offs_real = static_var('offs_real', 0);

/** ktime_mono_to_real() of 0. */
function* ktime_mono_to_real(): Op<number> {
  return yield* READ_ONCE(offs_real, 'value');
}

/** Sets the clock: from now on it is so much ahead. */
export function* do_settimeofday64(offs: number): Op<void> {
  yield* WRITE_ONCE(offs_real, 'value', offs);
  yield* timerfd_clock_was_set(); /* clock_was_set() */
}

/* fs/timerfd.c */

/** This gets called when the timer event triggers. */
function* timerfd_tmrproc(htmr: hrtimer): Op<hrtimer_restart> {
  const ctx = container_of(htmr, timerfd_ctx, 'tmr');

  const flags = yield* spin_lock_irqsave(ctx.wqh_lock);
  ctx.ticks++;
  yield* wake_up(ctx.wqh);
  yield* spin_unlock_irqrestore(ctx.wqh_lock, flags);
  return HRTIMER_NORESTART;
}

/**
 * Called when the clock was set, to cancel the timers in the cancel list. This wakes the tasks that wait for them. They go on only
 * if there are ticks, so there is one more first.
 */
function* timerfd_clock_was_set(): Op<void> {
  const moffs = yield* ktime_mono_to_real();

  yield* rcu_read_lock();
  for (
    let ctx = yield* list_first_or_null_rcu(cancel_list, timerfd_ctx, 'clist');
    ctx !== null;
    ctx = yield* list_next_or_null_rcu(cancel_list, ctx.clist, timerfd_ctx, 'clist')
  ) {
    if (!(yield* READ_ONCE(ctx, 'might_cancel'))) continue;
    const flags = yield* spin_lock_irqsave(ctx.wqh_lock);
    if (ctx.moffs !== moffs) {
      ctx.moffs = KTIME_MAX;
      ctx.ticks++;
      yield* wake_up(ctx.wqh);
    }
    yield* spin_unlock_irqrestore(ctx.wqh_lock, flags);
  }
  yield* rcu_read_unlock();
}

function* timerfd_remove_cancel(ctx: timerfd_ctx): Op<void> {
  // TODO(kata): the story of the README begins here.
  if (yield* READ_ONCE(ctx, 'might_cancel')) {
    yield* WRITE_ONCE(ctx, 'might_cancel', false);
    yield* spin_lock(cancel_lock);
    yield* list_del_rcu(ctx.clist);
    yield* spin_unlock(cancel_lock);
  }
}

/** Whether the clock was set. It says so once. The caller holds wqh.lock. */
function* timerfd_canceled(ctx: timerfd_ctx): Op<boolean> {
  if (!(yield* READ_ONCE(ctx, 'might_cancel')) || ctx.moffs !== KTIME_MAX) return false;
  ctx.moffs = yield* ktime_mono_to_real();
  return true;
}

function* timerfd_setup_cancel(ctx: timerfd_ctx, flags: number): Op<void> {
  // TODO(kata): and here.
  if (
    ctx.clockid === CLOCK_REALTIME &&
    (flags & TFD_TIMER_ABSTIME) !== 0 &&
    (flags & TFD_TIMER_CANCEL_ON_SET) !== 0
  ) {
    if (!(yield* READ_ONCE(ctx, 'might_cancel'))) {
      yield* WRITE_ONCE(ctx, 'might_cancel', true);
      yield* spin_lock(cancel_lock);
      yield* list_add_rcu(ctx.clist, cancel_list);
      yield* spin_unlock(cancel_lock);
    }
  } else {
    yield* timerfd_remove_cancel(ctx);
  }
}

/** Programs the timer; with 0 it is only stopped. The caller holds wqh.lock. */
function* timerfd_setup(ctx: timerfd_ctx, flags: number, texp: number): Op<number> {
  const htmode = (flags & TFD_TIMER_ABSTIME) !== 0 ? HRTIMER_MODE_ABS : HRTIMER_MODE_REL;

  ctx.ticks = 0;
  yield* hrtimer_setup(ctx.tmr, timerfd_tmrproc, ctx.clockid, htmode);
  if (texp !== 0) {
    yield* hrtimer_start(ctx.tmr, texp, htmode);

    if (yield* timerfd_canceled(ctx)) return -ECANCELED;
  }
  return 0;
}

/** The last reference to the file is gone. */
function* timerfd_release(file: file): Op<void> {
  const ctx = ctxOf(file);

  yield* timerfd_remove_cancel(ctx);
  yield* hrtimer_cancel(ctx.tmr);
  yield* kfree_rcu(ctx, 'rcu');
}

/** wait_event_interruptible_locked_irq(), without signals: the lock is given back while the task sleeps. */
function* wait_for_ticks(ctx: timerfd_ctx): Op<void> {
  if (ctx.ticks > 0) return;
  do {
    yield* prepare_to_wait(ctx.wqh, TASK_UNINTERRUPTIBLE);
    yield* spin_unlock_irq(ctx.wqh_lock);
    yield* schedule();
    yield* spin_lock_irq(ctx.wqh_lock);
  } while (ctx.ticks === 0);
  yield* finish_wait(ctx.wqh);
}

/** read(): how often the timer has expired since one has looked, or an error. */
export function* timerfd_read(file: file, f_flags: number): Op<number> {
  const ctx = ctxOf(file);
  let res = 0;

  yield* spin_lock_irq(ctx.wqh_lock);
  if ((f_flags & O_NONBLOCK) !== 0) res = -EAGAIN;
  else yield* wait_for_ticks(ctx);

  /*
   * If the clock has changed, we do not care about the ticks. User space
   * must look at the clock anyway.
   */
  if (yield* timerfd_canceled(ctx)) {
    ctx.ticks = 0;
    res = -ECANCELED;
  }

  if (ctx.ticks > 0) {
    res = ctx.ticks;
    ctx.ticks = 0;
  }
  yield* spin_unlock_irq(ctx.wqh_lock);
  return res;
}

function ctxOf(file: file): timerfd_ctx {
  return file.private_data as timerfd_ctx; // timerfd_create() has put it there
}

const timerfd_fops = DEFINE_FILE_OPERATIONS('timerfd_fops', { release: timerfd_release });

/** A reference to the file of a timer. */
function* timerfd_fget(fd: number): Op<file | errptr> {
  const file = yield* fget(fd);
  if (file === null) return ERR_PTR(-EBADF);
  if (file.f_op !== timerfd_fops) {
    yield* fput(file);
    return ERR_PTR(-EINVAL);
  }
  return file;
}

/** A new timer, which is stopped: its descriptor. */
export function* timerfd_create(clockid: number): Op<number> {
  if (clockid !== CLOCK_MONOTONIC && clockid !== CLOCK_REALTIME) return -EINVAL;

  const ctx = yield* kzalloc(timerfd_ctx, GFP_KERNEL);
  if (ctx === null) return -ENOMEM;

  yield* init_waitqueue_head(ctx.wqh);
  yield* spin_lock_init(ctx.wqh_lock);
  ctx.clockid = clockid;
  yield* hrtimer_setup(ctx.tmr, timerfd_tmrproc, clockid, HRTIMER_MODE_ABS);
  ctx.moffs = yield* ktime_mono_to_real();

  const ufd = yield* anon_inode_getfd('[timerfd]', timerfd_fops, ctx, 0);
  if (ufd < 0) yield* kfree(ctx);

  return ufd;
}

/** timerfd_settime() */
export function* do_timerfd_settime(ufd: number, flags: number, it_value: number): Op<number> {
  if ((flags & ~TFD_SETTIME_FLAGS) !== 0 || it_value < 0) return -EINVAL;

  const file = yield* timerfd_fget(ufd);
  if (IS_ERR(file)) return PTR_ERR(file);
  const ctx = ctxOf(file);

  yield* timerfd_setup_cancel(ctx, flags);

  /* stop the existing timer before reprogramming it */
  for (;;) {
    yield* spin_lock_irq(ctx.wqh_lock);
    if ((yield* hrtimer_try_to_cancel(ctx.tmr)) >= 0) break;
    yield* spin_unlock_irq(ctx.wqh_lock);
    yield* cpu_relax();
  }

  const ret = yield* timerfd_setup(ctx, flags, it_value);

  yield* spin_unlock_irq(ctx.wqh_lock);
  yield* fput(file);
  return ret;
}
