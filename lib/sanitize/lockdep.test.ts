// SPDX-License-Identifier: GPL-2.0-only
import { dpor } from '../explore';
import {
  DEFINE_MUTEX,
  DEFINE_SPINLOCK,
  GFP_KERNEL,
  kfree,
  kzalloc,
  mayFail,
  mutex,
  mutex_init,
  mutex_lock,
  mutex_lock_nested,
  mutex_trylock,
  mutex_unlock,
  spin_lock,
  spin_unlock,
} from '../kernel';
import { type Op, struct, type StructOf } from '../machine';
import { lockdep } from './lockdep';
import { type Told, told } from './testing/told';

const gendisk = struct('gendisk', { open_mutex: mutex });
interface gendisk extends StructOf<typeof gendisk> {}
const nbd_index_mutex = DEFINE_MUTEX('nbd_index_mutex');
const ctl_mutex = DEFINE_MUTEX('ctl_mutex');
const node_lock = DEFINE_SPINLOCK('node_lock');

function* alloc_disk(): Op<gendisk> {
  const disk = yield* kzalloc(gendisk, GFP_KERNEL);
  if (disk === null) throw new Error('kzalloc failed');
  yield* mutex_init(disk.open_mutex);
  return disk;
}

type Lock = readonly [mutex, 'lock' | 'try' | 'nested'];

function* nest(...locks: readonly Lock[]): Op<void> {
  const taken: mutex[] = [];
  for (const [lock, how] of locks) {
    if (how === 'lock') yield* mutex_lock(lock);
    else if (how === 'nested') yield* mutex_lock_nested(lock, 1);
    else if ((yield* mutex_trylock(lock)) === 0) continue;
    taken.unshift(lock);
  }
  for (const lock of taken) yield* mutex_unlock(lock);
}

/** Takes locks in one task after another: nothing can deadlock, but lockdep sees the orders. */
function inTurn(...tasks: ((disks: gendisk[]) => Op<void>)[]): Told {
  return told(dpor, [lockdep()], (machine) => {
    const disks = [machine.runNow(alloc_disk()), machine.runNow(alloc_disk())];
    machine.spawn('nbd', function* nbd(): Op<void> {
      for (const task of tasks) yield* task(disks);
    });
  });
}

function open_mutex(disks: gendisk[], which: number): mutex {
  const disk = disks[which];
  if (disk === undefined) throw new Error('no such disk');
  return disk.open_mutex;
}

describe('lockdep: order', () => {
  function* nbd_open(disks: gendisk[]): Op<void> {
    yield* nest([open_mutex(disks, 0), 'lock'], [nbd_index_mutex, 'lock']);
  }
  function* nbd_put(disks: gendisk[]): Op<void> {
    yield* nest([nbd_index_mutex, 'lock'], [open_mutex(disks, 1), 'lock']);
  }

  it('reports opposite orders of two classes, though taken by one task in turn', () => {
    const found = inTurn(nbd_open, nbd_put);
    expect(found.kinds).toEqual(['circular-locking']);
    expect(found.report('circular-locking')).toMatchInlineSnapshot(`
      "WARNING: possible circular locking dependency detected
      nbd/101 is trying to acquire lock:
      gendisk#2.open_mutex (&gendisk->open_mutex){+.+.}-{3:3}, at: nest

      but task is already holding lock:
      nbd_index_mutex (nbd_index_mutex){+.+.}-{3:3}, at: nest

      which lock already depends on the new lock.


      the existing dependency chain (in reverse order) is:

      -> #1 (nbd_index_mutex){+.+.}-{3:3}:
             nest driver.ts
             nbd_open driver.ts
             nbd driver.ts

      -> #0 (&gendisk->open_mutex){+.+.}-{3:3}:
             nest driver.ts
             nbd_put driver.ts
             nbd driver.ts

      other info that might help us debug this:

       Possible unsafe locking scenario:

             CPU0                    CPU1
             ----                    ----
        lock(nbd_index_mutex);
                                     lock(&gendisk->open_mutex);
                                     lock(nbd_index_mutex);
        lock(&gendisk->open_mutex);

       *** DEADLOCK ***

      1 lock held by nbd/101:
       #0: nbd_index_mutex (nbd_index_mutex){+.+.}-{3:3}, at: nest

      stack backtrace:
       nest driver.ts
       nbd_put driver.ts
       nbd driver.ts"
    `);
  });

  it('is silent when all take them in one order', () => {
    expect(inTurn(nbd_open, nbd_open).kinds).toEqual([]);
  });

  it('is silent when the locks of both orders are never held together', () => {
    const one = (lock: mutex) => (): Op<void> => nest([lock, 'lock']);
    expect(inTurn(one(nbd_index_mutex), one(ctl_mutex), one(nbd_index_mutex)).kinds).toEqual([]);
  });

  it('names the whole cycle of three classes', () => {
    const found = inTurn(
      nbd_open,
      () => nest([nbd_index_mutex, 'lock'], [ctl_mutex, 'lock']),
      (disks) => nest([ctl_mutex, 'lock'], [open_mutex(disks, 0), 'lock']),
    );
    expect(found.report('circular-locking')).toContain(
      'Chain exists of:\n  &gendisk->open_mutex --> nbd_index_mutex --> ctl_mutex\n',
    );
  });

  it('does not treat a trylock as a wait, but as a lock that others nest under', () => {
    const under = (disks: gendisk[]): Op<void> =>
      nest([nbd_index_mutex, 'lock'], [open_mutex(disks, 1), 'try']);
    expect(inTurn(nbd_open, under).kinds).toEqual([]);
    const over = (disks: gendisk[]): Op<void> =>
      nest([nbd_index_mutex, 'try'], [open_mutex(disks, 1), 'lock']);
    expect(inTurn(nbd_open, over).kinds).toEqual(['circular-locking']);
  });

  it('forgets orders between executions: two that never meet cannot deadlock', () => {
    const found = told(dpor, [lockdep()], (machine) => {
      machine.failures.set('branch', 1);
      machine.spawn('nbd', function* nbd(): Op<void> {
        if (yield* mayFail('branch')) yield* nest([nbd_index_mutex, 'lock'], [ctl_mutex, 'lock']);
        else yield* nest([ctl_mutex, 'lock'], [nbd_index_mutex, 'lock']);
      });
    });
    expect(found.kinds).toEqual([]);
  });
});

describe('lockdep: recursion', () => {
  it('reports two instances of one class', () => {
    const found = inTurn((disks) =>
      nest([open_mutex(disks, 0), 'lock'], [open_mutex(disks, 1), 'lock']),
    );
    expect(found.kinds).toEqual(['recursive-locking']);
    expect(found.report('recursive-locking')).toMatchInlineSnapshot(`
      "WARNING: possible recursive locking detected
      nbd/101 is trying to acquire lock:
      gendisk#2.open_mutex (&gendisk->open_mutex){+.+.}-{3:3}, at: nest

      but task is already holding lock:
      gendisk#1.open_mutex (&gendisk->open_mutex){+.+.}-{3:3}, at: nest

      other info that might help us debug this:
       Possible unsafe locking scenario:

             CPU0
             ----
        lock(&gendisk->open_mutex);
        lock(&gendisk->open_mutex);

       *** DEADLOCK ***

       May be due to missing lock nesting notation

      1 lock held by nbd/101:
       #0: gendisk#1.open_mutex (&gendisk->open_mutex){+.+.}-{3:3}, at: nest

      stack backtrace:
       nest driver.ts
       nbd driver.ts"
    `);
  });

  it('is silent when a subclass tells them apart', () => {
    const nested = (disks: gendisk[]): Op<void> =>
      nest([open_mutex(disks, 0), 'lock'], [open_mutex(disks, 1), 'nested']);
    expect(inTurn(nested, nested).kinds).toEqual([]);
  });

  it('reports a task that waits for itself before it reports orders', () => {
    const over = (): Op<void> => nest([ctl_mutex, 'lock'], [nbd_index_mutex, 'lock']);
    const again = (): Op<void> =>
      nest([ctl_mutex, 'lock'], [nbd_index_mutex, 'lock'], [ctl_mutex, 'lock']);
    expect(inTurn(over, again).kinds).toEqual(['recursive-locking']);
    const opposite = (): Op<void> => nest([nbd_index_mutex, 'lock'], [ctl_mutex, 'lock']);
    expect(inTurn(over, opposite).kinds).toEqual(['circular-locking']);
  });

  it('reports a task that waits for itself', () => {
    const twice = (): Op<void> => nest([ctl_mutex, 'lock'], [ctl_mutex, 'lock']);
    expect(inTurn(twice).kinds).toEqual(['recursive-locking']);
  });
});

describe('lockdep: balance', () => {
  function* unlockOnly(): Op<void> {
    yield* mutex_unlock(ctl_mutex);
  }
  function* forget(): Op<void> {
    yield* spin_lock(node_lock);
  }
  function* both(): Op<void> {
    yield* forget();
    yield* spin_unlock(node_lock);
  }

  it('reports an unlock of a lock that is not held', () => {
    const found = inTurn(unlockOnly);
    expect(found.kinds).toEqual(['unlock-balance']);
    expect(found.report('unlock-balance')).toMatchInlineSnapshot(`
      "WARNING: bad unlock balance detected!
      nbd/101 is trying to release lock (ctl_mutex) at:
      unlockOnly
      but there are no more locks to release!

      other info that might help us debug this:
      no locks held by nbd/101.

      stack backtrace:
       unlockOnly driver.ts
       nbd driver.ts"
    `);
  });

  it('reports a task that ends with a lock, but not one that released it', () => {
    const found = inTurn(forget);
    expect(found.kinds).toEqual(['locks-held']);
    expect(found.report('locks-held')).toMatchInlineSnapshot(`
      "WARNING: nbd/101 still has locks held!
      1 lock held by nbd/101:
       #0: node_lock (node_lock){+.+.}-{2:2}, at: forget

      stack backtrace:
       forget driver.ts
       nbd driver.ts"
    `);
    expect(inTurn(both).kinds).toEqual([]);
  });

  function* put_disk(disk: gendisk, early: boolean): Op<void> {
    yield* mutex_lock(disk.open_mutex);
    if (early) yield* kfree(disk);
    yield* mutex_unlock(disk.open_mutex);
    if (!early) yield* kfree(disk);
  }

  it('reports memory that is freed with a lock held in it', () => {
    const found = inTurn(function* nbd_del(disks) {
      yield* put_disk(disks[0] as gendisk, true);
    });
    expect(found.kinds).toEqual(['held-lock-freed']);
    expect(found.report('held-lock-freed')).toMatchInlineSnapshot(`
      "WARNING: held lock freed!
      nbd/101 is freeing memory gendisk#1, with a lock still held there!
      gendisk#1.open_mutex (&gendisk->open_mutex){+.+.}-{3:3}, at: put_disk
      1 lock held by nbd/101:
       #0: gendisk#1.open_mutex (&gendisk->open_mutex){+.+.}-{3:3}, at: put_disk

      stack backtrace:
       put_disk driver.ts
       nbd_del driver.ts
       nbd driver.ts"
    `);
  });

  it('is silent when the lock was released before', () => {
    const late = (disks: gendisk[]): Op<void> => put_disk(disks[0] as gendisk, false);
    expect(inTurn(late).kinds).toEqual([]);
  });

  function* init_disk(disk: gendisk, early: boolean): Op<void> {
    yield* mutex_lock(disk.open_mutex);
    if (early) yield* mutex_init(disk.open_mutex);
    yield* mutex_unlock(disk.open_mutex);
    if (!early) yield* mutex_init(disk.open_mutex);
  }

  it('reports a lock that is initialised while it is held, at the init', () => {
    const found = inTurn((disks) => init_disk(disks[0] as gendisk, true));
    expect(found.kinds).toEqual(['held-lock-freed']);
    expect(found.report('held-lock-freed')).toMatchInlineSnapshot(`
      "WARNING: held lock freed!
      nbd/101 is freeing memory gendisk#1.open_mutex, with a lock still held there!
      gendisk#1.open_mutex (&gendisk->open_mutex){+.+.}-{3:3}, at: init_disk
      1 lock held by nbd/101:
       #0: gendisk#1.open_mutex (&gendisk->open_mutex){+.+.}-{3:3}, at: init_disk

      stack backtrace:
       init_disk driver.ts
       nbd driver.ts"
    `);
  });

  it('is silent when it was released before', () => {
    expect(inTurn((disks) => init_disk(disks[0] as gendisk, false)).kinds).toEqual([]);
  });

  it('blames the task that initialises a lock, not another task that holds it', () => {
    const found = told(dpor, [lockdep()], (machine) => {
      const disk = machine.runNow(alloc_disk());
      machine.spawn('open', () => init_disk(disk, false));
      machine.spawn('add', function* add_disk(): Op<void> {
        yield* mutex_init(disk.open_mutex);
      });
    });
    expect(found.kinds).toContain('held-lock-freed');
    expect(found.report('held-lock-freed')).toContain('add/102 is freeing memory');
  });
});
