// SPDX-License-Identifier: GPL-2.0-only
/**
 * Runs the examples of a page: every block that opens with ```ts run. A line `expression; // => value` must have that value, as
 * util.inspect() writes it. Each block is a module of its own; '#lib' is lib/index.ts.
 */
import path from 'node:path';
import { inspect } from 'node:util';
import ts from 'typescript';

/** A block of code and its first line in the page. */
export interface Snippet {
  readonly line: number;
  readonly code: string;
}

/** The value that a `// =>` line shows, and the actual value. */
export interface Shown {
  readonly line: number;
  readonly promised: string;
  readonly given: string;
}

/** The blocks of a page that can run. */
export function snippetsOf(page: string): Snippet[] {
  const found: Snippet[] = [];
  for (const match of page.matchAll(/^```ts run\n([\s\S]*?)^```$/gm)) {
    const line = page.slice(0, match.index).split('\n').length;
    found.push({ line: line + 1, code: match[1] ?? '' });
  }
  return found;
}

/** Runs a block and returns the values of its lines. */
export function runSnippet({ line, code }: Snippet): Shown[] {
  const shown: Shown[] = [];
  const promises: string[] = [];
  const checked = code
    .split('\n')
    .map((text) =>
      text.replace(/^(\s*)(\S.*?);?\s+\/\/ => (.*)$/, (_all, space, expression, promised) => {
        const nth = promises.push(String(promised)) - 1;
        return `${String(space)}__show(${nth}, () => (${String(expression)}));`;
      }),
    )
    .join('\n');
  const lines = code.split('\n').flatMap((text, i) => (text.includes('// => ') ? [line + i] : []));
  evaluate(checked)(load, (nth, give) => {
    const given = inspect(give(), { breakLength: Infinity, depth: 4 });
    shown.push({ line: lines[nth] ?? line, promised: promises[nth] ?? '', given });
  });
  return shown;
}

type Run = (load: (name: string) => unknown, show: Show) => void;
type Show = (nth: number, give: () => unknown) => void;

function evaluate(code: string): Run {
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS };
  const { outputText } = ts.transpileModule(code, { compilerOptions });
  const run: (text: string) => unknown = eval; // called by another name, so that the code sees no local variable
  return run(`(function (require, __show) { const exports = {}; ${outputText}\n})`) as Run; // the text is a function expression
}

function load(name: string): unknown {
  const file = name === '#lib' ? 'index' : name.replace(/^#lib\//, '');
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- which module is known at run time only
  return require(path.join(__dirname, '..', '..', 'lib', file));
}
