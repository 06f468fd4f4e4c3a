// SPDX-License-Identifier: GPL-2.0-only
/** docs/rosetta.md shows every construct that a driver uses. */
import fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { readKatas } from '../../lib/kata/files';
import { root } from './pages';

/** What a construct is called here: its syntax kind, and for operators and declarations which. */
function constructsOf(file: string, text: string): Map<string, string> {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
  const found = new Map<string, string>();
  const visit = (node: ts.Node): void => {
    if (!ts.isToken(node)) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      const name = nameOf(node);
      if (!found.has(name)) found.set(name, `${file}:${line + 1}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function nameOf(node: ts.Node): string {
  const kind = ts.SyntaxKind[node.kind];
  if (ts.isBinaryExpression(node)) return `${kind} ${node.operatorToken.getText()}`;
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node))
    return `${kind} ${ts.tokenToString(node.operator) ?? ''}`;
  if (ts.isVariableDeclarationList(node))
    return `${kind} ${(node.flags & ts.NodeFlags.Const) === 0 ? 'let' : 'const'}`;
  if (ts.isFunctionDeclaration(node) || ts.isFunctionExpression(node))
    return `${kind}${node.asteriskToken === undefined ? '' : ' *'}`;
  return kind;
}

/** The code in the right-hand column of the page's tables; each cell is a function's body or a piece of a file. */
function shown(page: string): string[] {
  return [...page.matchAll(/^\|.*\| *(`+)(.*)\1 *\|$/gm)].map(([, , code]) =>
    (code ?? '').replaceAll('\\|', '|'),
  );
}

const page = fs.readFileSync(path.join(root, 'docs', 'rosetta.md'), 'utf8');
const cells = shown(page);

it('shows every construct of every driver', () => {
  const covered = new Set<string>();
  for (const cell of cells) {
    const wrapped = /^(?:import|export)\b/.test(cell) ? cell : `function* body() { ${cell} }`;
    for (const name of constructsOf('cell.ts', wrapped).keys()) covered.add(name);
  }
  const missing = readKatas(path.join(root, 'katas')).flatMap(({ path: folder, manifest }) => {
    const file = path.join(folder, manifest.driver);
    const used = constructsOf(`${manifest.id}/${manifest.driver}`, fs.readFileSync(file, 'utf8'));
    return [...used].filter(([name]) => !covered.has(name));
  });
  expect(missing).toEqual([]);
});

it.each(cells)('is TypeScript: %s', (cell) => {
  const wrapped = /^(?:import|export)\b/.test(cell) ? cell : `function* body() { ${cell} }`;
  const { diagnostics } = ts.transpileModule(wrapped, {
    reportDiagnostics: true,
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS },
  });
  expect((diagnostics ?? []).map(({ messageText }) => messageText)).toEqual([]);
});
