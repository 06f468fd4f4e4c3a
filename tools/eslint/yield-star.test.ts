// SPDX-License-Identifier: GPL-2.0-only
/**
 * The rule as ESLint runs it: each guilty line ends in a comment naming what must be reported on it, no innocent line
 * is reported, and what the fix leaves is in the snapshot. ESLint runs in its own process, because the rule is an ES
 * module, which Jest does not load.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

interface Result {
  readonly messages: readonly {
    readonly line: number;
    readonly messageId?: string;
    readonly message: string;
  }[];
  readonly output?: string;
}

const fixtures = path.join(__dirname, 'fixtures');
const eslint = path.join(path.dirname(require.resolve('eslint/package.json')), 'bin', 'eslint.js');

function lint(file: string, ...options: string[]): Result {
  const run = spawnSync(process.execPath, [eslint, '--format', 'json', ...options, file], {
    cwd: fixtures,
    encoding: 'utf8',
  });
  // ESLint's own format: one result per file.
  const [result] = JSON.parse(run.stdout || `not JSON: ${run.stderr}`) as Result[];
  if (result === undefined) throw new Error(`eslint said nothing about ${file}`);
  return result;
}

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
    const { messages } = lint('guilty.ts');
    expect(messages.map((m) => `${m.line} ${m.messageId ?? m.message}`)).toEqual(
      markedLines('guilty.ts'),
    );
    expect(
      new Set(messages.map((m) => m.message.replace(/[\w.?]+\(\.\.\.\)/g, 'f(...)'))),
    ).toMatchSnapshot();
  });

  it('reports no innocent line', () => {
    expect(lint('innocent.ts').messages).toEqual([]);
  });

  it('writes the yield* where it can, and leaves the rest to the author', () => {
    const { output, messages } = lint('guilty.ts', '--fix-dry-run');
    const before = fs.readFileSync(path.join(fixtures, 'guilty.ts'), 'utf8').split('\n');
    const changed = (output ?? '').split('\n').filter((line, i) => line !== before[i]);
    expect(changed).toMatchSnapshot();
    expect(messages.map((m) => `${m.line} ${m.messageId ?? m.message}`)).toMatchSnapshot();
  });
});
