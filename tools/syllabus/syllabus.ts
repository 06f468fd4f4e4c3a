// SPDX-License-Identifier: GPL-2.0-only
/** katas/README.md: the katas in learning order, as their kata.json files describe them, and how much their scenarios tell. */
import type { KataFolder } from '../../lib/kata/files';
import type { Manifest } from '../../lib/kata/manifest';
import { answerFiles } from '../answers/files';
import { table } from '../docs/table';
import { recordOf } from '../mutants/record';

const HEAD = `# Katas

<!-- Written by \`npm run syllabus\` from the kata.json files; do not edit. -->

In learning order. You may begin anywhere; what a kata builds on is named in its \`kata.json\`. \`npx kata show 01\` tells the
story of one, \`npx kata test 01\` judges your driver, \`npx kata list\` says how you fare.
`;

const COLUMNS = ['kata', 'what breaks', 'from Linux', 'difficulty', 'minutes', 'concepts'];

/** The whole page. */
export function syllabus(root: string, katas: readonly KataFolder[]): string {
  const rows = [COLUMNS, ...katas.map(({ manifest }) => row(manifest))];
  const told = [TOLD_COLUMNS, ...katas.map((kata) => toldRow(root, kata))];
  return [HEAD, table(rows, 'left'), '', total(katas), TOLD, table(told, 'right'), ''].join('\n');
}

const TOLD = `
## What their scenarios tell

A mutant is an answer with one mistake in it, made by \`npm run mutants\`: so many of them are rejected; of some others the list beside the
solution explains why nobody can tell them from a right answer. A dash stands where that was never counted, and "stale"
where the scenarios, the answers or the mutators have changed since. The wrong answers are those of \`solutions/\`, all of which are rejected; the right ones are accepted.
`;

const TOLD_COLUMNS = [
  'kata',
  'mutants',
  'rejected',
  'explained',
  'left',
  'wrong answers rejected',
  'right answers accepted',
];

function toldRow(root: string, kata: KataFolder): string[] {
  const { id } = kata.manifest;
  const record = recordOf(root, kata);
  const files = answerFiles(root, id);
  const answers = (['wrong', 'right'] as const).map((kind) => {
    return String(files.filter((file) => file.kind === kind).length);
  });
  const counts = countsOf(record).map(String);
  return [id.slice(0, 2), ...counts, ...answers];
}

/** What a record has in its columns: numbers only if they are about what is there now. */
function countsOf(record: ReturnType<typeof recordOf>): (number | string)[] {
  if (record === null) return ['-', '-', '-', '-'];
  if (record === 'stale') return ['stale', 'stale', 'stale', 'stale'];
  const { made, rejected, explained, survive, undecided } = record;
  return [made, rejected, explained, survive + undecided];
}

function row({ id, blurb, upstream, difficulty, minutes, concepts }: Manifest): string[] {
  const origin =
    upstream === null ? '-' : `${upstream.year}, [${upstream.commit}](${upstream.link})`;
  const cells = [`[${id}](${id}/README.md)`, blurb, origin, difficulty, String(minutes)];
  return [...cells, concepts.join(', ')].map((cell) => cell.replace(/\|/g, '\\|'));
}

function total(katas: readonly KataFolder[]): string {
  const minutes = katas.reduce((sum, { manifest }) => sum + manifest.minutes, 0);
  return `${katas.length} katas, about ${minutes} minutes.`;
}
