// SPDX-License-Identifier: GPL-2.0-only
/**
 * Statements that only the function itself could tell from nothing: they read and write its own variables, and constants. Such a statement may
 * stand before or behind its neighbour, and inside or outside a critical section, as long as the neighbour does not use what it writes
 * and does not write what it reads. A BUG_ON() of own variables is one, too: it finds the same in either place.
 */
import type { Expression, Node, Statement } from '@babel/types';
import { callOf, type Fn, nodesUnder } from '../driver';
import { namesIn, writtenIn } from './names';

/** Functions that look at their arguments and at nothing else. */
const PURE = /^(MAJOR|MINOR|MKDEV|ERR_PTR|PTR_ERR|IS_ERR|DMA_BIT|min|max)$/;
const CHECKS = /^(BUG_ON|WARN_ON)$/;

/** What an expression may consist of, besides names, fields of own objects, and pure calls. */
const HARMLESS =
  /^((Numeric|String|Null|Boolean)Literal|(Unary|Binary|Logical|Conditional|Object|Array)Expression|ObjectProperty|TemplateLiteral|TemplateElement|TS.*)$/;

/** Whether a statement touches nothing that others could see. */
export function isLocal(fn: Fn, statement: Statement): boolean {
  const values = valuesOf(statement);
  return (
    values?.every((value) => isPure(fn, value)) === true &&
    writtenIn(statement)?.every((name) => !isCaptured(fn, name)) === true
  );
}

/** Whether a local statement may stand on either side of another one. */
export function passes(fn: Fn, local: Statement, other: Statement): boolean {
  if (!isLocal(fn, local) || (local.type !== 'VariableDeclaration' && skips(other))) return false;
  const [written, changed] = [writtenIn(local), writtenIn(other)];
  if (written === null || changed === null) return false;
  const [read, used] = [namesIn(local), namesIn(other)];
  const shared = read.filter((name) => changed.includes(name) || isOwnObject(fn, name));
  return !written.some((name) => used.includes(name)) && !shared.some((n) => used.includes(n));
}

/** Whether code may jump over what comes next, and still reach what is behind that. */
function skips(statement: Statement): boolean {
  return nodesUnder(statement).some(({ type }) => /^(Break|Continue)/.test(type));
}

/** The expressions a statement evaluates, if declaring, assigning or checking is all it does. */
function valuesOf(statement: Statement): Expression[] | null {
  if (statement.type === 'VariableDeclaration') {
    const named = statement.declarations.every(({ id }) => id.type === 'Identifier');
    return named ? statement.declarations.flatMap(({ init }) => init ?? []) : null;
  }
  if (statement.type !== 'ExpressionStatement') return null;
  const { expression } = statement;
  if (expression.type === 'AssignmentExpression')
    return expression.left.type === 'Identifier' ? [expression.right] : null;
  if (!CHECKS.test(callOf(statement)?.name ?? '') || expression.type !== 'CallExpression')
    return null;
  return expression.arguments.filter(
    (argument) => argument.type !== 'SpreadElement',
  ) as Expression[]; // nothing else is left
}

function isPure(fn: Fn, value: Expression): boolean {
  return nodesUnder(value).every((node) => {
    if (node.type === 'Identifier' || HARMLESS.test(node.type)) return true;
    if (node.type === 'CallExpression')
      return node.callee.type === 'Identifier' && PURE.test(node.callee.name);
    return (
      node.type === 'MemberExpression' &&
      !node.computed &&
      node.object.type === 'Identifier' &&
      isOwnObject(fn, node.object.name)
    );
  });
}

/** Whether a variable is an object that the function has made without allocating it: a value for others to fill in. */
function isOwnObject({ node }: Fn, name: string): boolean {
  return nodesUnder(node).some(
    (inner) =>
      inner.type === 'VariableDeclarator' &&
      inner.id.type === 'Identifier' &&
      inner.id.name === name &&
      (inner.init?.type === 'ObjectExpression' || inner.init?.type === 'ArrayExpression'),
  );
}

/** Whether a function inside this one uses a variable: it may run at any time. */
function isCaptured({ node }: Fn, name: string): boolean {
  const inner = nodesUnder(node).filter((one): boolean => isFunction(one) && one !== node);
  return inner.some((one) => namesIn(one).includes(name));
}

function isFunction({ type }: Node): boolean {
  return /Function/.test(type) && !/^TS/.test(type);
}
