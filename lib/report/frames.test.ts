// SPDX-License-Identifier: GPL-2.0-only
import { parseStack, programFrames } from './frames';
import { tellingOf } from './telling';

const STACK = `Error
    at Object.capture [as capture] (/home/me/kata/dist/lib/explore/replay.js:10:5)
    at new Request (/home/me/kata/lib/machine/op.ts:65:17)
    at spin_lock (/home/me/kata/lib/kernel/spinlock.ts:120:10)
    at Object.rbd_client_release (/home/me/kata/katas/01-rbd-put-client/rbd.ts:80:10)
    at rbd_client_release.next (<anonymous>)
    at put (/home/me/kata/lib/kernel/kref.ts:109:3)
    at Generator.next (<anonymous>)
    at rbd_put_client (file:///home/me/kata/katas/01-rbd-put-client/rbd.ts:88:12)
    at Generator.next (<anonymous>)
    at /home/me/kata/katas/01-rbd-put-client/scenarios.ts:22:14
    at async Promise.all (index 0)
    at Function.run (/home/me/kata/node_modules/jest-runner/build/run.js:1:1)
    at node:internal/main/run_main_module:28:49`;

describe('frames', () => {
  it('keeps the program, innermost first, and shortens names and paths', () => {
    const frames = programFrames(STACK).map(({ name, file, line }) => `${name} ${file}:${line}`);
    expect(frames).toEqual([
      'rbd_client_release rbd.ts:80',
      'rbd_put_client rbd.ts:88',
      '<anonymous> scenarios.ts:22',
    ]);
  });

  it('distinguishes a resumed generator from a call', () => {
    const resumed = parseStack(STACK).filter((frame) => frame.resumed);
    expect(resumed.map(({ name }) => name)).toEqual([
      'rbd_client_release',
      'put',
      'rbd_put_client',
    ]);
  });

  it.each([
    ['solutions/01-rbd-put-client/wrong/no-lock.ts', 'wrong/no-lock.ts'],
    ['/home/me/katas/kernel (1)/katas/00-lost-update/counter.ts', 'counter.ts'],
    ['C:\\work\\katas\\01-rbd-put-client\\rbd.ts', 'rbd.ts'],
    ['/home/me/katas/worlds/rbd.ts', 'worlds/rbd.ts'],
  ])('shortens %s to %s', (path, file) => {
    expect(programFrames(`    at f (${path}:1:2)`)).toMatchObject([{ file, line: 1, column: 2 }]);
  });

  it('takes a driver given by name for the program, and nothing else of that folder', () => {
    const stack = '    at f (/tmp/mine.ts:3:1)\n    at g (/tmp/not-mine.ts:4:1)';
    expect(programFrames(stack)).toEqual([]);
    const frames = programFrames(stack, { drivers: ['./mine.ts'] });
    expect(frames.map(({ name }) => name)).toEqual(['f']);
  });

  it('does not take our own files for the program, wherever they are', () => {
    for (const clone of ['/home/me/katas/kernel-race-katas', '/home/me/katas/worlds']) {
      expect(programFrames(`    at put (${clone}/lib/kernel/kref.ts:1:2)`)).toEqual([]);
    }
  });

  it('lets the caller decide', () => {
    const rules = { isProgram: (path: string) => path.endsWith('kref.ts') };
    expect(programFrames(STACK, rules).map(({ name }) => name)).toEqual(['put']);
  });

  it('finds nothing in text that is not a stack', () => {
    expect(parseStack('')).toEqual([]);
    expect(parseStack('TypeError: at work (see a:b)\n  at last\n at x (native)')).toEqual([]);
  });
});

describe('telling', () => {
  it('names the function a stack is in and notes that it was asked', () => {
    const telling = tellingOf();
    expect(telling.where(STACK)).toBe('rbd_client_release');
    expect(telling.where('')).toBe('the program');
    expect(telling.stack(STACK)).toEqual([
      ' rbd_client_release rbd.ts:80',
      ' rbd_put_client rbd.ts:88',
      ' <anonymous> scenarios.ts:22',
    ]);
    expect([...telling.asked]).toEqual([STACK]);
  });
});
