// SPDX-License-Identifier: GPL-2.0-only
/** katas/README.md: the katas in learning order, as their kata.json files describe them. */
import type { KataFolder } from '../../lib/kata/files';
import type { Manifest } from '../../lib/kata/manifest';
import { table } from '../docs/table';

const HEAD = `# Katas

<!-- Written by \`npm run syllabus\` from the kata.json files; do not edit. -->

In learning order. You may begin anywhere; what a kata builds on is named in its \`kata.json\`. \`npx kata show 01\` tells the
story of one, \`npx kata test 01\` judges your driver, \`npx kata list\` says how you fare.
`;

const COLUMNS = ['kata', 'what breaks', 'from Linux', 'difficulty', 'minutes', 'concepts'];

/** The whole page. */
export function syllabus(katas: readonly KataFolder[]): string {
  const rows = [COLUMNS, ...katas.map(({ manifest }) => row(manifest))];
  return [HEAD, table(rows, 'left'), '', total(katas), ''].join('\n');
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
