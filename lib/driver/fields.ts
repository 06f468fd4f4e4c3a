// SPDX-License-Identifier: GPL-2.0-only
/** What a driver's text says of its values: which members of its structures are counts, and which are integers. */
import type { AnyNode } from 'acorn';
import { propertyName } from './ast';
import type { CheckContext } from './context';

/** Counts, and what reads them. */
const READS: ReadonlyMap<string, string> = new Map([
  ['atomic_t', 'atomic_read'],
  ['atomic_long_t', 'atomic_long_read'],
  ['atomic64_t', 'atomic64_read'],
  ['refcount_t', 'refcount_read'],
  ['kref', 'kref_read'],
]);

/** Why a value is always true: it is a count, and not its number. Null for other values. */
export function countSentence(value: AnyNode, context: CheckContext): string | null {
  const type = isNamed(value, 'DEFINE_ATOMIC', context) ? 'atomic_t' : fieldType(value, context);
  const read = READS.get(type ?? '');
  if (read === undefined) return null;
  const text = context.code.slice(value.start, value.end);
  return `'${text}' is a count itself, which is never false; write yield* ${read}(${text})`;
}

/** Whether the text itself says that a value is an integer. */
export function isInteger(value: AnyNode, context: CheckContext): boolean {
  if (value.type === 'Literal') return Number.isInteger(value.value);
  return fieldType(value, context) === 'int';
}

/** The type that the structures of the file give to a member of this name, if all of them agree. */
function fieldType(value: AnyNode, context: CheckContext): string | null {
  if (value.type !== 'MemberExpression') return null;
  const name = propertyName(value.property, value.computed);
  const types = context.names.nodes.flatMap((node) => declared(node, name, context));
  const [first = null] = types;
  return types.every((type) => type === first) ? first : null;
}

/** What a call of struct() declares a member as. */
function declared(node: AnyNode, name: string | null, { names }: CheckContext): (string | null)[] {
  if (node.type !== 'CallExpression' || node.callee.type !== 'Identifier') return [];
  if (names.bindingOf(node.callee)?.imported !== 'struct') return [];
  const fields = node.arguments[1];
  if (fields?.type !== 'ObjectExpression') return [];
  return fields.properties.flatMap((field) => {
    if (field.type !== 'Property' || propertyName(field.key, field.computed) !== name) return [];
    if (field.value.type !== 'Identifier') return [null];
    return [names.bindingOf(field.value)?.imported ?? null];
  });
}

/** Whether a name stands for what a declaration of the library made. */
export function isNamed(value: AnyNode, declarator: string, { names }: CheckContext): boolean {
  const made = value.type === 'Identifier' ? names.bindingOf(value)?.value : null;
  if (made?.type !== 'CallExpression' || made.callee.type !== 'Identifier') return false;
  return names.bindingOf(made.callee)?.imported === declarator;
}
