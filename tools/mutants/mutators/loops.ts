// SPDX-License-Identifier: GPL-2.0-only
/** Something is done once that must be repeated until it works. */
import { instead, type Mutation, type Mutator, nodesUnder, textOf } from '../driver';

/** Goes round once. */
export const loops: Mutator = ({ node }, driver) =>
  nodesUnder(node).flatMap((inner): Mutation[] => {
    if (inner.type === 'DoWhileStatement') return [{ edits: [instead(inner.test, 'false')] }];
    const endless = inner.type === 'ForStatement' && (inner.test ?? null) === null;
    if (inner.type !== 'WhileStatement' && !endless) return [];
    const once = `do ${textOf(driver, inner.body)} while (false);`;
    const test = inner.type === 'WhileStatement' ? `if (${textOf(driver, inner.test)}) ` : '';
    return [{ edits: [instead(inner, `${test}${once}`)] }];
  });
