// SPDX-License-Identifier: GPL-2.0-only
/** Where code under test comes from is for the machine to know. */
import { hiddenStacks, stackOf } from './stacks';
import { sites } from './op';

const before = Object.getOwnPropertyDescriptor(Error, 'prepareStackTrace')
  ?.value as typeof Error.prepareStackTrace;

beforeAll(() => {
  Error.prepareStackTrace = hiddenStacks((frames) => `${frames.length > 0}`);
});

afterAll(() => {
  Error.prepareStackTrace = before;
});

afterEach(() => {
  sites.capture = null;
});

it.each([
  ['explored', null],
  ['replayed', () => ''],
])('an exception shows no stack while an execution is %s', (_, capture) => {
  sites.capture = capture;
  expect(new Error('x').stack).toBe('');
});

it('the machine knows the stack of an exception in a replay, even if others have read it before', () => {
  sites.capture = () => '';
  const seen = new Error('x');
  expect(seen.stack).toBe('');
  expect(stackOf(seen)).toBe('true');
  expect(stackOf(new Error('y'))).toBe('true');
});

it('the machine takes no stack that was made up', () => {
  sites.capture = () => '';
  const changed = new Error('x');
  changed.stack = 'Error: x\n    at made_up (other.ts:1:1)';
  let asked = 0;
  const made = {
    get stack() {
      return String(++asked);
    },
  };
  expect([changed, made, { stack: 'at y (z.ts:1:1)' }, null].map(stackOf)).toEqual([
    '',
    '',
    '',
    '',
  ]);
  expect(asked).toBe(0);
});
