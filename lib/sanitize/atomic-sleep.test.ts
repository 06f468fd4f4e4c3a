// SPDX-License-Identifier: GPL-2.0-only
import { dpor } from '../explore';
import {
  DEFINE_MUTEX,
  DEFINE_SPINLOCK,
  GFP_ATOMIC,
  GFP_KERNEL,
  int,
  kvfree,
  kzalloc,
  mutex_lock,
  mutex_trylock,
  mutex_unlock,
  spin_lock,
  spin_lock_bh,
  spin_unlock,
  spin_unlock_bh,
  vfree,
} from '../kernel';
import { current, type Op, struct, type TaskContext } from '../machine';
import { atomicSleep } from './atomic-sleep';
import { type Told, told } from './testing/told';

const node_lock = DEFINE_SPINLOCK('node_lock');
const ctl_mutex = DEFINE_MUTEX('ctl_mutex');
const rbd_options = struct('rbd_options', { flags: int });

function run(code: () => Op<unknown>, context: TaskContext = 'process'): Told {
  return told(dpor, [atomicSleep()], (machine) => {
    machine.spawn('rbd-put', code, context);
  });
}

function* ceph_destroy_client(): Op<void> {
  yield* mutex_lock(ctl_mutex);
  yield* mutex_unlock(ctl_mutex);
}
function* rbd_put_client(): Op<void> {
  yield* spin_lock(node_lock);
  yield* ceph_destroy_client();
  yield* spin_unlock(node_lock);
}
function* rbd_put_client_later(): Op<void> {
  yield* spin_lock(node_lock);
  yield* spin_unlock(node_lock);
  yield* ceph_destroy_client();
}
function* rbd_get_client(): Op<void> {
  current.machine.task.rcuDepth++;
  yield* ceph_destroy_client();
  current.machine.task.rcuDepth--;
}

describe('atomic-sleep', () => {
  it('reports a mutex under a spinlock', () => {
    const found = run(rbd_put_client);
    expect(found.kinds).toEqual(['sleeping-in-atomic']);
    expect(found.report('sleeping-in-atomic')).toMatchInlineSnapshot(`
      "BUG: sleeping function called from invalid context at mutex_lock in ceph_destroy_client
      in_atomic(): 1, irqs_disabled(): 0, non_block: 0, pid: 101, name: rbd-put
      preempt_count: 1, expected: 0
      RCU nest depth: 0, expected: 0
      1 lock held by rbd-put/101:
       #0: node_lock (node_lock){+.+.}-{2:2}, at: rbd_put_client
      Preemption disabled at:
       rbd_put_client
      CPU: 1 PID: 101 Comm: rbd-put
      Call Trace:
       ceph_destroy_client driver.ts
       rbd_put_client driver.ts"
    `);
  });

  it('is silent once the spinlock is given back', () => {
    expect(run(rbd_put_client_later).kinds).toEqual([]);
  });

  it('lets a trylock and an atomic allocation pass, but not one that may sleep', () => {
    const allocate = (flags: number): readonly string[] =>
      run(function* code(): Op<void> {
        yield* spin_lock(node_lock);
        yield* kzalloc(rbd_options, flags);
        if ((yield* mutex_trylock(ctl_mutex)) === 1) yield* mutex_unlock(ctl_mutex);
        yield* spin_unlock(node_lock);
      }).kinds;
    expect(allocate(GFP_ATOMIC)).toEqual([]);
    expect(allocate(GFP_KERNEL)).toEqual(['sleeping-in-atomic']);
  });

  it.each([
    ['vfree', vfree],
    ['kvfree', kvfree],
  ])(
    'reports %s() under a spinlock, not in an interrupt, nor where softirqs are off',
    (_, free) => {
      function* freed(): Op<void> {
        yield* free(yield* kzalloc(rbd_options, GFP_ATOMIC));
      }
      function* under(lock: typeof spin_lock, unlock: typeof spin_unlock): Op<void> {
        yield* lock(node_lock);
        yield* freed();
        yield* unlock(node_lock);
      }
      expect(run(() => under(spin_lock, spin_unlock)).kinds).toEqual(['sleeping-in-atomic']);
      expect(run(() => under(spin_lock_bh, spin_unlock_bh)).kinds).toEqual([]);
      expect(run(freed).kinds).toEqual([]);
      expect(run(freed, 'softirq').kinds).toEqual([]);
      expect(run(freed, 'hardirq').kinds).toEqual([]);
    },
  );

  it('reports sleeping in softirq, not in a work item', () => {
    const found = run(ceph_destroy_client, 'softirq');
    expect(found.report('sleeping-in-atomic')).toContain('preempt_count: 100, expected: 0');
    expect(run(ceph_destroy_client, 'workqueue').kinds).toEqual([]);
  });

  it('reports sleeping in an RCU read section', () => {
    const found = run(rbd_get_client);
    expect(found.kinds).toEqual(['suspicious-rcu-usage']);
    expect(found.report('suspicious-rcu-usage')).toMatchInlineSnapshot(`
      "WARNING: suspicious RCU usage in ceph_destroy_client
      driver.ts:1 Illegal context switch in RCU read-side critical section!

      other info that might help us debug this:


      rcu_scheduler_active = 2, debug_locks = 1
      no locks held by rbd-put/101.

      stack backtrace:
      CPU: 1 PID: 101 Comm: rbd-put
      Call Trace:
       ceph_destroy_client driver.ts
       rbd_get_client driver.ts"
    `);
  });
});
