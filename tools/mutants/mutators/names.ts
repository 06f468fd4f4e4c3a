// SPDX-License-Identifier: GPL-2.0-only
/** The variables and fields that code names, and those that it writes without a call. */
import type { Node } from '@babel/types';
import { nodesUnder } from '../driver';

/** All names in a piece of code, those of fields too. */
export function namesIn(node: Node): string[] {
  return nodesUnder(node).flatMap((inner) => (inner.type === 'Identifier' ? [inner.name] : []));
}

/** The names of the variables and fields that code writes; null if one has no name. */
export function writtenIn(node: Node): string[] | null {
  const targets = nodesUnder(node).flatMap((inner): Node[] => {
    if (inner.type === 'AssignmentExpression') return [inner.left];
    if (inner.type === 'UpdateExpression') return [inner.argument];
    return inner.type === 'VariableDeclarator' ? [inner.id] : [];
  });
  const names = targets.map(nameOf);
  return names.some((name) => name === null) ? null : names.filter((name) => name !== null);
}

/** The name of a variable or field; of an array's element it is the array's. */
function nameOf(target: Node): string | null {
  if (target.type === 'Identifier') return target.name;
  if (target.type !== 'MemberExpression') return null;
  return nameOf(target.computed ? target.object : target.property);
}
