// SPDX-License-Identifier: GPL-2.0-only
/**
 * An instructor's own scenarios and wrong-input cases: DIR/NN-slug/scenarios.ts, in the form katas have, and DIR/NN-slug/hidden.json,
 * which says when learners may see them, adds tasks and lists the cases. Trusted: they are compiled and loaded here.
 */
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import vm from 'node:vm';
import ts from 'typescript';
import { type Case, errorNumber } from '../../lib/kata/cases';
import type { KataTask, Manifest } from '../../lib/kata/manifest';
import type { Suite } from '../../lib/scenario/scenario';
import type { Visibility } from '../../lib/kata/verdict';
import { Refusal } from '../kata/errors';

/** What an instructor adds to a kata. */
export interface Hidden {
  /** Compiled scenarios; empty if there are none. */
  readonly code: string;
  readonly cases: readonly Case[];
  readonly tasks: readonly KataTask[];
  /** By the scenario's or case's id, for every one of them. */
  readonly visibility: ReadonlyMap<string, Visibility>;
}

export const NOTHING_HIDDEN: Hidden = { code: '', cases: [], tasks: [], visibility: new Map() };

/** Reads what a folder has for a kata, whose own scenarios are compiled to `suite`. */
export function readHidden(own: string, manifest: Manifest, suite: string): Hidden {
  const shown = `--hidden: ${path.basename(own)}`;
  const about = readAbout(path.join(own, 'hidden.json'), `${shown}/hidden.json`);
  const code = compiled(path.join(own, 'scenarios.ts'));
  const tasks = about.tasks.map((task, i) => ({ ...task, id: manifest.tasks.length + i + 1 }));
  const scenarios = code === '' ? [] : scenarioTasks(code, `${shown}/scenarios.ts`, suite);
  const all = [...scenarios, ...about.cases];
  if (all.length === 0)
    throw new Refusal(
      `${shown}: there is neither a scenario in scenarios.ts nor a case in hidden.json`,
    );
  checkEntries(all, [...manifest.tasks, ...tasks], Object.keys(manifest.scenarios), shown);
  for (const { call, id } of about.cases) {
    if (!manifest.exports.includes(call))
      throw new Refusal(`${shown}/hidden.json: case ${id} calls ${call}, which no driver exports`);
  }
  const visibility = new Map(
    all.map(({ id }) => [id, about.scenarios.get(id) ?? about.visibility]),
  );
  return { code, cases: about.cases, tasks, visibility };
}

interface Entry {
  readonly id: string;
  readonly task: number;
}

function checkEntries(
  entries: readonly Entry[],
  tasks: readonly KataTask[],
  taken: readonly string[],
  shown: string,
): void {
  const ids = new Set(taken);
  for (const { id, task } of entries) {
    if (ids.has(id)) throw new Refusal(`${shown}: there is a scenario ${id} already`);
    ids.add(id);
    if (!tasks.some((one) => one.id === task))
      throw new Refusal(`${shown}: ${id} belongs to task ${task}, and there is no such task`);
  }
  for (const { needs, title } of tasks) {
    const unknown = needs.find((id) => !ids.has(id));
    if (unknown !== undefined)
      throw new Refusal(
        `${shown}: task '${title}' needs ${unknown}, and there is no such scenario`,
      );
  }
}

function compiled(file: string): string {
  if (!fs.existsSync(file)) return '';
  const options = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 };
  return ts.transpileModule(fs.readFileSync(file, 'utf8'), { compilerOptions: options }).outputText;
}

/** The scenarios a suite makes, without a driver to make them for. It may use the world that the kata's own use. */
function scenarioTasks(code: string, shown: string, beside: string): readonly Entry[] {
  const module: { exports: { default?: Suite<unknown> } } = { exports: {} };
  const lib = (name: string): unknown =>
    name === '#lib' ? createRequire(__filename)('../../lib/index') : createRequire(beside)(name);
  try {
    // The parameters are named in the same line.
    const run = vm.compileFunction(code, ['exports', 'require'], { filename: shown }) as Loading;
    run(module.exports, lib);
    const { default: suite } = module.exports;
    if (suite === undefined) throw new Error('it exports no suite as default');
    return suite.scenarios(anything()).map(({ id, task }) => ({ id, task }));
  } catch (error) {
    throw new Refusal(`${shown}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** A compiled module, as its loader calls it. */
type Loading = (exports: object, require: (name: string) => unknown) => void;

/** Stands for a driver while its scenarios are listed: whatever is asked of it is there and does nothing. */
function anything(): unknown {
  return new Proxy(() => undefined, { get: () => anything(), apply: () => anything() });
}

interface About {
  readonly visibility: Visibility;
  readonly tasks: readonly Omit<KataTask, 'id'>[];
  readonly scenarios: ReadonlyMap<string, Visibility>;
  readonly cases: readonly Case[];
}

type Json = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const VISIBILITIES: readonly Visibility[] = [
  'visible',
  'hidden',
  'after_due_date',
  'after_published',
];

function readAbout(file: string, shown: string): About {
  const json = fs.existsSync(file) ? parse(fs.readFileSync(file, 'utf8'), shown) : {};
  const fail = (what: string): never => {
    throw new Refusal(`${shown}: ${what}`);
  };
  const object = (value: unknown, where: string): Json =>
    isObject(value) ? { ...value } : fail(`${where} must be an object`);
  const list = (field: string): readonly Json[] => {
    const value: unknown = json[field] ?? [];
    if (!Array.isArray(value)) return fail(`${field} must be a list`);
    return value.map((entry: unknown, i) => object(entry, `${field}[${i}]`));
  };
  const seen = (value: unknown, where: string): Visibility =>
    VISIBILITIES.find((one) => one === value) ??
    fail(`${where} must be one of ${VISIBILITIES.join(', ')}`);
  const scenarios = Object.entries(object(json['scenarios'] ?? {}, 'scenarios'));
  const known = ['visibility', 'tasks', 'scenarios', 'cases'];
  const odd = Object.keys(json).find((key) => !known.includes(key));
  if (odd !== undefined) fail(`there is no field ${odd}; there are ${known.join(', ')}`);
  return {
    visibility: seen(json['visibility'] ?? 'hidden', 'visibility'),
    tasks: list('tasks').map((task, i) => taskOf(task, `tasks[${i}]`, fail)),
    scenarios: new Map(scenarios.map(([id, value]) => [id, seen(value, `scenarios.${id}`)])),
    cases: list('cases').map((one, i) => caseOf(one, `cases[${i}]`, fail)),
  };
}

function parse(text: string, shown: string): Json {
  try {
    const json: unknown = JSON.parse(text);
    if (isObject(json)) return { ...json };
  } catch {
    // The sentence below says it.
  }
  throw new Refusal(`${shown}: this is not a JSON object`);
}

type Fail = (what: string) => never;

function taskOf({ title, points, needs = [] }: Json, where: string, fail: Fail): About['tasks'][0] {
  if (typeof title !== 'string' || title === '') return fail(`${where}.title must be a text`);
  if (typeof points !== 'number' || !Number.isInteger(points) || points < 0)
    return fail(`${where}.points must be a whole number`);
  if (!Array.isArray(needs)) return fail(`${where}.needs must be a list of scenarios`);
  return { title, points, needs: needs.map(String) };
}

function caseOf(json: Json, where: string, fail: Fail): Case {
  const { id, title, task, call, args = [], returns } = json;
  for (const [field, value] of Object.entries({ id, title, call })) {
    if (typeof value !== 'string' || value === '') return fail(`${where}.${field} must be a text`);
  }
  if (!Number.isInteger(task)) return fail(`${where}.task must be the number of a task`);
  if (!Array.isArray(args) || !args.every(isArgument))
    return fail(`${where}.args must be a list of values, or {"new": "TYPE"}`);
  if (!isValue(returns)) return fail(`${where}.returns must be a value, or '-EINVAL' and the like`);
  if (typeof returns === 'string' && returns.startsWith('-E') && errorNumber(returns) === undefined)
    return fail(`${where}.returns: there is no error ${returns}`);
  return { id, title, task, call, args, returns } as Case; // looked at above
}

function isValue(value: unknown): boolean {
  return value === null || ['number', 'string', 'boolean'].includes(typeof value);
}

function isArgument(value: unknown): boolean {
  return isValue(value) || (isObject(value) && 'new' in value && typeof value.new === 'string');
}
