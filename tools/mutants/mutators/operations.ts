// SPDX-License-Identifier: GPL-2.0-only
/** A statement is forgotten; a get, put, free, unlink, wake, complete, flush or init is done twice. */
import { callOf, listsIn, type Mutator, textOf, without } from '../driver';
import { isOwn } from './unseen';

/** Drops statements that do something. */
export const dropped: Mutator = (fn) =>
  listsIn(fn).flatMap((list) =>
    list
      .filter(({ type }) => type === 'ExpressionStatement')
      .map((statement) => ({ edits: [without(statement)] })),
  );

/** What can be done twice by mistake. */
const TWICE =
  /(^|_)(get|put|inc|dec|free|kfree|del|add|wake|complete|flush|init|INIT|set|destroy|work|rcu)(_|$)/;

/** Doubles operations, unless nobody could tell. */
export const doubled: Mutator = (fn, driver) =>
  listsIn(fn).flatMap((list) =>
    list
      .filter((statement) => TWICE.test(callOf(statement)?.name ?? ''))
      .filter((statement) => !isOwn(fn, driver, statement))
      .map((statement) => {
        const end = statement.end ?? 0;
        return { edits: [{ start: end, end, text: ` ${textOf(driver, statement)}` }] };
      }),
  );
