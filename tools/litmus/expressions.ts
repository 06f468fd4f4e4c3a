// SPDX-License-Identifier: GPL-2.0-only
/** C expressions, as far as litmus tests use them. */
import type { Expression } from './syntax';
import type { Tokens } from './tokens';

/** Words that begin or continue a type. */
const TYPE_WORDS = new Set(
  [
    'int long short char unsigned signed const volatile void struct bool static register',
    'atomic_t atomic_long_t atomic64_t spinlock_t raw_spinlock_t intptr_t uintptr_t size_t',
    's8 u8 s16 u16 s32 u32 s64 u64 int32_t uint32_t int64_t uint64_t',
  ]
    .join(' ')
    .split(' '),
);

/** Binary operators, weakest first. */
const LEVELS: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<', '>', '<=', '>='],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
];

/** Whether a type begins here. */
export function typeAhead(tokens: Tokens, count = 0): boolean {
  const { kind, text } = tokens.ahead(count);
  return kind === 'name' && TYPE_WORDS.has(text);
}

/** Reads a type and its stars, but not the name after it. */
export function skipType(tokens: Tokens): void {
  do {
    if (tokens.take().text === 'struct') tokens.name('the name of a structure');
  } while (typeAhead(tokens));
  while (tokens.accept('*') || tokens.accept('const') || tokens.accept('volatile'));
}

/** Reads an expression, including assignments. */
export function expression(tokens: Tokens): Expression {
  const { line } = tokens;
  const target = conditional(tokens);
  if (tokens.accept('=')) {
    return { kind: 'assignment', target, value: expression(tokens), line };
  }
  const [, operator] = /^(<<|>>|[-+*/%&|^])=$/.exec(tokens.next.text) ?? [];
  if (operator === undefined) return target;
  tokens.take();
  return changed(target, operator, expression(tokens), line);
}

/** An assignment of what an operator makes of the target: `r1 += 2`. */
function changed(target: Expression, operator: string, right: Expression, line: number): Changed {
  const value = { kind: 'binary', operator, left: target, right, line } as const;
  return { kind: 'assignment', target, value, line };
}

type Changed = Expression & { kind: 'assignment' };

function byOne(target: Expression, sign: string, line: number): Changed {
  return changed(target, sign === '++' ? '+' : '-', { kind: 'number', value: 1, line }, line);
}

function conditional(tokens: Tokens): Expression {
  const { line } = tokens;
  const condition = binary(tokens, 0);
  if (!tokens.accept('?')) return condition;
  const yes = expression(tokens);
  tokens.expect(':');
  return { kind: 'conditional', condition, yes, no: conditional(tokens), line };
}

function binary(tokens: Tokens, level: number): Expression {
  const operators = LEVELS[level];
  if (operators === undefined) return unary(tokens);
  let left = binary(tokens, level + 1);
  while (tokens.next.kind === 'sign' && operators.includes(tokens.next.text)) {
    const { text: operator, line } = tokens.take();
    left = { kind: 'binary', operator, left, right: binary(tokens, level + 1), line };
  }
  return left;
}

function unary(tokens: Tokens): Expression {
  const { line } = tokens;
  if (tokens.accept('*')) return { kind: 'dereference', pointer: unary(tokens), line };
  if (tokens.accept('&')) return { kind: 'address', of: unary(tokens), line };
  for (const sign of ['++', '--']) {
    if (tokens.accept(sign)) return byOne(unary(tokens), sign, line);
  }
  for (const operator of ['!', '-', '~', '+'] as const) {
    if (tokens.accept(operator)) return { kind: 'unary', operator, operand: unary(tokens), line };
  }
  if (tokens.next.text === '(' && typeAhead(tokens, 1)) {
    tokens.take();
    skipType(tokens);
    tokens.expect(')');
    return unary(tokens);
  }
  return postfix(tokens, primary(tokens));
}

/** `x[1]`, `r1++`, and so on. */
function postfix(tokens: Tokens, first: Expression): Expression {
  const { text, line } = tokens.next;
  if (text === '++' || text === '--') {
    tokens.take();
    return { ...byOne(first, text, line), givesOld: true };
  }
  if (!tokens.accept('[')) return first;
  const index = expression(tokens);
  tokens.expect(']');
  return postfix(tokens, { kind: 'element', array: first, index, line });
}

function primary(tokens: Tokens): Expression {
  const { kind, text, line } = tokens.next;
  if (tokens.accept('(')) {
    const inner = expression(tokens);
    tokens.expect(')');
    return inner;
  }
  if (kind === 'number') return { kind: 'number', value: tokens.number(), line };
  if (kind !== 'name') tokens.fail(`expected an expression before '${text}'`);
  const name = tokens.take().text;
  if (tokens.accept('(')) return { kind: 'call', name, args: callArguments(tokens), line };
  if (tokens.next.text === '->' || tokens.next.text === '.') {
    tokens.fail('structures are not supported');
  }
  return { kind: 'name', name, line };
}

function callArguments(tokens: Tokens): Expression[] {
  const args: Expression[] = [];
  if (tokens.accept(')')) return args;
  do args.push(expression(tokens));
  while (tokens.accept(','));
  tokens.expect(')');
  return args;
}
