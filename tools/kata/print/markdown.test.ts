// SPDX-License-Identifier: GPL-2.0-only
/** Pages in a terminal: nothing of the source's marks is left, and no line is longer than the terminal. */
import fs from 'node:fs';
import path from 'node:path';
import { allKatas, repositoryRoot } from '../katas';
import { fitColumns, fitTable } from './fit';
import { markdown } from './markdown';
import { PLAIN, styleFor } from './style';

const root = repositoryRoot();
const pages = allKatas(root).flatMap(({ id }) =>
  [`katas/${id}/README.md`, `katas/${id}/hints.md`, `solutions/${id}/README.md`].map((file) => [
    file,
    fs.readFileSync(path.join(root, file), 'utf8'),
  ]),
);

it.each([60, 80, 100, 160])('fits in %d columns, and shows nothing of the source', (width) => {
  for (const [file, text = ''] of pages) {
    const lines = markdown(text, { ...PLAIN, width }).split('\n');
    // Code is two columns to the right of everything else, and stays as it is.
    const words = lines.filter((line) => !line.startsWith('  ') && !line.includes('`'));
    // Nor is the address of a link broken.
    const whole = /^ {2}|^\(?https:\S+$/;
    const long = lines.filter((line) => line.length > width && !whole.test(line));
    expect([file, long]).toEqual([file, []]);
    expect([file, words.filter((line) => /\*\*|\]\(|^#|^\||<!--|^```/.test(line))]).toEqual([
      file,
      [],
    ]);
  }
});

it('shows every kind of block', () => {
  const text = `# A title

Some **bold** and _soft_ words, \`code\`, [a page](../../docs/reports.md) and a
second line<!-- unseen -->.

1. one
2. two
   - inner, which is long enough to be folded below itself

| name   | what it is                |
| ------ | ------------------------- |
| \`one\` | the first of all          |
| two    | the second, which is long |

> quoted

\`\`\`ts
const x = 1;

f(x);
\`\`\`
`;
  expect(markdown(text, { ...PLAIN, width: 40 })).toMatchInlineSnapshot(`
    "A title
    =======

    Some bold and soft words, \`code\`, a page
    (docs/reports.md) and a second line.

    1. one
    2. two
       - inner, which is long enough to be
         folded below itself

    name   what it is
    --------------------------------
    \`one\`  the first of all
    two    the second, which is long

      quoted

      const x = 1;

      f(x);
    "
  `);
});

it('paints words one by one, so that a line may end between them', () => {
  const colours = styleFor({ isTTY: true, columns: 60, env: {}, argv: [] });
  expect(markdown('**a b**', colours)).toBe('\u001b[1ma\u001b[22m \u001b[1mb\u001b[22m\n');
});

it('folds the last column below itself, and in a table every column', () => {
  expect(
    fitColumns(
      [
        ['a', 'one two three four'],
        ['bb', 'x'],
      ],
      17,
    ),
  ).toEqual(['a   one two three', '    four', 'bb  x']);
  expect(fitTable([['aaa bbb ccc ddd eee', 'fff ggg hhh iii jjj']], 26)).toEqual([
    ['aaa bbb ccc   fff ggg hhh', 'ddd eee       iii jjj'],
  ]);
});
