// SPDX-License-Identifier: GPL-2.0-only
import { agree, survey } from '../explore/testing/small-program';
import { type Op, struct, type StructOf } from '../machine';
import { mutex_lock, DEFINE_MUTEX } from './mutex';
import {
  percpu_ref,
  percpu_ref_exit,
  percpu_ref_init,
  PERCPU_REF_INIT_ATOMIC,
  PERCPU_REF_INIT_DEAD,
  percpu_ref_is_dying,
  percpu_ref_is_zero,
  percpu_ref_reinit,
} from './percpu-ref-object';
import {
  percpu_ref_get,
  percpu_ref_kill,
  percpu_ref_kill_and_confirm,
  percpu_ref_put,
  percpu_ref_tryget,
  percpu_ref_tryget_live,
} from './percpu-refcount';
import { preempt_disable, preempt_enable, rcu_read_lock, rcu_read_unlock } from './rcupdate';
import { GFP_KERNEL, kzalloc } from './slab';
import { DEFINE_SPINLOCK, spin_lock, spin_unlock } from './spinlock';

const item = struct('item', { users: percpu_ref });
interface item extends StructOf<typeof item> {}
const lock = DEFINE_MUTEX('lock');
const spin = DEFINE_SPINLOCK('spin');
const fine = { surplus: 0, blocked: 0, hung: 0, complaints: [], findings: [] };
let released = 0;
const results: string[] = [];

beforeEach(() => (results.length = 0));

function* free_users(_ref: percpu_ref): Op<void> {
  released++;
}

const make = (flags = 0) =>
  function* (): Op<item> {
    released = 0;
    const made = yield* kzalloc(item, GFP_KERNEL);
    if (made === null) throw new Error('no memory');
    yield* percpu_ref_init(made.users, free_users, flags, GFP_KERNEL);
    return made;
  };

const counting = {
  *check(): Op<void> {
    results.push(String(released));
  },
};

function* getPut({ users }: item): Op<void> {
  yield* percpu_ref_get(users);
  yield* percpu_ref_put(users);
}

describe('percpu_ref', () => {
  it('gets and puts commute until it is killed', () => {
    const seen = agree({ setup: make(), tasks: { a: getPut, b: getPut }, ...counting });
    expect(seen).toMatchObject({ ...fine, executions: 1 });
    expect(new Set(results)).toEqual(new Set(['0']));
  });

  it('is released once, after the kill and the last put', () => {
    const seen = agree({
      setup: make(),
      tasks: { a: ({ users }) => percpu_ref_kill(users) },
      ...counting,
    });
    // The initial reference is dropped before or after that of the switch, and before or after the sum is made.
    expect(seen).toMatchObject(fine);
    expect(new Set(results)).toEqual(new Set(['1']));
  });

  it('a reference taken live is held until its put', () => {
    const seen = survey({
      setup: make(),
      tasks: {
        a: ({ users }) => percpu_ref_kill(users),
        *b({ users }) {
          const got = yield* percpu_ref_tryget_live(users);
          results.push(`${got}`);
          if (!got) return;
          if (released > 0) results.push('released under its user');
          yield* percpu_ref_put(users);
        },
      },
      ...counting,
    });
    expect(seen).toMatchObject(fine);
    expect(new Set(results)).toEqual(new Set(['true', 'false', '1']));
  });

  it('the sums agree with plain search for one tryget', () => {
    const seen = agree({
      setup: make(PERCPU_REF_INIT_ATOMIC),
      tasks: {
        a: ({ users }) => percpu_ref_kill(users),
        *b({ users }) {
          if (yield* percpu_ref_tryget(users)) yield* percpu_ref_put(users);
        },
      },
      ...counting,
    });
    expect(seen).toMatchObject(fine);
    expect(new Set(results)).toEqual(new Set(['1']));
  });

  it('a get on 0 is silent, and its put releases a second time', () => {
    const seen = agree({
      setup: make(PERCPU_REF_INIT_DEAD),
      tasks: { a: getPut },
      ...counting,
    });
    expect(seen).toMatchObject({ ...fine, executions: 1 });
    expect(new Set(results)).toEqual(new Set(['1']));
  });

  it('killing twice is a complaint', () => {
    const seen = survey({
      setup: make(),
      tasks: {
        *a({ users }) {
          yield* percpu_ref_kill(users);
          yield* percpu_ref_kill(users);
        },
      },
    });
    expect(seen.complaints).toContain(
      'percpu-refcount: percpu_ref_kill_and_confirm called more than once on free_users!',
    );
    expect(seen.complaints).toContain(
      'percpu-refcount: percpu ref (free_users) <= 0 (0) after switching to atomic',
    );
  });

  it('the switch waits for preemption-disabled regions, not for rcu_read_lock()', () => {
    const order = (enter: () => Op<void>, exit: () => Op<void>) => {
      const during = new Set<boolean>();
      const seen = survey({
        setup: make(),
        tasks: {
          *a({ users }) {
            yield* enter();
            const live = yield* percpu_ref_tryget_live(users);
            if (live) yield* percpu_ref_put(users);
            const zero = yield* percpu_ref_is_zero(users);
            if (live) during.add(zero);
            yield* exit();
          },
          b: ({ users }) => percpu_ref_kill(users),
        },
      });
      expect(seen).toMatchObject(fine);
      return [...during].sort();
    };
    expect(order(preempt_disable, preempt_enable)).toEqual([false]);
    expect(order(rcu_read_lock, rcu_read_unlock)).toEqual([false, true]);
  });

  it('confirms a kill when no tryget_live() can succeed any more', () => {
    const live = new Set<boolean>();
    const seen = survey({
      setup: make(),
      tasks: {
        a: ({ users }) =>
          percpu_ref_kill_and_confirm(users, function* () {
            results.push(String(yield* percpu_ref_is_dying(users)));
            live.add(yield* percpu_ref_tryget_live(users));
          }),
      },
    });
    expect(seen).toMatchObject(fine);
    expect([...live]).toEqual([false]);
    expect(new Set(results)).toEqual(new Set(['true']));
  });

  it('the release function must not sleep', () => {
    const seen = survey({
      *setup(): Op<item> {
        const made = yield* make()();
        yield* percpu_ref_init(made.users, () => mutex_lock(lock), 0, GFP_KERNEL);
        return made;
      },
      tasks: { a: ({ users }) => percpu_ref_kill(users) },
    });
    expect(seen.complaints).toContain('mutex_lock: sleeps in atomic context');
  });

  it('comes back to life from 0, and faults after its exit', () => {
    const seen = agree({
      setup: make(PERCPU_REF_INIT_DEAD),
      tasks: {
        *a({ users }) {
          yield* percpu_ref_reinit(users);
          results.push(String(yield* percpu_ref_tryget_live(users)));
          yield* percpu_ref_exit(users);
          yield* percpu_ref_get(users);
        },
      },
    });
    expect(seen.findings).toEqual(['BUG: kernel NULL pointer dereference in ?']);
    expect(new Set(results)).toEqual(new Set(['true']));
  });

  it('percpu_ref_init() may fail and, with GFP_KERNEL, sleeps', () => {
    const seen = agree({
      failures: { percpu_ref_init: 1 },
      *setup() {
        return yield* kzalloc(item, GFP_KERNEL);
      },
      tasks: {
        *a(made) {
          if (made === null) return;
          yield* spin_lock(spin);
          results.push(String(yield* percpu_ref_init(made.users, free_users, 0, GFP_KERNEL)));
          yield* spin_unlock(spin);
        },
      },
    });
    expect(seen.complaints).toEqual(['percpu_ref_init: sleeps in atomic context']);
    expect(new Set(results)).toEqual(new Set(['0', '-12']));
  });
});
