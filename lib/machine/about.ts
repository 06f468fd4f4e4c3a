// SPDX-License-Identifier: GPL-2.0-only
/** Names the object of an operation for people. */
import { Handle, objectOf } from './handle';
import { MachineObject } from './object';
import type { Request } from './op';
import { StructObject } from './struct';

/** Label of the operation's object or field, else of its pointer or type argument; empty if it has none. */
export function aboutOf(request: Request): string {
  const { object, a, b } = request;
  if (object !== null && isOnField(request)) {
    const field = `${object.label}.${object.fieldName(request.index)}`;
    return request.kind.field === 'bit' ? `${field} bit ${String(b)}` : field;
  }
  const named = object?.named ?? namedBy(a);
  if (named !== null) return named.label;
  if (object !== null && a instanceof MachineObject) return '';
  const { typeName }: { readonly typeName?: unknown } = a ?? {};
  return typeof typeName === 'string' ? typeName : '';
}

/** Whether an operation is a marked access to one field, or to a bit of one. */
export function isOnField({ kind, object }: Request): boolean {
  return kind.field !== undefined && object instanceof StructObject;
}

function namedBy(argument: unknown): MachineObject | null {
  const object = Handle.is(argument) ? objectOf(argument) : argument;
  return object instanceof MachineObject ? object.named : null;
}
