// SPDX-License-Identifier: GPL-2.0-only
/** Processor time is that of one process and its children, whatever the clock on the wall says. */
import { spawn } from 'node:child_process';
import { fromPs, processorTimeOf, watchProcessorTime } from './processor-time';

const seconds = (count: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, count * 1000));

it.each([
  ['0:00.50', 500],
  ['12:34', 754_000],
  [' 01:02:03\n', 3_723_000],
  ['2-01:00:00', 176_400_000],
  ['', null],
])('reads what ps says: %j', (text, ms) => {
  expect(fromPs(text)).toBe(ms);
});

it('grows with the work of a child and not with waiting', async () => {
  const shell = spawn('sh', ['-c', `"${process.execPath}" -e 'for (;;);' & wait`], {
    detached: true,
  });
  const idle = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 1e6)']);
  try {
    const used = new Promise<void>((resolve) =>
      watchProcessorTime(shell.pid ?? 0, 1000, () => {
        resolve();
      }),
    );
    await used;
    await seconds(0.2);
    expect(processorTimeOf(shell.pid ?? 0)).toBeGreaterThanOrEqual(1000);
    expect(processorTimeOf(idle.pid ?? 0)).toBeLessThan(1000);
  } finally {
    process.kill(-(shell.pid ?? 0), 'SIGKILL');
    idle.kill('SIGKILL');
  }
});
