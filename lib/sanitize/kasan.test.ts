// SPDX-License-Identifier: GPL-2.0-only
import { dpor } from '../explore';
import {
  GFP_KERNEL,
  int,
  kfree,
  kref,
  kzalloc,
  list_head,
  ptr,
  READ_ONCE,
  smp_load_acquire,
  smp_store_release,
  refcount_dec_and_test,
  refcount_set,
  refcount_t,
  spin_lock,
  spin_unlock,
  DEFINE_SPINLOCK,
  static_var,
} from '../kernel';
import { type Handle, type Machine, type Op, struct, type StructOf } from '../machine';
import { kasan } from './kasan';
import { look, told } from './testing/told';

const rbd_client = struct('rbd_client', {
  rbd_opts: ptr<Handle>(),
  flags: int,
  kref: kref,
  refs: refcount_t,
  node: list_head,
});
interface rbd_client extends StructOf<typeof rbd_client> {}

const node_lock = DEFINE_SPINLOCK('node_lock');
const shared = static_var<rbd_client | null>('shared', null);

function create(machine: Machine, refs = 1): rbd_client {
  function* rbd_client_create(): Op<rbd_client> {
    const rbdc = yield* kzalloc(rbd_client, GFP_KERNEL);
    if (rbdc === null) throw new Error('kzalloc failed');
    yield* refcount_set(rbdc.refs, refs);
    return rbdc;
  }
  return machine.runNow(rbd_client_create());
}

function* rbd_use_client(rbdc: rbd_client): Op<void> {
  yield* spin_lock(node_lock);
  rbdc.node.next = null;
  yield* spin_unlock(node_lock);
}

function* rbd_client_release(rbdc: rbd_client): Op<void> {
  yield* kfree(rbdc);
}

describe('kasan', () => {
  it('reports a use of freed memory, in the execution that does it', () => {
    const found = told(dpor, [kasan()], (machine) => {
      const rbdc = create(machine);
      machine.spawn('rbd-get', () => rbd_use_client(rbdc));
      machine.spawn('rbd-put', () => rbd_client_release(rbdc));
    });
    expect(found.kinds).toEqual(['(slab-use-after-free)', 'slab-use-after-free']);
    expect(found.report('slab-use-after-free')).toMatchInlineSnapshot(`
      "BUG: KASAN: slab-use-after-free in rbd_use_client
      Write of size 8 at addr rbd_client#1.node.next by task rbd-get/101

      CPU: 1 PID: 101 Comm: rbd-get
      Call Trace:
       rbd_use_client driver.ts

      Allocated by task 100:
       rbd_client_create driver.ts

      Freed by task 102:
       rbd_client_release driver.ts

      The buggy address belongs to the object rbd_client#1
       which belongs to the cache rbd_client of size 36
      The buggy address is located in field node.next of freed object
      =================================================================="
    `);
    expect(found.report('(slab-use-after-free)')).toMatchInlineSnapshot(`
      "BUG: KASAN: slab-use-after-free in rbd_use_client
      Write of size 8 at addr rbd_client#1.node.next by task rbd-get/101
      Nothing orders this access before the free of rbd_client#1 by task rbd-put/102: it came first here, but need not.

      CPU: 1 PID: 101 Comm: rbd-get
      Call Trace:
       rbd_use_client driver.ts

      Allocated by task 100:
       rbd_client_create driver.ts

      Freed by task 102:
       rbd_client_release driver.ts

      The buggy address belongs to the object rbd_client#1
       which belongs to the cache rbd_client of size 36
      The buggy address is located in field node.next of object
      =================================================================="
    `);
  });

  it('is silent when a lock orders the use and the free', () => {
    function* use(): Op<void> {
      yield* spin_lock(node_lock);
      const rbdc = shared.value;
      if (rbdc !== null) rbdc.flags = 1;
      yield* spin_unlock(node_lock);
    }
    function* release(): Op<void> {
      yield* spin_lock(node_lock);
      const rbdc = shared.value;
      shared.value = null;
      yield* spin_unlock(node_lock);
      yield* kfree(rbdc);
    }
    const found = told(dpor, [kasan()], (machine) => {
      shared.value = create(machine);
      machine.spawn('use', use);
      machine.spawn('release', release);
    });
    expect(found.kinds).toEqual([]);
  });

  function* drop(rbdc: rbd_client): Op<void> {
    rbdc.flags = 1;
    if (yield* refcount_dec_and_test(rbdc.refs)) yield* kfree(rbdc);
  }

  it('is silent when the last reference frees, as each drop releases what came before it', () => {
    const found = told(dpor, [kasan()], (machine) => {
      const rbdc = create(machine, 2);
      machine.spawn('A', () => drop(rbdc));
      machine.spawn('B', () => drop(rbdc));
    });
    expect(found.kinds).toEqual([]);
  });

  it('predicts a use after free that no interleaving shows, as the read belongs to the step of the drop', () => {
    function* late(rbdc: rbd_client): Op<void> {
      yield* refcount_dec_and_test(rbdc.refs);
      look(rbdc.flags);
    }
    const found = told(dpor, [kasan()], (machine) => {
      const rbdc = create(machine, 2);
      machine.spawn('A', () => late(rbdc));
      machine.spawn('B', () => drop(rbdc));
    });
    expect(found.kinds).toEqual(['(slab-use-after-free)']);
  });

  it('counts a marked access before the free, and not one that the freeing task saw released', () => {
    function* late(rbdc: rbd_client): Op<void> {
      yield* READ_ONCE(rbdc, 'flags');
    }
    function* releasing(rbdc: rbd_client): Op<void> {
      yield* READ_ONCE(rbdc, 'flags');
      yield* smp_store_release(rbdc, 'flags', 1);
    }
    function* awaiting(rbdc: rbd_client): Op<void> {
      if ((yield* smp_load_acquire(rbdc, 'flags')) === 1) yield* kfree(rbdc);
    }
    const kinds = (first: typeof late, second: typeof late): readonly string[] =>
      told(dpor, [kasan()], (machine) => {
        const rbdc = create(machine);
        machine.spawn('A', () => first(rbdc));
        machine.spawn('B', () => second(rbdc));
      }).kinds;
    expect(kinds(late, rbd_client_release)).toEqual([
      '(slab-use-after-free)',
      'slab-use-after-free',
    ]);
    expect(kinds(releasing, awaiting)).toEqual([]);
  });

  it('reports memory freed twice', () => {
    const found = told(dpor, [kasan()], (machine) => {
      const rbdc = create(machine);
      machine.spawn('rbd-put', () => rbd_client_release(rbdc));
      machine.spawn('rbd-rm', () => rbd_client_release(rbdc));
    });
    expect(found.kinds).toEqual(['double-free']);
    expect(found.report('double-free')).toMatchInlineSnapshot(`
      "BUG: KASAN: double-free in rbd_client_release
      Free of addr rbd_client#1 by task rbd-rm/102

      CPU: 2 PID: 102 Comm: rbd-rm
      Call Trace:
       rbd_client_release driver.ts

      Allocated by task 100:
       rbd_client_create driver.ts

      Freed by task 101:
       rbd_client_release driver.ts

      The buggy address belongs to the object rbd_client#1
       which belongs to the cache rbd_client of size 36
      =================================================================="
    `);
  });

  it('does not take two pieces of memory for one', () => {
    const found = told(dpor, [kasan()], (machine) => {
      const [first, second] = [create(machine), create(machine)];
      machine.spawn('A', () => rbd_client_release(first));
      machine.spawn('B', () => rbd_client_release(second));
    });
    expect(found.kinds).toEqual([]);
  });
});
