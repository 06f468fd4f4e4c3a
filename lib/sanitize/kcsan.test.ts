// SPDX-License-Identifier: GPL-2.0-only
import { dpor } from '../explore';
import {
  atomic_inc,
  DEFINE_ATOMIC,
  DEFINE_MUTEX,
  mutex_lock,
  mutex_unlock,
  READ_ONCE,
  smp_load_acquire,
  smp_store_release,
  static_var,
  WRITE_ONCE,
} from '../kernel';
import type { Machine, Op } from '../machine';
import { kcsan } from './kcsan';
import { look, told } from './testing/told';

const total = static_var('total', 0);
const ready = static_var('ready', 0);
const lock = DEFINE_MUTEX('lock');
const count = DEFINE_ATOMIC('count', 0);

type Code = () => Op<unknown>;

/** One execution in which the tasks run one after another. */
function inOrder(machine: Machine, visit: (execution: { machine: Machine }) => boolean): void {
  machine.boot();
  for (let id = 1; id < machine.tasks.length; id++) while (machine.enabled(id)) machine.run(id);
  machine.finish();
  visit({ machine });
}

function race(explore: Parameters<typeof told>[0], ...codes: Code[]): readonly string[] {
  return told(explore, [kcsan()], (machine) => {
    for (const code of codes) machine.spawn('task', code);
  }).kinds;
}

function* plainWrite(): Op<void> {
  yield* atomic_inc(count);
  total.value = 1;
}
function* plainRead(): Op<void> {
  yield* atomic_inc(count);
  look(total.value);
}
function* markedWrite(): Op<void> {
  yield* WRITE_ONCE(total, 'value', 2);
}
function* markedRead(): Op<void> {
  yield* READ_ONCE(total, 'value');
}
function* locked(): Op<void> {
  yield* mutex_lock(lock);
  total.value += 1;
  yield* mutex_unlock(lock);
}
function* publish(): Op<void> {
  total.value = 5;
  yield* smp_store_release(ready, 'value', 1);
}
function* publishUnordered(): Op<void> {
  total.value = 5;
  yield* WRITE_ONCE(ready, 'value', 1);
}
function* consume(): Op<void> {
  if ((yield* smp_load_acquire(ready, 'value')) === 1) look(total.value);
}

describe('kcsan', () => {
  it.each<[string, Code, Code, boolean]>([
    ['two plain writes', plainWrite, plainWrite, true],
    ['a plain write and a plain read', plainWrite, plainRead, true],
    ['a plain write and a marked read', plainWrite, markedRead, true],
    ['a marked write and a plain read', markedWrite, plainRead, true],
    ['a marked write and a plain write', markedWrite, plainWrite, true],
    ['two marked writes', markedWrite, markedWrite, false],
    ['a marked write and a marked read', markedWrite, markedRead, false],
    ['two plain reads', plainRead, plainRead, false],
    ['a plain and a marked read', plainRead, markedRead, false],
    ['writes under one lock', locked, locked, false],
    ['a write under the lock and one without it', locked, plainWrite, true],
    ['publication with release and acquire', publish, consume, false],
    ['publication without release', publishUnordered, consume, true],
  ])('%s', (_name, first, second, expected) => {
    expect(race(dpor, first, second)).toEqual(expected ? ['data-race'] : []);
  });

  it.each<[string, Code, Code]>([
    ['plain write, plain read', plainWrite, plainRead],
    ['plain write, marked read', plainWrite, markedRead],
    ['plain write, marked write', plainWrite, markedWrite],
    ['plain read, marked write', plainRead, markedWrite],
  ])('needs one execution only, in whichever order: %s', (_name, first, second) => {
    expect(race(inOrder, first, second)).toEqual(['data-race']);
    expect(race(inOrder, second, first)).toEqual(['data-race']);
  });

  it('finds the race of a third task after two that are ordered', () => {
    expect(race(dpor, locked, locked, markedRead)).toEqual(['data-race']);
    expect(race(dpor, locked, locked, locked)).toEqual([]);
  });

  it('leaves set-up and final checks alone', () => {
    const found = told(
      dpor,
      [kcsan()],
      (machine) => {
        total.value = 7;
        machine.spawn('A', plainWrite);
        total.value = 8;
      },
      () => look(total.value),
    );
    expect(found.kinds).toEqual([]);
  });

  it('reports each location once in an execution', () => {
    let findings = -1;
    const machines = (machine: Parameters<typeof dpor>[0]): void => {
      dpor(machine, (execution) => {
        findings = Math.max(findings, execution.machine.findings.length);
        return false;
      });
    };
    told(machines, [kcsan()], (machine) => {
      for (const comm of ['A', 'B', 'C']) machine.spawn(comm, plainWrite);
    });
    expect(findings).toBe(1);
  });

  it('reports in the layout of kernel/kcsan/report.c', () => {
    const found = told(dpor, [kcsan()], (machine) => {
      machine.spawn('writer', plainWrite);
      machine.spawn('reader', markedRead);
    });
    expect(found.report('data-race')).toMatchInlineSnapshot(`
      "BUG: KCSAN: data-race in markedRead / plainWrite
      write to total of 4 bytes by task 101 on cpu 1:
       plainWrite driver.ts

      read (marked) to total of 4 bytes by task 102 on cpu 2:
       markedRead driver.ts

      Reported by Kernel Concurrency Sanitizer on:
      CPU: 2 PID: 102 Comm: reader
      =================================================================="
    `);
  });
});
