// SPDX-License-Identifier: GPL-2.0-only
/** Parsing the stripped text with acorn, and walking the tree it gives. */
import { type AnyNode, type Comment, type Program, type Token, parse } from 'acorn';
import type { Reporter } from './diagnostic';
import { nodesIn } from './nodes';
import { syntaxProblem } from './syntax';

/** Any of the three ways to write a function. */
export type FunctionNode = Extract<
  AnyNode,
  { type: 'FunctionDeclaration' | 'FunctionExpression' | 'ArrowFunctionExpression' }
>;

/** A parsed driver: the tree, and the comments and tokens the linker needs. */
export interface Parsed {
  readonly program: Program;
  readonly comments: readonly Comment[];
  readonly tokens: readonly Token[];
}

/** Parses a stripped driver as a module; a syntax error is reported and gives null. */
export function parseDriver(code: string, reporter: Reporter): Parsed | null {
  const comments: Comment[] = [];
  const tokens: Token[] = [];
  try {
    const program = parse(code, {
      ecmaVersion: 2024,
      sourceType: 'module',
      onComment: comments,
      onToken: tokens,
    });
    return { program, comments, tokens };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const pos = 'pos' in error && typeof error.pos === 'number' ? error.pos : 0;
    const { at, sentence } = syntaxProblem(error.message, code, pos);
    reporter.report(at, 'syntax', sentence);
    return null;
  }
}

/** Every node under `root`, including `root`, parents before children; `visit` also gets the parent. */
export function walk(root: AnyNode, visit: (node: AnyNode, parent: AnyNode | null) => void): void {
  const pending: { node: AnyNode; parent: AnyNode | null }[] = [{ node: root, parent: null }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    visit(next.node, next.parent);
    const inside = nodesIn(next.node);
    for (let i = inside.length - 1; i >= 0; i--) {
      const child = inside[i];
      if (child !== undefined) pending.push({ node: child, parent: next.node });
    }
  }
}

/** Is it a function of any form? */
export function isFunction(node: AnyNode): node is FunctionNode {
  return (
    node.type === 'FunctionDeclaration' ||
    node.type === 'FunctionExpression' ||
    node.type === 'ArrowFunctionExpression'
  );
}

/** The name of a property if the text gives it: `x.name`, `x['name']`, `x[`na${'me'}`]`. */
export function propertyName(key: AnyNode, computed: boolean): string | null {
  if (!computed && (key.type === 'Identifier' || key.type === 'PrivateIdentifier')) return key.name;
  return constantText(key);
}

function constantText(node: AnyNode): string | null {
  if (node.type === 'Literal') return typeof node.value === 'object' ? null : String(node.value);
  if (node.type === 'BinaryExpression' && node.operator === '+')
    return joined([node.left, node.right]);
  if (node.type === 'TemplateLiteral') {
    const parts = node.quasis.flatMap((quasi, i): (string | AnyNode)[] => {
      const expression = node.expressions[i];
      const text = quasi.value.cooked ?? '';
      return expression === undefined ? [text] : [text, expression];
    });
    return joined(parts);
  }
  return null;
}

function joined(parts: readonly (string | AnyNode)[]): string | null {
  let text = '';
  for (const part of parts) {
    const piece = typeof part === 'string' ? part : constantText(part);
    if (piece === null) return null;
    text += piece;
  }
  return text;
}
