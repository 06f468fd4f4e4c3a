// SPDX-License-Identifier: GPL-2.0-only
import { dpor } from '../explore';
import { agree } from '../explore/testing/small-program';
import { type Op, struct, type StructOf } from '../machine';
import { allMonitors } from '../sanitize';
import { told } from '../sanitize/testing/told';
import { grace_period_log, grace_periods } from './grace-periods';
import { kfree_rcu, kfree_rcu_mightsleep } from './kfree-rcu';
import { READ_ONCE, WRITE_ONCE } from './once';
import {
  rcu_access_pointer,
  rcu_assign_pointer,
  rcu_dereference,
  rcu_dereference_protected,
  RCU_INIT_POINTER,
} from './rcu-pointer';
import { rcu_head } from './rcu-callback';
import {
  call_rcu,
  call_rcu_sched,
  preempt_disable,
  preempt_enable,
  rcu_barrier,
  rcu_read_lock,
  rcu_read_lock_sched,
  rcu_read_unlock,
  rcu_read_unlock_sched,
  synchronize_rcu,
  synchronize_sched,
} from './rcupdate';
import { GFP_KERNEL, kzalloc } from './slab';
import { static_var } from './static-var';
import { int } from './types';

const item = struct('item', { value: int, rcu: rcu_head });
interface item extends StructOf<typeof item> {}
const x = static_var('x', 0);
const y = static_var('y', 0);
const slot = static_var<item | null>('slot', null);

const fine = { surplus: 0, blocked: 0, hung: 0, complaints: [], findings: [] };

function* reader(): Op<void> {
  yield* rcu_read_lock();
  yield* rcu_read_unlock();
}

function* spinner(): Op<void> {
  yield* rcu_read_lock_sched();
  yield* rcu_read_unlock_sched();
}

function* nothing(): Op<void> {}

describe('RCU', () => {
  it.each([
    ['readers commute', { a: reader, b: reader, c: reader }, 1],
    // The section begins before the grace period or after its beginning.
    ['a reader and a grace period', { a: reader, b: synchronize_rcu }, 2],
    ['two readers and a grace period', { a: reader, b: reader, c: synchronize_rcu }, 4],
    // S1 S2 or S2 S1, and the end of the first before or after the beginning of the second.
    ['two grace periods', { a: synchronize_rcu, b: synchronize_rcu }, 4],
    ['the flavours do not wait for each other', { a: spinner, b: synchronize_rcu }, 1],
    ['a sched section and a sched grace period', { a: spinner, b: synchronize_sched }, 2],
    ['a reader and a callback', { a: reader, b: () => queueOne() }, 2],
  ])('%s', (_title, tasks, executions) => {
    expect(agree({ tasks })).toMatchObject({ ...fine, executions });
  });

  function* queueOne(): Op<void> {
    const head = yield* kzalloc(item, GFP_KERNEL);
    if (head !== null) yield* call_rcu(head.rcu, nothing);
  }

  it('two readers of two sections each and a grace period', () => {
    const twice = function* (): Op<void> {
      yield* reader();
      yield* reader();
    };
    // The grace period begins in one of three places among the sections of each reader.
    const seen = agree({ tasks: { a: twice, b: twice, c: synchronize_rcu } });
    expect(seen).toMatchObject({ ...fine, executions: 9 });
  });

  it('a reader that sees the old y has ended before the new x: the guarantee of a grace period', () => {
    const seen = new Set<string>();
    const result = agree({
      tasks: {
        *a() {
          yield* rcu_read_lock();
          const first = yield* READ_ONCE(x, 'value');
          const second = yield* READ_ONCE(y, 'value');
          yield* rcu_read_unlock();
          seen.add(`${first}${second}`);
        },
        *b() {
          yield* WRITE_ONCE(y, 'value', 1);
          yield* synchronize_rcu();
          yield* WRITE_ONCE(x, 'value', 1);
        },
      },
    });
    expect(result).toMatchObject(fine);
    expect([...seen].sort()).toEqual(['00', '01', '11']);
  });

  it('nested sections end with the outermost', () => {
    const order: string[] = [];
    const seen = agree({
      tasks: {
        *a() {
          yield* rcu_read_lock();
          yield* reader();
          yield* WRITE_ONCE(x, 'value', 1);
          yield* rcu_read_unlock();
        },
        *b() {
          yield* synchronize_rcu();
          order.push(String(yield* READ_ONCE(x, 'value')));
        },
      },
    });
    // The grace period first, the read before or after the write; the section first.
    expect(seen).toMatchObject({ ...fine, executions: 3 });
    expect(new Set(order)).toEqual(new Set(['0', '1']));
  });

  it('publishes: rcu_dereference() sees the object as it was made', () => {
    const values = new Set<number>();
    const seen = agree({
      tasks: {
        *a() {
          const made = yield* kzalloc(item, GFP_KERNEL);
          if (made === null) return;
          made.value = 3;
          yield* rcu_assign_pointer(slot, 'value', made);
        },
        *b() {
          yield* rcu_read_lock();
          const found = yield* rcu_dereference(slot, 'value');
          if (found !== null) values.add(found.value);
          yield* rcu_read_unlock();
        },
      },
    });
    expect(seen).toMatchObject(fine);
    expect([...values]).toEqual([3]);
  });

  it('complains of dereferences without protection, and not of those with it', () => {
    const one = (body: () => Op<unknown>) => agree({ tasks: { a: body } }).complaints;
    const inside = (body: () => Op<unknown>) =>
      one(function* () {
        yield* rcu_read_lock();
        yield* body();
        yield* rcu_read_unlock();
      });
    const dereference = (): Op<unknown> => rcu_dereference(slot, 'value');
    expect(one(dereference)).toEqual(['rcu: suspicious rcu_dereference_check() usage!']);
    expect(inside(dereference)).toEqual([]);
    expect(one(() => rcu_dereference_protected(slot, 'value', true))).toEqual([]);
    expect(one(() => rcu_dereference_protected(slot, 'value', false))).toEqual([
      'rcu: suspicious rcu_dereference_protected() usage!',
    ]);
    expect(one(() => rcu_access_pointer(slot, 'value'))).toEqual([]);
    expect(one(() => RCU_INIT_POINTER(slot, 'value', null))).toEqual([]);
  });

  it('a grace period inside its own section is a complaint and hangs', () => {
    const seen = agree({
      tasks: {
        *a() {
          yield* rcu_read_lock();
          yield* synchronize_rcu();
          yield* rcu_read_unlock();
        },
      },
    });
    expect(seen).toMatchObject({ executions: 1, hung: 1 });
    expect(seen.complaints).toEqual([
      'rcu: Illegal synchronize_rcu() in RCU read-side critical section',
      'synchronize_rcu: sleeps in atomic context',
    ]);
  });

  it('waiting for a grace period with preemption off sleeps in atomic context', () => {
    const seen = agree({
      tasks: {
        *a() {
          yield* preempt_disable();
          yield* synchronize_rcu();
          yield* preempt_enable();
        },
      },
    });
    expect(seen).toMatchObject({ executions: 1, hung: 0 });
    expect(seen.complaints).toEqual(['synchronize_rcu: sleeps in atomic context']);
  });
});

describe('RCU callbacks', () => {
  it('run after the sections that existed, in softirq context', () => {
    const seen = agree({
      *setup(): Op<item | null> {
        return yield* kzalloc(item, GFP_KERNEL);
      },
      tasks: {
        *a(object) {
          if (object === null) return;
          yield* call_rcu(object.rcu, function* () {
            yield* WRITE_ONCE(x, 'value', 1);
            yield* synchronize_rcu();
          });
        },
      },
    });
    expect(seen).toMatchObject({ executions: 1, hung: 0 });
    expect(seen.complaints).toEqual(['synchronize_rcu: sleeps in atomic context']);
  });

  it('a head is queued once at a time, and again from its own callback', () => {
    const twice = (again: boolean) =>
      agree({
        *setup(): Op<item | null> {
          return yield* kzalloc(item, GFP_KERNEL);
        },
        tasks: {
          *a(object) {
            if (object === null) return;
            yield* call_rcu(object.rcu, function* free_it(head) {
              if (again) yield* call_rcu(head, nothing);
            });
            if (!again) yield* call_rcu(object.rcu, nothing);
          },
        },
      }).complaints;
    expect(twice(true)).toEqual([]);
    expect(twice(false)).toEqual(['warn: call_rcu(): Double-freed CB item#1.rcu->free_it()!!!']);
  });

  it('rcu_barrier() waits for those already queued', () => {
    const values = new Set<number>();
    const seen = agree({
      *setup(): Op<item | null> {
        return yield* kzalloc(item, GFP_KERNEL);
      },
      tasks: {
        *a(object) {
          if (object === null) return;
          yield* call_rcu(object.rcu, () => WRITE_ONCE(x, 'value', 1));
          yield* rcu_barrier();
          values.add(yield* READ_ONCE(x, 'value'));
        },
        b: reader,
      },
    });
    expect(seen).toMatchObject({ ...fine, executions: 2 });
    expect([...values]).toEqual([1]);
  });

  it.each<[string, (old: item | null) => Op<void>]>([
    ['kfree_rcu', (old) => kfree_rcu(old, 'rcu')],
    ['kfree_rcu_mightsleep', kfree_rcu_mightsleep],
  ])('%s() frees when the readers have gone', (_name, free) => {
    const seen = agree({
      *setup() {
        yield* RCU_INIT_POINTER(slot, 'value', yield* kzalloc(item, GFP_KERNEL));
      },
      tasks: {
        *a() {
          yield* rcu_read_lock();
          const found = yield* rcu_dereference(slot, 'value');
          if (found !== null) found.value = 1;
          yield* rcu_read_unlock();
        },
        *b() {
          const old = yield* rcu_access_pointer(slot, 'value');
          yield* rcu_assign_pointer(slot, 'value', null);
          yield* free(old);
        },
      },
    });
    expect(seen).toMatchObject(fine);
  });

  it('kfree_rcu_mightsleep() must not be called where sleeping is forbidden', () => {
    const frees = function* (): Op<void> {
      const made = yield* kzalloc(item, GFP_KERNEL);
      yield* preempt_disable();
      yield* kfree_rcu_mightsleep(made);
      yield* preempt_enable();
    };
    const { kinds } = told(dpor, allMonitors(), (machine) => void machine.spawn('a', frees));
    expect(kinds).toEqual(['sleeping-in-atomic']);
  });

  it('call_rcu_sched() does not wait for a normal section', () => {
    const seen = agree({
      *setup(): Op<item | null> {
        return yield* kzalloc(item, GFP_KERNEL);
      },
      tasks: {
        *a() {
          yield* rcu_read_lock();
          yield* rcu_read_unlock();
        },
        *b(object) {
          if (object !== null) yield* call_rcu_sched(object.rcu, nothing);
        },
      },
    });
    expect(seen).toMatchObject({ ...fine, executions: 1 });
  });
});

describe('counting grace periods', () => {
  it('consecutive ones count each, overlapping ones once', () => {
    const counts = new Set<number>();
    agree({
      tasks: { a: synchronize_rcu, b: synchronize_rcu },
      *check() {
        counts.add(yield* grace_periods());
      },
    });
    expect([...counts].sort()).toEqual([1, 2]);
    const consecutive = new Set<number>();
    agree({
      tasks: {
        *a() {
          yield* synchronize_rcu();
          yield* synchronize_rcu();
        },
      },
      *check() {
        consecutive.add(yield* grace_periods('rcu'));
        const log = yield* grace_period_log();
        expect(log.map(({ start, end }) => [start, end])).toEqual([
          [1, 2],
          [3, 4],
        ]);
        expect(yield* grace_periods('rcu_sched')).toBe(0);
      },
    });
    expect([...consecutive]).toEqual([2]);
  });

  it('callbacks queued together may share one', () => {
    const counts = new Set<number>();
    const seen = agree({
      tasks: {
        *a() {
          for (let i = 0; i < 2; i++) {
            const object = yield* kzalloc(item, GFP_KERNEL);
            if (object !== null) yield* call_rcu(object.rcu, nothing);
          }
        },
      },
      *check() {
        counts.add(yield* grace_periods());
      },
    });
    // The first callback runs before the second is queued, or not.
    expect(seen).toMatchObject({ ...fine, executions: 2 });
    expect([...counts].sort()).toEqual([1, 2]);
  });
});
