// SPDX-License-Identifier: GPL-2.0-only
/**
 * Slips that C compilers warn of, and that would change in silence what a driver does: a function that is not called, an
 * assignment as a condition, a comparison as a statement, a body that is only a semicolon, a result that nobody looks at.
 */
import type {
  AnyNode,
  AssignmentExpression,
  BinaryExpression,
  Expression,
  Identifier,
  LabeledStatement,
  ThrowStatement,
} from 'acorn';
import { isFunction, walk } from './ast';
import type { CheckContext } from './context';
import { countSentence, isInteger, isNamed } from './fields';

/** Looks for slips in a driver. */
export function checkSlips(context: CheckContext): void {
  for (const node of context.names.nodes) {
    switch (node.type) {
      case 'ExpressionStatement':
        statement(node.expression, context);
        break;
      case 'YieldExpression':
        if (node.argument) called(node.argument, context);
        break;
      case 'IfStatement':
        condition(node, node.test, context);
        emptyBody(node.consequent, 'if', context);
        break;
      case 'WhileStatement':
        condition(node, node.test, context);
        if (!acts(node.test)) emptyBody(node.body, 'while', context);
        break;
      case 'ForStatement':
        if (node.test) condition(node, node.test, context);
        if (node.test && node.test.type !== 'Literal') emptyBody(node.body, 'for', context);
        break;
      case 'DoWhileStatement':
      case 'ConditionalExpression':
        condition(node, node.test, context);
        break;
      case 'ForInStatement':
        slip(
          node,
          "for ... in goes over the names of fields; write for (const item of list_for_each_entry(list, type, 'node'))",
          context,
        );
        break;
      case 'SwitchCase':
        if (node.test?.type === 'SequenceExpression')
          slip(node.test, 'a case names one value; write a case for each of them', context);
        break;
      case 'AssignmentExpression':
        signed(node, context);
        break;
      case 'BinaryExpression':
        fraction(node, context);
        break;
      case 'LabeledStatement':
        unusedLabel(node, context);
        break;
      case 'ThrowStatement':
        thrown(node, context);
        break;
      case 'ReturnStatement':
        if (node.argument) returned(node.argument, context);
        break;
    }
  }
}

function slip({ start }: AnyNode, sentence: string, { reporter }: CheckContext): void {
  reporter.report(start, 'slip', sentence);
}

/** A line that is one expression must do something. */
function statement(expression: Expression, context: CheckContext): void {
  called(expression, context);
  if (expression.type === 'BinaryExpression') {
    const compares = /^[!=]==?$/.test(expression.operator);
    const sentence = compares
      ? 'this line compares and does nothing; write = to assign'
      : 'this line calculates and does nothing with the result; assign it, or delete the line';
    slip(expression, sentence, context);
  }
  const result = unusedResult(expression, context);
  if (result !== null) {
    slip(
      expression,
      `the result of ${result}() must be looked at, as in: if (yield* ${result}(...))`,
      context,
    );
  }
}

/** The parts of a condition must be values, and it must not assign. In two pairs of brackets an assignment is meant. */
function condition(around: AnyNode, test: Expression, context: CheckContext): void {
  for (const part of partsOf(test)) {
    called(part, context);
    if (part.type === 'Identifier' && isNamed(part, 'static_var', context)) {
      const write = `write ${part.name}.value`;
      slip(part, `'${part.name}' is a static, which is never false; ${write}`, context);
    }
    const count = countSentence(part, context);
    if (count !== null) slip(part, count, context);
  }
  if (test.type !== 'AssignmentExpression' || test.operator !== '=') return;
  const before = context.code.slice(around.start, test.start);
  if (/\(\s*\(\s*$/.test(before)) return;
  slip(
    test,
    'this assigns and does not compare; write ===, or a second pair of brackets if it is meant',
    context,
  );
}

/** `a && !b` as a and b. */
function partsOf(test: Expression): Expression[] {
  if (test.type === 'LogicalExpression') return [...partsOf(test.left), ...partsOf(test.right)];
  return test.type === 'UnaryExpression' && test.operator === '!' ? partsOf(test.argument) : [test];
}

/** The name of a function where its call should be. */
function called(expression: Expression, context: CheckContext): void {
  if (expression.type !== 'Identifier' || !namesFunction(expression, context)) return;
  const { name } = expression;
  const op = isOperation(expression, context);
  slip(expression, `${name} is not called here; write ${op ? 'yield* ' : ''}${name}(...)`, context);
}

function namesFunction(id: Identifier, context: CheckContext): boolean {
  const value = context.names.bindingOf(id)?.value ?? null;
  return isOperation(id, context) || (value !== null && isFunction(value));
}

function isOperation(id: Identifier, { names, lib }: CheckContext): boolean {
  const binding = names.bindingOf(id);
  if (binding === null) return false;
  if (binding.imported !== null) return lib.opExports.has(binding.imported);
  return binding.value !== null && isFunction(binding.value) && binding.value.generator;
}

/** `while (x);`: the body stands behind the semicolon. */
function emptyBody(body: AnyNode, word: string, context: CheckContext): void {
  if (body.type !== 'EmptyStatement') return;
  slip(
    body,
    `this ';' is all that belongs to the ${word}; delete it, or write {} for an empty body`,
    context,
  );
}

/** A condition that calls or counts may be all that the loop repeats, and `while (true);` is one that never ends. */
function acts(expression: Expression): boolean {
  let found = expression.type === 'Literal';
  walk(expression, ({ type }) => {
    found ||= type === 'CallExpression' || type === 'UpdateExpression';
  });
  return found;
}

/** `x =+ 1` for `x += 1`. */
function signed(node: AssignmentExpression, context: CheckContext): void {
  const { start } = node.right;
  const [, sign] = /^=([+-])\s/.exec(context.code.slice(start - 1, start + 2)) ?? [];
  if (node.operator !== '=' || sign === undefined) return;
  slip(
    node,
    `this assigns ${sign}x; write ${sign}= to ${sign === '+' ? 'add' : 'subtract'}`,
    context,
  );
}

/** `dev.open / 2`: C cuts the fraction off. */
function fraction(node: BinaryExpression, context: CheckContext): void {
  const { left, right, operator } = node;
  // Two numbers that are written out are what they are.
  if (operator !== '/' || (left.type === 'Literal' && right.type === 'Literal')) return;
  if (!isInteger(left, context) || !isInteger(right, context)) return;
  const around = context.names.parentOf(node);
  if (around?.type === 'CallExpression' && around.callee !== node) return; // Math.trunc() and the like
  const text = context.code.slice(node.start, node.end);
  slip(node, `a division keeps its fraction here; write Math.trunc(${text})`, context);
}

/** `out:` in front of a statement: there is no goto that leads to it. */
function unusedLabel(
  { start, body, label: { name } }: LabeledStatement,
  context: CheckContext,
): void {
  if (isLeft(body, name)) return;
  context.reporter.report(
    start,
    'slip',
    `nothing leads to the label '${name}'; delete it, or leave a block '${name}: { ... }' with break ${name}`,
  );
}

/** Whether a break or a continue inside names the label. */
function isLeft(body: AnyNode, name: string): boolean {
  let found = false;
  walk(body, (node) => {
    const leaves = node.type === 'BreakStatement' || node.type === 'ContinueStatement';
    found ||= leaves && node.label?.name === name;
  });
  return found;
}

/** `throw -EINVAL`, `throw dev.error`. An Error says that the driver itself is wrong, as BUG() does. */
function thrown(node: ThrowStatement, context: CheckContext): void {
  if (!['UnaryExpression', 'MemberExpression'].includes(node.argument.type)) return;
  slip(
    node,
    'an error is returned here, and not thrown; write return and the error, as in return -EIO',
    context,
  );
}

/** `return ENOMEM`: the kernel's errors are negative. `return 0,` continues on the next line. */
function returned(value: Expression, context: CheckContext): void {
  const [first] = value.type === 'SequenceExpression' ? value.expressions : [];
  if (first !== undefined) {
    const end = context.code.indexOf(',', first.end);
    context.reporter.report(end, 'slip', "this return goes on behind the ','; end it with ';'");
  }
  if (value.type !== 'Identifier') return;
  const imported = context.names.bindingOf(value)?.imported ?? '';
  if (/^E[A-Z0-9]{2,}$/.test(imported))
    slip(value, `an error is returned as its negative; write -${imported}`, context);
}

/**
 * The function whose result a statement drops: a lock that may not have been taken, a last reference, memory that nobody
 * has. A get that may fail is left to the scenarios: several katas show where it ends if nobody looks.
 */
function unusedResult(expression: Expression, { names }: CheckContext): string | null {
  const call =
    expression.type === 'YieldExpression' && expression.delegate ? expression.argument : null;
  if (call?.type !== 'CallExpression' || call.callee.type !== 'Identifier') return null;
  const imported = names.bindingOf(call.callee)?.imported ?? '';
  return MUST_CHECK.has(imported) ? imported : null;
}

const MUST_CHECK = new Set(
  (
    'refcount_dec_and_test refcount_sub_and_test refcount_dec_and_lock refcount_dec_and_mutex_lock atomic_dec_and_lock ' +
    'atomic_dec_and_mutex_lock spin_trylock read_trylock write_trylock mutex_trylock down_trylock down_read_trylock ' +
    'down_write_trylock mutex_lock_interruptible mutex_lock_killable down_interruptible down_killable kmalloc kzalloc'
  ).split(' '),
);
