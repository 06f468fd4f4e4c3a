// SPDX-License-Identifier: GPL-2.0-only
import type { TestVerdict } from '../../../lib/kata/verdict';
import { type Judgement, judgementOf, rejected } from '../judgement';
import { fails, frame, holds, manifest, scenarioName } from '../testing/data';
import { printJudgement, scenarioLines } from './judgement';
import { PLAIN } from './style';

function judgement(tests: readonly TestVerdict[], typeErrors: readonly string[] = []): Judgement {
  const suite = ['race', 'sharing', 'overlap'].map(scenarioName);
  const verdicts = tests.map((verdict) => ({ type: 'verdict' as const, verdict }));
  const messages = [{ type: 'suite' as const, scenarios: suite }, ...verdicts];
  return judgementOf(frame, { messages, ending: 'done', stuck: null, typeErrors });
}

function print(judged: Judgement, all = false): string {
  const shown = { judgement: judged, title: manifest.title, command: 'npx kata test 01', all };
  return printJudgement(shown, PLAIN);
}

it('prints a driver that holds', () => {
  expect(print(judgement([holds('race'), holds('sharing', 1), holds('overlap', 4)])))
    .toMatchInlineSnapshot(`
    "01-toy: The toy that was lost
    katas/01-toy/toy.ts

    ok    a toy is not lost while it is played with (holds in all 26 interleavings)
    ok    two CPUs share one toy (holds in the only interleaving)
    ok    two toys can be played with at once (possible: 4 interleavings explored)

    Task 1  5 of 5 points  Nobody plays with a lost toy
    Task 2  1 of 1 point   Toys are shared

    The driver holds in all 31 interleavings of 3 scenarios, exploration complete.
    "
  `);
});

it('prints the first report whole and the others in a line', () => {
  const tests = [fails('race'), fails('sharing', 'EXPECTATION FAILED: no toy'), holds('overlap')];
  expect(print(judgement(tests))).toMatchInlineSnapshot(`
    "01-toy: The toy that was lost
    katas/01-toy/toy.ts

    FAIL  a toy is not lost while it is played with (fails in 3 of 17 interleavings explored)
    FAIL  two CPUs share one toy (fails in 3 of 17 interleavings explored)
    ok    two toys can be played with at once (possible: 26 interleavings explored)

    BUG: KASAN: slab-use-after-free in toy_get
    ======
    replay it: npx kata replay 01 'A4 B7'

    Also failing:
      sharing  EXPECTATION FAILED: no toy
      (npx kata test 01 --scenario sharing shows one report, --all every one)

    Task 1  0 of 5 points  Nobody plays with a lost toy
    Task 2  0 of 1 point   Toys are shared

    1 of 3 scenarios holds.
    "
  `);
});

it('prints every report when asked', () => {
  const tests = [fails('race'), fails('sharing', 'EXPECTATION FAILED: no toy'), holds('overlap')];
  expect(print(judgement(tests), true)).toMatchInlineSnapshot(`
    "01-toy: The toy that was lost
    katas/01-toy/toy.ts

    FAIL  a toy is not lost while it is played with (fails in 3 of 17 interleavings explored)
    FAIL  two CPUs share one toy (fails in 3 of 17 interleavings explored)
    ok    two toys can be played with at once (possible: 26 interleavings explored)

    --- race: a toy is not lost while it is played with
    BUG: KASAN: slab-use-after-free in toy_get
    ======
    replay it: npx kata replay 01 'A4 B7'

    --- sharing: two CPUs share one toy
    EXPECTATION FAILED: no toy
    ======
    replay it: npx kata replay 01 'A4 B7' --scenario sharing

    Task 1  0 of 5 points  Nobody plays with a lost toy
    Task 2  0 of 1 point   Toys are shared

    1 of 3 scenarios holds.
    "
  `);
});

it('prints the first three type errors above what the scenarios gave', () => {
  const errors = [1, 2, 3, 4, 5].map((line) => `toy.ts:${line}:1: wrong (TS1)`);
  const tests = [holds('race'), holds('sharing'), holds('overlap')];
  expect(print(judgement(tests, errors))).toMatchInlineSnapshot(`
    "01-toy: The toy that was lost
    katas/01-toy/toy.ts

    ok    a toy is not lost while it is played with (holds in all 26 interleavings)
    ok    two CPUs share one toy (holds in all 26 interleavings)
    ok    two toys can be played with at once (possible: 26 interleavings explored)

    toy.ts:1:1: wrong (TS1)
    toy.ts:2:1: wrong (TS1)
    toy.ts:3:1: wrong (TS1)
    ... and 2 more

    Task 1  0 of 5 points  Nobody plays with a lost toy
    Task 2  0 of 1 point   Toys are shared

    3 of 3 scenarios hold; a driver with 5 type errors earns no points.
    "
  `);
});

it('prints why a driver was refused, and nothing else', () => {
  expect(print(rejected(frame, ['toy.ts:1:1: this file is empty']))).toMatchInlineSnapshot(`
    "01-toy: The toy that was lost
    katas/01-toy/toy.ts

    toy.ts:1:1: this file is empty
    "
  `);
});

it('promises nothing when one scenario of several was run', () => {
  expect(print(judgement([holds('sharing')]))).toMatchInlineSnapshot(`
    "01-toy: The toy that was lost
    katas/01-toy/toy.ts

    ok    two CPUs share one toy (holds in all 26 interleavings)

    Not every scenario was run, so no points are given.
    "
  `);
});

it('tells each kind of outcome in words of its own', () => {
  const exploration = { strategy: 'dpor', executions: 4, complete: true, failing: 0 } as const;
  const lines = scenarioLines(
    [
      { ...holds('overlap'), status: 'fail', message: 'none of 4', exploration },
      { ...fails('race'), exploration: { ...exploration, failing: 4 } },
      { ...fails('race'), exploration: { ...exploration, executions: 1, failing: 1 } },
      { ...holds('race'), status: 'bound', message: 'given up: nothing is proven' },
      { ...holds('race'), status: 'skipped' },
      { ...holds('race'), name: 'n'.repeat(80) },
      { ...holds('race'), message: 'with at most 2 expiries of watchdog' },
    ],
    PLAIN,
  );
  expect(lines.join('\n')).toMatchInlineSnapshot(`
    "FAIL  two toys can be played with at once (happens in none of 4 interleavings)
    FAIL  a toy is not lost while it is played with (fails in all 4 interleavings explored)
    FAIL  a toy is not lost while it is played with (fails in the first interleaving explored)
    open  a toy is not lost while it is played with (given up: nothing is proven)
    ok    nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn
          (holds in all 26 interleavings)
    ok    a toy is not lost while it is played with
          (holds in all 26 interleavings with at most 2 expiries of watchdog)"
  `);
});

it('folds the headlines of reports between words, with those that also fail below their own', () => {
  const long = `EXPECTATION FAILED: ${'every toy that was taken is given back '.repeat(3)}at the end`;
  const tests = [fails('race', long), fails('sharing', long), holds('overlap')];
  const shown = { title: manifest.title, command: 'npx kata test 01', all: false };
  const style = { ...PLAIN, width: 60, problemWidth: 60 };
  const lines = printJudgement({ judgement: judgement(tests), ...shown }, style).split('\n');
  const at = lines.findIndex((line) => line.startsWith('EXPECTATION FAILED'));
  expect(lines.slice(at, at + 4)).toEqual([
    'EXPECTATION FAILED: every toy that was taken is given back',
    '  every toy that was taken is given back every toy that was',
    '  taken is given back at the end',
    '======',
  ]);
  expect(lines[lines.indexOf('Also failing:') + 2]).toBe(
    '           given back every toy that was taken is given back',
  );
  expect(lines.filter((line) => line.length > 60)).toEqual([]);
});
