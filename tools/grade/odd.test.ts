// SPDX-License-Identifier: GPL-2.0-only
/** What strangers call themselves and write: no output holds it as it is. */
import { csv } from './gradebook/csv';
import { jsonText, plain, plainLine } from './odd';
import { safeText } from './summary/html';

const ODD: readonly [string, string][] = [
  ['a direction', 'a\u202eb'],
  ['an isolate', 'a\u2066b'],
  ['a mark of direction', 'a\u200fb'],
  ['an Arabic mark', 'a\u061cb'],
  ['a space of no width', 'a\u200bb'],
  ['a soft hyphen', 'a\u00adb'],
  ['a byte order mark', 'a\ufeffb'],
  ['an escape', 'a\u001bb'],
  ['a line separator', 'a\u2028b'],
  ['half of a character', 'a\ud800b'],
];

it.each(ODD)('%s is marked in every output', (_, text) => {
  expect(plain(text)).toBe('a\ufffdb');
  expect(safeText(text)).toBe('a\ufffdb');
  expect(csv(['x'], [[text]])).toBe('x\na\ufffdb\n');
  const json = jsonText({ text });
  expect(json).toMatch(/^[\n -~]+$/);
  expect(JSON.parse(json)).toEqual({ text });
});

it('keeps whole characters, and lines', () => {
  expect(plain('Zo\u00eb \u{1f600}\n\tx')).toBe('Zo\u00eb \u{1f600}\n\tx');
  expect(plainLine('a\nb', '?')).toBe('a?b');
});

it.each([
  '=1',
  '+1',
  '-1',
  '@x',
  '\uff1d1',
  '\uff0b1',
  '\uff0d1',
  '\uff20x',
  ' =1',
  '\u202e=1',
  '\t=1',
  "'=1",
])('a cell that a spreadsheet would calculate is a text: %j', (cell) => {
  expect(csv(['x'], [[cell]]).split('\n')[1]).toMatch(/^"?'/);
});

it('leaves numbers and other texts alone', () => {
  expect(csv(['a', 'b'], [[-1, 'x = 1']])).toBe('a,b\n-1,x = 1\n');
});
