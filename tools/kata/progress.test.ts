// SPDX-License-Identifier: GPL-2.0-only
import { progressLine } from './progress';

function shown(
  isTTY: boolean,
  ...steps: readonly [atMs: number, executions: number | 'begin' | 'end'][]
): string {
  let text = '';
  let time = 0;
  const line = progressLine({ isTTY, write: (more) => (text += more) }, () => time);
  for (const [atMs, what] of steps) {
    time = atMs;
    if (what === 'begin') line.see({ type: 'begin', scenario: 'put-vs-get' });
    else if (what === 'end') line.clear();
    else line.see({ type: 'alive', scenario: 'put-vs-get', executions: what });
  }
  return text;
}

it('says how far and how fast after a second, and takes the line away', () => {
  const text = shown(true, [0, 'begin'], [900, 500], [2000, 500], [2100, 'end']);
  expect(text).toBe(
    '\r\u001b[Kput-vs-get: 1000 interleavings explored so far, 500 a second\r\u001b[K',
  );
});

it('says nothing of a quick scenario, nor to anything but a terminal', () => {
  expect(shown(true, [0, 'begin'], [900, 500], [950, 'end'])).toBe('');
  expect(shown(false, [0, 'begin'], [5000, 500], [6000, 'end'])).toBe('');
});
