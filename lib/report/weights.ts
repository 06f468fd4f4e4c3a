// SPDX-License-Identifier: GPL-2.0-only
/** Weights: which rows make the bug and must be shown. */
import type { Row } from './row-list';
import { wholeOf } from './words';

/** How much a row matters when not all can be shown. */
export enum Weight {
  Private = 0,
  Entry = 1,
  Shared = 2,
  Wait = 3,
  Print = 4,
  /** Contributed to the bug: changed a count that the guilty steps then used, freed the memory, ended a grace period. */
  Key = 5,
  Guilty = 6,
}

/** Calls that begin, end or defer the end of an object's life without changing a count. */
const TURNS =
  /^(?:\.\.\. )?(?:\w*(?:kill|free|destroy|release|exit)\w*|call_rcu\w*|queue_\w*work|schedule_work|grace period over)\b/;

/** Raises the weight of rows that changed an object of a guilty row. */
export function weigh(rows: readonly Row[]): void {
  const about = new Set<string>();
  for (const { weight, object } of rows) {
    if (weight === Weight.Guilty && object !== '') about.add(wholeOf(object));
  }
  for (const row of rows) {
    if (row.weight >= Weight.Key || !about.has(wholeOf(row.object))) continue;
    if (row.effect !== null || row.writes || TURNS.test(row.text)) row.weight = Weight.Key;
  }
  for (const [at, row] of rows.entries()) if (row.weight === Weight.Guilty) weighSource(rows, at);
}

/** Raises the weight of the row in which the task of a guilty row last got the object of that. */
function weighSource(rows: readonly Row[], guilty: number): void {
  const { letter, object } = rows[guilty] ?? {};
  if (object === undefined || !object.includes('#')) return;
  const got = ` = ${wholeOf(object)}`;
  const source = rows.findLast(
    (row, at) => at < guilty && row.letter === letter && row.text.endsWith(got),
  );
  if (source !== undefined && source.weight < Weight.Key) source.weight = Weight.Key;
}
