// SPDX-License-Identifier: GPL-2.0-only
/** Conditions of herd: `exists (1:r0=1 /\ ~x=2)`, with `forall`, `~exists`, `filter` and `locations` around them. */
import { addressOf, type Condition, elementOf, type Operand, type Quantifier } from './syntax';
import type { Tokens } from './tokens';

/** The part of a test after the threads. */
export interface Tail {
  readonly filter: Condition;
  readonly quantifier: Quantifier;
  readonly condition: Condition;
}

/** Parses the rest of a test with so many threads, from `locations` or `filter` on. */
export function tail(tokens: Tokens, threads: number): Tail {
  if (tokens.accept('locations')) skipLocations(tokens);
  const filter: Condition = tokens.accept('filter')
    ? disjunction(tokens, threads)
    : { kind: 'true' };
  if (tokens.accept('locations')) skipLocations(tokens);
  const quantifier = readQuantifier(tokens);
  return { filter, quantifier, condition: disjunction(tokens, threads) };
}

function skipLocations(tokens: Tokens): void {
  tokens.expect('[');
  while (!tokens.accept(']')) {
    if (tokens.next.kind === 'end') tokens.fail("expected ']' after the locations");
    tokens.take();
  }
}

function readQuantifier(tokens: Tokens): Quantifier {
  if (tokens.accept('exists')) return 'exists';
  if (tokens.accept('forall')) return 'forall';
  if (tokens.accept('~exists')) return '~exists';
  if (tokens.accept('~')) {
    tokens.expect('exists');
    return '~exists';
  }
  return tokens.fail(`expected 'exists' or 'forall' before '${tokens.next.text}'`);
}

function disjunction(tokens: Tokens, threads: number): Condition {
  let left = conjunction(tokens, threads);
  while (tokens.accept('\\/') || tokens.accept('||')) {
    left = { kind: 'or', left, right: conjunction(tokens, threads) };
  }
  return left;
}

function conjunction(tokens: Tokens, threads: number): Condition {
  let left = atom(tokens, threads);
  while (tokens.accept('/\\') || tokens.accept('&&')) {
    left = { kind: 'and', left, right: atom(tokens, threads) };
  }
  return left;
}

function atom(tokens: Tokens, threads: number): Condition {
  if (tokens.accept('true')) return { kind: 'true' };
  if (tokens.accept('false')) return { kind: 'not', condition: { kind: 'true' } };
  if (tokens.accept('~') || tokens.accept('not') || tokens.accept('!')) {
    return { kind: 'not', condition: atom(tokens, threads) };
  }
  if (tokens.accept('(')) {
    const inner = disjunction(tokens, threads);
    tokens.expect(')');
    return inner;
  }
  const left = operand(tokens, threads);
  if (tokens.accept('!=')) {
    return { kind: 'not', condition: { kind: 'equal', left, right: operand(tokens, threads) } };
  }
  if (!tokens.accept('==')) tokens.expect('=');
  return { kind: 'equal', left, right: operand(tokens, threads) };
}

/** `1:r0`, `x`, `*x`, `[x]`, `&x` or a number. */
function operand(tokens: Tokens, threads: number): Operand {
  const { kind } = tokens.next;
  if (kind === 'number' && tokens.ahead(1).text === ':') {
    const thread = tokens.number();
    if (thread >= threads) tokens.fail(`there is no thread P${thread}`);
    tokens.expect(':');
    return { kind: 'register', thread, name: tokens.name('a register') };
  }
  if (kind === 'number' || tokens.next.text === '-') {
    return { kind: 'constant', value: tokens.number() };
  }
  const bracket = tokens.accept('[');
  if (!tokens.accept('*')) tokens.accept('&');
  const name = tokens.name('a register, a location or a number');
  if (bracket) tokens.expect(']');
  if (!tokens.accept('[')) return { kind: 'location', name };
  const { location } = elementOf(addressOf(name), tokens.number());
  tokens.expect(']');
  return { kind: 'location', name: location };
}

/** Prints a condition in the form of a test. */
export function conditionText(condition: Condition): string {
  switch (condition.kind) {
    case 'true':
      return 'true';
    case 'not':
      return `~${grouped(condition.condition)}`;
    case 'equal':
      return `${operandText(condition.left)}=${operandText(condition.right)}`;
    case 'and':
      return `${grouped(condition.left, 'and')} /\\ ${grouped(condition.right, 'and')}`;
    case 'or':
      return `${grouped(condition.left, 'or')} \\/ ${grouped(condition.right, 'or')}`;
  }
}

function grouped(condition: Condition, within?: 'and' | 'or'): string {
  const text = conditionText(condition);
  const alone = condition.kind === 'equal' || condition.kind === 'true';
  return alone || condition.kind === within ? text : `(${text})`;
}

function operandText(operand: Operand): string {
  switch (operand.kind) {
    case 'constant':
      return String(operand.value);
    case 'register':
      return `${operand.thread}:${operand.name}`;
    case 'location':
      return operand.name;
  }
}
