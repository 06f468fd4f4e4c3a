// SPDX-License-Identifier: GPL-2.0-only
/** C statements, as far as litmus tests use them. */
import { expression, skipType, typeAhead } from './expressions';
import type { Expression, Statement } from './syntax';
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
    return [{ kind: 'while', condition, body: one(tokens), bodyFirst: false, after: null }];
  }
  if (tokens.accept('do')) {
    const body = one(tokens);
    tokens.expect('while');
    const condition = parenthesised(tokens);
    tokens.expect(';');
    return [{ kind: 'while', condition, body, bodyFirst: true, after: null }];
  }
  if (tokens.accept('return')) {
    if (tokens.next.text !== ';') expression(tokens);
    tokens.expect(';');
    return [{ kind: 'return' }];
  }
  if (tokens.accept('for')) return [forLoop(tokens)];
  const jump = jumps(tokens);
  if (jump !== null) return jump;
  if (typeAhead(tokens)) return declaration(tokens, line);
  const statements: Statement[] = [{ kind: 'expression', expression: expression(tokens) }];
  tokens.expect(';');
  return statements;
}

/** `break`, `continue`, `goto`, `switch` and their labels; null if none of them is next. */
function jumps(tokens: Tokens): Statement[] | null {
  const { kind, text, line } = tokens.next;
  if (text === 'break' || text === 'continue') {
    tokens.take();
    tokens.expect(';');
    return [{ kind: text }];
  }
  if (tokens.accept('goto')) {
    const label = tokens.name('a label');
    tokens.expect(';');
    return [{ kind: 'goto', label, line }];
  }
  if (tokens.accept('switch')) {
    const value = parenthesised(tokens);
    const inner = one(tokens);
    const [only] = inner.kind === 'block' ? inner.body : [];
    return [{ kind: 'switch', value, body: only?.kind === 'block' ? only.body : [] }];
  }
  if (text === 'case' || text === 'default') {
    tokens.take();
    const value = text === 'case' ? tokens.number() : null;
    tokens.expect(':');
    return [{ kind: 'case', value }];
  }
  if (kind !== 'name' || tokens.ahead(1).text !== ':') return null;
  tokens.take();
  tokens.take();
  return [{ kind: 'label', label: text, line }];
}

/** `for (...; ...; ...) ...`, as a while loop in a block. */
function forLoop(tokens: Tokens): Statement {
  const { line } = tokens;
  tokens.expect('(');
  const before = statement(tokens);
  const condition: Expression =
    tokens.next.text === ';' ? { kind: 'number', value: 1, line } : expression(tokens);
  tokens.expect(';');
  const after = tokens.next.text === ')' ? null : expression(tokens);
  tokens.expect(')');
  const body = one(tokens);
  return {
    kind: 'block',
    body: [...before, { kind: 'while', condition, body, bodyFirst: false, after }],
  };
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
