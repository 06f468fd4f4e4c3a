// SPDX-License-Identifier: GPL-2.0-only
/**
 * ESLint rule yield-star: an operation (`Op<T>`) does nothing until `yield*` runs it. An operation that is dropped, tested,
 * compared, returned unrun from a generator, or passed to a callback is a forgotten `yield*`. The rule uses types: an expression
 * is an operation if its type is named `Op`, or is a generator that yields `Request`s. If the code is in a generator and makes the
 * operation on the spot, the fix inserts `yield*`.
 *
 * Not reported: an operation kept in a variable or passed to a parameter that wants one. Its use is checked, not its making.
 */
import ts from 'typescript';

const rule = {
  meta: {
    type: 'problem',
    docs: { description: 'an operation runs only with yield*' },
    fixable: 'code',
    schema: [],
    messages: {
      dropped: "{{name}} was called without yield*, so it never runs; write 'yield* {{name}}'.",
      used: "{{name}} is the operation, not its result; write 'yield* {{name}}'.",
      plainYield: "'yield {{name}}' lacks the star, so it never runs; write 'yield* {{name}}'.",
      callback:
        '{{name}} gets a callback that returns an operation nobody runs; write a for (const x of ...) loop.',
    },
  },
  create(context) {
    const isOp = opTest(context);
    const reported = new WeakSet();

    /** Reports every operation that could be the value of `expression`. */
    function check(expression, messageId) {
      for (const leaf of values(expression)) {
        if (reported.has(leaf) || !isOp.expression(leaf)) continue;
        if (messageId === 'used' && isOp.maybeAbsent(leaf)) continue;
        reported.add(leaf);
        const data = { name: nameOf(leaf, context.sourceCode) };
        context.report({
          node: leaf,
          messageId,
          data,
          fix: fixFor(leaf, messageId, context.sourceCode),
        });
      }
    }
    const used = Object.entries(PLAIN_VALUES).map(([type, key]) => [
      type,
      (node) => check(node[key], 'used'),
    ]);

    return {
      ...Object.fromEntries(used),
      ExpressionStatement: ({ expression }) => {
        if (expression.type !== 'AssignmentExpression') check(expression, 'dropped');
      },
      ForStatement(node) {
        if (node.test) check(node.test, 'used');
        for (const part of [node.init, node.update]) {
          if (part && !/^(Variable|Assignment)/.test(part.type)) check(part, 'dropped');
        }
      },
      SequenceExpression: (node) =>
        node.expressions.slice(0, -1).forEach((e) => check(e, 'dropped')),
      UnaryExpression: ({ argument, operator }) =>
        check(argument, operator === 'void' ? 'dropped' : 'used'),
      BinaryExpression(node) {
        check(node.left, 'used');
        check(node.right, 'used');
      },
      AssignmentExpression: (node) => node.operator !== '=' && check(node.right, 'used'),
      TemplateLiteral: (node) => node.expressions.forEach((e) => check(e, 'used')),
      YieldExpression: (node) =>
        !node.delegate && node.argument && check(node.argument, 'plainYield'),
      ReturnStatement(node) {
        if (node.argument && functionAround(node)?.generator) check(node.argument, 'dropped');
      },
      CallExpression(node) {
        for (const argument of node.arguments) {
          if (isOp.takenAsAnything(argument)) check(argument, 'used');
          else if (isListCallback(node) && isOp.callback(argument)) {
            const name = context.sourceCode.getText(node.callee.property);
            context.report({ node: argument, messageId: 'callback', data: { name } });
          }
        }
      },
    };
  },
};

/** Where JavaScript wants a plain value: the node, and the part of it that is used as one. */
const PLAIN_VALUES = {
  IfStatement: 'test',
  WhileStatement: 'test',
  DoWhileStatement: 'test',
  ConditionalExpression: 'test',
  LogicalExpression: 'left',
  SwitchStatement: 'discriminant',
  ThrowStatement: 'argument',
  AwaitExpression: 'argument',
};

/** What the type checker knows about operations. */
function opTest(context) {
  const services = context.sourceCode.parserServices;
  if (!services?.program)
    throw new Error('kata/yield-star needs types: set parserOptions.projectService');
  const checker = services.program.getTypeChecker();
  const typeOf = (node) => services.getTypeAtLocation(node);
  const nodeOf = (node) => services.esTreeNodeToTSNodeMap.get(node);

  function isOpType(type) {
    if (type.isUnionOrIntersection()) return type.types.some(isOpType);
    if (type.aliasSymbol?.name === 'Op') return true;
    const name = type.getSymbol()?.name;
    if (name === 'Op') return true;
    if (!/^(Generator|Iterator|Iterable|IterableIterator)$/.test(name ?? '')) return false;
    const [yielded] = checker.getTypeArguments(type);
    return yielded !== undefined && mentionsRequest(yielded);
  }

  return {
    expression: (node) => isOpType(typeOf(node)),
    /** A stored operation that may be null: the code asks whether there is one, not for its result. */
    maybeAbsent: (node) =>
      node.type !== 'CallExpression' && typeOf(node) !== checker.getNonNullableType(typeOf(node)),
    /** A function (or the name of one) whose calls return operations. */
    callback: (node) =>
      typeOf(node)
        .getCallSignatures()
        .some((s) => isOpType(checker.getReturnTypeOfSignature(s))),
    /** An operation made on the spot for a parameter of any type: IS_ERR(kmalloc(8)), console.log(...). */
    takenAsAnything(argument) {
      if (argument.type !== 'CallExpression') return false;
      const wanted = checker.getContextualType(nodeOf(argument));
      return (
        wanted !== undefined && (wanted.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) !== 0
      );
    },
  };
}

function mentionsRequest(type) {
  if (type.isUnion()) return type.types.some(mentionsRequest);
  return type.aliasSymbol?.name === 'Request' || type.getSymbol()?.name === 'Request';
}

/** The expressions that may give an expression its value: both branches of a choice, the last of a sequence. */
function values(node) {
  switch (node.type) {
    case 'LogicalExpression':
      return [...values(node.left), ...values(node.right)];
    case 'ConditionalExpression':
      return [...values(node.consequent), ...values(node.alternate)];
    case 'SequenceExpression':
      return values(node.expressions.at(-1));
    case 'ChainExpression':
    case 'TSNonNullExpression':
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSTypeAssertion':
      return values(node.expression);
    default:
      return [node];
  }
}

function nameOf(node, sourceCode) {
  return node.type === 'CallExpression'
    ? `${sourceCode.getText(node.callee)}(...)`
    : sourceCode.getText(node);
}

/** Fixes only where `yield*` is allowed, and only an operation made here: a stored one may run elsewhere. */
function fixFor(node, messageId, sourceCode) {
  if (node.type !== 'CallExpression' || !functionAround(node)?.generator) return null;
  const { parent } = node;
  if (parent.type === 'ChainExpression') return null; // f?.() may have nothing to run
  if (messageId === 'plainYield') {
    if (parent.type !== 'YieldExpression') return null;
    return (fixer) => fixer.insertTextAfter(sourceCode.getFirstToken(parent), '*');
  }
  if (!bindsTighter(node, parent) || isParenthesised(node, sourceCode)) {
    return (fixer) => fixer.insertTextBefore(node, 'yield* ');
  }
  return (fixer) => [fixer.insertTextBefore(node, '(yield* '), fixer.insertTextAfter(node, ')')];
}

/** `yield*` binds as loosely as an assignment, so an operand needs parentheses around it. */
function bindsTighter(node, parent) {
  if (parent.type === 'ConditionalExpression') return parent.test === node;
  return /^(Unary|Binary|Logical|Await|Member)Expression$|^TS/.test(parent.type);
}

function isParenthesised(node, sourceCode) {
  return (
    sourceCode.getTokenBefore(node)?.value === '(' && sourceCode.getTokenAfter(node)?.value === ')'
  );
}

function functionAround(node) {
  let up = node.parent;
  while (up && !/Function(Expression|Declaration)$/.test(up.type)) up = up.parent;
  return up;
}

const LIST_METHODS =
  /^(forEach|filter|some|every|find|findIndex|findLast|flatMap|reduce|reduceRight|sort|toSorted)$/;

/** map() may build a list of operations for a loop to run. If its result is dropped, it acts as forEach. */
function isListCallback({ callee, parent }) {
  if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return false;
  const { name } = callee.property;
  return LIST_METHODS.test(name) || (name === 'map' && parent.type === 'ExpressionStatement');
}

export default { meta: { name: 'kata' }, rules: { 'yield-star': rule } };
