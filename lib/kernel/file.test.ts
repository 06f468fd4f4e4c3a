// SPDX-License-Identifier: GPL-2.0-only
import { agree } from '../explore/testing/small-program';
import { type Op, struct, type StructOf } from '../machine';
import { atomic_set, atomic_sub_and_test, atomic_t } from './atomic';
import { EIOCBQUEUED } from './err';
import { fget } from './file';
import { call_read_iter, kiocb, openFile } from './fs';
import { container_of } from './list';
import { might_sleep } from './might-sleep';
import { current_mm } from './mm';
import { DECLARE_STRUCT_ONSTACK } from './on-stack';
import { GFP_KERNEL, kfree, kzalloc } from './slab';
import { DEFINE_SPINLOCK, spin_lock, spin_lock_init, spin_unlock, spinlock_t } from './spinlock';
import { int } from './types';

const request = struct('request', { common: kiocb, result: int });
interface request extends StructOf<typeof request> {}
const counted = struct('counted', { count: atomic_t, lock: spinlock_t, value: int });
const lock = DEFINE_SPINLOCK('lock');
const quick = openFile({
  *read_iter() {
    return 5;
  },
});
const later = openFile({
  *read_iter(iocb) {
    if (iocb.ki_complete !== null) yield* iocb.ki_complete(iocb, 6);
    return -EIOCBQUEUED;
  },
});

/** Runs a body alone: what it gave, and what was complained of. */
function alone(body: (results: unknown[]) => Op<unknown>) {
  const results: unknown[] = [];
  const { complaints } = agree({
    tasks: {
      *a() {
        results.length = 0;
        yield* body(results);
      },
    },
  });
  return { results, complaints };
}

describe('files', () => {
  it('answer at once, or later through ki_complete', () => {
    const { results } = alone(function* (out) {
      const made = yield* kzalloc(request, GFP_KERNEL);
      if (made === null) return;
      made.common.ki_complete = function* (iocb, res) {
        container_of(iocb, request, 'common').result = res;
      };
      for (const fd of [quick, later]) {
        const file = yield* fget(fd);
        if (file !== null) out.push(yield* call_read_iter(file, made.common), made.result);
      }
      out.push(yield* fget(1));
      yield* kfree(made);
    });
    expect(results).toEqual([5, 0, -EIOCBQUEUED, 6, null]);
  });
});

describe('structures on the stack', () => {
  it('need their init functions, and then work', () => {
    const { results, complaints } = alone(function* (out) {
      const wait = yield* DECLARE_STRUCT_ONSTACK(counted, 'wait');
      out.push(wait.value);
      yield* atomic_set(wait.count, 3);
      out.push(
        yield* atomic_sub_and_test(2, wait.count),
        yield* atomic_sub_and_test(1, wait.count),
      );
      yield* spin_lock(wait.lock);
      yield* spin_unlock(wait.lock);
      yield* spin_lock_init(wait.lock);
      yield* spin_lock(wait.lock);
      yield* spin_unlock(wait.lock);
    });
    expect(results).toEqual([undefined, false, true]);
    expect(complaints).toEqual(['spinlock: bad magic on CPU#1, a/101']);
  });
});

describe('current_mm', () => {
  it('has a lock that can be taken and no table, in every execution', () => {
    const { results, complaints } = alone(function* (out) {
      const mm = current_mm<number>();
      yield* spin_lock(mm.ioctx_lock);
      out.push(mm.ioctx_table);
      mm.ioctx_table = 1;
      yield* spin_unlock(mm.ioctx_lock);
    });
    expect(results).toEqual([null]);
    expect(complaints).toEqual([]);
  });
});

describe('might_sleep', () => {
  it('is reported under a spinlock and not outside', () => {
    const said = (locked: boolean): readonly string[] =>
      alone(function* () {
        if (locked) yield* spin_lock(lock);
        yield* might_sleep();
        if (locked) yield* spin_unlock(lock);
      }).complaints;
    expect(said(true)).toEqual(['might_sleep: sleeps in atomic context']);
    expect(said(false)).toEqual([]);
  });
});
