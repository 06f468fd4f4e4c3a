// SPDX-License-Identifier: GPL-2.0-only
/**
 * Inserts a tick at the start of every loop body and every function body, so that endless plain code stops at the same
 * place in every run. If a driver puts objects on its stack, every function that can run operations also gets a begin
 * and an end, because its objects die when it returns. Lines never move: each insertion goes on the line that it guards.
 */
import type { AnyNode } from 'acorn';
import type MagicString from 'magic-string';
import { isFunction } from './ast';

/** Inserts `__tick(LINE);` wherever control can return to. */
export function insertGuards(
  nodes: readonly AnyNode[],
  text: MagicString,
  lineOf: (offset: number) => number,
): void {
  for (const node of nodes) {
    const body = guardedBody(node);
    if (body === null) continue;
    const tick = `__tick(${String(lineOf(node.start))})`;
    if (body.type === 'BlockStatement') text.appendRight(body.start + 1, `${tick};`);
    else if (isFunction(node)) text.prependRight(body.start, `(${tick},`).appendLeft(body.end, ')');
    else text.prependRight(body.start, `{${tick};`).appendLeft(body.end, '}');
  }
}

function guardedBody(node: AnyNode): AnyNode | null {
  switch (node.type) {
    case 'WhileStatement':
    case 'DoWhileStatement':
    case 'ForStatement':
    case 'ForInStatement':
    case 'ForOfStatement':
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      return node.body;
    default:
      return null;
  }
}

/** Makes every generator function report its begin and its end, even if an exception ends it. */
export function insertScopes(nodes: readonly AnyNode[], text: MagicString): void {
  for (const node of nodes) {
    if (!isFunction(node) || !node.generator) continue;
    const { start, end } = node.body;
    text.appendRight(start + 1, 'const __depth=__enter();try{');
    text.appendLeft(end - 1, '}finally{__leave(__depth);}');
  }
}
