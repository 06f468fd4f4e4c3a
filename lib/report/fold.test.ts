// SPDX-License-Identifier: GPL-2.0-only
import { fold, widthFor } from './fold';

it.each([
  ['short', 20, ['short']],
  ['three words here', 12, ['three words', '    here']],
  ['kref_put(rbd_client#1.kref) 1 -> 0', 30, ['kref_put(rbd_client#1.kref)', '    1 -> 0']],
  ['reads total.value = 100000000', 20, ['reads', '    total.value', '    = 100000000']],
  ['f(a_rather_long_name#1.field)', 22, ['f(', '    a_rathe...1.field)']],
  ['  171   list_del(node#1.link)', 20, ['  171   list_del(', '    node#1.link)']],
  ['READ_ONCE(t#1.t) = "a b"', 20, ['READ_ONCE(t#1.t)', '    = "a b"']],
  [
    'reads t#1.t = "one text (of several) words"',
    24,
    ['reads t#1.t', '    =', '    "one text...) words"'],
  ],
  ['='.repeat(66), 60, ['='.repeat(60)]],
])('folds %j at %d', (text, width, lines) => {
  expect(fold(text, width)).toEqual(lines);
});

it('begins no line inside of a text of the driver, wherever that stands', () => {
  const held = '"?  at y (made-up:1:1)\\" at z (made-up:2:2) (?[31m"';
  for (let before = 0; before < 60; before++) {
    for (let width = 24; width < 100; width++) {
      const lines = fold(`${'x '.repeat(before)}READ_ONCE(t#1.t) = ${held} <-- read of it`, width);
      const begins = lines
        .map((line) => line.trimStart())
        .filter((line) => /^(at|\(?made|\(\?)/.test(line));
      expect([before, width, begins]).toEqual([before, width, []]);
    }
  }
});

it.each([
  [undefined, 100],
  [0, 100],
  [40, 60],
  [160, 160],
  [400, 200],
])('takes a terminal of %p columns for one of %d', (columns, width) => {
  expect(widthFor(columns)).toBe(width);
});
