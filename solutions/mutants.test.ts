// SPDX-License-Identifier: GPL-2.0-only
/** A sample of what `npm run mutants` looks at: a few mistakes in the answers to a few katas, each rejected by some scenario. */
import path from 'node:path';
import { readKatas } from '../lib/kata/files';
import { baseText } from '../tools/answers/files';
import { repositoryRoot } from '../tools/kata/katas';
import { Equivalents, staleProblems } from '../tools/mutants/equivalents';
import { MutantJudge } from '../tools/mutants/judge-mutant';
import { mutantsIn } from '../tools/mutants/mutants';

const root = repositoryRoot();
const katas = readKatas(path.join(root, 'katas'));

/** Katas of which all mutants are rejected or explained, and that judge quickly. */
const SAMPLED = ['00'];
const EACH = 3;

const sampled = katas.filter(({ manifest: { id } }) => SAMPLED.includes(id.slice(0, 2)));

it.each(sampled.map((kata) => [kata.manifest.id, kata] as const))(
  '%s rejects mistakes in its solution',
  (id, kata) => {
    const solution = baseText(root, kata.manifest, 'solution');
    const judge = new MutantJudge(kata, kata.path, solution);
    const equivalents = new Equivalents(root, id);
    const mutants = mutantsIn([['solution', solution]])
      .filter((mutant) => !equivalents.has(mutant))
      .sort((a, b) => (a.id < b.id ? -1 : 1));
    const taken = mutants.slice(0, EACH);
    expect(taken).toHaveLength(EACH);
    for (const mutant of taken) {
      const { change } = mutant;
      const outcome = judge.judge(mutant);
      expect({ change, outcome }).toMatchObject({ change, outcome: { is: 'rejected' } });
    }
  },
);

it.each(katas.map((kata) => [kata.manifest.id, kata] as const))(
  '%s explains mutants that there are',
  (_id, kata) => {
    expect(staleProblems(root, kata)).toEqual([]);
  },
);
