// SPDX-License-Identifier: GPL-2.0-only
/** Two neighbouring statements the other way round: something is published one statement earlier, or locked one later. */
import type { Statement } from '@babel/types';
import {
  type Driver,
  type Fn,
  instead,
  listsIn,
  type Mutation,
  type Mutator,
  nodesUnder,
  textOf,
} from '../driver';
import { commute } from './unseen';

/** Swaps neighbours, unless nobody could tell. */
export const order: Mutator = (fn, driver) =>
  listsIn(fn).flatMap((list) =>
    list.flatMap((first, i) => {
      const second = list[i + 1];
      return second === undefined ? [] : swapped(fn, driver, first, second);
    }),
  );

function swapped(fn: Fn, driver: Driver, first: Statement, second: Statement): Mutation[] {
  if (jumps(first) || jumps(second) || commute(fn, driver, first, second)) return [];
  const declared = declaredBy(first);
  const used = nodesUnder(second).some(
    (node) => node.type === 'Identifier' && declared.includes(node.name),
  );
  if (used) return [];
  const edits = [instead(first, textOf(driver, second)), instead(second, textOf(driver, first))];
  return [{ edits }];
}

/** Nothing goes on behind these. */
function jumps({ type }: Statement): boolean {
  return ['ReturnStatement', 'BreakStatement', 'ContinueStatement', 'ThrowStatement'].includes(
    type,
  );
}

function declaredBy(statement: Statement): string[] {
  if (statement.type !== 'VariableDeclaration') return [];
  return statement.declarations.flatMap(({ id }) =>
    nodesUnder(id).flatMap((node) => (node.type === 'Identifier' ? [node.name] : [])),
  );
}
