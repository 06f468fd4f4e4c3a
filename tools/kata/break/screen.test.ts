// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { PLAIN } from '../print/style';
import { wishFor } from './keys';
import { pageLines, turnPage } from './page';
import { Play } from './play';
import { screen } from './screen';
import { toyOpened, toyRunner } from './testing/toy-game';

async function played(steps: string): Promise<Play> {
  const play = await Play.begin(toyOpened, toyRunner);
  for (const task of steps) await play.command({ do: 'step', task, outcome: 0 });
  await play.compared;
  return play;
}

const shown = ({ game }: Play, width: number, height: number): string =>
  screen(game, '99-toy', { width, height }, PLAIN)
    .map((line) => line.trimEnd())
    .join('\n');

it('fits a terminal of 80 by 24', async () => {
  expect(shown(await played('AABA'), 80, 24)).toMatchInlineSnapshot(`
    "99-toy · two toys that are taken are counted as two                       step 4
    ────────────────────────────────────────────────────────────────────────────────
    ● CPU 1: taker/a (A)                   │   CPU 2: taker/b (B)
      take()                               │   take()
       25 line 25 of toy.ts                │    23 line 23 of toy.ts
       26 line 26 of toy.ts                │    24 line 24 of toy.ts
       27 line 27 of toy.ts                │    25 line 25 of toy.ts
       28 line 28 of toy.ts                │    26 line 26 of toy.ts
    →  29 line 29 of toy.ts                │ →  27 line 27 of toy.ts
       30 line 30 of toy.ts                │    28 line 28 of toy.ts
       31 line 31 of toy.ts                │    29 line 29 of toy.ts
       32 line 32 of toy.ts                │    30 line 30 of toy.ts
      refcount_set(toy#1.refs)             │   mutex_lock(toy_lock)
      can go on                            │   waits for taker/a (A)
      holds toy_lock                       │
    ────────────────────────────────────────────────────────────────────────────────
    counts  toy#1.refs 0
    memory  toy#1
    ────────────────────────────────────────────────────────────────────────────────
       2  A     27 mutex_lock(toy_lock)
       3  B     27 mutex_lock(toy_lock) ... waits
       4  A     28 kzalloc(toy) = toy#1
    schedule A2 B1 A1
    1-9 step  ←→ choose  Enter step it  u undo  r reset  v report  ? help  q quit"
  `);
});

it('tells what was found', async () => {
  expect(shown(await played('AAAABAABBBBBBBAA'), 80, 24)).toMatchInlineSnapshot(`
    "99-toy · two toys that are taken are counted as two                      step 16
    ────────────────────────────────────────────────────────────────────────────────
    ● CPU 1: taker/a (A)                   │   CPU 2: taker/b (B)
                                           │
                                           │
                                           │
      has ended                            │   has ended
                                           │
    ────────────────────────────────────────────────────────────────────────────────
    counts  toys 1
    memory  toy#1 freed by A · toy#2 freed by B
    ────────────────────────────────────────────────────────────────────────────────
      10  B     29 kref_init(toy#2.refs) 0 -> 1
      11  B     30 atomic_read(toys) = 0
      12  B     31 mutex_unlock(toy_lock)
      13  B     32 atomic_set(toys) 0 -> 1
      14  B     33 kfree(toy#2)
      15  A     32 atomic_set(toys) 1 -> 1
      16  A     33 kfree(toy#1)
    EXPECTATION FAILED: toys that are taken: expected 2, got 1
    Yours: 2 preemptions, 4 context switches, 16 steps. Fewer preemptions would do.
    The shortest: A6 B8 A2 (1 preemption, 2 context switches, 16 steps).
    schedule A4 B1 A2 B7 A2
    1-9 step  ←→ choose  Enter step it  u undo  r reset  v report  ? help  q quit"
  `);
});

it('has exactly the lines of the terminal, and none that is too long', async () => {
  const plays = await Promise.all(['', 'AABA', 'AAAABAABBBBBBBAA'].map(played));
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 200 }),
      fc.integer({ min: 1, max: 80 }),
      fc.constantFrom(...plays),
      (width, height, { game }) => {
        const lines = screen(game, '99-toy', { width, height }, PLAIN);
        expect(lines).toHaveLength(height);
        if (width >= 40) expect(lines.filter((line) => line.length > width)).toEqual([]);
      },
    ),
    { numRuns: 300 },
  );
});

it('scrolls to the chosen CPU where there is no room for all', async () => {
  const play = await played('');
  expect(shown(play, 44, 20)).toContain('● CPU 1: taker/a (A)');
  expect(shown(play, 44, 20)).not.toContain('CPU 2');
  expect(shown(play, 44, 20)).toContain('2 CPUs, step 0');
  expect(shown(play, 44, 20)).toContain('? help  q quit');
  await play.command({ do: 'select', by: 1 });
  expect(shown(play, 44, 20)).toContain('● CPU 2: taker/b (B)');
});

it.each([
  [
    { name: '2', sequence: '2' },
    { do: 'step', task: '2', outcome: null },
  ],
  [{ name: 'return' }, { do: 'step', task: 'A', outcome: null }],
  [{ name: 'right' }, { do: 'select', by: 1 }],
  [{ name: 'up' }, { do: 'undo' }],
  [{ name: 'r' }, { do: 'reset' }],
  [{ sequence: '?' }, { do: 'help' }],
  [{ name: 'escape' }, { do: 'quit' }],
  [{ name: 'r', ctrl: true }, null],
  [{ name: 'x' }, null],
])('knows what %j means', async (key, wish) => {
  const { game } = await played('');
  expect(wishFor(key, game)).toEqual(wish);
});

it.each([
  [
    { name: '1', sequence: '1' },
    { do: 'step', task: 'A', outcome: 1 },
  ],
  [{ name: 'return' }, { do: 'step', task: 'A', outcome: 0 }],
  [{ name: 'escape' }, { do: 'leave' }],
])('knows what %j means at a choice', async (key, wish) => {
  const play = await played('AA');
  await play.command({ do: 'step', task: 'A', outcome: null });
  expect(shown(play, 80, 24)).toContain(
    ['kzalloc(toy) of taker/a (A): which? (Esc: neither)', '  0 succeeds', '  1 fails'].join('\n'),
  );
  expect(wishFor(key, play.game)).toEqual(wish);
});

it('turns the pages of a long text, and leaves it', () => {
  const size = { width: 10, height: 5 };
  const page = { text: Array.from({ length: 8 }, (_, i) => `line ${i + 1}`).join('\n'), top: 0 };
  expect(pageLines(page, size, PLAIN)).toEqual([
    'line 1',
    'line 2',
    'line 3',
    'line 4',
    '4 more lin',
  ]);
  const below = turnPage(page, { name: 'pagedown' }, size) ?? page;
  expect(pageLines(below, size, PLAIN).at(0)).toBe('line 5');
  expect(turnPage(below, { name: 'down' }, size)).toEqual(below);
  expect(turnPage(below, { name: 'x' }, size)).toBe(below);
  expect(turnPage(below, { name: 'q' }, size)).toBeNull();
});

it('breaks the lines of a page where the terminal ends', () => {
  const page = { text: `${'a'.repeat(25)}\n\nb`, top: 0 };
  expect(pageLines(page, { width: 10, height: 6 }, PLAIN)).toEqual([
    'aaaaaaaaaa',
    'aaaaaaaaaa',
    'aaaaa',
    '',
    'b',
    'q back',
  ]);
});
