// SPDX-License-Identifier: GPL-2.0-only
/**
 * `npm run bench -- page`: interleavings per second of the engine in a page, and of a judging process of the terminal, in turns. Both judge
 * the solution of a kata in all its scenarios. It needs Chromium: KATA_CHROMIUM names it, /usr/bin/chromium is the default.
 */
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { chromium, type Page } from 'playwright-core';
import type { KataReportV1 } from '../../lib/kata/verdict';
import { JudgeProcess } from '../kata/judge-process';
import { kataAt, kataIds, repositoryRoot } from '../kata/katas';
import { columns } from '../kata/print/words';
import { bundle } from '../pages/bundle';
import { engineData } from '../pages/kata-data';
import { median, ratio } from './rate';

/** Judges once; returns the interleavings, and the seconds. */
type Round = () => Promise<readonly [executions: number, seconds: number]>;

/** Measures and prints. */
export async function benchPage(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      kata: { type: 'string', default: '14' },
      rounds: { type: 'string', default: '5' },
    },
  });
  const root = repositoryRoot();
  const id = kataIds(root).find((one) => one.startsWith(values.kata)) ?? '';
  const { manifest, driver } = kataAt(root, id);
  const source = fs.readFileSync(path.join(root, 'solutions', id, manifest.driver), 'utf8');
  const judge = new JudgeProcess();
  const terminal: Round = async () => {
    let executions = 0;
    const request = {
      ...{ root, kata: id, driver, source, shown: `katas/${id}/${manifest.driver}` },
      ...{ driverOption: '', scenario: null, schedule: null, full: false },
    };
    const started = performance.now();
    await judge.ask(request, (message) => {
      if (message.type === 'verdict') executions += message.verdict.exploration.executions;
    });
    return [executions, (performance.now() - started) / 1000];
  };
  const page = await openPage(root, id, source);
  try {
    const rates = await takeTurns([terminal, page.round], Number(values.rounds));
    const [ours = [], theirs = []] = rates;
    const rows = [
      ['kata', 'terminal', 'page', 'ratio'],
      [id, median(ours).toFixed(0), median(theirs).toFixed(0), ratio(theirs, ours).toFixed(2)],
    ];
    process.stdout.write(
      `node ${process.version}, ${page.version}; interleavings per second of the solution, medians of ${values.rounds} rounds\n\n${columns(rows).join('\n')}\n`,
    );
  } finally {
    judge.stop();
    await page.close();
  }
}

/** The rates of each contestant; an uncounted first round warms them up. */
async function takeTurns(contestants: readonly Round[], rounds: number): Promise<number[][]> {
  const rates: number[][] = contestants.map(() => []);
  const counts = new Set<number>();
  for (let round = 0; round <= rounds; round++) {
    for (const [i, contestant] of contestants.entries()) {
      const [executions, seconds] = await contestant();
      counts.add(executions);
      if (round > 0) rates[i]?.push(executions / seconds);
    }
  }
  if (counts.size !== 1)
    throw new Error(`they explore different numbers: ${[...counts].join(', ')}`);
  return rates;
}

interface Opened {
  readonly round: Round;
  readonly version: string;
  readonly close: () => Promise<void>;
}

/** A page with the engine in it, which has opened a driver. */
async function openPage(root: string, id: string, source: string): Promise<Opened> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kata-page-'));
  await bundle(root, folder);
  const worker = fs.readdirSync(path.join(folder, 'assets')).find((name) => /^worker-/.test(name));
  const server = http.createServer(({ url = '/' }, response) => {
    const file = path.join(folder, url);
    const type = url.endsWith('.js') ? 'text/javascript' : 'text/html';
    response.setHeader('content-type', type);
    response.end(fs.existsSync(file) && url !== '/' ? fs.readFileSync(file) : '<!doctype html>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // it listens on a port
  const executablePath = process.env['KATA_CHROMIUM'] ?? '/usr/bin/chromium';
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${port}/`);
  const data = engineData(root, kataAt(root, id).manifest);
  await page.evaluate(call(START, [`assets/${worker ?? ''}`, data]));
  await ask(page, 'open', { kata: id, driver: source });
  return {
    version: `Chromium ${browser.version()}`,
    round: async () => {
      const started = performance.now();
      const report = (await ask(page, 'judge', { scenario: null, limits: {} })) as KataReportV1; // what judging answers
      const sum = report.tests.reduce((all, { exploration }) => all + exploration.executions, 0);
      return [sum, (performance.now() - started) / 1000];
    },
    close: async () => {
      await browser.close();
      server.close();
      fs.rmSync(folder, { recursive: true });
    },
  };
}

/** A call of a function in the page. */
function call(code: string, told: readonly unknown[]): string {
  return `(${code})(${JSON.stringify(told)})`;
}

/** Starts the worker of the page as `engine`, and tells it of the kata. */
const START = `([file, data]) => {
  globalThis.engine = new Worker(file, { type: 'module' });
  engine.postMessage({ type: 'kata', data });
}`;

function ask(page: Page, topic: string, asked: object): Promise<unknown> {
  return page.evaluate(call(ASK, [topic, asked]));
}

const ASK = `([topic, asked]) => new Promise((resolve, reject) => {
  engine.onmessage = ({ data }) => {
    if (data.type === 'answer') resolve(data.answer);
    else if (data.type !== 'progress') reject(new Error(JSON.stringify(data)));
  };
  engine.postMessage({ type: 'ask', id: 0, topic, asked });
})`;
