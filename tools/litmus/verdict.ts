// SPDX-License-Identifier: GPL-2.0-only
/** The verdict on a litmus test: its answer, and whether that is what its comment expects. */
import { portfolio } from '../../lib/explore';
import { type Answer, answerOf, pointOf } from './answer';
import { type Explored, explore, type Schedule } from './engine';
import type { Expected, LitmusTest } from './syntax';
import { wantedOf } from './wanted';

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

/** Executions after which a test counts as large. */
const LARGE = 3000;

/** Explores a test and judges the result. */
export function judge(test: LitmusTest, executionsMax: number): Verdict {
  const { explored, decided } = exploredFor(test, executionsMax);
  const { answer: seen, positive, negative } = answerOf(test, explored.endings);
  const answer = decided || seen === 'Sometimes' ? seen : null;
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

interface Decided {
  readonly explored: Explored;
  /** Whether no other execution can change the answer. */
  readonly decided: boolean;
}

/**
 * Explores a test until its question is answered. Of a large test without plain accesses, which could race, only the executions
 * are looked for that the condition asks about: first in turn, then at random, which finds in a very large test what stands far behind.
 */
function exploredFor(test: LitmusTest, executionsMax: number): Decided {
  const first = explore(test, { executionsMax: Math.min(LARGE, executionsMax) });
  if (first.complete) return { explored: first, decided: true };
  const known = answerOf(test, first.endings).answer;
  if (!first.plain && known === 'Sometimes') return { explored: first, decided: true };
  const wanted = first.plain || known === 'Always' ? null : wantedOf(test);
  if (wanted !== null) {
    const asked = explore(test, { executionsMax, wanted });
    const explored = both(first, asked);
    const decided = asked.complete || answerOf(test, explored.endings).answer === 'Sometimes';
    if (decided) return { explored, decided };
    const sampled = both(explored, explore(test, { executionsMax, wanted, strategy: portfolio }));
    if (answerOf(test, sampled.endings).answer === 'Sometimes')
      return { explored: sampled, decided: true };
  }
  if (executionsMax <= LARGE) return { explored: first, decided: false };
  const explored = explore(test, { executionsMax });
  return { explored, decided: explored.complete };
}

/** Some of all executions, and those that the condition asks about. */
function both(some: Explored, asked: Explored): Explored {
  return {
    ...some,
    endings: [...some.endings, ...asked.endings],
    executions: some.executions + asked.executions,
    surplus: some.surplus + asked.surplus,
    cutOff: some.cutOff || asked.cutOff,
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
