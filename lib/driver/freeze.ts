// SPDX-License-Identifier: GPL-2.0-only
/** The functions of a driver that outlive a call, and how the linked text reaches them. */
import type { AnyNode } from 'acorn';
import { isFunction, propertyName } from './ast';
import type { Names } from './scope';

/** `rbd_put_client`, `rbd_ops["open"]`, ...: the expressions that the linker freezes, so that no state can hide on functions. */
export function functionsToFreeze(names: Names): string[] {
  return names.bindings.flatMap((binding) =>
    binding.top && binding.value !== null ? paths(binding.name, binding.value) : [],
  );
}

/** The declarations among them. They exist before the first statement, so a static can be declared with one. */
export function hoistedFunctions(names: Names): string[] {
  return names.bindings.flatMap(({ top, value, name }) =>
    top && value?.type === 'FunctionDeclaration' ? [name] : [],
  );
}

/**
 * Other functions of file scope, which no expression reaches: among the arguments of a declarator, as in
 * `DECLARE_WORK('w', function* (work) {})`, or anywhere else in an expression. A method is frozen together with its
 * table.
 */
export function withoutPath(names: Names): AnyNode[] {
  return names.nodes.filter((node) => {
    if (names.functionAround(node) !== null) return false;
    if (node.type === 'ObjectExpression') return node.properties.some(isMethod);
    if (!isFunction(node) || node.type === 'FunctionDeclaration') return false;
    const parent = names.parentOf(node);
    // Such a function has no name: neither a variable nor the key of a method gives it one.
    return (
      parent?.type !== 'VariableDeclarator' && !(parent?.type === 'Property' && isMethod(parent))
    );
  });
}

function isMethod(property: AnyNode): boolean {
  return property.type === 'Property' && (property.method || property.kind !== 'init');
}

function paths(path: string, value: AnyNode): string[] {
  if (isFunction(value)) return [path];
  if (value.type !== 'CallExpression' || value.callee.type !== 'MemberExpression') return [];
  // Only Object.freeze(table). Any other call at file scope is a declarator, and its result belongs to the library.
  const { object } = value.callee;
  const [table] = value.arguments;
  return object.type === 'Identifier' && object.name === 'Object' && table
    ? members(path, table)
    : [];
}

function members(path: string, table: AnyNode): string[] {
  if (table.type === 'ArrayExpression') {
    return table.elements.flatMap((element, i) =>
      element === null ? [] : paths(`${path}[${String(i)}]`, element),
    );
  }
  if (table.type !== 'ObjectExpression') return [];
  return table.properties.flatMap((property) => {
    const name =
      property.type === 'Property' ? propertyName(property.key, property.computed) : null;
    return property.type === 'Property' && name !== null
      ? paths(`${path}[${JSON.stringify(name)}]`, property.value)
      : [];
  });
}
