// SPDX-License-Identifier: GPL-2.0-only
/** The lists of kata.json that the code says as well: the exports that scenarios use, and what the port gives in each scenario. */
import fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { type KataFolder, LIB_EXPORTS } from '../../lib/kata/files';
import { linkSource } from '../../lib/kata/linking';
import { textOrNull } from '../answers/text';
import { suiteFiles } from '../kata/suite-files';

/** Names, and what is said of each. Of an export nothing is said. */
export type List = ReadonlyMap<string, string>;

/** A name of which kata.json and the code say different things; undefined where one of them does not have it. */
export interface Difference {
  readonly name: string;
  readonly says: string | undefined;
  readonly is: string | undefined;
}

export function differences(says: List, is: List): Difference[] {
  return [...new Set([...says.keys(), ...is.keys()])]
    .map((name) => ({ name, says: says.get(name), is: is.get(name) }))
    .filter((each) => each.says !== each.is);
}

/** A list of names of which nothing is said. */
export function listOf(names: readonly string[]): List {
  return new Map(names.map((name) => [name, '']));
}

/** The exports of a port that its scenarios use, in its order; null if one of the files cannot be read or linked. */
export function usedExports({ path: folder, manifest }: KataFolder, port: string): string[] | null {
  const scenarios = path.join(folder, 'scenarios.ts');
  if (!fs.existsSync(scenarios)) return null;
  const linked = linkSource(port, manifest.driver, { exports: [] }, LIB_EXPORTS);
  if (!linked.ok) return null;
  const used = new Set(suiteFiles(scenarios).flatMap((file) => namesIn(textOrNull(file) ?? '')));
  return linked.exports.filter((name) => used.has(name));
}

/** The names that a text takes from objects: `rbd.rbd_put_client`, `{ rbd_put_client }`, and `Rbd['rbd_client']` in types. */
function namesIn(text: string): string[] {
  const names: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAccessExpression(node)) names.push(node.name.text);
    else if (ts.isBindingElement(node)) names.push((node.propertyName ?? node.name).getText());
    else if (ts.isIndexedAccessTypeNode(node)) names.push(node.indexType.getText().slice(1, -1));
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('scenarios.ts', text, ts.ScriptTarget.Latest, true));
  return names;
}

/** Where a list of kata.json has a name, or would have it: `katas/NN-slug/kata.json:20`. */
function placeOf({ path: folder, manifest }: KataFolder, list: string, name: string): string {
  const lines = (textOrNull(path.join(folder, 'kata.json')) ?? '').split('\n');
  const from = lines.findIndex((line) => line.includes(`"${list}":`));
  const at = lines.findIndex((line, i) => i >= from && line.includes(`"${name}"`));
  return `katas/${manifest.id}/kata.json:${Math.max(from, at) + 1}`;
}

/** The problem of each name that differs; the last one says which command writes them all. */
export function listProblems(
  kata: KataFolder,
  list: 'exports' | 'scenarios',
  differing: readonly Difference[],
): string[] {
  const problems = differing.map(({ name, says = 'nothing', is = 'nothing' }) => {
    const place = placeOf(kata, list, name);
    if (list === 'scenarios') return `${place}: ${name} gives "${is}" as shipped, not "${says}"`;
    return says === 'nothing'
      ? `${place}: the scenarios use ${name}, which is not among the exports`
      : `${place}: ${name} is not an export that the scenarios use`;
  });
  const writes = `npx kata dev check ${kata.manifest.id.slice(0, 2)} --write writes it`;
  return problems.map((problem, i) =>
    i + 1 < problems.length ? problem : `${problem}; ${writes}`,
  );
}

/** The scenarios that a task needs and that kata.json does not have. */
export function needsProblems(kata: KataFolder): string[] {
  const { tasks, scenarios } = kata.manifest;
  return tasks.flatMap(({ id, needs }) =>
    needs
      .filter((name) => !(name in scenarios))
      .map((name) => {
        const place = placeOf(kata, 'tasks', name);
        return `${place}: task ${id} needs '${name}', and there is no such scenario`;
      }),
  );
}
