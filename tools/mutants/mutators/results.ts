// SPDX-License-Identifier: GPL-2.0-only
/** Errors that are not passed on, or are another one. */
import type { Node } from '@babel/types';
import { instead, type Mutation, type Mutator, nodesUnder } from '../driver';

/** Another error than the one there is. */
function another(name: string): string {
  return name === 'ENOMEM' ? 'EINVAL' : 'ENOMEM';
}

/** Gives other errors, and success where there was one. */
export const results: Mutator = ({ node }) =>
  nodesUnder(node).flatMap((inner): Mutation[] => {
    const name = errorOf(inner);
    if (name !== null) {
      const other = another(name);
      return [{ edits: [instead(inner, `-${other}`)], needs: [other] }];
    }
    if (inner.type !== 'ReturnStatement' || inner.argument?.type !== 'Identifier') return [];
    if (!/^(r|ret|err|error|retval|result)$/.test(inner.argument.name)) return [];
    return [{ edits: [instead(inner.argument, '0')] }];
  });

function errorOf(node: Node): string | null {
  if (node.type !== 'UnaryExpression' || node.operator !== '-') return null;
  const { argument } = node;
  return argument.type === 'Identifier' && /^E[A-Z0-9]+$/.test(argument.name)
    ? argument.name
    : null;
}
