// SPDX-License-Identifier: GPL-2.0-only
/** Every `@example` in the doc comments runs, returns the values it shows, and causes no report. */
import { typeErrors } from './example-types';
import { allExamples, examplesOf, runExample } from './examples';

const examples = allExamples();

it('finds the examples', () => {
  expect(examples.length).toBeGreaterThan(20);
});

it('have the right types', () => {
  expect(typeErrors(examples)).toEqual([]);
});

it.each(examples)('%s runs', (_place, example) => {
  const { given, promised, reports, finished } = runExample(example);
  expect(reports).toEqual([]);
  expect(given).toEqual(promised);
  expect(finished).toBeGreaterThan(0);
});

it.each([
  ['another value', "const n = DEFINE_ATOMIC('n', 1);\nyield* atomic_read(n); // => 2", '1'],
  [
    'a value that depends on the interleaving',
    "const n = DEFINE_ATOMIC('n', 0);\nyield* spawn_task('b', () => atomic_inc(n));\nyield* atomic_read(n); // => 0",
    '0 or 1',
  ],
])('notices %s', (_what, code, given) => {
  expect(runExample({ line: 1, code }).given).toEqual([given]);
});

it('notices a wrong type', () => {
  const code = "const lock = DEFINE_MUTEX('lock');\nyield* spin_lock(lock);";
  expect(typeErrors([['here', { line: 1, code }]])).toEqual([
    expect.stringMatching(/^here: Argument of type 'mutex' is not assignable/),
  ]);
});

it('notices a report', () => {
  const code = "const lock = DEFINE_MUTEX('lock');\nyield* mutex_lock(lock);";
  expect(runExample({ line: 1, code }).reports).not.toEqual([]);
});

it('takes several examples out of a comment, up to the next tag', () => {
  const source =
    '/**\n * Adds.\n *\n * @example\n * a();\n * b();\n * @kernel x.h\n * @example c();\n */\n';
  expect(examplesOf(source)).toEqual([
    { line: 4, code: 'a();\nb();' },
    { line: 8, code: 'c();' },
  ]);
});
