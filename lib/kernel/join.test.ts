// SPDX-License-Identifier: GPL-2.0-only
import { agree } from '../explore/testing/small-program';
import type { Op } from '../machine';
import { atomic_inc, atomic_read, DEFINE_ATOMIC } from './atomic';
import { BUG } from './bug';
import { join, spawn_task, type task_struct } from './join';
import { DEFINE_MUTEX, mutex_lock, mutex_unlock } from './mutex';
import { static_var } from './static-var';

const counter = DEFINE_ATOMIC('counter', 0);
const lock = DEFINE_MUTEX('lock');
const shared = static_var('shared', 0);
const fine = { surplus: 0, blocked: 0, hung: 0 };

function* child(): Op<void> {
  yield* mutex_lock(lock);
  yield* mutex_unlock(lock);
}

describe('join', () => {
  it('waits for the end of a task: one trace', () => {
    const seen = agree({
      tasks: {
        *a() {
          const task = yield* spawn_task('child', () => atomic_inc(counter));
          yield* join(task);
          if ((yield* atomic_read(counter)) !== 1) BUG();
        },
      },
    });
    expect(seen).toMatchObject({ ...fine, executions: 1, complaints: [] });
  });

  it('the child and the parent contend before the join: two orders', () => {
    const seen = agree({
      tasks: {
        *a() {
          const task = yield* spawn_task('child', child);
          yield* child();
          yield* join(task);
        },
      },
    });
    expect(seen).toMatchObject({ ...fine, executions: 2 });
  });

  it('two children, joined in turn', () => {
    const seen = agree({
      tasks: {
        *a() {
          const first = yield* spawn_task('first', child);
          const second = yield* spawn_task('second', child);
          yield* join(first);
          yield* join(second);
        },
        b: child,
      },
    });
    expect(seen).toMatchObject({ ...fine, executions: 6 });
  });

  it('ends for a task that was killed', () => {
    const seen = agree({
      tasks: {
        *a() {
          const task = yield* spawn_task('child', function* () {
            yield* atomic_inc(counter);
            BUG();
          });
          yield* join(task);
        },
      },
    });
    expect(seen).toMatchObject({ ...fine, executions: 1, complaints: ['bug: kernel BUG'] });
  });

  it('hangs for a task that waits for itself in a circle', () => {
    const seen = agree({
      tasks: {
        *a() {
          yield* mutex_lock(lock);
          const task = yield* spawn_task('child', child);
          yield* join(task);
          yield* mutex_unlock(lock);
        },
      },
    });
    expect(seen).toMatchObject({ surplus: 0, blocked: 0, hung: 1, executions: 1 });
  });

  it('plain code at the end of a task is done before the join returns', () => {
    const values = new Set<number>();
    const body = function* (task: { child: task_struct | null }): Op<void> {
      task.child = yield* spawn_task('child', function* () {
        yield* atomic_inc(counter);
        shared.value = 7;
      });
      yield* join(task.child);
      values.add(shared.value);
    };
    const seen = agree({ tasks: { a: () => body({ child: null }) } });
    expect(seen).toMatchObject({ ...fine, executions: 1 });
    expect([...values]).toEqual([7]);
  });
});
