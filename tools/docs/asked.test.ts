// SPDX-License-Identifier: GPL-2.0-only
/**
 * What a driver learns from a function must depend on what the function touches: checked for every function, on a program that
 * calls it.
 */
import * as lib from '../../lib';
import * as driverLib from '../../lib/driver-lib';
import { OP_EXPORTS, SCENARIO_EXPORTS } from '../../lib/kata/lib-names';
import { ask, type Asked } from './asked';
import { allExamples, type Example } from './examples';

/** For functions that no example calls. */
const OTHERS: readonly Example[] = [
  `const device = struct('device', { counts: array(int, 2), open: fn<() => Op<void>>() });
   const one = DEFINE_STATIC('one', device);
   const old = yield* READ_ONCE(one.counts, 0);
   yield* WRITE_ONCE(one.counts, 0, old + 1);
   if ((yield* READ_ONCE(one, 'open')) !== null) BUG();`,
  `const x = DEFINE_ATOMIC('x', 0);
   if ((yield* atomic_inc_return(x)) === 2) BUG();`,
].map((code) => ({ line: 0, code }));

const programs: readonly (readonly [string, Example])[] = [
  ...allExamples(),
  ...OTHERS.map((example, i) => [`program ${i + 1}`, example] as const),
];
const called = new Set<string>();

it.each(programs)('%s: tasks learn no more than exploration looks for', (_place, example) => {
  const asked = ask(example);
  expect(asked.tooLarge).toBe(false);
  expect(asked.missed).toEqual([]);
  expect(asked.invented).toEqual([]);
  for (const name of asked.called) called.add(name);
});

it('has a program for every function that a driver may call', () => {
  const functions = Object.entries(driverLib).filter(([, value]) => typeof value === 'function');
  expect(functions.map(([name]) => name).filter((name) => !called.has(name))).toEqual([]);
});

/** A program that uses functions that drivers do not have. */
function askWith(code: string, functions: Readonly<Record<string, unknown>>): Asked {
  const operations = [...OP_EXPORTS, ...Object.keys(functions)];
  return ask({ line: 0, code }, { ...driverLib, ...functions }, operations);
}

it.each([
  ['yield* synchronize_rcu(); (yield* grace_period_log()).length', ['grace_period_log']],
  ['yield* might_sleep(); yield* steps()', ['steps']],
])('notices that %s returns what it does not touch', (code, names) => {
  const steps = function* (): lib.Op<number> {
    yield* lib.might_sleep();
    return lib.current_task().lastStep;
  };
  const { grace_period_log } = lib;
  const all: Readonly<Record<string, unknown>> = { grace_period_log, steps };
  const asked = askWith(code, Object.fromEntries(names.map((name) => [name, all[name]])));
  expect(asked.tooLarge).toBe(false);
  expect(asked.missed.length).toBeGreaterThan(0);
});

it('keeps scenario functions from drivers', () => {
  expect(SCENARIO_EXPORTS.filter((name) => name in driverLib)).toEqual([]);
  for (const name of ['grace_period_log', 'grace_periods', 'alive', 'allocated', 'current_task'])
    expect(SCENARIO_EXPORTS).toContain(name);
});
