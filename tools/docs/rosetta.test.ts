// SPDX-License-Identifier: GPL-2.0-only
/** docs/rosetta.md shows every construct that drivers use. */
import fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { readKatas } from '../../lib/kata/files';
import { root } from './pages';

/** The constructs in a file, or in the body of its first function, each with the line of its first use. */
function constructsOf(file: string, text: string, part: 'file' | 'body'): Map<string, string> {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
  const found = new Map<string, string>();
  const visit = (node: ts.Node): void => {
    const { line } = source.getLineAndCharacterOfPosition(node.getStart());
    const name = nameOf(node);
    if (!found.has(name)) found.set(name, `${file}:${line + 1}`);
    ts.forEachChild(node, visit);
  };
  const [first] = source.statements;
  const body = first && ts.isFunctionDeclaration(first) ? first.body?.statements : undefined;
  (part === 'file' ? source.statements : (body ?? [])).forEach(visit);
  return found;
}

/** The name of a construct here: its syntax kind, and the operator or kind of declaration. */
function nameOf(node: ts.Node): string {
  const kind = ts.SyntaxKind[node.kind];
  if (ts.isBinaryExpression(node)) return `${kind} ${node.operatorToken.getText()}`;
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node))
    return `${kind} ${ts.tokenToString(node.operator) ?? ''}`;
  if (ts.isVariableDeclarationList(node))
    return `${kind} ${(node.flags & ts.NodeFlags.Const) === 0 ? 'let' : 'const'}`;
  const marks = Object.entries(MARKS).flatMap(([field, mark]) =>
    (node as unknown as Record<string, unknown>)[field] === undefined ? [] : [mark],
  );
  return [kind, ...marks].join(' ');
}

/** Fields that make a node another construct: `yield` and `yield*`, `a.b` and `a?.b`, a parameter with and without a default. */
const MARKS = {
  asteriskToken: '*',
  questionDotToken: '?.',
  questionToken: '?',
  dotDotDotToken: '...',
  exclamationToken: '!',
};

/** The code in the right-hand column of the page's tables; each cell is the body of a function or a piece of a file. */
function shown(page: string): string[] {
  return [...page.matchAll(/^\|.*\| *(`+)(.*)\1 *\|$/gm)].map(([, , code]) =>
    (code ?? '').replaceAll('\\|', '|'),
  );
}

const page = fs.readFileSync(path.join(root, 'docs', 'rosetta.md'), 'utf8');
const cells = shown(page);

/** Returns a piece of a file unchanged, and wraps the body of a function into one. */
function wholeOf(cell: string): [text: string, part: 'file' | 'body'] {
  return /^(?:import|export|(?:async )?function)\b/.test(cell)
    ? [cell, 'file']
    : [`function* body() { ${cell} }`, 'body'];
}

const shownIn = new Map(
  cells.map((cell) => [cell, new Set(constructsOf('cell.ts', ...wholeOf(cell)).keys())]),
);
/** The constructs of all drivers, as shipped and solved, each with a place of use. */
const used = new Map(
  readKatas(path.join(root, 'katas')).flatMap(({ path: folder, manifest: { id, driver } }) =>
    [folder, path.join(root, 'solutions', id)].flatMap((from) => {
      const file = path.join(from, driver);
      const text = fs.readFileSync(file, 'utf8');
      return [...constructsOf(path.relative(root, file), text, 'file')];
    }),
  ),
);

/** The constructs of drivers that these cells do not show. */
function missing(among: readonly string[]): string[] {
  return [...used].flatMap(([name, place]) =>
    among.some((cell) => shownIn.get(cell)?.has(name)) ? [] : [`${name} (${place})`],
  );
}

it('shows every construct of every driver', () => {
  expect(used.size).toBeGreaterThan(50);
  expect(missing(cells)).toEqual([]);
});

it('would notice every one of them', () => {
  const unnoticed = [...used.keys()].filter(
    (name) => missing(cells.filter((cell) => !shownIn.get(cell)?.has(name))).length === 0,
  );
  expect(unnoticed).toEqual([]);
});

it.each(cells)('is TypeScript: %s', (cell) => {
  const { diagnostics } = ts.transpileModule(wholeOf(cell)[0], {
    reportDiagnostics: true,
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS },
  });
  expect((diagnostics ?? []).map(({ messageText }) => messageText)).toEqual([]);
});
