// SPDX-License-Identifier: GPL-2.0-only
import { fails } from './testing/data';
import { progressLine, type ProgressStream } from './progress';
import type { JudgeMessage } from './judge-protocol';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

const BEGIN: JudgeMessage = { type: 'begin', scenario: 'put-vs-get' };
const ALIVE: JudgeMessage = { type: 'alive', scenario: 'put-vs-get', executions: 500 };
const SUITE: JudgeMessage = {
  type: 'suite',
  scenarios: ['two-puts', 'put-vs-get', 'sharing'].map((id) => ({
    id,
    name: id,
    task: 1,
    kind: 'race',
  })),
};

/** What is written while messages come and time goes by. */
function shown(
  stream: Omit<ProgressStream, 'write'>,
  ...events: readonly (JudgeMessage | number | 'end')[]
): string {
  let text = '';
  const line = progressLine({ ...stream, write: (more) => (text += more) });
  for (const event of events) {
    if (typeof event === 'number') jest.advanceTimersByTime(event);
    else if (event === 'end') line.clear();
    else line.see(event);
  }
  line.clear();
  return text;
}

const ERASE = '\r\u001b[K';

it('says how far and how fast after a second, and takes the line away', () => {
  expect(shown({ isTTY: true }, BEGIN, 900, ALIVE, 1100, ALIVE, 'end')).toBe(
    `${ERASE}put-vs-get: 500 interleavings explored so far, 500 a second` +
      `${ERASE}put-vs-get: 500 interleavings explored so far, 250 a second` +
      `${ERASE}put-vs-get: 1000 interleavings explored so far, 500 a second${ERASE}`,
  );
});

it('tells how many are judged, how many of those fail, and that it looks for the shortest', () => {
  const fail: JudgeMessage = {
    type: 'verdict',
    verdict: fails('two-puts'),
  };
  const far =
    '1 of 3 scenarios judged, 1 failing; put-vs-get: 0 interleavings explored so far, 0 a second';
  expect(shown({ isTTY: true, columns: 100 }, SUITE, fail, BEGIN, 1000)).toBe(
    `${ERASE}${far}${ERASE}`,
  );
  // Never longer than the line that is taken away again.
  expect(shown({ isTTY: true, columns: 40 }, SUITE, fail, BEGIN, 1000)).toBe(
    `${ERASE}${far.slice(0, 39)}${ERASE}`,
  );
  expect(shown({ isTTY: true, columns: 200 }, { ...BEGIN, explaining: true }, 1000)).toBe(
    `${ERASE}put-vs-get: looking for the shortest interleaving that fails${ERASE}`,
  );
});

it('writes a line each ten seconds to anything but a terminal', () => {
  expect(shown({}, BEGIN, 5000, ALIVE, 4000, 'end')).toBe('');
  expect(shown({}, BEGIN, 5000, ALIVE, 5000, ALIVE, 10_000)).toBe(
    'kata: put-vs-get: 500 interleavings explored so far, 50 a second\n' +
      'kata: put-vs-get: 1000 interleavings explored so far, 50 a second\n',
  );
});

it('says nothing of a quick scenario', () => {
  expect(shown({ isTTY: true }, BEGIN, 900, ALIVE, 50, 'end')).toBe('');
});
