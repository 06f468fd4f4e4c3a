// SPDX-License-Identifier: GPL-2.0-only
/** Runs the rule in ESLint. A mark on a guilty line would itself be a comment, so the test names the lines. */
import path from 'node:path';
import { lint } from './testing/lint';

const fixtures = path.join(__dirname, 'fixtures', 'casts');

describe('casts/cast-comment', () => {
  it('reports casts without a reason, a cast through unknown once', () => {
    const { messages } = lint(fixtures, 'bare.ts');
    expect(messages.map(({ line, message }) => `${line}: ${message}`)).toMatchInlineSnapshot(`
      [
        "7: Say in a comment why the compiler cannot know that this is number, or write it without a cast.",
        "8: Say in a comment why the compiler cannot know that this is string, or write it without a cast.",
        "9: Say in a comment why the compiler cannot know that this is boolean, or write it without a cast.",
        "12: Say in a comment why the compiler cannot know that this is string[], or write it without a cast.",
        "17: Say in a comment why the compiler cannot know that this is Record< string, number >, or write it without a cast.",
      ]
    `);
  });

  it('takes a comment on a line of the cast or directly above it', () => {
    expect(lint(fixtures, 'explained.ts').messages).toEqual([]);
  });
});
