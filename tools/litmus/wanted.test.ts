// SPDX-License-Identifier: GPL-2.0-only
/** Large tests: only the executions are looked for that the condition asks about. */
import { readLitmus } from './read';
import { judge } from './verdict';

/** A ring: each thread accesses its own location and that of the next thread, and all must get the same value. */
function ring(length: number, line: (mine: string, next: string) => string, value: number): string {
  const threads = Array.from({ length }, (_, i) => {
    const [mine, next] = [`x${i}`, `x${(i + 1) % length}`];
    return `P${i}(int *${mine}, int *${next})\n{\nint r1;\n${line(mine, next)}\n}\n`;
  });
  const wanted = threads.map((_, i) => `${i}:r1=${value}`).join(' /\\ ');
  return `C ring\n{}\n${threads.join('')}exists (${wanted})\n`;
}

const stores = (fence: string): string =>
  ring(8, (mine, next) => `WRITE_ONCE(*${mine}, 1); ${fence} r1 = READ_ONCE(*${next});`, 0);

it.each<[string, string, string]>([
  [
    'eight threads that would have to store before they load',
    ring(8, (mine, next) => `r1 = READ_ONCE(*${mine}); smp_wmb(); WRITE_ONCE(*${next}, 1);`, 1),
    'Never',
  ],
  ['eight threads that load before their store is seen', stores(''), 'Sometimes'],
])('%s', (_name, text, answer) => {
  // All executions would be too many, so an answer means that the others were not needed.
  expect(judge(readLitmus(text), 100)).toMatchObject({ answer, complete: false });
});
