// SPDX-License-Identifier: GPL-2.0-only
/** C statements, as far as litmus tests use them. */
import { expression, skipType, typeAhead } from './expressions';
import type { Statement } from './syntax';
import type { Tokens } from './tokens';

/** Reads `{ ... }`. */
export function block(tokens: Tokens): Statement {
  tokens.expect('{');
  const body: Statement[] = [];
  while (!tokens.accept('}')) body.push(...statement(tokens));
  return { kind: 'block', body };
}

/** Reads a statement. A declaration becomes one assignment for each initialised name, perhaps none. */
function statement(tokens: Tokens): Statement[] {
  const { text, line } = tokens.next;
  if (text === '{') return [block(tokens)];
  if (tokens.accept(';')) return [];
  if (tokens.accept('if')) return [branch(tokens)];
  if (tokens.accept('while')) {
    const condition = parenthesised(tokens);
    return [{ kind: 'while', condition, body: one(tokens), bodyFirst: false }];
  }
  if (tokens.accept('do')) {
    const body = one(tokens);
    tokens.expect('while');
    const condition = parenthesised(tokens);
    tokens.expect(';');
    return [{ kind: 'while', condition, body, bodyFirst: true }];
  }
  if (tokens.accept('return')) {
    if (tokens.next.text !== ';') expression(tokens);
    tokens.expect(';');
    return [{ kind: 'return' }];
  }
  if (text === 'for' || text === 'goto' || text === 'switch' || text === 'break') {
    tokens.fail(`'${text}' is not supported`);
  }
  if (typeAhead(tokens)) return declaration(tokens, line);
  const statements: Statement[] = [{ kind: 'expression', expression: expression(tokens) }];
  tokens.expect(';');
  return statements;
}

function one(tokens: Tokens): Statement {
  return { kind: 'block', body: statement(tokens) };
}

function parenthesised(tokens: Tokens): ReturnType<typeof expression> {
  tokens.expect('(');
  const inner = expression(tokens);
  tokens.expect(')');
  return inner;
}

function branch(tokens: Tokens): Statement {
  const condition = parenthesised(tokens);
  const then = one(tokens);
  const otherwise = tokens.accept('else') ? one(tokens) : null;
  return { kind: 'if', condition, then, otherwise };
}

function declaration(tokens: Tokens, line: number): Statement[] {
  const assignments: Statement[] = [];
  skipType(tokens);
  do {
    while (tokens.accept('*'));
    const target = { kind: 'name', name: tokens.name('the name of a variable'), line } as const;
    if (!tokens.accept('=')) continue;
    const value = expression(tokens);
    assignments.push({
      kind: 'expression',
      expression: { kind: 'assignment', target, value, line },
    });
  } while (tokens.accept(','));
  tokens.expect(';');
  return assignments;
}
