// SPDX-License-Identifier: GPL-2.0-only
/** The functions of a driver that outlive a call, by the expression that reaches them from file scope. */
import type { AnyNode } from 'acorn';
import { isFunction, propertyName } from './ast';
import type { Names } from './scope';

/** `rbd_put_client`, `rbd_ops["open"]`, ...: what the linker freezes so that no state can hide on them. */
export function functionsToFreeze(names: Names): string[] {
  return names.bindings.flatMap((binding) =>
    binding.top && binding.value !== null ? paths(binding.name, binding.value) : [],
  );
}

/** Of these, the declarations: they are there before the first statement, so that a static can be declared with one. */
export function hoistedFunctions(names: Names): string[] {
  return names.bindings.flatMap(({ top, value, name }) =>
    top && value?.type === 'FunctionDeclaration' ? [name] : [],
  );
}

/**
 * Other functions of file scope: among the arguments of a declarator, `DECLARE_WORK('w', function* (work) {})`, or wherever else an
 * expression has one; no path leads there. A method is frozen with the table that it is written in.
 */
export function withoutPath(names: Names): AnyNode[] {
  return names.nodes.filter((node) => {
    if (names.functionAround(node) !== null) return false;
    if (node.type === 'ObjectExpression') return node.properties.some(isMethod);
    if (!isFunction(node) || node.type === 'FunctionDeclaration') return false;
    const parent = names.parentOf(node);
    // A name is given where a function is written: by a variable, whose value has a path, or by a method's key.
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
  // Object.freeze(table): what else is called at file scope is a declarator, and its result the library's.
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
