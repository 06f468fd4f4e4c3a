// SPDX-License-Identifier: GPL-2.0-only
/** What the trees of both parsers have in common. */

/** The nodes directly below a node, in the order its parser stores them. */
export function nodesIn<N extends { readonly type: string }>(node: N): N[] {
  return Object.values(node)
    .flatMap((value: unknown): unknown[] => (Array.isArray(value) ? value : [value]))
    .filter((value): value is N => isNode(value));
}

// A tree holds only nodes of its own kind, plain values and lists of both; only nodes have a `type` and a `start`.
function isNode(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return 'type' in value && typeof value.type === 'string' && 'start' in value;
}
