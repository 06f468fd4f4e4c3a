// SPDX-License-Identifier: GPL-2.0-only
/** `npm run grade:soak [-- --count 200 --kills 20 --seed N]`: the whole of what grading promises, on a class made up. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { kataIds, repositoryRoot } from '../../kata/katas';
import { Prng } from '../../../lib/explore/prng';
import { attacks } from '../attacks/corpus';
import { CANARY_KATA } from '../canaries';
import { type ClassOptions, madeUpClass } from './class';
import { startSoak } from './soak';

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      count: { type: 'string', default: '200' },
      // What hangs takes all of it.
      'time-limit': { type: 'string', default: '60' },
      kills: { type: 'string', default: '20' },
      seed: { type: 'string', default: String(Date.now() & 0x7fff_ffff) },
    },
  });
  const [count, kills, seed] = [Number(values.count), Number(values.kills), Number(values.seed)];
  const root = repositoryRoot();
  const katas = kataIds(root).filter((id) => hasAnswers(root, id));
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kata-soak-'));
  const mark = path.join(folder, 'mark');
  const hostile = someAttacks(Math.floor(count / 5), seed, mark);
  const all = madeUpClass({ root, katas, count, seed, hostile });
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  say(`soak: ${all.length} submissions for ${katas.length} katas, seed ${seed}, in ${folder}`);
  const args = ['--time-limit', values['time-limit']];
  const soak = startSoak({ root, folder, all, seed, say, args });
  const problems = [
    ...(await soak.grade('first')),
    ...(await soak.grade('second')),
    ...(await soak.killed('killed', kills)),
    ...(fs.existsSync(mark) ? ['an attack has left its mark'] : []),
  ];
  for (const problem of problems) say(`  ${problem}`);
  if (problems.length > 0) {
    say(`soak: ${problems.length} problems; again with npm run grade:soak -- --seed ${seed}`);
    return 1;
  }
  fs.rmSync(folder, { recursive: true, force: true });
  say('soak: every outcome as expected, the same each time, nothing left behind');
  return 0;
}

/** Attacks of the corpus, by chance: those that are text, and that can end in one way only. */
function someAttacks(count: number, seed: number, mark: string): ClassOptions['hostile'] & object {
  const prng = new Prng(seed);
  const rest = attacks().filter(
    ({ place, expected }) => place === null && expected.status !== 'any',
  );
  return Array.from({ length: Math.min(count, rest.length) }, () => {
    const [one] = rest.splice(prng.below(rest.length), 1);
    if (one === undefined) throw new Error('there are no more attacks');
    const bytes = Buffer.from(one.text.replaceAll('@@MARK@@', mark));
    return { kata: CANARY_KATA, name: one.id, bytes };
  });
}

/** Katas that are not finished have none. */
function hasAnswers(root: string, id: string): boolean {
  return ['right', 'wrong'].every((name) => {
    const folder = path.join(root, 'solutions', id, name);
    return fs.existsSync(folder) && fs.readdirSync(folder).length > 0;
  });
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`soak: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  },
);
