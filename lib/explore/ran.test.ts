// SPDX-License-Identifier: GPL-2.0-only
/** One run of an execution tells what each order of it costs: whether a task that is left could have continued. */
import fc from 'fast-check';
import {
  atomic_inc,
  complete,
  DEFINE_ATOMIC,
  DECLARE_COMPLETION,
  wait_for_completion,
} from '../kernel';
import { DEFINE_MUTEX, mutex_lock, mutex_unlock } from '../kernel/mutex';
import { DECLARE_RWSEM, down_read, down_write, up_read, up_write } from '../kernel/rwsem';
import { DEFINE_SPINLOCK, spin_lock, spin_unlock } from '../kernel/spinlock';
import { Machine, type Op, type Program } from '../machine';
import { follow } from './attempts';
import { Course } from './course';
import { dfs } from './dfs';
import { linearise } from './linearise';
import { ran } from './ran';
import type { Turn } from './schedule';
import { traceKey } from './trace';

const spin = DEFINE_SPINLOCK('spin');
const mutex = DEFINE_MUTEX('mutex');
const sem = DECLARE_RWSEM('sem');
const done = DECLARE_COMPLETION('done');
const count = DEFINE_ATOMIC('count', 0);

const STATEMENTS: Readonly<Record<string, () => Op<unknown>>> = {
  *spin() {
    yield* spin_lock(spin);
    yield* spin_unlock(spin);
  },
  *counted() {
    yield* mutex_lock(mutex);
    yield* atomic_inc(count);
    yield* mutex_unlock(mutex);
  },
  *read() {
    yield* down_read(sem);
    yield* up_read(sem);
  },
  *write() {
    yield* down_write(sem);
    yield* up_write(sem);
  },
  *inverted() {
    yield* mutex_lock(mutex);
    yield* spin_lock(spin);
    yield* spin_unlock(spin);
  },
  wait: () => wait_for_completion(done),
  complete: () => complete(done),
  count: () => atomic_inc(count),
};

function programOf(tasks: readonly (readonly string[])[]): Program {
  return {
    boot(machine) {
      for (const statements of tasks) {
        machine.spawn('task', function* () {
          for (const name of statements) {
            const { [name]: statement = () => atomic_inc(count) } = STATEMENTS;
            yield* statement();
          }
        });
      }
    },
  };
}

/** The fewest preemptions in any schedule of each trace, and a schedule of it. */
function traces(program: Program): Map<string, { turns: Turn[]; fewest: number }> {
  const machine = new Machine(program);
  machine.startSteps = machine.exitSteps = true;
  const other = new Machine(program);
  const found = new Map<string, { turns: Turn[]; fewest: number }>();
  dfs(machine, ({ events }) => {
    const turns = events.map(({ task, outcome }) => ({
      path: machine.tasks[task]?.path ?? '',
      outcome,
    }));
    const course = new Course(other);
    for (const { task, outcome } of events) course.take(task, outcome);
    const { preemptions } = course;
    const key = traceKey(events);
    const known = found.get(key);
    if (known === undefined) found.set(key, { turns, fewest: preemptions });
    else known.fewest = Math.min(known.fewest, preemptions);
    return false;
  });
  return found;
}

const task = fc.array(fc.constantFrom(...Object.keys(STATEMENTS)), { minLength: 1, maxLength: 2 });

it('the best order of an execution has as few preemptions as any schedule of its trace', () => {
  let waited = 0;
  fc.assert(
    fc.property(
      fc.tuple(task, task, fc.array(fc.constantFrom('count', 'complete'), { maxLength: 1 })),
      (tasks) => {
        const program = programOf(tasks);
        for (const { turns, fewest } of traces(program).values()) {
          const machine = new Machine(program);
          const { steps, waiting } = ran(machine, turns);
          const orders = linearise(steps, steps, waiting);
          const costs = orders.map((order) => follow(machine, order).preemptions);
          expect(Math.min(...costs)).toBe(fewest);
          if (machine.tasks.some((one) => one?.done === false)) waited++;
        }
      },
    ),
    { numRuns: 30, seed: 1 },
  );
  expect(waited).toBeGreaterThan(5);
});
