// SPDX-License-Identifier: GPL-2.0-only
/** The verdict on a litmus test: its answer, and whether that is what its comment expects. */
import { type Answer, answerOf, pointOf } from './answer';
import { type Explored, explore, type Schedule } from './engine';
import type { Expected, LitmusTest } from './syntax';

/** How an answer compares with the `Result:` of its test. */
export type Comparison =
  | 'agrees'
  | 'differs'
  /** The expected outcome was not observed; it would need a store that runs before an earlier load. */
  | 'load buffering'
  /** Not all executions were explored, and the explored ones do not decide. */
  | 'open'
  /** The test does not say what it expects. */
  | 'nothing expected';

export interface Verdict {
  /** Null if the explored executions do not decide. */
  readonly answer: Answer | null;
  readonly comparison: Comparison;
  readonly race: boolean;
  readonly expected: Expected | null;
  /** Endings for which the condition holds, and for which it does not. */
  readonly positive: number;
  readonly negative: number;
  readonly executions: number;
  readonly surplus: number;
  readonly complete: boolean;
  readonly cutOff: boolean;
  readonly mayBuffer: boolean;
  /** The execution that shows the answer, or that has a data race; null if there is none. */
  readonly witness: Schedule | null;
}

/** Explores a test and judges the result. */
export function judge(test: LitmusTest, executionsMax: number): Verdict {
  const explored = explore(test, { executionsMax });
  const { answer: seen, positive, negative } = answerOf(test, explored.endings);
  const answer = explored.complete || seen === 'Sometimes' ? seen : null;
  const { executions, surplus, complete, cutOff, mayBuffer } = explored;
  const race = explored.race !== null;
  const { expected } = test;
  return {
    ...{ answer, race, expected, positive, negative },
    ...{ executions, surplus, complete, cutOff, mayBuffer },
    comparison: compare(expected, answer, explored),
    witness: pointOf(test, explored.endings)?.schedule ?? explored.race,
  };
}

function compare(
  expected: Expected | null,
  answer: Answer | null,
  { race, complete, mayBuffer }: Explored,
): Comparison {
  if (expected === null) return 'nothing expected';
  const races = race !== null;
  if (races && !expected.race) return 'differs';
  if (!races && expected.race) {
    if (!complete) return 'open';
    return mayBuffer ? 'load buffering' : 'differs';
  }
  if (answer === null) return 'open';
  // With a data race anything may happen, and plain accesses are not reordered, so there is nothing to compare.
  if (races || answer === expected.answer) return 'agrees';
  const unobserved = expected.answer === 'Sometimes' && answer !== 'Sometimes';
  return unobserved && mayBuffer ? 'load buffering' : 'differs';
}
