// SPDX-License-Identifier: GPL-2.0-only
/** Changes on both sides are merged; if they conflict, nothing is lost. */
import { merged } from './merge';

const text = (...lines: readonly string[]): string => lines.join('\n');
const BASE = text('import {', '  kref,', '  list,', "} from '#lib';", 'a', 'b', 'c', 'd', 'e');

it('merges changes of both sides', () => {
  const answer = BASE.replace('a', 'a!');
  const base = BASE.replace(/e$/, 'e!');
  expect(merged(answer, BASE, base)).toEqual({
    text: BASE.replace('a', 'a!').replace(/e$/, 'e!'),
    conflicts: [],
  });
});

it('takes an equal change of both sides once', () => {
  const both = BASE.replace('c', 'c!');
  expect(merged(both, BASE, both)).toEqual({ text: both, conflicts: [] });
});

it('merges imports as sets', () => {
  const answer = BASE.replace('  kref,', '  kref,\n  kref_get,').replace('  list,', '  type list,');
  const base = BASE.replace('  kref,', '  atomic_t,');
  expect(merged(answer, BASE, base)).toEqual({
    text: BASE.replace('  kref,\n  list,', '  atomic_t,\n  kref_get,\n  type list,'),
    conflicts: [],
  });
});

it('keeps all three versions of a conflict, and names its line', () => {
  const { text: out, conflicts } = merged(
    BASE.replace('c', 'ours'),
    BASE,
    BASE.replace('c', 'theirs'),
  );
  expect(conflicts).toEqual([7]);
  expect(out.split('\n').slice(6, 13)).toEqual([
    '<<<<<<< the answer',
    'ours',
    '||||||| the old base',
    'c',
    '=======',
    'theirs',
    '>>>>>>> the new base',
  ]);
});
