// SPDX-License-Identifier: GPL-2.0-only
/** Small scenarios for traces: one failing, and one for each way in which one task learns of another. */
import { type Scenario, scenario } from '../../scenario/scenario';
import {
  complete,
  cpu_relax,
  DECLARE_COMPLETION,
  DECLARE_RWSEM,
  DECLARE_WAIT_QUEUE_HEAD,
  DECLARE_WORK,
  DEFINE_MUTEX,
  down_read,
  flush_work,
  join,
  mutex_lock,
  mutex_unlock,
  type Op,
  rcu_read_lock,
  rcu_read_unlock,
  READ_ONCE,
  schedule_work,
  smp_mb,
  spawn_task,
  static_var,
  synchronize_rcu,
  up_read,
  wait_event,
  wait_for_completion,
  wake_up,
  WRITE_ONCE,
} from '../../index';
import { NBD, RBD } from './drivers';
import { type Body, load } from './load';

const rbd = load('katas/01-rbd-put-client/rbd.ts', RBD);
const nbd = load('katas/14-nbd-del-gendisk/nbd.ts', NBD);

function made(id: string, tasks: Record<string, Body>, more: Partial<Scenario> = {}): Scenario {
  return scenario({ id, title: id, task: 1, kind: 'race', tasks, ...more });
}

/** The last put frees a client that a get has found. */
export const RBD_RACE = made(
  'put-vs-get',
  { 'rbd-put': rbd('rbd_put_client'), 'rbd-get': rbd('rbd_get_client') },
  { setup: rbd('boot') },
);

/** Two mutexes in both orders. */
export const NBD_DEADLOCK = made('put-vs-open', {
  'nbd-put': nbd('nbd_put'),
  'nbd-open': nbd('nbd_open'),
});

/** An allocation that may fail. */
export const NBD_NULL = made('null', { 'nbd-null': nbd('nbd_null') }, { failures: { kzalloc: 1 } });

/** More steps than a diagram has room for. */
export const NBD_STATS = made('stats', { a: nbd('nbd_stat'), b: nbd('nbd_open') });

const done = DECLARE_COMPLETION('done');
const lock = DEFINE_MUTEX('lock');
const sem = DECLARE_RWSEM('sem');
const item = DECLARE_WORK('item', function* () {
  yield* smp_mb();
});
const waiters = DECLARE_WAIT_QUEUE_HEAD('waiters');
const flag = static_var('flag', 0);

function* child(): Op<void> {
  yield* smp_mb();
}

/** One task learns of another through a completion, a grace period, the end of a child, a work queue, a wait queue, a lock; or does not. */
export const WAYS: Readonly<Record<string, Scenario>> = {
  completion: made('completion', {
    completes: () => complete(done),
    waits: () => wait_for_completion(done),
  }),
  rcu: made('rcu', {
    *reads() {
      yield* rcu_read_lock();
      yield* rcu_read_unlock();
    },
    synchronises: () => synchronize_rcu(),
  }),
  join: made('join', {
    *parent() {
      yield* join(yield* spawn_task('child', child));
    },
  }),
  work: made('work', {
    *queues() {
      yield* schedule_work(item);
      yield* flush_work(item);
    },
  }),
  wait: made('wait', {
    *wakes() {
      yield* WRITE_ONCE(flag, 'value', 1);
      yield* wake_up(waiters);
    },
    *waits() {
      yield* wait_event(waiters, function* () {
        return (yield* READ_ONCE(flag, 'value')) === 1;
      });
    },
  }),
  readers: made('readers', { a: reader, b: reader, c: reader }),
  mutex: made('mutex', { a: locker, b: locker, c: locker }),
  spin: made('spin', {
    writes: () => WRITE_ONCE(flag, 'value', 1),
    *spins() {
      while ((yield* READ_ONCE(flag, 'value')) === 0) yield* cpu_relax();
    },
  }),
};

/** A load that may read any of three values, and a store that may come before two others. */
export const STALE = made('stale', {
  *writes() {
    yield* WRITE_ONCE(flag, 'value', 1);
    yield* WRITE_ONCE(flag, 'value', 2);
  },
  *reads() {
    yield* READ_ONCE(flag, 'value');
    yield* WRITE_ONCE(flag, 'value', 3);
  },
});

/** Far more steps than a diagram has room for, all of them on what is shared. */
export const LONG = made('long', { a: often, b: often });

function* often(): Op<void> {
  for (let i = 0; i < 40; i++) yield* locker();
}

function* locker(): Op<void> {
  yield* mutex_lock(lock);
  yield* mutex_unlock(lock);
}

function* reader(): Op<void> {
  yield* down_read(sem);
  yield* up_read(sem);
}
