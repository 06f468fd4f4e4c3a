// SPDX-License-Identifier: GPL-2.0-only
import { judgeScenario } from '../kata/judge';
import { type Scenario, scenario } from '../scenario/scenario';
import { load } from './testing/load';

const driver = load(
  'katas/13-aio-lookup-ioctx/ctx.ts',
  `
const kioctx = struct('kioctx', { users: percpu_ref, id: int });
const table = static_var('table', null);
const total = static_var('total', 0);
const ready = static_var('ready', 0);
const lock = DEFINE_SPINLOCK('total_lock');

function* free_ioctx(ref) {
  const ctx = container_of(ref, kioctx, 'users');
  yield* percpu_ref_exit(ctx.users);
  yield* kfree(ctx);
}
function* setup() {
  const ctx = yield* kzalloc(kioctx, GFP_KERNEL);
  yield* percpu_ref_init(ctx.users, free_ioctx, 0, GFP_KERNEL);
  table.value = ctx;
}
function* lookup() {
  const ctx = yield* READ_ONCE(table, 'value');
  yield* percpu_ref_get(ctx.users);
  yield* percpu_ref_put(ctx.users);
}
function* destroy() {
  yield* percpu_ref_kill(table.value.users);
}
function* add() {
  const seen = total.value;
  printk('seen %d by %s', seen, 'add');
  yield* WRITE_ONCE(ready, 'value', 1);
  total.value = seen + 1;
}
function* check() {
  const seen = yield* READ_ONCE(total, 'value');
  BUG_ON(seen !== 2);
}
function* publish() {
  yield* spin_lock(lock);
  total.value = 42;
  yield* WRITE_ONCE(ready, 'value', 1);
  yield* spin_unlock(lock);
}
function* consume() {
  if ((yield* READ_ONCE(ready, 'value')) === 1) total.value;
}
function* flood() {
  for (let line = 0; line < 150; line++) printk('line %d', line);
  BUG_ON(true);
  yield* spin_unlock(lock);
}
`,
);

function reportOf(more: Partial<Scenario> & Pick<Scenario, 'tasks'>, width = 100): string {
  const one = scenario({ id: 'x', title: 'x', task: 1, kind: 'race', ...more });
  const verdict = judgeScenario(one, {
    width,
    command: (_, schedule) => `npx kata replay 13 '${schedule}'`,
  });
  return verdict.failure?.report ?? '';
}

/** The report after the detector's part. */
function rowsOf(report: string): string {
  return report.slice(report.indexOf('\ninterleaving') + 1);
}

it('tells a call by the object it was given and the count it changed', () => {
  const tasks = { lookup: driver('lookup'), destroy: driver('destroy') };
  expect(rowsOf(reportOf({ setup: driver('setup'), tasks }, 80))).toMatchInlineSnapshot(`
    "interleaving, top first, with lines of ctx.ts; <-- is part of the bug:
     A = lookup on CPU 1; B = destroy on CPU 2; C = ksoftirqd on CPU 3, from B's
         percpu_ref_kill()
     B      destroy()
     B   24   percpu_ref_kill(kioctx#1.users)
     C      grace period over
     C      percpu_ref_switch_to_atomic_rcu(kioctx#1.users) per-CPU -> 1
     C      percpu_ref_put(kioctx#1.users) 1 -> 0
     C      free_ioctx()
     C   10   percpu_ref_exit(kioctx#1.users)
     C   11   kfree(kioctx#1) <--
     A      lookup()
     A   19   READ_ONCE(table.value) = kioctx#1
     A   20   percpu_ref_get(kioctx#1.users) <-- slab-use-after-free

    also in this interleaving: null-deref
    explored 19 interleavings
    this is the shortest failure found: no preemption is needed
    replay it: npx kata replay 13 'B5 C8 A3'"
  `);
});

it('tells what was printed and what the final check read', () => {
  const tasks = { a: driver('add'), b: driver('add') };
  expect(rowsOf(reportOf({ tasks, check: driver('check') }))).toMatchInlineSnapshot(`
    "interleaving, top first, with lines of ctx.ts:
     CPU 1: a (A)                      | CPU 2: b (B)
     ------------                      | ------------
          add()                        |
       27   reads total.value = 0      |
       28   prints "seen 0 by add"     |
                                       |      add()
                                       |   27   reads total.value = 0
                                       |   28   prints "seen 0 by add"
                                       |   29   WRITE_ONCE(ready.value, 1)
                                       |   30   writes total.value = 1
       29   WRITE_ONCE(ready.value, 1) |
       30   writes total.value = 1     |
    then check():
            check()
         33   READ_ONCE(total.value) = 1
         34   BUG_ON() <-- bug

    also in this interleaving: data-race
    explored 3 interleavings
    this is the shortest failure found: 1 preemption; no schedule without one fails this way
    printed 2 lines: npx kata replay 13 'A1 B2 A1' shows them
    replay it: npx kata replay 13 'A1 B2 A1'"
  `);
});

it('keeps a hundred of the lines that one step prints, and counts the others', () => {
  const report = reportOf({ tasks: { a: driver('flood') } });
  expect(report).toContain('prints "line 99"\n   46   prints 50 more lines\n');
  expect(report).toContain('printed 150 lines: ');
});

it('names the store that the other side read without synchronising', () => {
  const tasks = { publish: driver('publish'), consume: driver('consume') };
  const report = reportOf({ tasks });
  expect(report.slice(0, report.indexOf('\ninterleaving'))).toMatchInlineSnapshot(`
    "BUG: KCSAN: data-race in consume / publish
    ==================================================================
    write to total of 4 bytes by task 101 on cpu 1:
     publish ctx.ts:38

    read to total of 4 bytes by task 102 on cpu 2:
     consume ctx.ts:43

    Reported by Kernel Concurrency Sanitizer on:
    CPU: 2 PID: 102 Comm: consume
    ==================================================================
    Nothing orders these two: publish (A) held total_lock, and consume (B) held no lock.
    READ_ONCE(ready.value) at ctx.ts:43 read what WRITE_ONCE(ready.value, 1) at ctx.ts:39 stored, but
        neither orders anything: a release there and an acquire here would order them.
    "
  `);
});

it.each([60, 80, 100, 160])('keeps to %d columns and cuts no value', (width) => {
  const tasks = { lookup: driver('lookup'), destroy: driver('destroy') };
  const report = reportOf({ setup: driver('setup'), tasks }, width);
  expect(report.split('\n').filter((line) => line.length > width)).toEqual([]);
  expect(report.replace(/\s+(?:\|\s+)?/g, ' ')).toContain('1 -> 0');
  expect(rowsOf(report)).not.toMatch(/\w\.\.\.\w/);
});
