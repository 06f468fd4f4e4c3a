// SPDX-License-Identifier: GPL-2.0-only
/**
 * File scope holds only imports, types, functions, literal constants, and statics declared to the machine. Anything
 * else there is state the machine cannot see, cannot reset between two executions, and cannot interleave.
 */
import type { AnyNode, Program, VariableDeclaration } from 'acorn';
import type { CheckContext } from './context';
import { declaratorOf, whyNotConstant } from './top-level-value';

/** Checks each statement at file scope. */
export function checkTopLevel(context: CheckContext): void {
  for (const statement of context.program.body) checkStatement(statement, context);
  for (const node of context.names.nodes) checkDeclarator(node, context);
}

/** The other way round: a static made in a function would be a new one in every execution. */
function checkDeclarator(node: AnyNode, context: CheckContext): void {
  const { names, reporter } = context;
  const name = declaratorOf(node, context);
  if (name === null || names.functionAround(node) === null) return;
  reporter.report(
    node.start,
    'hidden-state',
    `${name}() declares something that lasts; move it to file scope`,
  );
}

function checkStatement(statement: Program['body'][number], context: CheckContext): void {
  const { reporter } = context;
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
      reporter.report(statement.start, 'hidden-state', statementSentence(statement));
  }
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
    return 'file scope only declares; move this statement into a function';
  }
  switch (statement.expression.type) {
    case 'AssignmentExpression':
    case 'UpdateExpression':
      return 'an assignment at file scope is state the machine cannot see; declare it with static_var() and assign in a function';
    case 'CallExpression':
    case 'NewExpression':
      return 'file scope only declares; move this call into a function such as the init function';
    default:
      return 'file scope only declares; move this expression into a function';
  }
}
