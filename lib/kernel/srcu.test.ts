// SPDX-License-Identifier: GPL-2.0-only
import { dpor } from '../explore';
import { agree } from '../explore/testing/small-program';
import { type Op, struct, type StructOf } from '../machine';
import { allMonitors } from '../sanitize';
import { told } from '../sanitize/testing/told';
import { atomic_read, atomic_set, DEFINE_ATOMIC } from './atomic';
import { msleep } from './delay';
import { container_of } from './list';
import { rcu_head } from './rcu-callback';
import { rcu_assign_pointer, RCU_INIT_POINTER } from './rcu-pointer';
import { rcu_read_lock, rcu_read_unlock, synchronize_rcu } from './rcupdate';
import { GFP_KERNEL, kfree, kzalloc } from './slab';
import {
  call_srcu,
  cleanup_srcu_struct,
  DEFINE_SRCU,
  init_srcu_struct,
  srcu_barrier,
  srcu_dereference,
  srcu_read_lock,
  srcu_read_lock_held,
  srcu_read_unlock,
  synchronize_srcu,
} from './srcu';
import { srcu_struct } from './srcu-state';
import { static_var } from './static-var';
import { int } from './types';

const fine = { surplus: 0, blocked: 0, hung: 0, complaints: [], findings: [] };
const srcu = DEFINE_SRCU('srcu');
const other = DEFINE_SRCU('other');
const x = DEFINE_ATOMIC('x', 0);
const y = DEFINE_ATOMIC('y', 0);
const log: string[] = [];

const item = struct('item', { value: int, rcu: rcu_head });
interface item extends StructOf<typeof item> {}
const head = static_var<item | null>('head', null);

const hub = struct('hub', { srcu: srcu_struct });

beforeEach(() => (log.length = 0));

describe('srcu', () => {
  it('waits for its own sections, and not for those of others', () => {
    const overlap = (wait: () => Op<unknown>): ReadonlySet<string> => {
      log.length = 0;
      const seen = agree({
        tasks: {
          *reader() {
            const idx = yield* srcu_read_lock(srcu);
            const before = yield* atomic_read(x);
            log.push(`${before} ${yield* atomic_read(y)}`);
            yield* srcu_read_unlock(srcu, idx);
          },
          *updater() {
            yield* atomic_set(x, 1);
            yield* wait();
            yield* atomic_set(y, 1);
          },
        },
      });
      expect(seen).toMatchObject(fine);
      return new Set(log);
    };
    expect(overlap(() => synchronize_srcu(srcu))).toEqual(new Set(['0 0', '1 0', '1 1']));
    expect(overlap(() => synchronize_srcu(other))).toContain('0 1');
    expect(overlap(synchronize_rcu)).toContain('0 1');
  });

  it('lets a reader sleep, and sections nest, with an index each', () => {
    const seen = agree({
      tasks: {
        *reader() {
          const outer = yield* srcu_read_lock(srcu);
          const inner = yield* srcu_read_lock(srcu);
          log.push(`${outer} ${inner}`);
          yield* msleep(1);
          yield* srcu_read_unlock(srcu, inner);
          log.push(String(srcu_read_lock_held(srcu)));
          yield* srcu_read_unlock(srcu, outer);
          log.push(String(srcu_read_lock_held(srcu)));
        },
        updater: () => synchronize_srcu(srcu),
      },
    });
    expect(seen).toMatchObject(fine);
    expect(new Set(log)).toEqual(new Set(['0 1', 'true', 'false']));
  });

  it('runs callbacks after a grace period, and waits for them', () => {
    const seen = agree({
      *setup() {
        return yield* kzalloc(item, GFP_KERNEL);
      },
      tasks: {
        *a(made) {
          if (made === null) return;
          yield* call_srcu(srcu, made.rcu, (rcu) => kfree(container_of(rcu, item, 'rcu')));
          yield* srcu_barrier(srcu);
        },
        *reader() {
          const idx = yield* srcu_read_lock(srcu);
          yield* srcu_read_unlock(srcu, idx);
        },
      },
    });
    expect(seen).toMatchObject(fine);
  });

  it('fails to begin where a scenario wants it, and cannot end while somebody reads', () => {
    agree({
      failures: { init_srcu_struct: 1 },
      *setup() {
        return yield* kzalloc(hub, GFP_KERNEL);
      },
      tasks: {
        *a(made) {
          if (made === null) return;
          log.push(String(yield* init_srcu_struct(made.srcu)));
        },
      },
    });
    expect(new Set(log)).toEqual(new Set(['0', '-12']));
    const early = agree({
      tasks: {
        *reader() {
          const idx = yield* srcu_read_lock(srcu);
          yield* srcu_read_unlock(srcu, idx);
        },
        a: () => cleanup_srcu_struct(srcu),
      },
    });
    expect(early.complaints).toEqual(['warn: srcu_readers_active()']);
  });
});

/** What the detectors tell of some tasks. */
function tells(...bodies: (() => Op<unknown>)[]): readonly string[] {
  return told(dpor, allMonitors(), (machine) => {
    bodies.forEach((body, i) => machine.spawn(`task ${i}`, body));
  }).kinds;
}

describe('srcu and the detectors', () => {
  const freeing = (wait: () => Op<unknown>): readonly string[] =>
    tells(
      function* () {
        const one = yield* kzalloc(item, GFP_KERNEL);
        if (one === null) return;
        yield* rcu_assign_pointer(head, 'value', one);
        yield* RCU_INIT_POINTER(head, 'value', null);
        yield* wait();
        yield* kfree(one);
      },
      function* () {
        const idx = yield* srcu_read_lock(srcu);
        const seen = yield* srcu_dereference(head, 'value', srcu);
        yield* msleep(1);
        if (seen !== null) log.push(String(seen.value));
        yield* srcu_read_unlock(srcu, idx);
      },
    );

  it('report what is freed without a grace period of that srcu_struct', () => {
    expect(freeing(() => synchronize_srcu(srcu))).toEqual([]);
    expect(freeing(() => synchronize_srcu(other))).toContain('slab-use-after-free');
    expect(freeing(synchronize_rcu)).toContain('slab-use-after-free');
  });

  it('report a wait inside of a section, which never ends', () => {
    const kinds = tells(function* () {
      const idx = yield* srcu_read_lock(srcu);
      yield* synchronize_srcu(srcu);
      yield* srcu_read_unlock(srcu, idx);
    });
    expect(kinds).toEqual(expect.arrayContaining(['hung-task', 'suspicious-rcu-usage']));
  });

  it('report a pointer that is read outside of a section, or in one of another', () => {
    expect(tells(() => srcu_dereference(head, 'value', srcu))).toEqual(['suspicious-rcu-usage']);
    const inOther = tells(function* () {
      const idx = yield* srcu_read_lock(other);
      yield* srcu_dereference(head, 'value', srcu);
      yield* srcu_read_unlock(other, idx);
    });
    expect(inOther).toEqual(['suspicious-rcu-usage']);
    const inRcu = tells(function* () {
      yield* rcu_read_lock();
      yield* srcu_dereference(head, 'value', srcu);
      yield* rcu_read_unlock();
    });
    expect(inRcu).toEqual(['suspicious-rcu-usage']);
  });

  it('report an unlock without a lock, a section that is left open, and one that was never begun', () => {
    expect(tells(() => srcu_read_unlock(srcu, 0))).toEqual(['unlock-balance']);
    expect(tells(() => srcu_read_lock(srcu))).toEqual(['locks-held']);
    const kinds = tells(function* () {
      const one = yield* kzalloc(hub, GFP_KERNEL);
      if (one === null) return;
      yield* srcu_read_lock(one.srcu);
    });
    expect(kinds).toContain('null-deref');
  });
});
