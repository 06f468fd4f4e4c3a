// SPDX-License-Identifier: GPL-2.0-only
/**
 * Runs the rule in ESLint: each guilty line ends in a comment that names the expected report, no innocent line is reported, and
 * the snapshot shows the result of the fix.
 */
import fs from 'node:fs';
import path from 'node:path';
import { lint } from './testing/lint';

const fixtures = path.join(__dirname, 'fixtures');
function markedLines(file: string): string[] {
  const lines = fs.readFileSync(path.join(fixtures, file), 'utf8').split('\n');
  return lines.flatMap((line, i) => {
    const marks = /; \/\/ (.*)$|\} \/\/ (.*)$/.exec(line);
    return (marks?.[1] ?? marks?.[2] ?? '')
      .split(' ')
      .filter(Boolean)
      .map((mark) => `${i + 1} ${mark}`);
  });
}

describe('kata/yield-star', () => {
  it('reports every guilty line, and says what happens there', () => {
    const { messages } = lint(fixtures, 'guilty.ts');
    expect(messages.map((m) => `${m.line} ${m.messageId ?? m.message}`)).toEqual(
      markedLines('guilty.ts'),
    );
    expect(
      new Set(messages.map((m) => m.message.replace(/[\w.?]+\(\.\.\.\)/g, 'f(...)'))),
    ).toMatchSnapshot();
  });

  it('reports no innocent line', () => {
    expect(lint(fixtures, 'innocent.ts').messages).toEqual([]);
  });

  it('writes the yield* where it can, and leaves the rest to the author', () => {
    const { output, messages } = lint(fixtures, 'guilty.ts', '--fix-dry-run');
    const before = fs.readFileSync(path.join(fixtures, 'guilty.ts'), 'utf8').split('\n');
    const changed = (output ?? '').split('\n').filter((line, i) => line !== before[i]);
    expect(changed).toMatchSnapshot();
    expect(messages.map((m) => `${m.line} ${m.messageId ?? m.message}`)).toMatchSnapshot();
  });
});
