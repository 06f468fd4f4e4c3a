// SPDX-License-Identifier: GPL-2.0-only
import { lineText, valueText } from './value-text';

it.each([
  [null, 'NULL'],
  [undefined, 'never written'],
  [-12, '-12'],
  [true, 'true'],
  ['eth0', '"eth0"'],
  ['\u001b[31mred', '"?[31mred"'],
  [[1, null, [2]], '[1, NULL, [...]]'],
])('writes %p as %p', (value, text) => {
  expect(valueText(value)).toBe(text);
});

it('calls no method of a value', () => {
  const trap = {
    get x(): never {
      throw new Error('called');
    },
    toString(): never {
      throw new Error('called');
    },
  };
  expect([valueText(trap), lineText([trap, [trap]])]).toEqual([null, '{...} [{...}]']);
});

it.each([
  [['users: %d of %lu', 1, 4], 'users: 1 of 4'],
  [['100%% of %s', 'them'], '100% of them'],
  [['seen', 3, null], 'seen 3 NULL'],
  [['%d and %d', 1], '1 and %d'],
  [['%d %s %p %pS %x %lu', 1, 'a', null, null, 255, 2], '1 a NULL NULL ff 2'],
  [['%d of %s', 'text', 7], 'text of 7'],
  [['%u', 1, 2, 'more'], '1 2 more'],
  [['in %ds, %#X, %08x', 5, 255, -1], 'in 5s, 0xFF, ffffffff'],
  [['%px and %x', 'dev', 'dev'], 'dev and dev'],
  [[{ a: 1 }], '{...}'],
  [['line\nbreak'], 'line break'],
])('prints %j as %p', (args, text) => {
  expect(lineText(args)).toBe(text);
});
