// SPDX-License-Identifier: GPL-2.0-only
/** Which rows a report shows, and what it says in them. */
import { judgeScenario } from '../kata/judge';
import { type Scenario, scenario } from '../scenario/scenario';
import { load } from './testing/load';

const driver = load(
  'katas/13-aio-lookup-ioctx/ctx.ts',
  `
const box = struct('box', { users: kref, flags: int, value: int });
const last = static_var('last', null);
const lock = DEFINE_SPINLOCK('lock');
const sleeper = DEFINE_MUTEX('sleeper');

function* sleeps() {
  yield* spin_lock(lock);
  yield* mutex_lock(sleeper);
}
function* makes() {
  const one = yield* kzalloc(box, GFP_KERNEL);
  if (one === null) { last.value = null; return; }
  yield* kref_init(one.users);
  last.value = one;
}
function* uses() {
  last.value.value = 1;
}
function* counts() {
  const one = last.value;
  yield* kref_get(one.users); yield* kref_get(one.users);
  yield* set_bit(3, one, 'flags');
  for (let i = 0; i < 30; i++) yield* locks();
  yield* kref_get(one.users);
}
function* locks() {
  yield* spin_lock(lock);
  yield* spin_unlock(lock);
}
function* disk() {
  const one = yield* alloc_disk(1);
  one.disk_name = 'sda';
  yield* add_disk(one);
  yield* del_gendisk(one);
  BUG_ON(true);
}
function* finds() {
  for (let i = 0; i < 30; i++) yield* locks();
  BUG_ON(last.value === null);
}
function* looks() {
  for (let i = 0; i < 30; i++) yield* locks();
  yield* kref_get(last.value.users);
  BUG_ON(true);
  yield* locks();
}
`,
);

const callers = load(
  'katas/13-aio-lookup-ioctx/scenarios.ts',
  `
const own = DEFINE_SPINLOCK('own');
function* caller() {
  yield* spin_lock(own);
  yield* spin_unlock(own);
  yield* spin_lock(own);
  yield* caller.called();
  BUG_ON(true);
}
`,
);

/** The rows of a failure's report. */
function rowsOf(more: Partial<Scenario> & Pick<Scenario, 'tasks'>): string {
  const one = scenario({ id: 'x', title: 'x', task: 1, kind: 'race', ...more });
  const { failure } = judgeScenario(one, {
    width: 80,
    command: (_, at) => `npx kata replay '${at}'`,
  });
  const report = failure?.report ?? '';
  return report.slice(report.indexOf('\ninterleaving') + 1, report.indexOf('\nexplored'));
}

it('shows the call that must not sleep, and not the one before it', () => {
  expect(rowsOf({ tasks: { a: driver('sleeps') } })).toMatchInlineSnapshot(`
    "interleaving, top first, with lines of ctx.ts; <-- is part of the bug:
     CPU 1: a (A)
     ------------
          sleeps()
        8   spin_lock(lock) <--
        9   mutex_lock(sleeper) <-- sleeping-in-atomic

    also in this interleaving: locks-held"
  `);
});

it('shows the call that the scenario lets fail, however many rows there are', () => {
  const one = { failures: { kzalloc: 1 }, tasks: { a: driver('makes') }, check: driver('finds') };
  expect(rowsOf(one)).toMatchInlineSnapshot(`
    "interleaving, top first, with lines of ctx.ts:
     CPU 1: a (A)
     ------------
          makes()
       12   kzalloc(box) fails
    then check():
            finds()
         39   locks()
            ... 56 steps
         28     spin_lock(lock)
         29     spin_unlock(lock)
         28     spin_lock(lock)
         29     spin_unlock(lock)
         40   reads last.value = NULL
         40   BUG_ON() <-- bug
    (56 steps omitted, see npx kata replay 'A1 A!1' --full)
    "
  `);
});

it('shows all counts of a task that is alone, and two calls on one line beside each other', () => {
  const check = driver('looks');
  expect(rowsOf({ setup: driver('makes'), tasks: { a: driver('counts') }, check }))
    .toMatchInlineSnapshot(`
    "interleaving, top first, with lines of ctx.ts:
     CPU 1: a (A)
     ------------
          counts()
       22   kref_get(box#1.users) 1 -> 2
       22   kref_get(box#1.users) 2 -> 3
          ... 61 steps
       25   kref_get(box#1.users) 3 -> 4
    then check():
            looks()
         43   locks()
            ... 57 steps
         29     spin_unlock(lock)
         28     spin_lock(lock)
         29     spin_unlock(lock)
         44   reads last.value = box#1
         44   kref_get(box#1.users) 4 -> 5
         45   BUG_ON() <-- bug
    (118 steps omitted, see npx kata replay 'A65' --full)
    "
  `);
});

it('names the object of a call, and no lock of the library', () => {
  expect(rowsOf({ tasks: { a: driver('disk') } })).toMatchInlineSnapshot(`
    "interleaving, top first, with lines of ctx.ts:
     CPU 1: a (A)
     ------------
          disk()
       32   alloc_disk() = gendisk#1
       32     refcount_set(gendisk#1.kobj) 0 -> 1
       34   add_disk(gendisk#1)
       34     mutex_unlock(block_subsys_lock)
       35   del_gendisk(gendisk#1)
       35     mutex_unlock(block_subsys_lock)
       36   BUG_ON() <-- bug
    "
  `);
});

it('counts lines in the driver, even if the scenario has more rows', () => {
  const caller = Object.assign(callers('caller'), { called: driver('locks') });
  expect(rowsOf({ tasks: { a: caller } })).toMatchInlineSnapshot(`
    "interleaving, top first, with lines of ctx.ts:
     CPU 1: a (A)
     ------------
          caller()
            spin_lock(own) (scenarios.ts:4)
            spin_unlock(own) (scenarios.ts:5)
            spin_lock(own) (scenarios.ts:6)
            locks() (scenarios.ts:7)
       28     spin_lock(lock)
       29     spin_unlock(lock)
            BUG_ON() (scenarios.ts:8) <-- bug
    "
  `);
});
