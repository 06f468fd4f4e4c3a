// SPDX-License-Identifier: GPL-2.0-only
/** `kata break` in a real terminal, from the first screen to the last. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { TestTerminal } from '../testing/terminal';

const root = path.join(__dirname, '..', '..', '..');
const bin = path.join(root, 'bin', 'kata.js');
const cwd = path.join(__dirname, '..', 'fixtures', 'drivers');

let terminal: TestTerminal | null = null;

beforeAll(() => {
  // Builds dist/ where that is needed, so that no screen below says so.
  spawnSync(process.execPath, [bin, '--version'], { cwd: root });
});
afterEach(() => terminal?.stop());

function play(...args: readonly string[]): TestTerminal {
  terminal = new TestTerminal([bin, 'break', '00', ...args], { cwd });
  return terminal;
}

it('is played with keys to the bug, back, and out of it', async () => {
  const game = play('--driver', 'lost.ts');
  await game.shows('You are the scheduler');
  expect(game.alternate).toBe(true);
  expect(game.text()).toContain('● CPU 1: write/a (A)');
  game.press('1');
  await game.shows('step 1');
  game.press('\u001b[C'); // right
  await game.shows('● CPU 2: write/b (B)');
  game.press('\r');
  await game.shows('step 2');
  game.press('2');
  await game.shows('step 3');
  game.press('u');
  await game.shows('step 2');
  game.press('2');
  await game.shows('step 3');
  game.press('1');
  await game.shows(/^Yours: /m);
  expect(game.text()).toMatchInlineSnapshot(`
    "00-lost-update · two writes on two CPUs count as two                      step 4
    ────────────────────────────────────────────────────────────────────────────────
    ● CPU 1: write/a (A)                   │   CPU 2: write/b (B)
                                           │
                                           │
                                           │
                                           │
                                           │
      has ended                            │   has ended
                                           │
    ────────────────────────────────────────────────────────────────────────────────
    counts  none
    memory  tally_writes.value = 1 · tally_file#1: pos = 1 · tally_file#2: pos = 1
    ────────────────────────────────────────────────────────────────────────────────
       1  A     18 reads tally_writes.value = 0
       2  B     18 reads tally_writes.value = 0
       3  B     19 WRITE_ONCE(tally_file#2.pos, 1)
       3  B     20 writes tally_writes.value = 1
       4  A     19 WRITE_ONCE(tally_file#1.pos, 1)
       4  A     20 writes tally_writes.value = 1
    EXPECTATION FAILED: two writes were counted: expected 2, got 1
    Yours: 1 preemption, 2 context switches, 4 steps. There is no shorter way.
    schedule A1 B2 A1
    1-9 step  ←→ choose  Enter step it  u undo  r reset  v report  ? help  q quit"
  `);
  game.press('v');
  await game.shows('q back');
  expect(game.lines()[0]).toMatch(/^EXPECTATION FAILED: /);
  game.resize(100, 40);
  await game.shows(/^(?:.*\n){39}.*q back$/);
  game.press('q');
  await game.shows(/^(?:.*\n){39}.*q quit$/);
  game.press('q');
  expect(await game.exit).toBe(0);
  await game.shows('replay it: ');
  expect(game.alternate).toBe(false);
  expect(game.text()).toBe(
    [
      'EXPECTATION FAILED: two writes were counted: expected 2, got 1',
      "replay it: npx kata replay 00 'A1 B2 A1' --driver lost.ts",
    ].join('\n'),
  );
});

it('gives the terminal back on Ctrl-C and ends with 130', async () => {
  const game = play('--driver', 'good.ts');
  await game.shows('You are the scheduler');
  game.press('\u0003');
  expect(await game.exit).toBe(130);
  await game.shows(/^$/);
  expect(game.alternate).toBe(false);
});

it('shows no screen for a driver that cannot be run', async () => {
  const game = play('--driver', 'half-saved.ts');
  expect(await game.exit).toBe(1);
  expect(await game.shows('half-saved')).toMatch(/^half-saved\.ts:9:58: this '\{' is never closed/);
  expect(game.alternate).toBe(false);
});

it.each([
  ['good.ts', ['A1', 'B2', 'A1'], 0, 'and nothing was found: this order is harmless.'],
  ['endless-loop.ts', ['1'], 0, 'watchdog: BUG: soft lockup - CPU#1 stuck in tally_write!'],
  ['half-saved.ts', [], 1, "half-saved.ts:9:58: this '{' is never closed"],
])('is played in a pipe: %s', (driver, lines, code, told) => {
  const input = lines.map((line) => `${line}\n`).join('');
  const args = [bin, 'break', '00', '--driver', driver];
  const { status, stdout } = spawnSync(process.execPath, args, { cwd, input, encoding: 'utf8' });
  expect(stdout).toContain(told);
  expect(status).toBe(code);
});
