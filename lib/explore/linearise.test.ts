// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { conflict, reading, writing } from '../machine';
import { causesOf, linearise, type RanStep } from './linearise';
import { traceKey } from './trace';

/** Steps as `task:locations`; an upper-case location is written. */
function stepsOf(text: string): RanStep[] {
  return text.split(' ').map((word) => {
    const [task = '', footprint = ''] = word.split(':');
    const accesses = Array.from(footprint, (letter) => {
      const write = letter === letter.toUpperCase();
      const location = letter.toLowerCase().charCodeAt(0) - 97;
      return write ? writing(location) : reading(location);
    });
    return { task: Number(task), path: task, outcome: 0, footprint: accesses, born: [] };
  });
}

function textOf(steps: readonly RanStep[]): string {
  return steps.map(({ task }) => task).join('');
}

function switches(steps: readonly RanStep[]): number {
  return steps.filter(({ task }, i) => i > 0 && task !== steps[i - 1]?.task).length;
}

/** How often a task is left that has more steps and does not wait. */
function preemptions(steps: readonly RanStep[]): number {
  return steps.filter(({ task }, i) => {
    const left = steps[i - 1]?.task;
    return i > 0 && left !== task && steps.slice(i).some((later) => later.task === left);
  }).length;
}

/** Every order of the steps that keeps the order within each task and of conflicting steps. */
function extensions(steps: readonly RanStep[]): RanStep[][] {
  if (steps.length === 0) return [[]];
  return steps.flatMap((step, i) => {
    const before = steps.slice(0, i);
    const free = before.every(
      ({ task, footprint }) => task !== step.task && !conflict(footprint, step.footprint),
    );
    const rest = [...before, ...steps.slice(i + 1)];
    return free ? extensions(rest).map((order) => [step, ...order]) : [];
  });
}

function keyOf(steps: readonly RanStep[]): string {
  const taken = new Map<number, number>();
  const events = steps.map(({ task, outcome, footprint }) => {
    const nth = taken.get(task) ?? 0;
    taken.set(task, nth + 1);
    return { task, nth, outcome, outcomes: 1, footprint };
  });
  return traceKey(events);
}

describe('linearise', () => {
  it.each([
    ['independent tasks run one after the other', '1:A 2:B 1:A 2:B 1:A', '11122'],
    ['a conflict keeps its order', '1:A 2:A 1:B 2:B 1:A 2:C', '112221'],
    ['two reads may be swapped', '1:a 2:a 1:a 2:a', '1122'],
  ])('%s', (_name, text, expected) => {
    const orders = linearise(stepsOf(text));
    expect(Math.min(...orders.map(switches))).toBe(
      switches(
        stepsOf(
          expected
            .split('')
            .map((t) => `${t}:`)
            .join(' '),
        ),
      ),
    );
    expect(orders.map(textOf)).toContain(expected);
  });

  it('keeps a spawn before the task that it spawned', () => {
    const [parent, child, after] = stepsOf('1:A 2:B 1:C') as [RanStep, RanStep, RanStep];
    const orders = linearise([{ ...parent, born: [2] }, child, after]);
    expect(orders.map(textOf)).toEqual(['112']);
  });

  it('leaves no order with fewer preemptions', () => {
    const step = fc.tuple(fc.constantFrom(1, 2, 3), fc.stringMatching(/^[aAbBcC]{0,2}$/));
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 7 }), (words) => {
        const steps = stepsOf(words.map(([task, text]) => `${task}:${text}`).join(' '));
        const fewest = Math.min(...extensions(steps).map(preemptions));
        for (const order of linearise(steps)) expect(preemptions(order)).toBe(fewest);
      }),
    );
  });

  it('leaves out what a step does not depend on', () => {
    const steps = stepsOf('1:A 2:B 3:C 2:A 1:D 2:D');
    expect(textOf(causesOf(steps, 3))).toBe('122');
    expect(textOf(causesOf(steps, 4))).toBe('11');
  });

  it('never leaves the trace and never switches more often', () => {
    const step = fc.tuple(fc.constantFrom(1, 2, 3), fc.stringMatching(/^[aAbBcC]{0,2}$/));
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 10 }), (words) => {
        const steps = stepsOf(words.map(([task, text]) => `${task}:${text}`).join(' '));
        for (const order of linearise(steps)) {
          expect(keyOf(order)).toBe(keyOf(steps));
          expect(switches(order)).toBeLessThanOrEqual(switches(steps));
        }
      }),
    );
  });
});
