// SPDX-License-Identifier: GPL-2.0-only
/** What an operation is about, in words for people. */
import { Handle, objectOf } from './handle';
import type { Request } from './op';

/** Label of the operation's object, else of the pointer or type it was given; empty if there is none. */
export function aboutOf({ object, a }: Request): string {
  if (object !== null) return object.label;
  if (Handle.is(a)) return objectOf(a).label;
  const { typeName }: { readonly typeName?: unknown } = a ?? {};
  return typeof typeName === 'string' ? typeName : '';
}
