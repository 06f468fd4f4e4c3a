// SPDX-License-Identifier: GPL-2.0-only
/** Finds the calls that make an operation, without types, by the binding of the called name. */
import type { AnyNode, CallExpression } from 'acorn';
import { type FunctionNode, isFunction } from './ast';
import type { CheckContext } from './context';
import type { Binding, Names } from './scope';

/** Each call that makes an operation, with the called name. */
export function opCalls({ names, lib }: CheckContext): ReadonlyMap<CallExpression, string> {
  const returnsOp = new Set<Binding>(
    names.bindings.filter((b) => isOpImport(b, lib.opExports) || isGenerator(b.value)),
  );
  const calls = new Map<CallExpression, string>();
  // A function that returns such a call also makes an operation. Repeat until no new function is found.
  for (let before = -1; before !== returnsOp.size;) {
    before = returnsOp.size;
    for (const node of names.nodes) {
      if (node.type !== 'CallExpression' || node.callee.type !== 'Identifier' || calls.has(node))
        continue;
      const binding = names.bindingOf(node.callee);
      if (binding !== null && returnsOp.has(binding)) calls.set(node, node.callee.name);
    }
    for (const binding of names.bindings) {
      if (
        binding.value !== null &&
        isFunction(binding.value) &&
        returnsCall(binding.value, names, calls)
      )
        returnsOp.add(binding);
    }
  }
  return calls;
}

function isOpImport(binding: Binding, opExports: ReadonlySet<string>): boolean {
  return binding.imported !== null && opExports.has(binding.imported);
}

function isGenerator(value: AnyNode | null): boolean {
  return value !== null && isFunction(value) && value.generator;
}

function returnsCall(
  fn: FunctionNode,
  names: Names,
  calls: ReadonlyMap<CallExpression, string>,
): boolean {
  if (fn.generator) return false;
  if (fn.body.type === 'CallExpression') return calls.has(fn.body);
  for (const call of calls.keys()) {
    const parent = names.parentOf(call);
    if (parent?.type === 'ReturnStatement' && names.functionAround(parent) === fn) return true;
  }
  return false;
}
