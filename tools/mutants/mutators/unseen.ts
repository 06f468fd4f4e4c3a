// SPDX-License-Identifier: GPL-2.0-only
/**
 * Mutations that nobody could ever tell, and that therefore are not made. Three rules, all about what no other task can see:
 *
 * - Plain code between two operations is one step. Two statements in a row without a call, of which neither names a field or
 *   variable that the other writes, come to the same either way round.
 * - What only uses the function's own variables may stand on either side of anything that does not use them: see local.ts.
 * - An object that this function has allocated and given to nobody yet is its own. Two initialisations of such objects in a row come to the
 *   same either way round, and one of them done twice comes to the same as once: an initialisation cannot fail.
 */
import type { Expression, Node, Statement } from '@babel/types';
import { callsIn, type Driver, type Fn, nodesUnder, span } from '../driver';
import { passes } from './local';
import { namesIn, writtenIn } from './names';

const ALLOCATES = /^k[mz]alloc/;
const INITIALISES =
  /^(kref_init|refcount_set|atomic_set|INIT_LIST_HEAD|INIT_WORK|INIT_DELAYED_WORK|spin_lock_init|mutex_init|sema_init|init_(rwsem|waitqueue_head|completion))$/;

/** Whether two neighbouring statements come to the same the other way round. */
export function commute(fn: Fn, driver: Driver, first: Statement, second: Statement): boolean {
  if (isOwn(fn, driver, first) && isOwn(fn, driver, second)) return independent(first, second);
  if (passes(fn, first, second) || passes(fn, second, first)) return true;
  return isPlain(first) && isPlain(second) && independent(first, second);
}

/** Whether a statement initialises what nobody else has seen. */
export function isOwn(fn: Fn, driver: Driver, statement: Statement): boolean {
  const owner = ownerOf(statement);
  if (owner === null) return false;
  const from = allocation(fn, owner);
  if (from === null) return false;
  const { end } = span(statement);
  const uses = nodesUnder(fn.node).filter(
    (node) => node.type === 'Identifier' && node.name === owner,
  );
  const seen = uses.filter((use) => span(use).start > from && span(use).end <= end);
  return seen.every((use) => isHarmless(fn, use));
}

/** The variable whose field a statement initialises, if that is all it does. */
function ownerOf(statement: Statement): string | null {
  if (statement.type !== 'ExpressionStatement') return null;
  const { expression } = statement;
  const target = targetOf(expression) ?? initialised(expression);
  return target?.type === 'MemberExpression' && target.object.type === 'Identifier'
    ? target.object.name
    : null;
}

/** What a call initialises. */
function initialised(expression: Expression): Node | null {
  const call = expression.type === 'YieldExpression' ? expression.argument : expression;
  if (call?.type !== 'CallExpression' || call.callee.type !== 'Identifier') return null;
  const [first = null, ...others] = call.arguments;
  return INITIALISES.test(call.callee.name) && others.every(isConstant) ? first : null;
}

function isConstant({ type }: Node): boolean {
  return type === 'NumericLiteral' || type === 'StringLiteral' || type === 'Identifier';
}

/** What an assignment without a call writes. */
function targetOf(expression: Expression): Node | null {
  if (expression.type !== 'AssignmentExpression' || expression.operator !== '=') return null;
  const calls = nodesUnder(expression).some(({ type }) => /^(Call|Yield|New)/.test(type));
  return calls ? null : expression.left;
}

/** Where a variable gets its object from the allocator; null if it does not. */
function allocation({ node }: Fn, name: string): number | null {
  for (const inner of nodesUnder(node)) {
    if (inner.type !== 'VariableDeclarator' || inner.id.type !== 'Identifier') continue;
    const { init } = inner;
    if (inner.id.name !== name || init?.type !== 'YieldExpression') continue;
    const call = init.argument;
    if (call?.type !== 'CallExpression' || call.callee.type !== 'Identifier') return null;
    return ALLOCATES.test(call.callee.name) ? span(inner).end : null;
  }
  return null;
}

/** Whether a use of a variable shows its object to nobody: a field of it is filled or initialised, it is freed, or compared. */
function isHarmless(fn: Fn, use: Node): boolean {
  const { start } = span(use);
  return nodesUnder(fn.node).some((node) => {
    const { start: from, end } = span(node);
    if (start < from || start >= end) return false;
    if (node.type === 'BinaryExpression') return node.left === use || node.right === use;
    if (node.type !== 'ExpressionStatement') return false;
    const frees = callsIn({ ...fn, node })[0]?.name === 'kfree';
    const target = targetOf(node.expression) ?? initialised(node.expression);
    return frees || (target !== null && isIn(use, target));
  });
}

function isIn(inner: Node, outer: Node): boolean {
  return span(inner).start >= span(outer).start && span(inner).end <= span(outer).end;
}

/** Whether a statement finishes without a call. */
function isPlain(statement: Statement): boolean {
  return nodesUnder(statement).every(
    ({ type }) => !/^(Call|Yield|New|Return|Break|Continue|Throw)/.test(type),
  );
}

/** Neither names a field or variable that the other writes. */
function independent(first: Statement, second: Statement): boolean {
  const [one, other] = [written(first), written(second)];
  if (one === null || other === null) return false;
  const [named, alsoNamed] = [namesIn(first), namesIn(second)];
  return (
    !one.some((name) => alsoNamed.includes(name)) && !other.some((name) => named.includes(name))
  );
}

function written(statement: Statement): string[] | null {
  const target =
    statement.type === 'ExpressionStatement' ? initialised(statement.expression) : null;
  const names = writtenIn(statement);
  if (target === null || names === null) return names;
  return target.type === 'MemberExpression' && target.property.type === 'Identifier'
    ? [...names, target.property.name]
    : null;
}
