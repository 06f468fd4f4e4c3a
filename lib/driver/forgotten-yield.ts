// SPDX-License-Identifier: GPL-2.0-only
/**
 * The forgotten `yield*`, found without types: a call that makes an operation in a place where nothing runs it. Such
 * calls are those of the file's generator functions, of functions that return such a call, and of the library's
 * operations. Calls through a structure (`ops.open(dev)`) are left to the typed ESLint rule and to a check at run time.
 */
import type { AnyNode, CallExpression } from 'acorn';
import { type FunctionNode, isFunction, propertyName } from './ast';
import type { CheckContext } from './context';
import { opCalls } from './op-calls';
import type { Binding } from './scope';

/** Checks every call that makes an operation. */
export function checkForgottenYield(context: CheckContext): void {
  const { reporter, names } = context;
  const calls = opCalls(context);
  for (const [call, name] of calls) {
    const mistake = whatHappens(call, call, context, calls);
    if (mistake !== null)
      reporter.report(
        call.start,
        'forgotten-yield',
        sentence(name, mistake, names.functionAround(call)),
      );
  }
  for (const node of names.nodes) {
    if (isFunction(node) && node.generator && callbackOf(node, context)) {
      reporter.report(
        node.start,
        'forgotten-yield',
        'a function* given to forEach or map never runs; write a for (const x of ...) loop with yield* in it',
      );
    }
  }
}

/**
 * How the operation was lost: dropped, used as if it were its result, passed out by a plain `yield`, returned by a callback,
 * or compared before its `yield*`.
 */
type Mistake = 'dropped' | 'used' | 'plain-yield' | 'callback' | 'swallowed';

function sentence(name: string, mistake: Mistake, around: FunctionNode | null): string {
  const inGenerator = around?.generator === true;
  const write = inGenerator
    ? `write 'yield* ${name}(...)'`
    : `write 'yield* ${name}(...)' inside a function*`;
  switch (mistake) {
    case 'dropped':
      return `${name}() was called without yield*, so it never runs; ${write}`;
    case 'used':
      return `${name}() was called without yield*, so this is the operation and not its result; ${write}`;
    case 'swallowed':
      return `this yield* takes all that follows; write (yield* ${name}(...)) in brackets of its own`;
    case 'plain-yield':
      return `'yield ${name}(...)' lacks the star, so it never runs; write 'yield* ${name}(...)'`;
    case 'callback':
      return `${name}() in a callback never runs; write a for (const x of ...) loop with 'yield* ${name}(...)'`;
  }
}

type Calls = ReadonlyMap<CallExpression, string>;

/** Follows the value of an operation outwards to the place that uses it; null if that place may run it. */
function whatHappens(
  value: AnyNode,
  call: CallExpression,
  context: CheckContext,
  calls: Calls,
): Mistake | null {
  const { names } = context;
  const parent = names.parentOf(value);
  switch (parent?.type) {
    case 'YieldExpression':
      return parent.delegate ? null : 'plain-yield';
    case 'ExpressionStatement':
      return 'dropped';
    case 'ConditionalExpression':
      return parent.test === value ? 'used' : whatHappens(parent, call, context, calls);
    case 'LogicalExpression':
      return parent.left === value ? 'used' : whatHappens(parent, call, context, calls);
    case 'SequenceExpression':
      return parent.expressions.at(-1) === value
        ? whatHappens(parent, call, context, calls)
        : 'dropped';
    case 'ChainExpression':
      return whatHappens(parent, call, context, calls);
    case 'ReturnStatement':
      return names.functionAround(parent)?.generator === true
        ? 'dropped'
        : inCallback(parent, context);
    case 'ArrowFunctionExpression':
      return parent.body === value && callbackOf(parent, context) ? 'callback' : null;
    case 'VariableDeclarator':
      return parent.id.type === 'Identifier'
        ? lostInVariable(
            names.bindings.find((b) => b.id === parent.id),
            context,
          )
        : 'used';
    case 'AssignmentExpression':
      return parent.left.type === 'Identifier' && parent.operator === '='
        ? lostInVariable(names.bindingOf(parent.left), context)
        : 'used';
    case 'CallExpression':
      return parent.callee === value ? 'used' : lostInArgument(parent, context, calls);
    case 'ArrayExpression':
    case 'Property':
    case 'AssignmentPattern':
      return null;
    case 'BinaryExpression':
      return isSwallowed(parent, context) ? 'swallowed' : 'used';
    default:
      return 'used';
  }
}

/** `yield* atomic_read(x) === 0` runs the comparison, and not the operation. */
function isSwallowed(value: AnyNode, { names }: Pick<CheckContext, 'names'>): boolean {
  const parent = names.parentOf(value);
  if (parent?.type === 'BinaryExpression') {
    return parent.left === value && isSwallowed(parent, { names });
  }
  return parent?.type === 'YieldExpression' && parent.delegate;
}

function inCallback(node: AnyNode, context: CheckContext): Mistake | null {
  const around = context.names.functionAround(node);
  return around !== null && callbackOf(around, context) ? 'callback' : null;
}

/** A variable keeps an operation alive if something runs it or passes it on. */
function lostInVariable(
  binding: Binding | null | undefined,
  { names }: CheckContext,
): Mistake | null {
  if (!binding) return null; // an undeclared name, reported elsewhere
  const used = binding.references.some((id) => {
    const parent = names.parentOf(id);
    switch (parent?.type) {
      case 'YieldExpression':
        return parent.delegate;
      case 'CallExpression':
        return parent.callee !== id;
      case 'ReturnStatement':
      case 'ArrayExpression':
      case 'Property':
      case 'VariableDeclarator':
        return true;
      case 'AssignmentExpression':
        return parent.right === id;
      default:
        return false;
    }
  });
  return used ? null : 'used';
}

/** Passing an operation on is fine, except to a function that is known to want a plain value. */
function lostInArgument(
  outer: CallExpression,
  { names, lib }: CheckContext,
  calls: Calls,
): Mistake | null {
  if (calls.has(outer)) return null;
  let { callee } = outer;
  while (callee.type === 'MemberExpression' && callee.object.type !== 'Super')
    callee = callee.object;
  if (callee.type !== 'Identifier') return null;
  const binding = names.bindingOf(callee);
  if (binding === null) return 'used'; // Number(...), Math.max(...), console.log(...)
  const pure =
    binding.imported !== null && callee === outer.callee && lib.libExports.has(binding.imported);
  return pure && !lib.declarators.has(binding.imported) ? 'used' : null;
}

const CALLBACK_METHODS = new Set(
  'forEach map filter some every find findIndex findLast flatMap reduce reduceRight sort toSorted'.split(
    ' ',
  ),
);

/** Whether this function is the callback of an array method, which would never run the operation it returns. */
function callbackOf(node: FunctionNode, { names }: CheckContext): boolean {
  const call = names.parentOf(node);
  if (
    call?.type !== 'CallExpression' ||
    call.callee === node ||
    call.callee.type !== 'MemberExpression'
  )
    return false;
  const method = propertyName(call.callee.property, call.callee.computed);
  if (method === null || !CALLBACK_METHODS.has(method)) return false;
  // A map() to operations is fine if a loop may run them; forEach() and the tests never run them.
  return method !== 'map' || names.parentOf(call)?.type === 'ExpressionStatement';
}
