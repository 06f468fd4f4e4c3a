// SPDX-License-Identifier: GPL-2.0-only
/** Findings reach programs that read `file:line: message`: the tasks of .vscode/tasks.json do. */
import fs from 'node:fs';
import path from 'node:path';
import type { KataReportV1, TestVerdict } from '../../../lib/kata/verdict';
import { repositoryRoot } from '../katas';
import { findingLine } from './place';

const HEADLINE = 'BUG: KASAN: slab-use-after-free in toy_play';

function placeOf(report: string, driver = 'katas/01-toy/toy.ts'): string | null {
  const failure = { ...FAILURE, report: `${HEADLINE}\n${report}` };
  // Nothing else of the two is read.
  return findingLine({ driver } as KataReportV1, { failure } as TestVerdict);
}

const FAILURE = {
  kind: 'slab-use-after-free',
  headline: HEADLINE,
  report: '',
  schedule: 'A1',
  replay: '',
  contextSwitches: 0,
};

const ROWS = `
interleaving, top first, with lines of toy.ts:
 CPU 1: a (A)              | CPU 2: b (B)
   12   kfree(toy#1) <--   |
                           |   13   reads toy#1.id = 1
then check():
     14   reads toy#1.id
`;

/** The same where all tasks share a column, and marks stand below their rows. */
const NARROW = `
interleaving, top first, with lines of toy.ts:
 A = a on CPU 1; B = b on CPU 2
 B        toy_play()
            (worlds/toy.ts:7) <--
 A   12   kfree(toy#1)
            <--
 B        toy_use() (worlds/toy.ts:8)
            <-- slab-use-after-free
 B   13   reads toy#1.id = 1
`;

it.each([
  [
    'the stack',
    'Read of size 1\n toy_play toy.ts:7\n\nFreed by task 101:\n toy_free toy.ts:9\n',
    7,
  ],
  [
    'the marked row',
    `Read\n toy_play worlds/toy.ts:7\n\nFreed by task 101:\n f toy.ts:9\n${ROWS}`,
    12,
  ],
  ['another stack', 'Read\n toy_play worlds/toy.ts:7\n\nFreed by task 101:\n f toy.ts:9\n', 9],
  ['the last row', ROWS.replace(' <--', ''), 13],
  ['the marked row of one column', NARROW, 12],
  ['the last row of one column', NARROW.replaceAll(/<--.*/g, ''), 13],
])('a finding is where %s says', (_, report, line) => {
  expect(placeOf(report)).toBe(`katas/01-toy/toy.ts:${line}: ${HEADLINE}`);
});

it('is nowhere if no line of the driver is named, or if the lines are those of a patch', () => {
  expect(placeOf('Read\n toy_play worlds/toy.ts:7\n')).toBeNull();
  expect(placeOf(ROWS, 'solutions/01-toy/wrong/none.patch')).toBeNull();
});

it('is read by the tasks of VS Code', () => {
  const file = path.join(repositoryRoot(), '.vscode', 'tasks.json');
  const { tasks } = JSON.parse(fs.readFileSync(file, 'utf8')) as {
    tasks: { label: string; problemMatcher: { pattern?: Record<string, string> } }[];
  };
  const patterns = tasks.flatMap(({ problemMatcher: { pattern } }) => (pattern ? [pattern] : []));
  expect(patterns).toHaveLength(2);
  for (const { regexp = '', ...groups } of patterns) {
    const lines = [placeOf(ROWS) ?? '', 'katas/01-toy/toy.ts:12:3: there is no goto here (syntax)'];
    for (const line of lines) {
      const found = new RegExp(regexp).exec(line);
      const part = (name: string): string | undefined => found?.[Number(groups[name])];
      expect([part('file'), part('line')]).toEqual(['katas/01-toy/toy.ts', '12']);
      expect(part('message')).toContain(line.replace(/^\S+ /, ''));
    }
  }
});
