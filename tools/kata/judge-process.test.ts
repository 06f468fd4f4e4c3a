// SPDX-License-Identifier: GPL-2.0-only
/** The watch over the judging process, with a process that misbehaves on demand in its place. */
import path from 'node:path';
import { Fault } from './errors';
import { type Ending, JudgeProcess, runJudge } from './judge-process';
import type { JudgeMessage, JudgeRequest } from './judge-protocol';

const script = path.join(__dirname, 'fixtures', 'children', 'child.js');

const requestFor = (scenario: string): JudgeRequest => ({
  root: '',
  kata: '',
  driver: '',
  source: '',
  shown: '',
  driverOption: '',
  scenario,
  full: false,
  schedule: null,
});

function run(scenario: string, silenceMaxMs = 60_000): Promise<[Ending, JudgeMessage[]]> {
  const messages: JudgeMessage[] = [];
  const take = (message: JudgeMessage): void => {
    messages.push(message);
  };
  return runJudge(requestFor(scenario), take, { silenceMaxMs, script }).then((ending) => [
    ending,
    messages,
  ]);
}

const BEGUN: JudgeMessage = { type: 'begin', scenario: 'two-writes' };

it('hands on every message, and knows when it was the last', async () => {
  expect(await run('done')).toEqual(['done', [BEGUN]]);
});

it('ends a process that loops without a word, and still has what it said before', async () => {
  expect(await run('silent', 1000)).toEqual(['silent', [BEGUN]]);
});

it('knows a process that used up the memory', async () => {
  expect(await run('memory')).toEqual(['out of memory', [BEGUN]]);
});

it('takes any other end for a fault of ours', async () => {
  const cut = run('cut');
  await expect(cut).rejects.toThrow(Fault);
  await expect(cut).rejects.toThrow('the judging process ended without an answer (exit code 7)');
});

it('answers again after it had to be stopped or has died', async () => {
  const judge = new JudgeProcess({ silenceMaxMs: 60_000, script });
  const ask = (scenario: string): Promise<Ending> =>
    judge.ask(requestFor(scenario), () => undefined);
  const silent = judge.ask(requestFor('silent'), () => {
    judge.stop();
  });
  expect(await silent).toBe('stopped');
  expect(await ask('memory')).toBe('out of memory');
  expect([await ask('done'), await ask('done')]).toEqual(['done', 'done']);
  judge.stop();
});

it('refuses to be asked two things at once: answers do not say whose they are', async () => {
  const judge = new JudgeProcess({ silenceMaxMs: 60_000, script });
  const ask = (): Promise<Ending> => judge.ask(requestFor('done'), () => undefined);
  const first = ask();
  await expect(ask()).rejects.toThrow('two things at once');
  expect([await first, await ask()]).toEqual(['done', 'done']);
  judge.stop();
});
