// SPDX-License-Identifier: GPL-2.0-only
import { dpor } from '../explore';
import {
  BUG_ON,
  DEFINE_SPINLOCK,
  GFP_KERNEL,
  INIT_LIST_HEAD,
  kfree,
  kref,
  kref_get,
  kref_init,
  kref_put,
  kzalloc,
  LIST_HEAD,
  list_add,
  list_del,
  list_head,
  spin_lock,
  spin_lock_init,
  spin_unlock,
  spinlock_t,
  WARN,
  WARN_ON,
} from '../kernel';
import { type Complaint, current, Gravity, type Op, struct, type StructOf } from '../machine';
import { complaints } from './complaints';
import { type Told, told } from './testing/told';

const rbd_client = struct('rbd_client', { kref: kref, lock: spinlock_t, node: list_head });
interface rbd_client extends StructOf<typeof rbd_client> {}
const node_lock = DEFINE_SPINLOCK('node_lock');
const rbd_client_list = LIST_HEAD('rbd_client_list');

function run(code: (rbdc: rbd_client) => Op<unknown>): Told {
  return told(dpor, [complaints()], (machine) => {
    machine.spawn('rbd-get', function* rbd_add(): Op<void> {
      const rbdc = yield* kzalloc(rbd_client, GFP_KERNEL);
      if (rbdc === null) return;
      INIT_LIST_HEAD(rbdc.node);
      yield* code(rbdc);
    });
  });
}

function* release(): Op<void> {
  // Frees nothing: only the count matters here.
}

describe('complaints', () => {
  it('tells a reference taken after the last one was dropped', () => {
    const found = run(function* rbd_get_client(rbdc) {
      yield* kref_init(rbdc.kref);
      yield* kref_put(rbdc.kref, release);
      yield* kref_get(rbdc.kref);
    });
    expect(found.kinds).toEqual(['refcount']);
    expect(found.report('refcount')).toMatchInlineSnapshot(`
      "refcount_t: addition on 0; use-after-free.
      WARNING: CPU: 1 PID: 101 at lib/refcount.c:25 refcount_warn_saturate
      counter: rbd_client#1.kref
      CPU: 1 PID: 101 Comm: rbd-get
      Call Trace:
       rbd_get_client driver.ts
       rbd_add driver.ts
      ---[ end trace ]---"
    `);
  });

  it('is silent while there is a reference', () => {
    const found = run(function* rbd_get_client(rbdc) {
      yield* kref_init(rbdc.kref);
      yield* kref_get(rbdc.kref);
      yield* kref_put(rbdc.kref, release);
    });
    expect(found.kinds).toEqual([]);
  });

  it('tells a node that is deleted twice', () => {
    const found = run(function* rbd_client_release(rbdc) {
      list_add(rbdc.node, rbd_client_list);
      list_del(rbdc.node);
      list_del(rbdc.node);
    });
    expect(found.report('list-corruption')).toMatchInlineSnapshot(`
      "list_del corruption, rbd_client#1.node->next is LIST_POISON1 (dead000000000100)
      kernel BUG at lib/list_debug.c!
      CPU: 1 PID: 101 Comm: rbd-get
      Call Trace:
       rbd_client_release driver.ts
       rbd_add driver.ts
      ---[ end trace ]---"
    `);
  });

  it('tells a lock that was never initialised, and not one that was', () => {
    const use = (init: boolean): Told =>
      run(function* rbd_lock(rbdc) {
        if (init) yield* spin_lock_init(rbdc.lock);
        yield* spin_lock(rbdc.lock);
        yield* spin_unlock(rbdc.lock);
      });
    expect(use(false).report('spinlock-bad-magic')).toMatchInlineSnapshot(`
      "BUG: spinlock bad magic on CPU#1, rbd-get/101
       lock: rbd_client#1.lock, .magic: 00000000, .owner: <none>/-1, .owner_cpu: 0
      CPU: 1 PID: 101 Comm: rbd-get
      Call Trace:
       rbd_lock driver.ts
       rbd_add driver.ts"
    `);
    expect(use(true).kinds).toEqual([]);
  });

  it('names the owner of a spinlock that another task unlocks', () => {
    const found = told(dpor, [complaints()], (machine) => {
      machine.spawn('owner', function* rbd_owner(): Op<void> {
        yield* spin_lock(node_lock);
        yield* spin_unlock(node_lock);
      });
      machine.spawn('thief', function* rbd_thief(): Op<void> {
        yield* spin_unlock(node_lock);
      });
    });
    const headlines = found.report('spinlock').split('\n').slice(0, 2);
    expect(headlines).toEqual([
      'BUG: spinlock already unlocked on CPU#2, thief/102',
      ' lock: node_lock, .magic: dead4ead, .owner: <none>/-1, .owner_cpu: -1',
    ]);
  });

  it('tells BUG_ON and WARN_ON with their place', () => {
    const found = run(function* rbd_check() {
      WARN_ON(true);
      WARN(true, 'rbd: no client');
      BUG_ON(true);
    });
    expect(found.kinds).toEqual(['bug', 'warn']);
    expect(found.report('bug')).toMatchInlineSnapshot(`
      "kernel BUG at driver.ts:1!
      invalid opcode: 0000 [#1] PREEMPT SMP
      CPU: 1 PID: 101 Comm: rbd-get
      Call Trace:
       rbd_check driver.ts
       rbd_add driver.ts
      ---[ end trace ]---"
    `);
    expect(found.report('warn')).toMatchInlineSnapshot(`
      "WARNING: CPU: 1 PID: 101 at driver.ts:1 rbd_check
      CPU: 1 PID: 101 Comm: rbd-get
      Call Trace:
       rbd_check driver.ts
       rbd_add driver.ts
      ---[ end trace ]---"
    `);
    expect(
      run(function* rbd_check() {
        WARN_ON(false);
        BUG_ON(false);
      }).kinds,
    ).toEqual([]);
  });

  it('tells an invalid free in the words of KASAN', () => {
    const found = run(function* rbd_free(rbdc) {
      yield* kfree(rbdc.node);
    });
    expect(found.report('invalid-free')).toMatchInlineSnapshot(`
      "BUG: KASAN: invalid-free in rbd_free
      Free of addr rbd_client#1.node by task rbd-get/101

      CPU: 1 PID: 101 Comm: rbd-get
      Call Trace:
       rbd_free driver.ts
       rbd_add driver.ts
      =================================================================="
    `);
  });

  it.each<[Complaint['check'], string, Gravity, string]>([
    [
      'rcu',
      'suspicious rcu_dereference_check() usage',
      Gravity.Context,
      'WARNING: suspicious RCU usage in rbd_say',
    ],
    ['mutex', 'lock->magic != lock', Gravity.Context, 'DEBUG_LOCKS_WARN_ON(lock->magic != lock)'],
    [
      'spinlock',
      'recursion on CPU#1, a/101',
      Gravity.Deadlock,
      'BUG: spinlock recursion on CPU#1, a/101',
    ],
    [
      'workqueue',
      'workqueue: cannot queue f on wq w',
      Gravity.Context,
      'workqueue: cannot queue f on wq w',
    ],
    [
      'idr',
      'idr_remove called for id=3 which is not allocated.',
      Gravity.Context,
      'idr_remove called for id=3 which is not allocated.',
    ],
    [
      'expect',
      'the client is shared',
      Gravity.Expectation,
      'EXPECTATION FAILED: the client is shared',
    ],
    ['warn', '', Gravity.Context, 'WARNING: CPU: 1 PID: 101 at driver.ts:1 rbd_say'],
  ])('tells %s: %s', (check, message, gravity, headline) => {
    let seen = -1;
    const found = told(
      (machine, visit) => {
        dpor(machine, (execution) => {
          seen = execution.machine.findings[0]?.gravity ?? -1;
          return visit(execution);
        });
      },
      [complaints()],
      (machine) => {
        machine.spawn('a', function* rbd_say(): Op<void> {
          const site = new Error().stack ?? '';
          current.machine.complain({ check, message, object: null, site });
        });
      },
    );
    expect(seen).toBe(gravity);
    expect(found.kinds.map((kind) => found.report(kind).split('\n')[0])).toEqual([headline]);
  });
});
