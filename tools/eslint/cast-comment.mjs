// SPDX-License-Identifier: GPL-2.0-only
/**
 * ESLint rule cast-comment: a cast claims to know more than the compiler, so a comment must say why. The comment must be on a line
 * of the cast or directly above it. Doc comments and directives do not count, as they say something else. `as const` is not a
 * cast.
 */
const rule = {
  meta: {
    type: 'suggestion',
    docs: { description: 'a cast carries a comment' },
    schema: [],
    messages: {
      bare: 'Say in a comment why the compiler cannot know that this is {{type}}, or write it without a cast.',
    },
  },
  create(context) {
    const { sourceCode } = context;
    const said = new Set();
    for (const comment of sourceCode.getAllComments()) {
      if (isReason(comment))
        for (let { line } = comment.loc.start; line <= comment.loc.end.line; line++) said.add(line);
    }

    function check(node) {
      if (isConst(node) || isCast(node.parent)) return;
      const { start, end } = node.loc;
      for (let line = start.line - 1; line <= end.line; line++) if (said.has(line)) return;
      const type = sourceCode.getText(node.typeAnnotation).replace(/\s+/g, ' ');
      context.report({ node, messageId: 'bare', data: { type } });
    }
    return { TSAsExpression: check, TSTypeAssertion: check };
  },
};

function isReason({ type, value }) {
  if (type === 'Block' && value.startsWith('*')) return false;
  return !/^\s*(eslint-|@ts-|prettier-)/.test(value);
}

/** In `x as unknown as T` only the whole expression counts as a cast. */
function isCast(node) {
  return node?.type === 'TSAsExpression' || node?.type === 'TSTypeAssertion';
}

function isConst({ typeAnnotation }) {
  return typeAnnotation.type === 'TSTypeReference' && typeAnnotation.typeName.name === 'const';
}

export default { meta: { name: 'casts' }, rules: { 'cast-comment': rule } };
