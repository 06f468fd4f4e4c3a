// SPDX-License-Identifier: GPL-2.0-only
/** What a watch shows, and that the editor's problem matchers understand it. */
import fs from 'node:fs';
import path from 'node:path';
import { judgementOf, rejected } from '../judgement';
import { fails, frame, holds, kata, scenarioName } from '../testing/data';
import { PLAIN, styleFor } from './style';
import { printFirst, printGreen, printTypes, printWatched } from './watch';

const bright = styleFor({ isTTY: true, columns: 80, env: {}, argv: [] });
const suite = ['race', 'sharing', 'overlap'].map(scenarioName);

it('ends a failure with its verdict, where a small terminal still shows it', () => {
  const verdicts = [fails('race'), holds('sharing'), holds('overlap')];
  const messages = [
    { type: 'suite', scenarios: suite } as const,
    ...verdicts.map((verdict) => ({ type: 'verdict', verdict }) as const),
  ];
  const heard = { messages, ending: 'done', stuck: null, typeErrors: [] } as const;
  const judgement = judgementOf(frame, heard);
  expect(printFirst('race', 'slab-use-after-free', PLAIN)).toBe(
    'The driver fails: slab-use-after-free in race; looking for the shortest interleaving ...\n',
  );
  expect(printWatched(judgement, 'npx kata test 01', PLAIN)).toMatchInlineSnapshot(`
    "BUG: KASAN: slab-use-after-free in toy_get
    ======
    replay it: npx kata replay 01 'A4 B7'

    2 of 3 scenarios hold.
    "
  `);
});

it('says why a driver was refused', () => {
  const judgement = rejected(frame, ['toy.ts:1:1: this file is empty']);
  expect(printWatched(judgement, '', PLAIN)).toBe('toy.ts:1:1: this file is empty\n');
});

it('explains a success, and goes nowhere', () => {
  const green = {
    kata,
    explanation: '# Why\n\nBecause.\n',
    hintsLeft: ['## Hint 2\n\nWhen?'],
    next: { id: '02-next', shown: 'katas/02-next/toy.ts' },
  };
  expect(printGreen(green, PLAIN)).toMatchInlineSnapshot(`
    "Why
    ===

    Because.

    The hints you did not need

    Hint 2
    ------

    When?

    Side by side with ours: npx kata solution 01

    01-toy is done: it holds in every interleaving.
    Next: 02-next, katas/02-next/toy.ts (press n, or npx kata next)
    "
  `);
  const last = { ...green, explanation: '', hintsLeft: [], next: null };
  expect(printGreen(last, PLAIN)).toMatchInlineSnapshot(`
    "Side by side with ours: npx kata solution 01

    01-toy is done: it holds in every interleaving.
    No kata is left: npx kata progress
    "
  `);
});

interface Tasks {
  readonly tasks: readonly {
    readonly label: string;
    readonly problemMatcher: { readonly pattern: { readonly regexp: string } };
  }[];
}

it.each(['kata: watch', 'kata: test this one'])('%s is understood by the editor', (label) => {
  const root = path.join(__dirname, '..', '..', '..');
  const text = fs.readFileSync(path.join(root, '.vscode', 'tasks.json'), 'utf8');
  const task = (JSON.parse(text) as Tasks).tasks.find((one) => one.label === label);
  const matcher = new RegExp(task?.problemMatcher.pattern.regexp ?? '');
  const problem = "katas/01-toy/toy.ts:8:14: Type 'number' is not wanted (TS2322)";
  const style = label === 'kata: watch' ? bright : PLAIN;
  const shown = printTypes([problem], style).split('\n');
  const matched = shown.flatMap((line) => matcher.exec(line)?.slice(1, 5) ?? []);
  expect(matched.join(' ')).toContain('katas/01-toy/toy.ts 8 14');
});
