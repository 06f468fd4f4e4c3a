// SPDX-License-Identifier: GPL-2.0-only
/** Constructs that are refused anywhere in a driver: classes, this, async code, and ways into the engine. */
import type { AnyNode } from 'acorn';
import { isFunction, propertyName } from './ast';
import type { CheckContext } from './context';

/** Checks every node of the file on its own. */
export function checkForbidden({ names, reporter }: CheckContext): void {
  for (const node of names.nodes) {
    const sentence = whyForbidden(node) ?? whyMember(node, names.parentOf(node));
    if (sentence !== null) reporter.report(node.start, 'forbidden', sentence);
  }
}

function whyForbidden(node: AnyNode): string | null {
  if (isFunction(node) && node.async)
    return 'there are no async functions in a driver; write function* and run operations with yield*';
  switch (node.type) {
    case 'ClassDeclaration':
    case 'ClassExpression':
      return 'there are no classes in a driver; describe the structure with struct() and write functions';
    case 'ThisExpression':
      return "'this' is not available in a driver; pass the structure as a parameter";
    case 'AwaitExpression':
      return 'there is no await in a driver; operations run with yield* inside a function*';
    case 'ForOfStatement':
      return node.await ? 'there is no for await in a driver; operations run with yield*' : null;
    case 'TaggedTemplateExpression':
      return 'tagged templates are not supported in a driver; call the function with plain arguments';
    case 'TryStatement':
      return 'there is no try in a driver: in the kernel an oops ends the task, and a function that can fail says so in what it returns';
    case 'DebuggerStatement':
      return 'the debugger statement is not supported in a driver; delete it';
    case 'WithStatement':
      return 'the with statement is not supported; name the object';
    default:
      return null;
  }
}

// Properties that lead from a value to the engine's own objects, which every execution shares.
const DOORS = new Set([
  'constructor', 'prototype', '__proto__', 'caller', 'callee',
  '__defineGetter__', '__defineSetter__', '__lookupGetter__', '__lookupSetter__',
]); // prettier-ignore

function whyMember(node: AnyNode, parent: AnyNode | null): string | null {
  let name: string | null = null;
  if (node.type === 'MemberExpression') name = propertyName(node.property, node.computed);
  if (
    node.type === 'Property' &&
    (parent?.type === 'ObjectPattern' || parent?.type === 'ObjectExpression')
  ) {
    name = propertyName(node.key, node.computed);
  }
  return name !== null && DOORS.has(name)
    ? `'.${name}' is not available in a driver: it reaches objects that all executions share`
    : null;
}
