// SPDX-License-Identifier: GPL-2.0-only
/** Conditions that are the other way round, always or never true, half, or off by one. */
import type { Expression, Node } from '@babel/types';
import {
  type Driver,
  instead,
  type Mutation,
  type Mutator,
  nodesUnder,
  span,
  textOf,
  yields,
} from '../driver';

/** An operator, and what it is taken for. */
const MISTAKEN: Readonly<Record<string, string>> = { '<': '<=', '<=': '<', '>': '>=', '>=': '>' };

/** Changes conditions. */
export const conditions: Mutator = ({ node }, driver) =>
  nodesUnder(node).flatMap((inner) => [...tested(driver, inner), ...halved(driver, inner)]);

function tested(driver: Driver, node: Node): Mutation[] {
  if (node.type === 'IfStatement') {
    return [
      negated(driver, node.test),
      constant(driver, node.test, true),
      constant(driver, node.test, false),
    ];
  }
  if (node.type === 'ConditionalExpression') return [negated(driver, node.test)];
  return [];
}

function negated(driver: Driver, test: Expression): Mutation {
  return { edits: [instead(test, `!(${textOf(driver, test)})`)] };
}

/** The condition is evaluated if that does something, and nobody asks how it came out. */
function constant(driver: Driver, test: Expression, value: boolean): Mutation {
  const text = yields(test) ? `((${textOf(driver, test)}), ${value})` : String(value);
  return { edits: [instead(test, text)] };
}

function halved(driver: Driver, node: Node): Mutation[] {
  if (node.type === 'LogicalExpression' && node.operator !== '??') {
    return [node.left, node.right].map((half) => ({
      edits: [instead(node, `(${textOf(driver, half)})`)],
    }));
  }
  if (node.type !== 'BinaryExpression') return [];
  const operator = MISTAKEN[node.operator];
  if (operator === undefined) return [];
  const [start, end] = [span(node.left).end, span(node.right).start];
  const gap = driver.text.slice(start, end).replace(node.operator, operator);
  return [{ edits: [{ start, end, text: gap }] }];
}
