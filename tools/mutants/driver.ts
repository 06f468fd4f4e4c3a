// SPDX-License-Identifier: GPL-2.0-only
/** A driver's text as mutators see it: a tree, its lists of statements, its calls, and what an edit comes to. */
import { parse } from '@babel/parser';
import type { CallExpression, ImportDeclaration, Node, Statement } from '@babel/types';
import MagicString from 'magic-string';

/** A function of the driver that is being looked at. */
export interface Fn {
  readonly name: string;
  readonly node: Node;
  /** The statement it is declared by, with its export. */
  readonly whole: Node;
}

/** A driver that can be mutated. */
export interface Driver {
  readonly text: string;
  readonly functions: readonly Fn[];
  /** The names imported from '#lib', and where to add one. */
  readonly imports: { readonly names: ReadonlySet<string>; readonly at: number };
}

/** One change: what is between two offsets becomes another text. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A mutation: its edits, and the names of '#lib' that they need. */
export interface Mutation {
  readonly edits: readonly Edit[];
  readonly needs?: readonly string[];
}

/** Every mutation of one kind in one function. */
export type Mutator = (fn: Fn, driver: Driver) => Mutation[];

/** Parses a driver. */
export function parseDriver(text: string): Driver {
  const { program } = parse(text, { sourceType: 'module', plugins: ['typescript'] });
  const functions: Fn[] = [];
  let names = new Set<string>();
  let at = 0;
  for (const statement of program.body) {
    if (statement.type === 'ImportDeclaration') {
      names = namesOf(statement);
      at = statement.specifiers[0]?.start ?? 0;
    }
    const node =
      statement.type === 'ExportNamedDeclaration'
        ? (statement.declaration ?? statement)
        : statement;
    if (node.type === 'FunctionDeclaration') {
      functions.push({ name: node.id?.name ?? '', node, whole: statement });
    }
  }
  return { text, functions, imports: { names, at } };
}

function namesOf({ specifiers }: ImportDeclaration): Set<string> {
  return new Set(specifiers.map(({ local }) => local.name));
}

/** The driver's text with a mutation in it. */
export function mutated({ text, imports }: Driver, { edits, needs = [] }: Mutation): string {
  const result = edited(text, edits);
  const missing = needs.filter((name) => !imports.names.has(name));
  if (missing.length > 0)
    result.appendLeft(imports.at, missing.map((name) => `${name}, `).join(''));
  return result.toString();
}

/** The text of a function with a mutation in it, of what it is declared by too. */
export function mutatedFunction({ text }: Driver, { whole }: Fn, { edits }: Mutation): string {
  const { start, end } = span(whole);
  return edited(text, edits).slice(start, end);
}

function edited(text: string, edits: readonly Edit[]): MagicString {
  const result = new MagicString(text);
  for (const { start, end, text: by } of edits) {
    if (start === end) result.appendLeft(start, by);
    else if (by === '') result.remove(start, end);
    else result.overwrite(start, end, by);
  }
  return result;
}

/** Every node below one, itself included, parents first. */
export function nodesUnder(root: Node): Node[] {
  const nodes: Node[] = [root];
  const values: unknown[] = Object.values(root).flat();
  for (const value of values) {
    if (isNode(value)) nodes.push(...nodesUnder(value));
  }
  return nodes;
}

function isNode(value: unknown): value is Node {
  if (typeof value !== 'object' || value === null) return false;
  return 'type' in value && 'start' in value && 'end' in value && typeof value.type === 'string';
}

/** The lists of statements in a function, outer ones first. */
export function listsIn({ node }: Fn): Statement[][] {
  return nodesUnder(node).flatMap((inner) => (inner.type === 'BlockStatement' ? [inner.body] : []));
}

/** Where a node is; its text is what is there. */
export function span(node: Node): { readonly start: number; readonly end: number } {
  return { start: node.start ?? 0, end: node.end ?? 0 };
}

/** A node's text. */
export function textOf({ text }: Driver, node: Node): string {
  const { start, end } = span(node);
  return text.slice(start, end);
}

/** A call of a function by its name. */
export interface Call {
  readonly name: string;
  readonly node: CallExpression;
  /** What the call is to its surroundings: the call itself, or the yield* that runs it. */
  readonly whole: Node;
}

/** The calls in a function. */
export function callsIn({ node }: Fn): Call[] {
  const calls: Call[] = [];
  const run = new Set<Node>();
  for (const inner of nodesUnder(node)) {
    const call = inner.type === 'YieldExpression' && inner.delegate ? inner.argument : inner;
    if (call?.type !== 'CallExpression' || run.has(call)) continue;
    if (call.callee.type !== 'Identifier') continue;
    run.add(call);
    calls.push({ name: call.callee.name, node: call, whole: inner });
  }
  return calls;
}

/** The call a statement consists of, or null. */
export function callOf(statement: Statement): Call | null {
  if (statement.type !== 'ExpressionStatement') return null;
  const { expression } = statement;
  const call = expression.type === 'YieldExpression' ? expression.argument : expression;
  if (call?.type !== 'CallExpression' || call.callee.type !== 'Identifier') return null;
  return { name: call.callee.name, node: call, whole: expression };
}

/** Takes a node out. */
export function without(node: Node): Edit {
  return { ...span(node), text: '' };
}

/** Puts a text in a node's place. */
export function instead(node: Node, text: string): Edit {
  return { ...span(node), text };
}

/** Whether code runs operations. */
export function yields(node: Node): boolean {
  return nodesUnder(node).some(({ type }) => type === 'YieldExpression');
}
