// SPDX-License-Identifier: GPL-2.0-only
/** Every kata proves itself: it fails as shipped as it says, its solution and other right answers hold, its wrong ones fail. */
import path from 'node:path';
import { type KataFolder, readKatas } from '../../lib/kata/files';
import { failures, judgeFile, outcomes } from './judge-file';
import { asShipped, fileProblems, scenariosNamed, sources } from './kata-files';

const root = path.join(__dirname, '..', '..');

/** Declares the tests of the katas with numbers from `first` to `last`. */
export function selfcheck(first: number, last: number): void {
  const katas = readKatas(path.join(root, 'katas')).filter(({ manifest: { id } }) => {
    const number = Number(id.slice(0, 2));
    return first <= number && number <= last;
  });
  describe.each(katas.map((kata) => [kata.manifest.id, kata] as const))('%s', proves);
}

function proves(id: string, kata: KataFolder): void {
  const solution = path.join(root, 'solutions', id);
  const { driver } = kata.manifest;

  it('has the files it needs and no others', () => {
    expect(fileProblems(kata, solution)).toEqual([]);
  });

  it('fails as shipped exactly as kata.json says', () => {
    if (!asShipped(kata)) {
      // A learner has been at work here: named, and judged by `npx kata` alone.
      console.info(`${id}/${driver} is not as shipped: not checked`);
      return;
    }
    const given = outcomes(judgeFile(kata, path.join(kata.path, driver)));
    expect(given).toEqual(kata.manifest.scenarios);
    expect(Object.values(given).some((outcome) => outcome !== 'passes')).toBe(true);
  });

  it('holds with its solution', () => {
    expect(failures(judgeFile(kata, path.join(solution, driver)))).toEqual([]);
  });

  it.each(sources(path.join(solution, 'right')))('holds with right/%s', (file) => {
    expect(failures(judgeFile(kata, path.join(solution, 'right', file)))).toEqual([]);
  });

  it.each(sources(path.join(solution, 'wrong')))('fails where wrong/%s says it does', (file) => {
    const wrong = path.join(solution, 'wrong', file);
    const only = scenariosNamed(kata, wrong);
    const passing = judgeFile(kata, wrong, { brief: true, only })
      .filter(({ status }) => status !== 'fail')
      .map(({ id: scenario }) => scenario);
    expect(passing).toEqual([]);
  });

  it('keeps enough right and wrong answers', () => {
    expect(sources(path.join(solution, 'wrong')).length).toBeGreaterThanOrEqual(5);
    expect(sources(path.join(solution, 'right')).length).toBeGreaterThanOrEqual(2);
  });
}
