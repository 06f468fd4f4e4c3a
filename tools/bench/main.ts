// SPDX-License-Identifier: GPL-2.0-only
/**
 * `npm run bench`: the speed of the exploration, compared with others. Options: --json FILE, --rounds N, --ms N, --yardstick FILE.
 * `npm run bench -- watch`: the time until a watch shows its verdict, compared with Jest. Options: --json FILE, --rounds N, --kata
 * NN.
 * `npm run bench -- rate`: executions per second of every solution. Options: --json FILE, --rounds N, --only NN or a program's name,
 * --against DIST of another build.
 * `npm run bench -- page`: interleavings per second in a page, compared with the terminal. Options: --kata NN, --rounds N.
 * `npm run bench -- grade`: submissions per minute, compared with Jest. Options: --count N, --seed N.
 */
import fs from 'node:fs';
import os from 'node:os';
import { parseArgs } from 'node:util';
import { repositoryRoot } from '../kata/katas';
import { benchGrade } from './grade';
import { measureKatas } from './katas';
import { benchPage } from './page';
import { measurePaper } from './paper';
import { measurePromises } from './promises';
import { measureRates, renderRates } from './solutions';
import { type Figures, render, renderWatch } from './table';
import { measureWatch, WATCHED } from './watch';
import { ownYardstick, yardstickFrom } from './yardstick';

async function main(): Promise<void> {
  const [first, ...rest] = process.argv.slice(2);
  if (first === 'grade') {
    process.exitCode = await benchGrade(rest);
    return;
  }
  if (first === 'page') {
    await benchPage(rest);
    return;
  }
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      kata: { type: 'string', multiple: true },
      json: { type: 'string' },
      rounds: { type: 'string', default: '5' },
      ms: { type: 'string', default: '100' },
      yardstick: { type: 'string' },
      only: { type: 'string', multiple: true, default: [] },
      against: { type: 'string' },
    },
  });
  const options = { rounds: count(values.rounds, 'rounds'), roundMs: count(values.ms, 'ms') };
  const progress = (what: string): void => {
    process.stderr.write(`bench: ${what}\n`);
  };
  const keep = (figures: unknown): void => {
    if (values.json === undefined) return;
    fs.writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`);
  };
  if (positionals[0] === 'rate') {
    const { only, against = null } = values;
    const rows = measureRates({ rounds: options.rounds, only, against }, progress);
    process.stdout.write(renderRates(rows));
    keep(rows);
    return;
  }
  if (positionals[0] === 'watch') {
    const katas = values.kata ?? WATCHED;
    const load = `load ${os.loadavg()[0]?.toFixed(1) ?? '?'} on ${os.availableParallelism()} cores`;
    const watch = await measureWatch({ edits: options.rounds, katas }, progress);
    const measured = { node: process.version, load, watch };
    process.stdout.write(renderWatch(measured));
    keep(measured);
    return;
  }
  const yardstick =
    values.yardstick === undefined ? ownYardstick : await yardstickFrom(values.yardstick);
  const figures: Figures = {
    node: process.version,
    paper: measurePaper(yardstick, options, progress),
    katas: measureKatas(repositoryRoot(), progress),
    promises: await measurePromises(),
  };
  process.stdout.write(render(figures));
  keep(figures);
}

function count(text: string, option: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new Error(`--${option} must be a whole number above 0`);
}

main().catch((error: unknown) => {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
