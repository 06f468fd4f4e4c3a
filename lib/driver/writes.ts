// SPDX-License-Identifier: GPL-2.0-only
/**
 * Refuses writes that would hide state where the machine cannot see it: properties of a function, of a structure
 * definition, of a frozen table, of a library name or of a built-in, and assignments to a name that is not a variable.
 */
import type { AnyNode, Identifier, Pattern } from 'acorn';
import { propertyName } from './ast';
import type { CheckContext } from './context';
import type { Binding } from './scope';
import { declaratorOf, isObjectFreeze } from './top-level-value';

/** Checks every assignment, update and delete in the file. */
export function checkWrites(context: CheckContext): void {
  for (const node of context.names.nodes) {
    for (const target of targetsOf(node)) {
      if (target.type === 'Identifier') checkName(target, context);
      else if (target.type === 'MemberExpression') {
        checkProperty(target.object, target.start, context);
        const name = propertyName(target.property, target.computed);
        if (name !== null && SHARED.has(name)) {
          context.reporter.report(
            target.start,
            'hidden-state',
            `'.${name}' cannot be assigned to: all objects share it; choose another name`,
          );
        }
      }
    }
    if (node.type === 'CallExpression' && isObjectAssign(node, context)) {
      const target = node.arguments[0];
      if (target) checkProperty(target, node.start, context);
    }
  }
}

/** A sandbox freezes what all objects share, so an assignment cannot add a property of such a name to an object. */
const SHARED = new Set([
  'valueOf', 'hasOwnProperty', 'isPrototypeOf', 'propertyIsEnumerable', 'toLocaleString',
]); // prettier-ignore

/** The names and members a node writes to. */
function targetsOf(node: AnyNode): AnyNode[] {
  switch (node.type) {
    case 'AssignmentExpression':
      return patternTargets(node.left);
    case 'UpdateExpression':
      return [node.argument];
    case 'UnaryExpression':
      return node.operator === 'delete' ? [node.argument] : [];
    case 'ForInStatement':
    case 'ForOfStatement':
      return node.left.type === 'VariableDeclaration' ? [] : patternTargets(node.left);
    default:
      return [];
  }
}

function patternTargets(pattern: Pattern): AnyNode[] {
  switch (pattern.type) {
    case 'ObjectPattern':
      return pattern.properties.flatMap((p) =>
        patternTargets(p.type === 'RestElement' ? p.argument : p.value),
      );
    case 'ArrayPattern':
      return pattern.elements.flatMap((e) => (e === null ? [] : patternTargets(e)));
    case 'RestElement':
      return patternTargets(pattern.argument);
    case 'AssignmentPattern':
      return patternTargets(pattern.left);
    default:
      return [pattern];
  }
}

function checkName(id: Identifier, context: CheckContext): void {
  const { names, reporter } = context;
  const binding = names.bindingOf(id);
  if (binding === null) {
    const parent = names.parentOf(names.parentOf(id) ?? id);
    const how =
      parent?.type === 'ForStatement' && parent.init === names.parentOf(id)
        ? `write for (let ${id.name} = ...; ...; ...)`
        : 'declare it with let in this function, or with static_var() at file scope';
    reporter.reportName(id.name, id.start, 'hidden-state', `'${id.name}' is not declared; ${how}`);
    return;
  }
  const what = FIXED[binding.kind];
  if (what !== undefined) {
    const sentence =
      declaratorOf(binding.value, context) === 'static_var'
        ? `'${id.name}' is a static, and its value is '${id.name}.value'; write that`
        : `'${id.name}' is ${what} and cannot be assigned to${hintFor(binding)}`;
    reporter.report(id.start, 'hidden-state', sentence);
  }
}

function hintFor({ top, kind }: Binding): string {
  if (kind !== 'const') return '';
  return top
    ? '; declare it with static_var() if it must change'
    : '; write let where it is declared if it must change';
}

const FIXED: Readonly<Partial<Record<Binding['kind'], string>>> = {
  import: 'an import',
  function: 'a function',
  const: 'a constant',
};

function checkProperty(object: AnyNode, at: number, context: CheckContext): void {
  const root = rootOf(object, context, 0);
  if (root === null) return;
  const { reporter } = context;
  const say = (sentence: string): void => reporter.report(at, 'hidden-state', sentence);
  if (root.type === 'Identifier') {
    const binding = context.names.bindingOf(root);
    if (binding === null)
      say(
        `a property of ${root.name} would be shared by all executions; keep the value in a static or a structure`,
      );
    else if (binding.kind === 'import')
      say(
        `'${root.name}' belongs to the library and cannot be changed; keep the value in a static or a structure`,
      );
    else
      say(
        `a property of '${root.name}' is state the machine cannot see; keep the value in a static or a structure`,
      );
  } else
    say(
      'a property of a function is state the machine cannot see; keep the value in a static or a structure',
    );
}

const ALIASES_MAX = 16;

/** The name or function whose own property is written; null for an ordinary object. */
function rootOf(object: AnyNode, context: CheckContext, depth: number): AnyNode | null {
  let root = object;
  while (root.type === 'MemberExpression' || root.type === 'ChainExpression') {
    root = root.type === 'MemberExpression' ? root.object : root.expression;
  }
  if (root.type === 'FunctionExpression' || root.type === 'ArrowFunctionExpression') return root;
  if (root.type !== 'Identifier' || depth > ALIASES_MAX) return null;
  const binding = context.names.bindingOf(root);
  if (binding === null || isImmutable(binding, context)) return root;
  // A local constant may only rename something else: const f = rbd_put_client.
  const alias = binding.kind === 'const' && !binding.top ? binding.value : null;
  if (alias?.type !== 'Identifier' && alias?.type !== 'MemberExpression') return null;
  return rootOf(alias, context, depth + 1) === null ? null : root;
}

function isImmutable(binding: Binding, context: CheckContext): boolean {
  if (binding.kind === 'import' || binding.kind === 'function' || binding.kind === 'class')
    return true;
  const { value } = binding;
  if (value?.type === 'FunctionExpression' || value?.type === 'ArrowFunctionExpression')
    return true;
  if (!binding.top || binding.kind !== 'const') return false;
  const declarator = declaratorOf(value, context);
  // The machine owns what a declarator returns and sees every write to it; only a structure's definition is not such an
  // object.
  return declarator === null
    ? isObjectFreeze(value, context) || value?.type === 'Identifier'
    : declarator === 'struct';
}

function isObjectAssign(node: AnyNode, { names }: CheckContext): boolean {
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return false;
  const { object, property } = node.callee;
  const isObject =
    object.type === 'Identifier' && object.name === 'Object' && names.bindingOf(object) === null;
  return isObject && property.type === 'Identifier' && property.name === 'assign';
}
