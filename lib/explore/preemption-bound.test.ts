// SPDX-License-Identifier: GPL-2.0-only
/** Context bounding: which schedules it runs, and what the result proves. */
import { Machine, type Program } from '../machine';
import { dfs } from './dfs';
import { dpor } from './dpor';
import { preemptionBound } from './preemption-bound';
import { random } from './random';
import { lostUpdate, rbd } from './testing/races';
import { verdictText } from './verdict-text';

function schedules(program: Program, preemptionsMax: number): string[] {
  const texts: string[] = [];
  preemptionBound(
    new Machine(program),
    ({ machine, events }) => {
      texts.push(events.map(({ task }) => machine.tasks[task]?.path ?? '').join(''));
      return false;
    },
    { preemptionsMax },
  );
  return texts;
}

const failing = ({ machine }: { machine: Machine }): boolean => machine.findings.length > 0;

describe('two tasks that read and then write a variable', () => {
  it('run one after the other without preemptions', () => {
    expect(schedules(lostUpdate(2), 0)).toEqual(['AABB', 'BBAA']);
  });

  it('can be interrupted once each way with one', () => {
    expect(schedules(lostUpdate(2), 1)).toEqual(['AABB', 'ABBA', 'BBAA', 'BAAB']);
  });

  it('have no further schedules than those with two, so that the search is complete', () => {
    // AABB ABBA ABAB BBAA BAAB BABA: four steps, two of each task
    expect(schedules(lostUpdate(2), 2)).toHaveLength(6);
    const result = preemptionBound(new Machine(lostUpdate(2)), () => false);
    expect(result).toMatchObject({ executions: 6, complete: true, bound: null, preemptionsMax: 2 });
  });
});

it('finds the race of rbd_put_client() with one preemption and not without', () => {
  const program = rbd(1, { fixed: false });
  expect(preemptionBound(new Machine(program), failing, { preemptionsMax: 0 })).toMatchObject({
    complete: false,
    bound: 'preemptions',
  });
  expect(preemptionBound(new Machine(program), failing, { preemptionsMax: 1 })).toMatchObject({
    complete: false,
    bound: null,
  });
});

it('says when it has given up', () => {
  const options = { preemptionsMax: 1, executionsMax: 3 };
  const result = preemptionBound(new Machine(lostUpdate(2)), () => false, options);
  expect(result).toMatchObject({ executions: 3, complete: false, bound: 'executions' });
});

describe('verdictText', () => {
  const fixed = (gets: number): Machine => new Machine(rbd(gets, { fixed: true }));
  const never = (): boolean => false;

  it('never confuses a proof, a bound and a sample', () => {
    expect([
      verdictText(dpor(fixed(2), never)),
      verdictText(dfs(fixed(1), never)),
      verdictText(dpor(fixed(0), never)),
      verdictText(dpor(fixed(3), never, { executionsMax: 100 })),
      verdictText(dpor(new Machine(rbd(1, { fixed: true }), { stepsMax: 3 }), never)),
      verdictText(preemptionBound(fixed(2), never, { preemptionsMax: 1 })),
      verdictText(preemptionBound(fixed(2), never, { executionsMax: 100 })),
      verdictText(random(fixed(2), never)),
    ]).toMatchInlineSnapshot(`
      [
        "holds in all 26 interleavings (one per trace class)",
        "holds in all 3 interleavings",
        "holds in the only interleaving there is",
        "no failure in 100 interleavings, then given up: nothing is proven",
        "no failure in 1 interleaving, but some were cut off: they may never end, so nothing is proven",
        "no failure with at most 1 preemption",
        "holds in all 26 interleavings",
        "no failure in 10 000 random interleavings, not exhaustive",
      ]
    `);
  });
});
