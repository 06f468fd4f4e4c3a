// SPDX-License-Identifier: GPL-2.0-only
/** Each barrier of the katas about barriers is needed: without it, or with a weaker one, a report names what is missing. */
import path from 'node:path';
import { readKatas } from '../lib/kata/files';
import { baseText } from '../tools/answers/files';
import { repositoryRoot } from '../tools/kata/katas';
import { PlainJudge } from '../tools/selfcheck/plain-judge';

const root = repositoryRoot();
const katas = readKatas(path.join(root, 'katas'));
const plain = new PlainJudge();
afterAll(() => {
  plain.stop();
});

/** The places of the solution that say `barrier`, with the nth one replaced, or dropped where the replacement is empty. */
function without(text: string, barrier: string, nth: number, instead: string): string {
  const call = new RegExp(`(\\n *)yield\\* ${barrier}\\(\\);|yield\\* ${barrier}\\((?=.)`, 'g');
  let seen = 0;
  const changed = text.replace(call, (whole, indent: string | undefined) => {
    if (seen++ !== nth) return whole;
    if (indent === undefined) return `yield* ${instead}(`;
    return instead === '' ? '' : `${indent}yield* ${instead}();`;
  });
  if (changed === text) throw new Error(`there is no ${barrier}() number ${nth + 1}`);
  const imported = instead === '' || new RegExp(`^import[^;]*\\b${instead}\\b`, 'm').test(text);
  return imported
    ? changed
    : changed.replace('import {', `import { ${instead} } from '#lib';\nimport {`);
}

/**
 * The barriers that the reports of a driver miss: `smp_mb` if one says `smp_mb() between them would`. The solutions themselves have no
 * report, as the self-check finds when it judges them.
 */
async function missing(number: string, change: (solution: string) => string): Promise<string[]> {
  const kata = katas.find(({ manifest }) => manifest.id.startsWith(number));
  if (kata === undefined) throw new Error(`there is no kata ${number}`);
  const text = change(baseText(root, kata.manifest, 'solution'));
  const { id, driver } = kata.manifest;
  const verdicts = await plain.judge({ kata: id, text, shown: driver, quick: true });
  const reports = verdicts.map(({ failure }) => failure?.report ?? '');
  const named = reports.flatMap((report) =>
    [...report.replace(/\s+/g, ' ').matchAll(/(\w+)\(\) between them would/g)].map(
      ([, name]) => name ?? '',
    ),
  );
  return [...new Set(named)].sort();
}

it.each<[string, string, number, string, string]>([
  ['18', 'smp_mb', 0, '', 'smp_mb'],
  ['18', 'smp_mb', 0, 'smp_rmb', 'smp_mb'],
  ['18', 'smp_mb', 0, 'smp_wmb', 'smp_mb'],
  ['19', 'smp_mb__before_atomic', 0, '', 'smp_wmb'],
  ['19', 'smp_mb__before_atomic', 0, 'smp_rmb', 'smp_wmb'],
  ['19', 'smp_load_acquire', 0, 'READ_ONCE', 'smp_rmb'],
  ['19', 'smp_mb__after_atomic', 0, '', 'smp_mb'],
  ['19', 'smp_mb__after_atomic', 0, 'smp_wmb', 'smp_mb'],
  ['19', 'smp_mb__after_atomic', 0, 'smp_rmb', 'smp_mb'],
  ['20', 'smp_store_release', 0, 'WRITE_ONCE', 'smp_wmb'],
  ['20', 'smp_load_acquire', 0, 'READ_ONCE', 'smp_rmb'],
  ['21', 'smp_rmb', 0, '', 'smp_rmb'],
  ['21', 'smp_rmb', 0, 'smp_wmb', 'smp_rmb'],
  ['21', 'smp_rmb', 1, '', 'smp_rmb'],
  ['21', 'smp_rmb', 1, 'smp_wmb', 'smp_rmb'],
  ['22', 'smp_wmb', 0, '', 'smp_wmb'],
  ['22', 'smp_wmb', 0, 'smp_rmb', 'smp_wmb'],
])(
  'kata %s: %s() number %d with "%s" instead lacks %s()',
  async (number, barrier, nth, instead, lacks) => {
    const named = await missing(number, (text) => without(text, barrier, nth, instead));
    expect(named).toEqual([lacks]);
  },
);
