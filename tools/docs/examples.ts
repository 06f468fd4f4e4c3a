// SPDX-License-Identifier: GPL-2.0-only
/**
 * Runs the examples of doc comments. An `@example` is what a driver would write: declarations for file scope, and from the first
 * `yield*` on what a task does. Names of '#lib' need no import. A line `expression; // => value` must give that value, in every
 * interleaving, and nothing may be reported.
 */
import fs from 'node:fs';
import path from 'node:path';
import { inspect } from 'node:util';
import ts from 'typescript';
import * as lib from '../../lib';
import { dpor } from '../../lib/explore/index';
import { Machine, type Op } from '../../lib/machine/index';
import { allMonitors } from '../../lib/sanitize/index';
import { root } from './pages';

export interface Example {
  readonly line: number;
  readonly code: string;
}

/** The result of an example: each distinct value of its `// =>` lines, and the reports. */
export interface Outcome {
  readonly given: readonly string[];
  readonly promised: readonly string[];
  readonly reports: readonly string[];
  /** Executions in which the task ended. */
  readonly finished: number;
}

/** The examples of lib/, by place. */
export function allExamples(): (readonly [place: string, example: Example])[] {
  return fs
    .readdirSync(path.join(root, 'lib'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !/\.test\.ts$|fixtures|testing/.test(file))
    .sort()
    .flatMap((file) =>
      examplesOf(fs.readFileSync(path.join(root, 'lib', file), 'utf8')).map(
        (example) => [`lib/${file}:${example.line}`, example] as const,
      ),
    );
}

/** The examples in the doc comments of a file. */
export function examplesOf(source: string): Example[] {
  return [...source.matchAll(/\/\*\*[\s\S]*?\*\//g)].flatMap((comment) =>
    [...comment[0].matchAll(/@example([\s\S]*?)(?=\n \* @\w|\n? \*\/)/g)].map((tag) => ({
      line: source.slice(0, comment.index + tag.index).split('\n').length,
      code: (tag[1] ?? '').replaceAll(/\n \* ?/g, '\n').trim(),
    })),
  );
}

/** Runs an example in all of its interleavings. */
export function runExample({ code }: Example): Outcome {
  const promises: string[] = [];
  const checked = code.replaceAll(
    /^(\s*)(\S.*?);?\s+\/\/ => (.*)$/gm,
    (_all, space: string, expression: string, promised: string) =>
      `${space}__show(${promises.push(promised) - 1}, (${expression}));`,
  );
  const given = promises.map(() => new Set<string>());
  const task = evaluate(checked, lib, (nth, value) => given[nth]?.add(inspect(value)));
  let finished = 0;
  const boot = (machine: Machine): void => {
    machine.spawn('example', function* () {
      yield* task();
      finished++;
    });
  };
  const reports = new Set<string>();
  dpor(new Machine({ boot }, { monitors: allMonitors() }), ({ machine }) => {
    for (const { kind } of machine.findings) reports.add(kind);
    return false;
  });
  const values = given.map((all) => [...all].join(' or '));
  return { given: values, promised: promises, reports: [...reports], finished };
}

/** Makes a function of a task from an example, with its file scope evaluated around it; `given` are the names of '#lib'. */
export function evaluate(
  code: string,
  given: Readonly<Record<string, unknown>>,
  show: (nth: number, value: unknown) => void,
): () => Op<unknown> {
  const cut = fileScopeOf(code);
  const names = Object.keys(given).filter(
    (name) => new RegExp(`\\b${name}\\b`).test(code) && !declares(code, name),
  );
  const text = `${code.slice(0, cut)}\nreturn function* () {${code.slice(cut)}\n};`;
  const { outputText } = ts.transpileModule(
    `(function ({ ${names.join(', ')} }, __show) {${text}})`,
    { compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS } },
  );
  const run: (text: string) => unknown = eval; // called by another name, so that the code sees no local variable
  const make = run(outputText) as (names: typeof given, to: typeof show) => () => Op<unknown>; // the text above evaluates to this function
  return make(given, show);
}

/** Whether an example has something of its own by a name of '#lib'. */
export function declares(code: string, name: string): boolean {
  return new RegExp(`\\b(const|let|function\\*?) ${name}\\b`).test(code);
}

/** The length of an example's file scope. */
export function fileScopeOf(code: string): number {
  const opening = 'function* task() {'; // outside of a generator function `yield` is not a keyword
  const text = `${opening}${code}\n}`;
  const file = ts.createSourceFile('example.ts', text, ts.ScriptTarget.ES2022, true);
  const [task] = file.statements;
  const statements = task && ts.isFunctionDeclaration(task) ? task.body?.statements : undefined;
  const first = statements?.find((statement) => yields(statement));
  return first === undefined ? code.length : first.getStart() - opening.length;
}

/** Whether a statement itself runs an operation, not a function declared in it. */
function yields(node: ts.Node): boolean {
  if (ts.isYieldExpression(node)) return true;
  if (ts.isFunctionLike(node)) return false;
  return ts.forEachChild(node, (child) => yields(child) || undefined) ?? false;
}
