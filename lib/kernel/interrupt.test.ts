// SPDX-License-Identifier: GPL-2.0-only
import { dpor } from '../explore';
import { agree, survey } from '../explore/testing/small-program';
import { type Handle, int, type Op, struct, type StructOf } from '../index';
import { type Machine } from '../machine';
import { allMonitors, hungTask, kasan } from '../sanitize';
import { told } from '../sanitize/testing/told';
import { atomic_inc, atomic_read, atomic_set, DEFINE_ATOMIC } from './atomic';
import {
  disable_irq,
  disable_irq_nosync,
  enable_irq,
  free_irq,
  IRQ_HANDLED,
  IRQF_SHARED,
  raise_irq,
  request_irq,
  synchronize_irq,
} from './interrupt';
import {
  in_hardirq,
  in_interrupt,
  in_task,
  irqs_disabled,
  local_irq_disable,
  local_irq_enable,
} from './irqflags';
import { msleep } from './delay';
import { GFP_KERNEL, kfree, kzalloc } from './slab';
import { cpu_relax } from './processor';
import { DEFINE_SPINLOCK, spin_lock, spin_trylock, spin_unlock } from './spinlock';
import { spin_lock_irqsave, spin_unlock_irqrestore } from './spinlock-irq';
import { static_var } from './static-var';

const x = DEFINE_ATOMIC('x', 0);
const y = DEFINE_ATOMIC('y', 0);
const lock = DEFINE_SPINLOCK('lock');
const seen = static_var('seen', '');

function* counting(): Op<number> {
  yield* atomic_inc(x);
  return IRQ_HANDLED;
}
function* locking(): Op<number> {
  yield* spin_lock(lock);
  yield* atomic_inc(x);
  yield* spin_unlock(lock);
  return IRQ_HANDLED;
}
function* waiting(): Op<number> {
  while ((yield* atomic_read(x)) !== 0) yield* cpu_relax();
  return IRQ_HANDLED;
}
function* trying(): Op<number> {
  while ((yield* spin_trylock(lock)) === 0) yield* cpu_relax();
  yield* spin_unlock(lock);
  return IRQ_HANDLED;
}
function* upAndDown(): Op<void> {
  yield* atomic_set(x, 1);
  yield* atomic_set(x, 0);
}
function* upAndDownOff(): Op<void> {
  yield* local_irq_disable();
  yield* upAndDown();
  yield* local_irq_enable();
}
function* plain(): Op<void> {
  yield* spin_lock(lock);
  yield* atomic_read(y);
  yield* spin_unlock(lock);
}
function* saving(): Op<void> {
  const flags = yield* spin_lock_irqsave(lock);
  yield* atomic_read(y);
  yield* spin_unlock_irqrestore(lock, flags);
}
const install = (handler: () => Op<number>) => (): Op<number> =>
  request_irq(11, handler, 0, 'device', null);
const device = (): Op<void> => raise_irq(11);
function* thrice(): Op<void> {
  for (let i = 0; i < 3; i++) yield* raise_irq(11);
}

describe('an interrupt', () => {
  it.each([
    ['comes before or after a store', counting, { device, a: () => atomic_set(x, 5) }, 2, 0],
    ['takes turns with a holder that turned it off', locking, { device, a: saving }, 2, 0],
    // on a CPU of its own first or last; on that of the holder before, in two places between, or after
    ['comes on top of a holder that did not', locking, { device, a: plain }, 6, 2],
    ['comes on top of either of two holders', locking, { device, a: plain, b: plain }, 26, 8],
    [
      'on top of one task lets others run on',
      locking,
      { device, a: plain, b: () => atomic_set(x, 1), c: () => atomic_set(y, 1) },
      19,
      3,
    ],
    // x is 0, 1 and then 0, or 0 again: on a CPU of its own; on top of the task it waits for ever while x is 1
    ['comes on top of the task that it waits for', waiting, { device, a: upAndDown }, 6, 1],
    ['does not if that has turned it off', waiting, { device, a: upAndDownOff }, 5, 0],
    // it gets the lock at once, tries twice, or comes last; on top of the task before, in two places between, or after
    ['that tries for a lock until it gets it does so, too', trying, { device, a: plain }, 7, 2],
    // removed before the interrupt is raised, raised and not begun, or handled
    ['is not handled after free_irq()', counting, { device, a: () => free_irq(11, null) }, 6, 0],
  ] as const)('%s', (_title, handler, tasks, executions, hung) => {
    const counted = agree({ setup: install(handler), tasks });
    expect(counted).toMatchObject({ surplus: 0, blocked: 0, executions, hung, complaints: [] });
  });

  it('comes at most as often as it is raised: two that come while it is handled become one', () => {
    const counts = new Set<number>();
    const counted = survey({
      setup: install(counting),
      tasks: { thrice },
      *check() {
        counts.add(yield* atomic_read(x));
      },
    });
    expect(counted.hung).toBe(0);
    expect([...counts].sort()).toEqual([2, 3]);
  });

  it('that comes while the line is disabled waits for enable_irq()', () => {
    const counts = new Set<number>();
    survey({
      setup: install(counting),
      tasks: {
        *a() {
          yield* disable_irq(11);
          yield* raise_irq(11);
          yield* raise_irq(11);
          if ((yield* atomic_read(x)) > 0) counts.add(-1);
          yield* enable_irq(11);
        },
      },
      *check() {
        counts.add(yield* atomic_read(x));
      },
    });
    expect([...counts]).toEqual([1]);
  });

  it('runs in hard interrupt context, with interrupts off', () => {
    function* asking(): Op<number> {
      yield* atomic_inc(x);
      seen.value = [in_hardirq(), in_interrupt(), in_task(), irqs_disabled()].join();
      return IRQ_HANDLED;
    }
    survey({
      setup: install(asking),
      tasks: { device },
      *check() {
        yield* atomic_read(x);
        expect(seen.value).toBe('true,true,false,true');
      },
    });
  });

  it('must not sleep, nor turn interrupts on', () => {
    function* sleeps(): Op<number> {
      yield* msleep(1);
      return IRQ_HANDLED;
    }
    function* enables(): Op<number> {
      yield* local_irq_enable();
      return IRQ_HANDLED;
    }
    const heard = (handler: () => Op<number>): readonly string[] =>
      survey({ setup: install(handler), tasks: { device } }).complaints;
    expect(heard(sleeps)).toEqual(['msleep: sleeps in atomic context']);
    expect(heard(enables)).toEqual(['warn: irq 11 handler enables enabled interrupts']);
  });
});

describe('the line of an interrupt', () => {
  it('is shared only by those that all ask for it', () => {
    survey({
      tasks: {
        *a() {
          const results = [
            yield* request_irq(11, counting, IRQF_SHARED, 'a', null),
            yield* request_irq(99, counting, 0, 'a', null),
            yield* request_irq(11, counting, 0, 'a', null),
            yield* request_irq(11, counting, 0, 'b', null),
          ];
          expect(results).toEqual([-22, -22, 0, -16]);
        },
      },
    });
  });

  it('complains of what is out of balance', () => {
    const { complaints } = survey({
      tasks: {
        *a() {
          yield* request_irq(11, counting, 0, 'a', null);
          yield* enable_irq(11);
          yield* free_irq(11, null);
          yield* free_irq(11, null);
          yield* disable_irq_nosync(11);
          yield* enable_irq(11);
        },
      },
    });
    expect(complaints).toEqual([
      'warn: Trying to free already-free IRQ 11',
      'warn: Unbalanced enable for IRQ 11',
    ]);
  });

  it('is waited for, and the handler that waits for itself hangs', () => {
    function* itself(): Op<number> {
      yield* synchronize_irq(11);
      return IRQ_HANDLED;
    }
    const counted = survey({ setup: install(itself), tasks: { device } });
    expect(counted).toMatchObject({ hung: 1, executions: 1 });
  });
});

const dev = struct('nic', { events: int });

/** Removes a device whose interrupts come at any time. */
function removing(wait: (one: Handle) => Op<void>): readonly string[] {
  function* handler(_irq: number, dev_id: Handle | null): Op<number> {
    yield* atomic_inc(x);
    (dev_id as StructOf<typeof dev>).events++;
    return IRQ_HANDLED;
  }
  return told(dpor, [kasan()], (machine) => {
    const one = machine.runNow(kzalloc(dev, GFP_KERNEL));
    if (one === null) throw new Error('no memory');
    machine.runNow(request_irq(11, handler, 0, 'nic', one));
    machine.spawn('device', device);
    machine.spawn('remove', function* () {
      yield* wait(one);
      yield* kfree(one);
    });
  }).kinds;
}

describe('the detectors', () => {
  it('find a handler that runs after its device is freed, unless free_irq() was called', () => {
    expect(removing(() => disable_irq_nosync(11))).toContain('slab-use-after-free');
    expect(removing((one) => free_irq(11, one))).toEqual([]);
  });

  it('say nothing of what a handler shares with a task that has disabled the line', () => {
    function* handler(): Op<number> {
      seen.value += 'h';
      return IRQ_HANDLED;
    }
    const { kinds } = told(dpor, allMonitors(), (machine: Machine) => {
      machine.runNow(request_irq(11, handler, 0, 'nic', null));
      machine.spawn('a', function* () {
        yield* disable_irq(11);
        seen.value += 'a';
        yield* enable_irq(11);
      });
      machine.spawn('device', device);
    });
    expect(kinds).toEqual([]);
  });

  it('report the interrupt that spins for what its own CPU holds', () => {
    const found = told(dpor, [hungTask()], (machine: Machine) => {
      machine.runNow(request_irq(11, locking, 0, 'device', null));
      machine.spawn('device', device);
      machine.spawn('plain', plain);
    });
    expect(found.kinds).toEqual(['deadlock']);
    expect(found.report('deadlock')).toMatchSnapshot();
  });

  it('report it as lockdep sees it as well, and nothing if interrupts are off', () => {
    const kinds = (task: () => Op<void>): readonly string[] =>
      told(dpor, allMonitors(), (machine: Machine) => {
        machine.runNow(request_irq(11, locking, 0, 'device', null));
        machine.spawn('device', device);
        machine.spawn('task', task);
      }).kinds;
    expect(kinds(plain)).toEqual(['deadlock', 'inconsistent-lock-state']);
    expect(kinds(saving)).toEqual([]);
  });
});
