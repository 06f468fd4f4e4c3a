// SPDX-License-Identifier: GPL-2.0-only
import { parseHints } from './hints';

it('takes each level-two heading for a hint, and nothing above the first', () => {
  const text = '# Hints\r\n\r\nOne at a time.\r\n\r\n## 1\n\nWho?\n\n### Sub\n\n## 2\n\nWhen?\n';
  expect(parseHints(text)).toEqual(['## 1\n\nWho?\n\n### Sub', '## 2\n\nWhen?']);
});

it('takes a numbered list where there are no headings', () => {
  expect(parseHints('# Hints\n\n1. Who?\n   And when?\n2. What?\n')).toEqual([
    '1. Who?\n   And when?',
    '2. What?',
  ]);
});

it('takes a text without either for one hint, and an empty file for none', () => {
  expect(parseHints('Who?\n')).toEqual(['Who?']);
  expect(parseHints('<!-- to be written -->\n')).toEqual([]);
});
