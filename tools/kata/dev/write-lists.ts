// SPDX-License-Identifier: GPL-2.0-only
/** `kata dev check --write`: writes into kata.json what the code says, and tells what has changed. */
import fs from 'node:fs';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { reason } from '../../errno';
import { isShipped } from '../../answers/shipped';
import { textOrNull } from '../../answers/text';
import { type Judge, outcomesAsShipped } from '../../selfcheck/checks';
import { differences, type List, listOf, usedExports } from '../../selfcheck/lists';
import { Refusal } from '../errors';
import type { Kata } from '../katas';

/** What says what a port gives, and what formats a kata.json. */
interface Means {
  readonly judge: Judge;
  readonly format: (text: string) => Promise<string>;
}

/** Writes both lists of a kata; what was done to each, one line a name. Only a port as shipped says what belongs in them. */
export async function writeLists(kata: Kata, { judge, format }: Means): Promise<string[]> {
  const { folder, manifest } = kata;
  const shown = `katas/${kata.id}/kata.json`;
  const port = textOrNull(kata.driver) ?? '';
  if (!isShipped(manifest, port))
    return [`${shown}: nothing is written, as ${manifest.driver} is not as shipped`];
  const write = async (list: 'exports' | 'scenarios', says: List, is: List): Promise<string[]> => {
    const names = inOrder([...says.keys()], [...is.keys()]);
    const value =
      list === 'exports' ? names : Object.fromEntries(names.map((name) => [name, is.get(name)]));
    await replace(kata, { [list]: value }, format);
    return changes(says, is).map((change) => `${shown}: ${list}: ${change}`);
  };
  // First the exports: a port that lacks one of them is not judged.
  const used = usedExports({ path: folder, manifest }, port);
  if (used === null)
    return [`${shown}: nothing is written, as scenarios.ts or ${manifest.driver} cannot be read`];
  const told = await write('exports', listOf(manifest.exports), listOf(used));
  const { outcomes, problems } = await outcomesAsShipped(manifest, port, judge);
  if (problems.length > 0)
    return [...told, ...problems.map((why) => `${shown}: scenarios: not written: ${why}`)];
  return [
    ...told,
    ...(await write('scenarios', new Map(Object.entries(manifest.scenarios)), outcomes)),
  ];
}

/** The names of the code: known ones in the order they have, and each new one behind its neighbour in the code. */
function inOrder(known: readonly string[], code: readonly string[]): string[] {
  const names = known.filter((name) => code.includes(name));
  code.forEach((name, i) => {
    if (names.includes(name)) return;
    const before = code[i - 1];
    names.splice(before === undefined ? 0 : names.indexOf(before) + 1, 0, name);
  });
  return names;
}

/** Gives some fields of a kata.json other values. */
async function replace(
  { id, folder }: Kata,
  fields: object,
  format: Means['format'],
): Promise<void> {
  const file = path.join(folder, 'kata.json');
  const before = fs.readFileSync(file, 'utf8');
  const json = JSON.parse(before) as object; // it has been read as a manifest
  const text = await format(JSON.stringify({ ...json, ...fields }, null, 2));
  if (text === before) return;
  try {
    writeFileAtomic.sync(file, text);
  } catch (error) {
    throw new Refusal(`katas/${id}/kata.json ${reason(error, 'written')}`);
  }
}

function changes(says: List, is: List): string[] {
  const told = differences(says, is).map(({ name, ...each }) => {
    if (each.is === undefined) return `removed ${name}`;
    if (each.says === undefined) return `added ${name}${each.is === '' ? '' : `, "${each.is}"`}`;
    return `changed ${name} from "${each.says}" to "${each.is}"`;
  });
  return told.length === 0 ? ['nothing had to change'] : told;
}
