// SPDX-License-Identifier: GPL-2.0-only
/** Kept judges say what fresh ones say, whatever they have judged before, and however many of them there are. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { kataAt } from './katas';
import { WATCH } from './judge-process';
import { JudgePool } from './judge-pool';
import type { JudgeMessage, JudgeRequest } from './judge-protocol';
import type { Answers } from './judge-round';

const root = path.join(__dirname, '..', '..');
const scenarios = Object.keys(kataAt(root, '00-lost-update').manifest.scenarios);
const drivers = path.join(__dirname, 'fixtures', 'drivers');
const watch = {
  ...WATCH,
  script: path.join(root, 'dist', 'tools', 'kata', 'judge-child.js'),
};

beforeAll(() => {
  spawnSync(process.execPath, [path.join(root, 'tools', 'house', 'build.js')], { cwd: root });
});

function request(shown: string): JudgeRequest {
  const driver = path.join(drivers, shown);
  const source = fs.readFileSync(driver, 'utf8');
  const rest = { driverOption: '', scenario: null, full: false, schedule: null };
  return { root, kata: '00-lost-update', driver, source, shown, ...rest };
}

/** What decides a judgement: all messages but signs of life, in an order that does not depend on who was first. */
function told({ messages, ending, stuck }: Answers): unknown {
  const lines = messages.map((message: JudgeMessage) => JSON.stringify(message));
  return { ending, stuck, lines: [...new Set(lines)].sort() };
}

async function judged(size: number, files: readonly string[]): Promise<unknown[]> {
  const pool = new JudgePool({ size, watch });
  pool.start();
  const all: unknown[] = [];
  for (const file of files) all.push(told(await pool.judge(request(file))));
  pool.stop();
  return all;
}

it('judges a driver the same after others, and beside others', async () => {
  const files = ['good.ts', 'lost.ts', 'hidden-state.ts', 'throws.ts'];
  const alone: unknown[] = [];
  for (const file of files) alone.push(...(await judged(1, [file])));
  expect(await judged(1, [...files, ...files])).toEqual([...alone, ...alone]);
  expect(await judged(2, [...files].reverse())).toEqual([...alone].reverse());
});

it('judges first what is asked for first', async () => {
  const pool = new JudgePool({ size: 1, watch });
  const begun: string[] = [];
  const note = (message: JudgeMessage): void => {
    if (message.type === 'begin') begun.push(message.scenario);
  };
  await pool.judge(request('good.ts'), note, ['one-by-one', 'no-such-scenario']);
  pool.stop();
  const others = scenarios.filter((id) => id !== 'one-by-one');
  expect(begun).toEqual(['one-by-one', ...others]);
});

it('stops when nobody wants to know any more, and judges the next', async () => {
  const pool = new JudgePool({ size: 1, watch });
  const cancelled = await pool.judge(request('good.ts'), ({ type }) => {
    if (type === 'begin') pool.cancel();
  });
  expect(cancelled).toMatchObject({ ending: 'stopped', stuck: null });
  expect((await pool.judge(request('good.ts'))).ending).toBe('done');
  pool.stop();
});

it('warms up without a word, and judges the same in the middle of it', async () => {
  const pool = new JudgePool({ size: 2, watch });
  pool.start();
  const before = told(await pool.judge(request('lost.ts')));
  const heard: string[] = [];
  pool.warmUp(request('good.ts'), ['two-writes', 'one-by-one']);
  const after = told(await pool.judge(request('lost.ts'), ({ type }) => heard.push(type)));
  pool.stop();
  expect(after).toEqual(before);
  expect(heard[0]).toBe('suite');
});

/** Every combination of the three waits, once. */
const INTERRUPTIONS = 7 * 3 * 2;

it('judges the same when warming up is begun and interrupted again and again', async () => {
  const pool = new JudgePool({ size: 2, watch });
  pool.start();
  const before = told(await pool.judge(request('lost.ts')));
  for (let i = 0; i < INTERRUPTIONS; i++) {
    // Sooner or later one of the two has stopped and the other has not.
    pool.warmUp(request('good.ts'), ['two-writes', 'three-writes', 'read-while-writing']);
    await setTimeout(i % 7);
    pool.cancel();
    await setTimeout(i % 3);
    pool.warmUp(request('good.ts'), ['two-writes', 'one-by-one']);
    await setTimeout(i % 2);
    expect(told(await pool.judge(request('lost.ts')))).toEqual(before);
  }
  pool.stop();
});

it('begins nothing more once it was stopped or cancelled while it waited', async () => {
  const pool = new JudgePool({ size: 2, watch });
  pool.start();
  for (const end of ['stop', 'cancel'] as const) {
    pool.warmUp(request('good.ts'), ['two-writes', 'three-writes']);
    const judging = pool.judge(request('lost.ts'));
    pool[end]();
    expect(await judging).toMatchObject({ messages: [], ending: 'stopped' });
  }
  pool.stop();
});

it('explains as many failures as are shown, and counts the same whether or not it does', async () => {
  const pool = new JudgePool({ size: 2, watch });
  const counts: unknown[] = [];
  for (const reports of [0, 1, undefined]) {
    const all = { ...request('lost.ts'), ...(reports === undefined ? {} : { reports }) };
    const { messages } = await pool.judge(all);
    const verdicts = messages.flatMap((m) => (m.type === 'verdict' ? [m.verdict] : []));
    const last = [...new Map(verdicts.map((verdict) => [verdict.id, verdict])).values()];
    const failing = last.filter(({ status }) => status === 'fail');
    expect(failing.length).toBeGreaterThan(1);
    const explained = failing.filter(({ failure }) => failure !== undefined);
    expect(explained).toHaveLength(reports ?? failing.length);
    if (reports === 1) expect(explained.map(({ id }) => id)).toEqual(['two-writes']);
    // The early verdicts, and the final ones.
    for (const { id, status, exploration } of verdicts)
      expect({ status, exploration }).toEqual({
        status: last.find((one) => one.id === id)?.status,
        exploration: last.find((one) => one.id === id)?.exploration,
      });
    counts.push(new Map(last.map(({ id, exploration }) => [id, exploration])));
  }
  expect(counts[1]).toEqual(counts[0]);
  expect(counts[2]).toEqual(counts[0]);
  pool.stop();
});
