// SPDX-License-Identifier: GPL-2.0-only
import {
  DEFINE_SPINLOCK,
  local_irq_disable,
  local_irq_enable,
  spin_lock,
  spin_unlock,
} from '../kernel';
import type { Op, TaskContext } from '../machine';
import { atomicSleep } from './atomic-sleep';
import { complaints } from './complaints';
import { lockdep } from './lockdep';
import { type Told, told } from './testing/told';

const safe_lock = DEFINE_SPINLOCK('safe_lock');
const stats_lock = DEFINE_SPINLOCK('stats_lock');

function* handle_event(): Op<void> {
  yield* spin_lock(safe_lock);
  yield* spin_unlock(safe_lock);
}
function* read_stats(): Op<void> {
  yield* spin_lock(stats_lock);
  yield* spin_unlock(stats_lock);
}
function* read_events(): Op<void> {
  yield* spin_lock(safe_lock);
  yield* spin_unlock(safe_lock);
}
function* update_stats(): Op<void> {
  yield* local_irq_disable();
  yield* spin_lock(safe_lock);
  yield* spin_lock(stats_lock);
  yield* spin_unlock(stats_lock);
  yield* spin_unlock(safe_lock);
  yield* local_irq_enable();
}

type Part = readonly [TaskContext, () => Op<void>];

/** Runs each part until it is over before the next one starts: lockdep needs no deadlock. */
function inTurn(...parts: readonly Part[]): Told {
  return told(
    (machine, visit) => {
      machine.learnAll(); // no task begins in the boot
      machine.boot();
      for (const id of machine.tasks.keys()) while (id > 0 && machine.enabled(id)) machine.run(id);
      machine.finish();
      visit({ machine });
    },
    [lockdep(), atomicSleep(), complaints()],
    (machine) => {
      for (const [context, body] of parts) machine.spawn(body.name, body, context);
    },
  );
}

describe('lockdep about interrupts', () => {
  it('reports a lock that an interrupt takes and a task holds where one may come', () => {
    const found = inTurn(['hardirq', handle_event], ['process', read_events]);
    expect(found.kinds).toEqual(['inconsistent-lock-state']);
    expect(found.report('inconsistent-lock-state')).toMatchInlineSnapshot(`
      "WARNING: inconsistent lock state
      inconsistent {IN-HARDIRQ-W} -> {HARDIRQ-ON-W} usage.
      read_events/102 [HC0[0]:SC0[0]:HE1:SE1] takes:
      safe_lock (safe_lock){?.+.}-{2:2}, at: read_events
      {IN-HARDIRQ-W} state was registered at:
         handle_event driver.ts

      other info that might help us debug this:
       Possible unsafe locking scenario:

             CPU0
             ----
        lock(safe_lock);
        <Interrupt>
          lock(safe_lock);

       *** DEADLOCK ***

      no locks held by read_events/102.

      stack backtrace:
       read_events driver.ts"
    `);
  });

  it('reports an order that makes a lock of an interrupt wait for an interruptible holder', () => {
    const found = inTurn(
      ['hardirq', handle_event],
      ['process', read_stats],
      ['process', update_stats],
    );
    expect(found.kinds).toEqual(['bad-irq-dependency']);
    expect(found.report('bad-irq-dependency')).toMatchInlineSnapshot(`
      "WARNING: HARDIRQ-safe -> HARDIRQ-unsafe lock order detected
      update_stats/103 [HC0[0]:SC0[0]:HE0:SE1] is trying to acquire:
      stats_lock (stats_lock){+.+.}-{2:2}, at: update_stats

      and this task is already holding:
      safe_lock (safe_lock){-...}-{2:2}, at: update_stats
      which would create a new lock dependency:
       (safe_lock){-...}-{2:2} -> (stats_lock){+.+.}-{2:2}

      but this new dependency connects a HARDIRQ-irq-safe lock:
       (safe_lock){-...}-{2:2}

      ... which became HARDIRQ-irq-safe at:
         handle_event driver.ts

      to a HARDIRQ-irq-unsafe lock:
       (stats_lock){+.+.}-{2:2}

      ... which became HARDIRQ-irq-unsafe at:
         read_stats driver.ts

      other info that might help us debug this:

       Possible interrupt unsafe locking scenario:

             CPU0                    CPU1
             ----                    ----
        lock(stats_lock);
                                     local_irq_disable();
                                     lock(safe_lock);
                                     lock(stats_lock);
        <Interrupt>
          lock(safe_lock);

       *** DEADLOCK ***

      1 lock held by update_stats/103:
       #0: safe_lock (safe_lock){-...}-{2:2}, at: update_stats

      the dependencies between HARDIRQ-irq-safe lock and the holding lock:
      -> (safe_lock){-...}-{2:2} {
         IN-HARDIRQ-W at:
            handle_event driver.ts
       }
       ... acquired at:
         update_stats driver.ts

      the dependencies between the lock to be acquired
       and HARDIRQ-irq-unsafe lock:
      -> (stats_lock){+.+.}-{2:2} {
         HARDIRQ-ON-W at:
            read_stats driver.ts
         SOFTIRQ-ON-W at:
            read_stats driver.ts
       }
       ... acquired at:
         update_stats driver.ts

      stack backtrace:
       update_stats driver.ts"
    `);
  });

  it('reports the same when the order was there before the interrupt', () => {
    const found = inTurn(
      ['process', update_stats],
      ['process', read_stats],
      ['hardirq', handle_event],
    );
    expect(found.kinds).toEqual(['irq-lock-inversion']);
    expect(found.report('irq-lock-inversion')).toMatchInlineSnapshot(`
      "WARNING: possible irq lock inversion dependency detected
      handle_event/103 just changed the state of lock:
      safe_lock (safe_lock){-...}-{2:2}, at: handle_event
      but this lock took another, HARDIRQ-unsafe lock in the past:
       (stats_lock){+.+.}-{2:2}

      and interrupts could create inverse lock ordering between them.


      other info that might help us debug this:
       Possible interrupt unsafe locking scenario:

             CPU0                    CPU1
             ----                    ----
        lock(stats_lock);
                                     local_irq_disable();
                                     lock(safe_lock);
                                     lock(stats_lock);
        <Interrupt>
          lock(safe_lock);

       *** DEADLOCK ***

      no locks held by handle_event/103.

      the shortest dependencies between 2nd lock and 1st lock:
      -> (stats_lock){+.+.}-{2:2} {
         HARDIRQ-ON-W at:
            read_stats driver.ts
         SOFTIRQ-ON-W at:
            read_stats driver.ts
       }
       ... acquired at:
         update_stats driver.ts

      -> (safe_lock){-...}-{2:2} {
         IN-HARDIRQ-W at:
            handle_event driver.ts
       }
       ... acquired at:
         handle_event driver.ts

      stack backtrace:
       handle_event driver.ts"
    `);
  });
});

describe('a task that ends', () => {
  it('must have turned interrupts on again', () => {
    const found = inTurn(['process', local_irq_disable]);
    expect(found.kinds).toEqual(['warn']);
    expect(found.report('warn')).toContain('syscall left IRQs disabled');
    expect(inTurn(['process', update_stats]).kinds).toEqual([]);
  });
});
