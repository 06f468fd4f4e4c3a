// SPDX-License-Identifier: GPL-2.0-only
import { Stuck } from '../player/player';
import { Play } from './play';
import { toyOpened, toyRunner } from './testing/toy-game';
import { comparison, countTexts } from './words';

const begin = (runner = toyRunner): Promise<Play> => Play.begin(toyOpened, runner);

/** Steps the tasks that are named, blanks between them. */
async function stepped(play: Play, names: string): Promise<Play> {
  for (const name of names.split(' ')) {
    const [task = '', outcome] = name.split('!');
    await play.command({ do: 'step', task, outcome: Number(outcome ?? 0) });
  }
  return play;
}

const states = ({ game }: Play): string[] =>
  game.look.tasks.map(({ letter, state, next, waitsFor, holds }) =>
    [letter, state, next, ...waitsFor, ...holds].join(' '),
  );

it('begins with every task before its first step', async () => {
  const play = await begin();
  expect(states(play)).toEqual(['A ready start()', 'B ready start()']);
  expect(play.game).toMatchObject({ selected: 'A', message: '', shortest: null });
});

it('steps a task by its letter and by its number', async () => {
  const play = await stepped(await begin(), 'A 2 A');
  expect(play.game.look.schedule).toBe('A1 B1 A1');
  expect(states(play)).toEqual(['A ready kzalloc(toy) toy_lock', 'B waits mutex_lock(toy_lock) A']);
});

it.each([
  ['B', 'taker/b (B) waits in mutex_lock(toy_lock) for taker/a (A).'],
  ['C', 'There is no task C.'],
  ['9', 'There is no CPU 9.'],
  ['A!2', 'kzalloc(toy) has the choices 0, 1.'],
])('refuses a step that cannot be, and leaves everything as it was: %s', async (step, message) => {
  const play = await stepped(await begin(), 'A B A');
  const { turns } = play.game;
  await stepped(play, step);
  expect(play.game.message).toBe(message);
  expect(play.game.turns).toBe(turns);
});

it('asks which way a choice goes, and takes it', async () => {
  const play = await stepped(await begin(), 'A A');
  await play.command({ do: 'step', task: 'A', outcome: null });
  expect(play.game).toMatchObject({ choosing: true, selected: 'A', turns: { length: 2 } });
  await play.command({ do: 'leave' });
  expect(play.game).toMatchObject({ choosing: false, turns: { length: 2 } });
  await stepped(play, 'A!1');
  expect(play.game.look).toMatchObject({ schedule: 'A2 A!1', memory: [] });
  expect(play.game.look.log.at(-1)?.text).toBe('kzalloc(toy) fails');
});

it('shows counts and memory, and who freed it', async () => {
  const play = await stepped(await begin(), 'A A A A');
  expect(countTexts(play.game.look)).toEqual(['toys 0', 'toy#1.refs 1']);
  await stepped(play, 'A A A A');
  expect(countTexts(play.game.look)).toEqual(['toys 1']);
  expect(play.game.look.memory).toEqual([
    { object: 'toy#1', letter: 'A', freedBy: 'A', contents: [] },
  ]);
});

it('undoes and restarts by running again', async () => {
  const play = await stepped(await begin(), 'A A A B');
  const before = play.game.look;
  await stepped(play, 'A');
  await play.command({ do: 'undo' });
  expect(play.game.look).toEqual(before);
  await play.command({ do: 'reset' });
  expect(states(play)).toEqual(['A ready start()', 'B ready start()']);
  await play.command({ do: 'undo' });
  expect(play.game.message).toBe('Nothing to undo.');
});

it('moves the choice along the CPUs, and not beyond', async () => {
  const play = await begin();
  const seen: string[] = [];
  for (const by of [1, 1, -1, -1] as const) {
    await play.command({ do: 'select', by });
    seen.push(play.game.selected);
  }
  expect(seen).toEqual(['B', 'B', 'A', 'A']);
});

describe('when something is found', () => {
  // B reads the count before A has written it, which A does outside of the lock.
  const LONG = 'A A A A B A A B B B B B B B A A';

  it('says so at once, with the report on request', async () => {
    const play = await stepped(await begin(), LONG.slice(0, -2));
    expect(play.game.look.headline).toBeNull();
    expect(await play.report()).toBeNull();
    await stepped(play, 'A');
    expect(play.game.look.headline).toMatchInlineSnapshot(
      `"EXPECTATION FAILED: toys that are taken: expected 2, got 1"`,
    );
    expect((await play.report())?.split('\n').at(-1)).toMatchInlineSnapshot(
      `"replay it: replay 'A4 B1 A2 B7 A2'"`,
    );
  });

  it('compares it with the shortest', async () => {
    const play = await stepped(await begin(), LONG);
    await play.compared;
    expect(comparison(play.game)).toMatchInlineSnapshot(`
      [
        "Yours: 2 preemptions, 4 context switches, 16 steps. Fewer preemptions would do.",
        "The shortest: A6 B8 A2 (1 preemption, 2 context switches, 16 steps).",
      ]
    `);
  });

  it('forgets it when it is undone', async () => {
    const play = await stepped(await begin(), LONG);
    await play.command({ do: 'undo' });
    await play.compared;
    expect(play.game).toMatchObject({ shortest: null, look: { headline: null } });
  });

  it('does not wait for the comparison', async () => {
    const shortest = (): Promise<never> => new Promise(() => undefined);
    const play = await stepped(await begin({ ...toyRunner, shortest }), LONG);
    expect(comparison(play.game)).toEqual(['Looking for the shortest way there ...']);
    await play.command({ do: 'reset' });
    expect(comparison(play.game)).toEqual([]);
  });

  it('says what it does not know', async () => {
    const shortest = (): Promise<never> => Promise.reject(new Stuck('never finished'));
    const play = await stepped(await begin({ ...toyRunner, shortest }), LONG);
    await play.compared;
    expect(comparison(play.game)).toEqual([
      'How short it could be is not known: the search never finished.',
    ]);
  });
});

it('says when an order was harmless', async () => {
  const play = await stepped(await begin(), 'A A A A A A A A B B B B B B B B');
  expect(play.game.look).toMatchObject({ over: true, headline: null });
  expect(play.game.message).toMatch(/^Every task has ended, and nothing was found/);
});

it('takes a step back that never finishes', async () => {
  const play = await stepped(
    await begin({
      ...toyRunner,
      look: (turns) =>
        turns.length < 2 ? toyRunner.look(turns) : Promise.reject(new Stuck('hangs')),
    }),
    'A A',
  );
  expect(play.game.look.schedule).toBe('A1');
  expect(play.game.message).toBe('That step never finishes, so it is taken back.');
});
