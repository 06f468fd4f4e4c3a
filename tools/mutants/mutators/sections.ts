// SPDX-License-Identifier: GPL-2.0-only
/** Critical sections that are not there, begin or end one statement earlier or later, are moved, or split. */
import type { Statement } from '@babel/types';
import {
  callOf,
  type Driver,
  type Edit,
  type Fn,
  listsIn,
  type Mutation,
  type Mutator,
  span,
  textOf,
  without,
} from '../driver';
import { isLocal } from './local';

/** What begins a section, and what ends it. */
const ENDS: Readonly<Record<string, string>> = {
  spin_lock: 'spin_unlock',
  spin_lock_irq: 'spin_unlock_irq',
  mutex_lock: 'mutex_unlock',
  down: 'up',
  down_read: 'up_read',
  down_write: 'up_write',
  read_lock: 'read_unlock',
  write_lock: 'write_unlock',
  rcu_read_lock: 'rcu_read_unlock',
  preempt_disable: 'preempt_enable',
};

/** Changes where sections begin and end. */
export const sections: Mutator = (fn, driver) =>
  listsIn(fn).flatMap((list) =>
    list.flatMap((statement, i) => {
      const j = endOf(list, i, driver);
      return j === null ? [] : changed(fn, driver, list, i, j);
    }),
  );

/** Where the section that a statement begins ends in its list. */
function endOf(list: readonly Statement[], i: number, driver: Driver): number | null {
  const begins = argumentsOf(driver, list[i]);
  const ends = begins === null ? undefined : ENDS[begins.name];
  if (begins === null || ends === undefined) return null;
  const j = list.findIndex((statement, k) => {
    const other = k > i ? argumentsOf(driver, statement) : null;
    return other?.name === ends && other.text === begins.text;
  });
  return j === -1 ? null : j;
}

function argumentsOf(driver: Driver, statement: Statement | undefined) {
  const call = statement === undefined ? null : callOf(statement);
  if (call === null) return null;
  return { name: call.name, text: call.node.arguments.map((arg) => textOf(driver, arg)).join() };
}

function changed(
  fn: Fn,
  driver: Driver,
  list: readonly Statement[],
  i: number,
  j: number,
): Mutation[] {
  const [begin, end] = [list[i], list[j]];
  if (begin === undefined || end === undefined) return [];
  const locked = textOf(driver, begin);
  const unlocked = textOf(driver, end);
  const moved = (from: Statement, text: string, to: Edit | null): Edit[] =>
    to === null ? [] : [without(from), { ...to, text }];
  /** A statement that a lock can be moved over, and somebody may tell. */
  const over = (n: number): Statement | undefined =>
    list.slice(Math.max(n, 0), n + 1).find((statement) => !isLocal(fn, statement));
  const [earlier, later] = [before(over(i - 1)), after(over(i + 1))];
  const [sooner, behind] = [before(over(j - 1)), after(over(j + 1))];
  const splits = list.slice(i + 1, j - 1).flatMap((statement) => {
    const place = after(statement);
    return place === null ? [] : [{ edits: [{ ...place, text: ` ${unlocked} ${locked}` }] }];
  });
  const both = (one: Edit[], other: Edit[]): Edit[] =>
    one.length === 0 || other.length === 0 ? [] : [...one, ...other];
  const ways = [
    [without(begin), without(end)],
    moved(begin, `${locked} `, earlier),
    moved(begin, ` ${locked}`, i + 1 < j ? later : null),
    moved(end, `${unlocked} `, j - 1 > i ? sooner : null),
    moved(end, ` ${unlocked}`, behind),
    both(
      moved(begin, `${locked} `, earlier),
      moved(end, `${unlocked} `, j - 1 > i ? sooner : null),
    ),
    both(moved(begin, ` ${locked}`, i + 1 < j ? later : null), moved(end, ` ${unlocked}`, behind)),
  ];
  return [...ways.filter((edits) => edits.length > 0).map((edits) => ({ edits })), ...splits];
}

function before(statement: Statement | undefined): Edit | null {
  if (statement === undefined) return null;
  const { start } = span(statement);
  return { start, end: start, text: '' };
}

function after(statement: Statement | undefined): Edit | null {
  if (statement === undefined || statement.type === 'ReturnStatement') return null;
  const { end } = span(statement);
  return { start: end, end, text: '' };
}
