// SPDX-License-Identifier: GPL-2.0-only
/** Error exits that skip a step: a label too far down, which in a driver is the next function of a chain. */
import type { CallExpression, Node } from '@babel/types';
import {
  type Driver,
  type Fn,
  instead,
  type Mutation,
  type Mutator,
  nodesUnder,
  textOf,
} from '../driver';

/** Goes to the label behind the right one, and returns at once where the last one is meant. */
export const exits: Mutator = (fn, driver) =>
  nodesUnder(fn.node).flatMap((node): Mutation[] => {
    const call = node.type === 'ReturnStatement' ? chained(node.argument) : null;
    const target = driver.functions.find(({ name }) => name === calleeOf(call));
    if (call === null || target === undefined) return [];
    const next = lastOf(target);
    const text = next === null ? null : substituted(driver, target, next, call);
    return text === null ? [] : [{ edits: [instead(node, `return ${text};`)] }];
  });

function chained(argument: Node | null | undefined): CallExpression | null {
  if (argument?.type !== 'YieldExpression' || argument.argument?.type !== 'CallExpression')
    return null;
  return argument.argument;
}

function calleeOf(call: CallExpression | null): string | null {
  return call?.callee.type === 'Identifier' ? call.callee.name : null;
}

/** What a function returns in its last line. */
function lastOf({ node }: Fn): Node | null {
  if (node.type !== 'FunctionDeclaration') return null;
  const last = node.body.body.at(-1);
  return last?.type === 'ReturnStatement' ? (last.argument ?? null) : null;
}

/** An expression of a function with the arguments of a call in place of its parameters; null if it needs anything else. */
function substituted(
  driver: Driver,
  { node }: Fn,
  what: Node,
  call: CallExpression,
): string | null {
  if (node.type !== 'FunctionDeclaration') return null;
  const given = new Map<string, string>();
  node.params.forEach((param, i) => {
    const argument = call.arguments[i];
    if (param.type === 'Identifier' && argument !== undefined)
      given.set(param.name, textOf(driver, argument));
  });
  const local = nodesUnder(node.body).flatMap((inner) =>
    inner.type === 'VariableDeclarator' && inner.id.type === 'Identifier' ? [inner.id.name] : [],
  );
  let text = textOf(driver, what);
  if (local.some((name) => new RegExp(`\\b${name}\\b`).test(text))) return null;
  for (const [name, by] of given) text = text.replace(new RegExp(`(?<![.\\w])${name}\\b`, 'g'), by);
  return text;
}
