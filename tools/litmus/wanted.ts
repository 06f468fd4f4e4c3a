// SPDX-License-Identifier: GPL-2.0-only
/**
 * What the condition of a test wants of single registers. An execution in which a register gets another value cannot satisfy the
 * condition, so its thread may stop there. That leaves far fewer executions to explore.
 */
import type { Condition, Expression, LitmusTest, Statement, Value } from './syntax';
import { addressOf } from './syntax';

/** The value that each register must get, by thread. */
export type Wanted = readonly ReadonlyMap<string, Value>[];

/** What the condition wants; null if it says nothing of a register by itself. */
export function wantedOf({ quantifier, condition, filter, threads }: LitmusTest): Wanted | null {
  if (quantifier === 'forall') return null;
  const wanted = threads.map(() => new Map<string, Value>());
  let any = false;
  for (const part of [...partsOf(condition), ...partsOf(filter)]) {
    if (part.kind !== 'equal' || part.left.kind !== 'register') continue;
    const { thread, name } = part.left;
    const body = threads[thread]?.body;
    const value = constant(part.right);
    if (value === null || body === undefined || !setOnce(body, name)) continue;
    wanted[thread]?.set(name, value);
    any = true;
  }
  return any ? wanted : null;
}

/** The conditions that must all hold. */
function partsOf(condition: Condition): Condition[] {
  if (condition.kind !== 'and') return [condition];
  return [...partsOf(condition.left), ...partsOf(condition.right)];
}

/** On the right-hand side the name of a location is its address. */
function constant(operand: (Condition & { kind: 'equal' })['right']): Value | null {
  if (operand.kind === 'constant') return operand.value;
  return operand.kind === 'location' ? addressOf(operand.name) : null;
}

/** Whether a thread sets a register in one place, and runs no place twice. */
function setOnce(body: Statement, register: string): boolean {
  const repeats = /"kind":"(?:while|goto)"/.test(JSON.stringify(body));
  return !repeats && settings(body, register) === 1;
}

/** In how many places it is set. */
function settings(node: Statement | Expression, register: string): number {
  let count = 0;
  if (node.kind === 'assignment' && node.target.kind === 'name' && node.target.name === register) {
    count++;
  }
  const parts: unknown[] = Object.values(node).flat();
  for (const part of parts) {
    if (isNode(part)) count += settings(part, register);
  }
  return count;
}

function isNode(part: unknown): part is Statement | Expression {
  return typeof part === 'object' && part !== null && 'kind' in part;
}
