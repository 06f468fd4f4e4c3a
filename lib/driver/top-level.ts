// SPDX-License-Identifier: GPL-2.0-only
/**
 * File scope holds only imports, types, functions, literal constants, and statics declared to the machine. Anything
 * else there is state the machine cannot see, cannot reset between two executions, and cannot interleave.
 */
import type { AnyNode, Program, VariableDeclaration } from 'acorn';
import type { CheckContext } from './context';
import { isModuleLine } from './c-names';
import { notDefined } from './globals';
import { declaratorOf, whyNotConstant } from './top-level-value';

/** Checks each statement at file scope. */
export function checkTopLevel(context: CheckContext): void {
  for (const statement of context.program.body) checkStatement(statement, context);
  for (const node of context.names.nodes) checkDeclarator(node, context);
}

/** The reverse check: a static made in a function would be a new one in every execution. */
function checkDeclarator(node: AnyNode, context: CheckContext): void {
  const { names, reporter } = context;
  const name = declaratorOf(node, context);
  if (name === 'DEFINE_STATIC') checkStatic(node, context);
  if (name === null || names.functionAround(node) === null) return;
  const c = inTheStyleOfC(node, context);
  if (c === null) {
    const sentence = `${name}() declares something that lasts; move it to file scope`;
    reporter.report(node.start, 'hidden-state', sentence);
  } else
    reporter.settle(node, 'hidden-state', `a static is declared at file scope; write ${c} there`);
}

/** A structure may be static only if the kata's port has it: what never dies cannot be used after free. */
function checkStatic(node: AnyNode, { lib, reporter }: CheckContext): void {
  const argument = node.type === 'CallExpression' ? node.arguments[0] : undefined;
  const name = argument?.type === 'Literal' ? argument.value : null;
  if (lib.statics === undefined || (typeof name === 'string' && lib.statics.has(name))) return;
  reporter.report(node.start, 'hidden-state', STATIC);
}

const STATIC =
  'a structure that is static never dies; allocate it with kmalloc() or kzalloc(), or declare single variables: static_var(), DEFINE_ATOMIC(), DEFINE_MUTEX()';

function checkStatement(statement: Program['body'][number], context: CheckContext): void {
  switch (statement.type) {
    case 'ImportDeclaration':
    case 'FunctionDeclaration':
    case 'EmptyStatement':
    case 'ClassDeclaration': // refused everywhere, in forbidden.ts
    case 'ExportAllDeclaration': // refused in imports.ts
    case 'ExportDefaultDeclaration':
      return;
    case 'ExportNamedDeclaration':
      if (statement.declaration) checkStatement(statement.declaration, context);
      return;
    case 'VariableDeclaration':
      checkVariables(statement, context);
      return;
    default:
      if (statement.type === 'ExpressionStatement' && statement.directive !== undefined) return;
      checkOther(statement, context);
  }
}

function checkOther(statement: AnyNode, context: CheckContext): void {
  const { reporter, names, lib } = context;
  const call = statement.type === 'ExpressionStatement' ? statement.expression : null;
  const name =
    call?.type === 'CallExpression' && call.callee.type === 'Identifier' ? call.callee.name : '';
  const c = call === null ? null : inTheStyleOfC(call, context);
  if (isModuleLine(name)) {
    reporter.settle(statement, 'not-defined', notDefined(name, context));
  } else if (c !== null) {
    const known =
      names.bindings.some((binding) => binding.imported === name) || !lib.libExports.has(name);
    const sentence = `this is C; write ${known ? c : `${c.slice(0, -1)}, and add ${name} to the import from '#lib'`}`;
    reporter.settle(statement, 'hidden-state', sentence);
  } else reporter.report(statement.start, 'hidden-state', statementSentence(statement));
}

/** `const lock = DEFINE_SPINLOCK('lock');` for `DEFINE_SPINLOCK(lock)`; null for whatever is not declared in the way of C. */
function inTheStyleOfC(node: AnyNode, { names, lib }: CheckContext): string | null {
  if (node.type !== 'CallExpression' || node.callee.type !== 'Identifier') return null;
  const [first, ...rest] = node.arguments;
  const { name } = node.callee;
  const declares = lib.declarators.has(name) && /^(?:DEFINE|DECLARE)_|^L?LIST_HEAD$/.test(name);
  if (!declares || first?.type !== 'Identifier' || names.bindingOf(first) !== null) return null;
  const more = rest.length === 0 ? '' : ', ...';
  return `const ${first.name} = ${name}('${first.name}'${more});`;
}

function checkVariables(declaration: VariableDeclaration, context: CheckContext): void {
  const { reporter } = context;
  if (declaration.kind !== 'const') {
    const first = declaration.declarations[0]?.id;
    const name = first?.type === 'Identifier' ? first.name : 'name';
    reporter.report(
      declaration.start,
      'hidden-state',
      `'${declaration.kind}' at file scope is state the machine cannot see; write const ${name} = static_var('${name}', value)`,
    );
    return;
  }
  for (const { id, init } of declaration.declarations) {
    if (id.type !== 'Identifier') {
      reporter.report(
        id.start,
        'hidden-state',
        'a constant at file scope has one plain name; write one const per name',
      );
      continue;
    }
    const problem = init ? whyNotConstant(init, context) : null;
    if (problem !== null) reporter.report(problem.at.start, 'hidden-state', problem.sentence);
  }
}

function statementSentence(statement: AnyNode): string {
  if (statement.type !== 'ExpressionStatement') {
    return 'only declarations stand at file scope; move this statement into a function';
  }
  switch (statement.expression.type) {
    case 'AssignmentExpression':
    case 'UpdateExpression':
      return 'an assignment at file scope is state the machine cannot see; declare it with static_var() and assign in a function';
    case 'CallExpression':
    case 'NewExpression':
      return 'only declarations stand at file scope; move this call into a function such as the init function';
    default:
      return 'only declarations stand at file scope; move this expression into a function';
  }
}
