// SPDX-License-Identifier: GPL-2.0-only
/**
 * The values that a constant at file scope may have: literals, functions, tables frozen with Object.freeze, and calls of
 * the library's declarators (struct, DEFINE_SPINLOCK, static_var, ...) with such values.
 */
import type { AnyNode, CallExpression, Identifier, Property, SpreadElement } from 'acorn';
import { propertyName } from './ast';
import type { CheckContext } from './context';
import { isBuiltIn } from './globals';
import type { Binding } from './scope';

/** The part of an initialiser that is refused, and why. */
export interface Refusal {
  readonly at: AnyNode;
  readonly sentence: string;
}

/** Where a value is written: a bare object is harmless only inside a declarator or Object.freeze. */
type Place = 'bare' | 'frozen' | 'declared';

/** Null if the value may be at file scope. */
export function whyNotConstant(
  value: AnyNode,
  context: CheckContext,
  place: Place = 'bare',
): Refusal | null {
  const parts = (
    nodes: readonly (AnyNode | null | undefined)[],
    inside: Place = 'bare',
  ): Refusal | null => {
    for (const node of nodes) {
      const refusal = node ? whyNotConstant(node, context, inside) : null;
      if (refusal !== null) return refusal;
    }
    return null;
  };
  switch (value.type) {
    case 'Literal':
      return value.regex ? { at: value, sentence: REGEX } : null;
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      return null;
    case 'TemplateLiteral':
      return parts(value.expressions);
    case 'UnaryExpression':
      return parts([value.argument]);
    case 'BinaryExpression':
    case 'LogicalExpression':
      return parts([value.left, value.right]);
    case 'ConditionalExpression':
      return parts([value.test, value.consequent, value.alternate]);
    case 'Identifier':
      return whyNotName(value, context);
    case 'MemberExpression':
      return parts([value.object, value.computed ? value.property : null]);
    case 'CallExpression':
      return whyNotCall(value, context, parts);
    case 'ArrayExpression':
      return place === 'bare'
        ? { at: value, sentence: BARE }
        : parts(value.elements, place === 'declared' ? 'declared' : 'bare');
    case 'ObjectExpression':
      if (place === 'bare') return { at: value, sentence: BARE };
      return firstOf(value.properties, (p) =>
        whyNotProperty(p, context, place === 'declared' ? 'declared' : 'bare'),
      );
    default:
      return { at: value, sentence: SENTENCES[value.type] ?? OTHER };
  }
}

const BARE =
  'an object or array at file scope is state the machine cannot see; declare it with static_var() or struct(), or wrap a constant table in Object.freeze()';
const REGEX =
  'a regular expression at file scope remembers its lastIndex; write it inside the function that uses it';
const CALL =
  'only the declarations of the library (struct, DEFINE_..., static_var, ...) may be called at file scope; move this call into a function';
const OTHER =
  'a constant at file scope is a literal, a function, or a declaration of the library; move this into a function';
const SPREAD = "'...' is not available at file scope; write the members out";
const SENTENCES: Readonly<Record<string, string>> = {
  NewExpression:
    'an object made at file scope is state the machine cannot see; declare it with static_var() or struct(), or make it inside a function',
  TaggedTemplateExpression: CALL,
  AssignmentExpression:
    'an assignment at file scope is state the machine cannot see; write one const per name',
  SpreadElement: SPREAD,
};

function whyNotName(id: Identifier, { names }: CheckContext): Refusal | null {
  const binding = names.bindingOf(id);
  if (binding === null || !usedTooEarly(id, binding)) return null;
  return {
    at: id,
    sentence: `'${id.name}' is used before the line that declares it; move its declaration up`,
  };
}

function usedTooEarly(id: Identifier, binding: Binding): boolean {
  return binding.top && binding.kind === 'const' && (binding.value?.end ?? 0) > id.start;
}

type Parts = (nodes: readonly (AnyNode | null | undefined)[], inside?: Place) => Refusal | null;

function whyNotCall(call: CallExpression, context: CheckContext, parts: Parts): Refusal | null {
  const isDeclarator = declaratorOf(call, context) !== null;
  if (isDeclarator || isObjectFreeze(call, context)) {
    return parts(call.arguments, isDeclarator ? 'declared' : 'frozen');
  }
  // Another rule reports an undeclared name.
  const { callee } = call;
  if (callee.type === 'Identifier' && isUnknown(callee, context)) return null;
  return { at: call, sentence: CALL };
}

function isUnknown(id: Identifier, { names }: CheckContext): boolean {
  return names.bindingOf(id) === null && !isBuiltIn(id.name);
}

const DECLARING_METHODS: ReadonlySet<string> = new Set(['ptr', 'unchecked']);

/** The library's name of the declarator this call uses (`struct(...)`, `static_var.ptr(...)`), if it does. */
export function declaratorOf(call: AnyNode | null, { names, lib }: CheckContext): string | null {
  if (call?.type !== 'CallExpression') return null;
  const { callee: called } = call;
  const method =
    called.type === 'MemberExpression' ? propertyName(called.property, called.computed) : null;
  // A function's own methods, such as bind(), declare nothing.
  if (called.type === 'MemberExpression' && !DECLARING_METHODS.has(method ?? '')) return null;
  const callee = called.type === 'MemberExpression' ? called.object : called;
  const imported = callee.type === 'Identifier' ? names.bindingOf(callee)?.imported : null;
  return imported && lib.declarators.has(imported) ? imported : null;
}

/** Is it `Object.freeze(...)`, with the real Object? */
export function isObjectFreeze(node: AnyNode | null, { names }: CheckContext): boolean {
  if (node?.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return false;
  const { object, property, computed } = node.callee;
  const isObject =
    object.type === 'Identifier' && object.name === 'Object' && names.bindingOf(object) === null;
  return isObject && propertyName(property, computed) === 'freeze';
}

function whyNotProperty(
  property: Property | SpreadElement,
  context: CheckContext,
  inside: Place,
): Refusal | null {
  if (property.type === 'SpreadElement') return { at: property, sentence: SPREAD };
  if (property.kind !== 'init')
    return { at: property, sentence: 'a table at file scope has no get or set; write a function' };
  if (propertyName(property.key, property.computed) === null) {
    return { at: property.key, sentence: 'a table at file scope has plain names; write them out' };
  }
  return whyNotConstant(property.value, context, inside);
}

function firstOf<T>(items: readonly T[], why: (item: T) => Refusal | null): Refusal | null {
  for (const item of items) {
    const refusal = why(item);
    if (refusal !== null) return refusal;
  }
  return null;
}
