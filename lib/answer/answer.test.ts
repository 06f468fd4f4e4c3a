// SPDX-License-Identifier: GPL-2.0-only
/** A patch is parsed as it was printed, and applies exactly or not at all. */
import { applyAnswer, diffAgainst, onBetterBase, parseAnswer, printAnswer } from './index';

const KATA = { kata: '01-toy', driver: 'toy.ts' };
const PORT = ['a', 'b', 'c', 'd', 'e', 'f', ''].join('\n');
const ANSWER = ['a', 'b', 'c', 'lock', 'd', 'e', 'f', ''].join('\n');
const diff = diffAgainst({ ...KATA, base: 'port' }, PORT, ANSWER);

const MAIL = `Take the lock too late

The count was read before it.

Fails: two-writes
Fails: three-writes
Task: 1
--- against the port as shipped
--- a/katas/01-toy/toy.ts
+++ b/katas/01-toy/toy.ts
@@ -1,6 +1,7 @@
 a
 b
 c
+lock
 d
 e
 f
`;

it('is a mail: subject, reasons, trailers, base and diff', () => {
  const message = {
    subject: 'Take the lock too late',
    why: 'The count was read before it.',
    fails: ['two-writes', 'three-writes'],
    tasks: [1],
  };
  expect(printAnswer(message, 'port', diff)).toBe(MAIL);
  expect(parseAnswer(MAIL, 'x.patch')).toEqual({
    ...message,
    ...KATA,
    base: 'port',
    diff,
    line: 9,
  });
});

it('produces the driver that it was made from', () => {
  expect(applyAnswer(parseAnswer(MAIL, 'x.patch'), PORT, 'x.patch')).toBe(ANSWER);
});

it('may be the output of git, without a message', () => {
  const bare = `diff --git a/katas/01-toy/toy.ts b/katas/01-toy/toy.ts\nindex 1..2 100644\n${diff}`;
  const answer = parseAnswer(bare, 'x.patch');
  expect(answer).toMatchObject({ subject: '', fails: [], base: 'port', line: 3 });
  expect(applyAnswer(answer, PORT, 'x.patch')).toBe(ANSWER);
});

/** The mail with something replaced, and the sentence that says what is wrong with it. */
it.each([
  [/^--- a[^]*/m, '', 'x.patch: not a patch: it holds no unified diff'],
  [
    /katas\/01-toy\/toy.ts/g,
    'lib/index.ts',
    'x.patch:9: the patch changes another file than katas/NN-slug/DRIVER.ts or solutions/NN-slug/DRIVER.ts',
  ],
  [
    'against the port as shipped',
    'against the solution',
    "x.patch:8: write '--- against the port as shipped': the diff below is",
  ],
  ['Task: 1', 'Task: two', "x.patch:7: trailers are 'Fails: SCENARIO' and 'Task: N'"],
  [
    '\n c\n',
    '\n x\n',
    "x.patch:14: the patch does not apply: line 3 of katas/01-toy/toy.ts as shipped is not 'x'",
  ],
  [
    '@@ -1,6 +1,7',
    '@@ -2,6 +2,7',
    "x.patch:12: the patch does not apply: line 2 of katas/01-toy/toy.ts as shipped is not 'a'",
  ],
  ['+lock\n', '', /^x\.patch:9: the diff is damaged: /],
  [/@@[^]*/, '', 'x.patch:9: the diff changes nothing'],
  [
    / f\n$/,
    ' f\n--- a/katas/01-toy/README.md\n+++ b/katas/01-toy/README.md\n@@ -1 +1 @@\n-a\n+b\n',
    'x.patch:9: the diff changes more files than toy.ts',
  ],
])('is refused in one sentence: %s', (what, by, sentence) => {
  expect(() =>
    applyAnswer(parseAnswer(MAIL.replace(what, by), 'x.patch'), PORT, 'x.patch'),
  ).toThrow(sentence);
});

it('is against the port, unless the diff against the solution is much shorter', () => {
  const lines = Array.from({ length: 40 }, (_, i) => `line ${i}`);
  const port = `/* the port */\n${lines.join('\n')}`;
  const changed = lines.map((line, i) => (i % 4 === 0 ? `${line}!` : line));
  const solution = `/* solved */\n${changed.join('\n')}`;
  const texts = { port, solution };
  expect(onBetterBase(texts, `${port}\nx`)).toEqual({ base: 'port', text: `${port}\nx` });
  // Whichever header it began with, it gets that of its base, which says where it comes from.
  const made = { base: 'solution', text: `${solution}\nx` };
  expect(onBetterBase(texts, `${solution}\nx`)).toEqual(made);
  expect(onBetterBase(texts, `${solution}\nx`.replace('solved', 'the port'))).toEqual(made);
  // The solution does not differ from itself, so the diff would be empty.
  expect(onBetterBase(texts, solution).base).toBe('port');
});
