// SPDX-License-Identifier: GPL-2.0-only
/** The error numbers that a function can return, as its file shows, and the text of its comment. */
import ts from 'typescript';

/** An exported function: the errors that its file returns for it, and its `@returns`. */
export interface Errors {
  readonly name: string;
  /** `-EBUSY`, sorted. */
  readonly given: readonly string[];
  readonly returns: string;
}

/** The exported functions of a file. The functions they use from the same file count, those from other files do not. */
export function errorsOf(text: string): Errors[] {
  const file = ts.createSourceFile('file.ts', text, ts.ScriptTarget.ES2022, true);
  const declared = new Map<string, ts.Node[]>();
  const add = (name: ts.Node, node: ts.Node): void => {
    declared.set(name.getText(), [...(declared.get(name.getText()) ?? []), node]);
  };
  for (const statement of file.statements) {
    if (ts.isFunctionDeclaration(statement) && statement.name) add(statement.name, statement);
    if (ts.isVariableStatement(statement)) {
      for (const one of statement.declarationList.declarations) add(one.name, one);
    }
  }
  return file.statements.filter(isExportedFunction).map((statement) => ({
    name: statement.name?.text ?? '',
    given: given(statement, declared),
    returns: ts.getTextOfJSDocComment(ts.getJSDocReturnTag(statement)?.comment) ?? '',
  }));
}

function isExportedFunction(node: ts.Statement): node is ts.FunctionDeclaration {
  return (
    ts.isFunctionDeclaration(node) &&
    (ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Export) !== 0
  );
}

function given(of: ts.Node, declared: ReadonlyMap<string, readonly ts.Node[]>): string[] {
  const errors = new Set<string>();
  const seen = new Set<ts.Node>();
  const visit = (node: ts.Node): void => {
    if (
      ts.isPrefixUnaryExpression(node) &&
      node.operator === ts.SyntaxKind.MinusToken &&
      /^E[A-Z]{2,}$/.test(node.operand.getText())
    ) {
      errors.add(node.getText());
    } else if (ts.isIdentifier(node)) {
      for (const used of declared.get(node.text) ?? []) enter(used);
    }
    ts.forEachChild(node, visit);
  };
  const enter = (node: ts.Node): void => {
    if (seen.has(node)) return;
    seen.add(node);
    ts.forEachChild(node, visit);
  };
  enter(of);
  return [...errors].sort();
}
