// SPDX-License-Identifier: GPL-2.0-only
/** Never, Sometimes or Always: whether the endings of a test satisfy its condition. */
import type { LitmusProblem } from './problem';
import { addressOf, type Condition, type LitmusTest, type Operand, type Value } from './syntax';

/** The state at the end of an execution. */
export interface Ending {
  readonly registers: readonly ReadonlyMap<string, Value>[];
  readonly last: ReadonlyMap<string, Value>;
  /** A mistake of the test that the execution has met; null if there is none. */
  readonly mistake: LitmusProblem | null;
}

export type Answer = 'Never' | 'Sometimes' | 'Always';

/** The answer, and how many endings are for and against; executions that the filter leaves out are neither. */
export interface Answered {
  readonly answer: Answer;
  readonly positive: number;
  readonly negative: number;
}

/** Answers the question of a test, from these endings; throws the mistake of an ending that counts. */
export function answerOf(test: LitmusTest, endings: Iterable<Ending>): Answered {
  let positive = 0;
  let negative = 0;
  for (const ending of endings) {
    if (!counts(test, ending)) continue;
    if (ending.mistake !== null) throw ending.mistake;
    if (holds(test.condition, ending)) positive++;
    else negative++;
  }
  const answer = positive === 0 ? 'Never' : negative === 0 ? 'Always' : 'Sometimes';
  return { answer, positive, negative };
}

/** Whether the filter of a test leaves an ending in. */
export function counts({ filter }: LitmusTest, ending: Ending): boolean {
  return holds(filter, ending);
}

/** The most telling ending of a test: one that it forbids, or else one that it asks for; undefined if there is none. */
export function pointOf<E extends Ending>(test: LitmusTest, endings: readonly E[]): E | undefined {
  const wanted = test.quantifier !== 'forall';
  return endings.find((ending) => counts(test, ending) && holds(test.condition, ending) === wanted);
}

/** Whether a condition holds in an ending. */
function holds(condition: Condition, ending: Ending): boolean {
  switch (condition.kind) {
    case 'true':
      return true;
    case 'not':
      return !holds(condition.condition, ending);
    case 'and':
      return holds(condition.left, ending) && holds(condition.right, ending);
    case 'or':
      return holds(condition.left, ending) || holds(condition.right, ending);
    case 'equal':
      return valueOf(condition.left, ending, false) === valueOf(condition.right, ending, true);
  }
}

/** On the right-hand side a location's name is its address, as in `0:r1=x`. */
function valueOf(operand: Operand, { registers, last }: Ending, onRight: boolean): Value {
  switch (operand.kind) {
    case 'constant':
      return operand.value;
    case 'register':
      return registers[operand.thread]?.get(operand.name) ?? 0;
    case 'location':
      return onRight ? addressOf(operand.name) : (last.get(operand.name) ?? 0);
  }
}
