// SPDX-License-Identifier: GPL-2.0-only
import { agree } from '../explore/testing/small-program';
import {
  atomic_inc,
  atomic_read,
  DEFINE_ATOMIC,
  GFP_ATOMIC,
  int,
  kmalloc,
  kzalloc,
  ptr,
  READ_ONCE,
  static_var,
} from '../kernel';
import { Machine, type Op, type Program, struct, type StructOf } from '.';

const counter = static_var('counter', 7);
const atomic = DEFINE_ATOMIC('atomic', 0);
const pair = struct('pair', { x: int, next: ptr<pair>() });
interface pair extends StructOf<typeof pair> {}

/** Runs one task and returns the headlines of the findings. */
function findings(body: () => Op<unknown>): readonly string[] {
  return agree({ tasks: { a: body } }).findings;
}

it('begins every execution with statics as written', () => {
  const seen: number[] = [];
  const program = {
    tasks: {
      *a(): Op<void> {
        yield* atomic_inc(atomic);
        seen.push(counter.value, yield* atomic_read(atomic));
        counter.value++;
      },
    },
  };
  agree(program);
  agree(program);
  expect(new Set(seen)).toEqual(new Set([7, 1]));
});

it('kmalloc() leaves garbage, kzalloc() zeros and NULL', () => {
  const seen: unknown[] = [];
  findings(function* () {
    const garbage = yield* kmalloc(pair, GFP_ATOMIC);
    const zero = yield* kzalloc(pair, GFP_ATOMIC);
    seen.push(garbage?.x, zero?.x, zero?.next);
  });
  expect(seen.slice(0, 3)).toEqual([undefined, 0, null]);
});

it('kills the task that follows NULL or garbage, and nothing else', () => {
  function* follow(make: typeof kmalloc | typeof kzalloc): Op<void> {
    const made = yield* make(pair, GFP_ATOMIC);
    const next = made?.next as pair; // the mistake under test
    next.x = 1;
  }
  expect(findings(() => follow(kzalloc))).toEqual(['BUG: kernel NULL pointer dereference in ?']);
  expect(findings(() => follow(kmalloc))).toEqual(['BUG: unable to handle page fault in ?']);
});

it('refuses objects of JavaScript in memory', () => {
  const cell = static_var<unknown>('cell', null);
  const said = findings(function* () {
    yield* READ_ONCE(cell, 'value');
    cell.value = { hidden: 1 };
  });
  expect(said).toEqual([
    'uncaught TypeError: only numbers, strings, booleans, functions and kernel objects can be stored in memory',
  ]);
});

it('names an operation that was built but never run', () => {
  const said = findings(function* () {
    // eslint-disable-next-line kata/yield-star -- that is the mistake
    atomic_inc(atomic);
    yield* atomic_read(atomic);
  });
  expect(said).toEqual([
    "atomic_inc() was called without yield*, so it never runs; write 'yield* atomic_inc(...)'",
  ]);
});

it('ends a loop without operations', () => {
  const said = findings(function* () {
    yield* atomic_read(atomic);
    for (;;) counter.value++;
  });
  expect(said).toEqual(['watchdog: BUG: soft lockup - CPU#1 stuck in ?! [a:101]']);
});

it('cuts an execution off at the step bound and records it', () => {
  const machine = new Machine(
    {
      boot(m) {
        m.spawn('a', function* () {
          for (;;) yield* atomic_inc(atomic);
        });
      },
    },
    { stepsMax: 10 },
  );
  machine.boot();
  while (!machine.cut) machine.run(1);
  expect(machine.steps).toBe(10);
});

it('ends a loop of operations in set-up code, and in a final check', () => {
  const forEver = function* (): Op<void> {
    for (;;) yield* atomic_inc(atomic);
  };
  const heard = (program: Program): string[] => {
    const machine = new Machine(program, { stepsMax: 10 });
    machine.boot();
    machine.finish();
    return machine.findings.map(({ kind }) => kind);
  };
  const boot = (machine: Machine): void => {
    machine.runNow(forEver());
  };
  expect(heard({ boot })).toEqual(['soft-lockup']);
  expect(heard({ boot: () => undefined, finish: boot })).toEqual(['soft-lockup']);
});

it('rejects a yielded value that is not an operation', () => {
  const said = findings(function* () {
    yield { kind: 'forged' } as never;
  });
  expect(said).toEqual(['error: a task yielded something that is not an operation']);
});

it('reports an exception of the code under test with its message', () => {
  const said = findings(function* () {
    yield* atomic_read(atomic);
    throw new RangeError('wrong \u0007 turn');
  });
  expect(said).toEqual(['uncaught RangeError: wrong ? turn']);
});
