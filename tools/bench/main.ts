// SPDX-License-Identifier: GPL-2.0-only
/** `npm run bench`: how fast the exploration is, next to what else there is. Options: --json FILE, --rounds N, --ms N, --yardstick FILE. */
import fs from 'node:fs';
import { parseArgs } from 'node:util';
import { repositoryRoot } from '../kata/katas';
import { measureKatas } from './katas';
import { measurePaper } from './paper';
import { measurePromises } from './promises';
import { type Figures, render } from './table';
import { ownYardstick, yardstickFrom } from './yardstick';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      json: { type: 'string' },
      rounds: { type: 'string', default: '5' },
      ms: { type: 'string', default: '100' },
      yardstick: { type: 'string' },
    },
  });
  const options = { rounds: count(values.rounds, 'rounds'), roundMs: count(values.ms, 'ms') };
  const progress = (what: string): void => {
    process.stderr.write(`bench: ${what}\n`);
  };
  const yardstick =
    values.yardstick === undefined ? ownYardstick : await yardstickFrom(values.yardstick);
  const figures: Figures = {
    node: process.version,
    paper: measurePaper(yardstick, options, progress),
    katas: measureKatas(repositoryRoot(), progress),
    promises: await measurePromises(),
  };
  process.stdout.write(render(figures));
  if (values.json !== undefined)
    fs.writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`);
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
