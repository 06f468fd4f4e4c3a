// SPDX-License-Identifier: GPL-2.0-only
import fs from 'node:fs';
import path from 'node:path';
import type { JudgeRequest } from '../judge-protocol';
import { Player, Stuck } from './player';
import type { Opened, Question, Reply } from './protocol';
import { PlayerSession } from './session';

const root = path.join(__dirname, '..', '..', '..');
const fixtures = path.join(__dirname, '..', 'fixtures');

function request(name: string, more: Partial<JudgeRequest> = {}): JudgeRequest {
  const driver = path.join(fixtures, 'drivers', name);
  return {
    root,
    kata: '00-lost-update',
    driver,
    source: fs.readFileSync(driver, 'utf8'),
    shown: name,
    driverOption: `--driver ${name}`,
    scenario: null,
    full: false,
    schedule: null,
    ...more,
  };
}

describe('a process that does not answer', () => {
  it.each(['mute.js', 'dies.js'])(
    'is ended, and the next question asks a new one: %s',
    async (name) => {
      const script = path.join(fixtures, 'children', name);
      const opening = { request: request('good.ts'), preferred: [] };
      const player = new Player(opening, { silenceMaxMs: 2000, script });
      await player.open();
      await expect(player.ask('look', [])).rejects.toThrow(Stuck);
      await expect(player.ask('look', [])).rejects.toThrow(Stuck);
      player.stop();
      await expect(player.ask('look', [])).rejects.toThrow('was stopped');
    },
  );
});

describe('a session', () => {
  function asked(...questions: readonly Question[]): Reply[] {
    const replies: Reply[] = [];
    const session = new PlayerSession((reply) => replies.push(reply));
    for (const question of questions) session.answer(question);
    return replies.filter(({ type }) => type !== 'alive');
  }
  const open = (
    name: string,
    more: Partial<JudgeRequest> = {},
    preferred: string[] = [],
  ): Question => ({
    topic: 'open',
    asked: { request: request(name, more), preferred },
  });

  it.each([
    [{}, [], 'two-writes', "npx kata replay 00 'SCHEDULE' --driver good.ts"],
    [
      {},
      ['three-writes'],
      'three-writes',
      "npx kata replay 00 'SCHEDULE' --scenario three-writes --driver good.ts",
    ],
    [
      { scenario: 'one-by-one' },
      ['three-writes'],
      'one-by-one',
      "npx kata replay 00 'SCHEDULE' --scenario one-by-one --driver good.ts",
    ],
  ])('opens the scenario that is meant: %j %j', (more, preferred, scenario, command) => {
    expect(asked(open('good.ts', more, preferred))).toEqual([
      {
        type: 'answer',
        answer: expect.objectContaining({ scenario, command }) as unknown,
      },
    ]);
  });

  it('knows the lines of the files that places name', () => {
    const [reply] = asked(open('good.ts'));
    const { sources } = (reply as { answer: Opened }).answer;
    expect(Object.keys(sources).sort()).toEqual(['good.ts', 'scenarios.ts']);
    expect(sources['good.ts']?.[0]).toBe('// SPDX-License-Identifier: GPL-2.0-only');
  });

  it.each([
    ['half-saved.ts', {}, 'refused'],
    ['good.ts', { scenario: 'none' }, 'usage'],
  ])('says why it cannot be played: %s %j', (name, more, type) => {
    expect(asked(open(name, more))[0]).toMatchObject({ type });
  });

  it.each([
    ['lost.ts', null, 'shortest failure'],
    ['good.ts', null, 'holds'],
    ['good.ts', 'A1 B2', 'asked'],
  ])('chooses what is worth a trace: %s %j', (name, schedule, chosen) => {
    const trace: Question = { topic: 'trace', asked: { schedule, format: 'text' } };
    expect(asked(open(name), trace)[1]).toMatchObject({ answer: { chosen } });
  });

  it('says what does not fit', () => {
    const turns = [{ path: 'C', outcome: 0 }];
    expect(asked(open('good.ts'), { topic: 'look', asked: turns })[1]).toEqual({
      type: 'usage',
      message:
        'the schedule does not fit this program any more: step 1 wants C, but there is no such task',
    });
  });
});
