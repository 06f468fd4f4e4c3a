// SPDX-License-Identifier: GPL-2.0-only
/** What the git hooks demand of a commit, and of which commits. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { problemsOfFiles } from './checks.js';

const load = createRequire(__filename);
const { problemsIn } = load('./message.js') as { problemsIn: (text: string) => string[] };
const { onlyDrivers } = load('./staged-files.js') as {
  onlyDrivers: (files: readonly string[]) => boolean;
};
const WHY = '\n\nIt was wrong.\n';
const NO_ROOM =
  "the subject names no room; write 'room: verb object', as in 'kcsan: report plain reads'";
const NO_BODY = 'there is no body; say why in a line or two';

it.each([
  [`kcsan: report plain reads${WHY}`, []],
  [`kata-01, kata-02: share the world${WHY}`, []],
  [`dpor: x${WHY}# a comment\n# ---- >8 ----\n`, []],
  [`Report plain reads${WHY}`, [NO_ROOM]],
  [`${'r: '.padEnd(61, 'x')}${WHY}`, ['the subject has 61 characters, and may have 60']],
  ['kcsan: report plain reads\n', [NO_BODY]],
  ['kcsan: report plain reads\n\n# only a comment\n', [NO_BODY]],
  ['kcsan: report plain reads\n\nSigned-off-by: Somebody <s@example.org>\n', [NO_BODY]],
  ['kcsan: report plain reads\nat once\n\nWhy.', ['the second line is not empty']],
  ["Merge branch 'topic'\n", []],
  ['Revert "kcsan: report plain reads"\n\nThis reverts commit 1.\n', []],
  ['fixup! kcsan: report plain reads\n', []],
])('the message %j', (text, problems) => {
  expect(problemsIn(text)).toEqual(problems);
});

it('recognises a learner’s commit', () => {
  expect(onlyDrivers(['katas/01-rbd-put-client/rbd.ts', 'katas/02-x/rbd.ts'])).toBe(true);
  for (const file of [
    'katas/01-x/scenarios.ts',
    'katas/01-x/rbd.test.ts',
    'katas/worlds/rbd.ts',
    'README.md',
  ])
    expect(onlyDrivers(['katas/01-x/rbd.ts', file])).toBe(false);
  expect(onlyDrivers([])).toBe(false);
});

it('checks only the files of the commit', () => {
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'kata-staged-')), 'a.json');
  fs.writeFileSync(file, '{"a":1}');
  const shown = path.relative(process.cwd(), file);
  expect(problemsOfFiles([file]).map((problem) => problem.replaceAll(shown, file))).toEqual([
    `${file}: not formatted (npx prettier --write ${file})`,
  ]);
  fs.rmSync(path.dirname(file), { recursive: true });
});

describe('in a clone', () => {
  const clone = fs.mkdtempSync(path.join(os.tmpdir(), 'kata-hooks-'));
  const git = (...args: readonly string[]): { status: number | null; stderr: string } =>
    spawnSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.org', ...args], {
      cwd: clone,
      encoding: 'utf8',
      env: { ...process.env, HOME: clone },
    });
  const write = (file: string, text: string): void => {
    fs.mkdirSync(path.dirname(path.join(clone, file)), { recursive: true });
    fs.writeFileSync(path.join(clone, file), text, { mode: 0o755 });
  };
  const commit = (file: string, message: string): string => {
    write(file, `${message}\n`);
    git('add', file);
    return git('commit', '-q', '-m', message).stderr;
  };
  beforeAll(() => {
    git('init', '-q');
    const script = path.join(__dirname, 'message.js');
    write('.git/hooks/commit-msg', `#!/bin/sh\nexec node "${script}" "$1"\n`);
  });
  afterAll(() => {
    fs.rmSync(clone, { recursive: true });
  });

  it('lets a learner commit a driver in any words', () => {
    expect(commit('katas/01-toy/toy.ts', 'tried it')).toBe('');
    expect(git('commit', '-q', '--amend', '-m', 'solved!').stderr).toBe('');
  });

  it('demands the form of every other commit, and says where the message is', () => {
    expect(commit('lib/a.ts', 'tried it').split('\n')).toEqual([
      `commit message: ${NO_ROOM}`,
      `commit message: ${NO_BODY}`,
      'Your message is in .git/COMMIT_EDITMSG: git commit -e -F .git/COMMIT_EDITMSG',
      '',
    ]);
    expect(commit('lib/a.ts', `lib: add a${WHY}`)).toBe('');
  });
});
