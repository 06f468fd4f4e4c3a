// SPDX-License-Identifier: GPL-2.0-only
/**
 * The quick half of the attack corpus: what the linker refuses is shown to the linker, a sample of the rest goes to the sandbox.
 * `npm run attacks` runs all of it, in every layering.
 */
import { LIB_EXPORTS } from '../../../lib/kata/files';
import { linkSource } from '../../../lib/kata/linking';
import { repositoryRoot } from '../../kata/katas';
import { openGrader } from '../grader';
import { gradePool } from '../pool';
import { build } from '../testing/built';
import { assault, LIMITS } from './attack';
import { type Attack, attacks, innocents } from './corpus';

const root = repositoryRoot();
const all = attacks();

beforeAll(() => {
  build(root);
});

/** Refused for what the text says: nothing is run, and nothing else need be. */
function isRefusedByLinker({ expected, place, kind }: Attack): boolean {
  const isText = place === null && kind === 'ts';
  return expected.status === 'rejected' && isText && !expected.words.includes('scope');
}

it('has more than the 110 attacks of the checklist, each with its expected result', () => {
  expect(all.length).toBeGreaterThan(110);
  expect(new Set(all.map(({ what }) => what)).size).toBe(all.length);
});

it.each(all.filter(isRefusedByLinker).map((attack) => [attack.id, attack] as const))(
  'the linker refuses %s',
  (_, { text, expected }) => {
    const wanted = { exports: ['tally_file', 'tally_read', 'tally_write'], statics: [] };
    const linked = linkSource(text, 'tally.ts', wanted, LIB_EXPORTS);
    const problems = linked.ok ? [] : linked.problems;
    for (const word of expected.words) expect(problems.join('\n')).toContain(word);
    expect(linked.ok).toBe(false);
  },
);

it('the sandbox stops a quarter of the others and all that once fooled us, and they do nothing to anybody else', async () => {
  // What only ends when its time is up is left to `npm run attacks`; so are large katas.
  const others = all.filter(
    (attack) =>
      !isRefusedByLinker(attack) &&
      (attack.kind === 'ts' || attack.id.startsWith('fooled/')) &&
      ['rejected', 'fail'].includes(attack.expected.status) &&
      attack.expected.types === null,
  );
  const sample = others.filter(({ id }, i) => i % 4 === 0 || id.startsWith('fooled/'));
  const grader = openGrader({ root, tool: 'test', limits: LIMITS, types: false });
  try {
    const { outcomes, problems } = await assault(grader, sample);
    expect(outcomes.filter((outcome) => outcome.problems.length > 0)).toEqual([]);
    expect(outcomes.length).toBe(sample.length);
    expect(problems).toEqual([]);
  } finally {
    await grader.close();
  }
});

it('lets innocent drivers pass that look a little like attacks', async () => {
  const grader = openGrader({ root, tool: 'test' });
  const found: [string, string | null][] = [];
  try {
    const submissions = [...innocents()].map(([id, file]) => ({
      id,
      kata: '00-lost-update',
      file,
    }));
    await gradePool(grader, submissions, {
      graded: ({ id }, { status, message }) => {
        if (status !== 'pass') found.push([id, message]);
      },
    });
  } finally {
    await grader.close();
  }
  expect(found).toEqual([]);
});
