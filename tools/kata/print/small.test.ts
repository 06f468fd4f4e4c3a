// SPDX-License-Identifier: GPL-2.0-only
/** The small printing rooms: commands to paste, colours, words, faults. */
import { faultText } from './fault';
import { driverOption, replayCommand } from './replay-command';
import { styleFor } from './style';
import { columns, count, firstOf, wrap } from './words';

it('names scenario and driver in a replay command only where they are needed', () => {
  const plain = { number: '01', schedule: 'A4 B7', scenario: null, driverOption: '' };
  expect(replayCommand(plain)).toBe("npx kata replay 01 'A4 B7'");
  expect(
    replayCommand({ ...plain, scenario: 'sharing', driverOption: driverOption("it's mine.ts") }),
  ).toBe("npx kata replay 01 'A4 B7' --scenario sharing --driver 'it'\\''s mine.ts'");
  expect(driverOption('../a-b/rbd.ts')).toBe('--driver ../a-b/rbd.ts');
});

it.each([
  ['a terminal', true, {}, [], true],
  ['a pipe', false, { CI: 'true' }, [], false],
  ['NO_COLOR', true, { NO_COLOR: '1' }, [], false],
  ['an empty NO_COLOR', true, { NO_COLOR: '' }, [], true],
  ['--no-color', true, {}, ['test', '--no-color'], false],
  ['a dumb terminal', true, { TERM: 'dumb' }, [], false],
])('colours for %s', (_, isTTY, env, argv, colours) => {
  const bold = styleFor({ isTTY, columns: 80, env, argv }).bold('x');
  expect(bold !== 'x').toBe(colours);
});

it('counts, wraps, aligns and cuts', () => {
  expect([count(1, 'kata'), count(0, 'kata')]).toEqual(['1 kata', '0 katas']);
  expect(wrap('one two  three\nfour', 9)).toBe('one two\nthree\nfour');
  expect(
    columns([
      ['a', 'b'],
      ['long', 'c'],
      ['d', ''],
    ]),
  ).toEqual(['a     b', 'long  c', 'd']);
  expect(firstOf(['a', 'b', 'c'], 2)).toEqual(['a', 'b', '... and 1 more']);
  expect(firstOf(['a', 'b'], 2)).toEqual(['a', 'b']);
});

it('keeps a stack to itself unless it is asked for', () => {
  const fault = { message: 'dpor: lost', trace: 'Error: dpor\n    at x' };
  expect(faultText(fault, {})).toBe(
    "kata: dpor: lost; this is not your driver's fault (KATA_DEBUG=1 shows more)\n",
  );
  expect(faultText(fault, { KATA_DEBUG: '1' })).toBe(
    "kata: dpor: lost; this is not your driver's fault\nError: dpor\n    at x\n",
  );
});
