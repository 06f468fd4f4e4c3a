// SPDX-License-Identifier: GPL-2.0-only
/** Names are equal exactly for executions that differ only in the order of independent steps. */
import { reading, writing } from '../machine';
import { TraceNames } from './trace-names';

const [X, Y] = [1, 2];

/** Steps of two tasks: their task, and their footprint. */
type Steps = readonly (readonly [task: number, footprint: readonly number[], outcome?: number])[];

const names = new TraceNames();

function nameOf(steps: Steps): string {
  names.begin();
  for (const [task, footprint, outcome = 0] of steps) names.add(task, outcome, footprint);
  return names.name();
}

it('is the same whichever of two independent steps was first', () => {
  const other: Steps = [
    [2, [writing(Y)]],
    [1, [writing(X)]],
  ];
  expect(nameOf([...other].reverse())).toBe(nameOf(other));
  const readers: Steps = [
    [1, [reading(X)]],
    [2, [reading(X)]],
    [3, [writing(X)]],
  ];
  const [first, second, writer] = readers as [Steps[0], Steps[0], Steps[0]];
  expect(nameOf([second, first, writer])).toBe(nameOf(readers));
});

it.each<[string, Steps, Steps]>([
  [
    'two writes',
    [
      [1, [writing(X)]],
      [2, [writing(X)]],
    ],
    [
      [2, [writing(X)]],
      [1, [writing(X)]],
    ],
  ],
  [
    'a read and a write',
    [
      [1, [reading(X)]],
      [2, [writing(X)]],
    ],
    [
      [2, [writing(X)]],
      [1, [reading(X)]],
    ],
  ],
  [
    'a reader before or after the last write',
    [
      [1, [writing(X)]],
      [3, [reading(X)]],
      [2, [writing(X)]],
    ],
    [
      [1, [writing(X)]],
      [2, [writing(X)]],
      [3, [reading(X)]],
    ],
  ],
  ['outcomes', [[1, [], 0]], [[1, [], 1]]],
  [
    'how far a task has come',
    [[1, []]],
    [
      [1, []],
      [1, []],
    ],
  ],
  ['which task took the step', [[1, [writing(X)]]], [[2, [writing(X)]]]],
])('differs by %s', (_, some, others) => {
  expect(nameOf(some)).not.toBe(nameOf(others));
});

it('distinguishes executions that only earlier dependences distinguish', () => {
  const behind: Steps = [
    [1, [writing(X)]],
    [1, [writing(Y)]],
  ];
  expect(
    nameOf([
      [2, [writing(X)]],
      [1, [writing(X)]],
      [1, [writing(Y)]],
    ]),
  ).not.toBe(nameOf([...behind, [2, [writing(X)]]]));
});
