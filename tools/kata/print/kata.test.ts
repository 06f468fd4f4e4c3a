// SPDX-License-Identifier: GPL-2.0-only
import { kata, manifest } from '../testing/data';
import {
  printAllHold,
  printDone,
  printHints,
  printIntroduction,
  printPage,
  printWelcome,
} from './kata';
import { nextAfterSuccess } from './next';
import { PLAIN, styleFor } from './style';

it('welcomes, and says that a kata holds', () => {
  expect(printWelcome(PLAIN).split('\n', 1)[0]).toBe(
    'Kernel race katas: real Linux races, to be fixed by you.',
  );
  expect(printDone(manifest, PLAIN)).toBe(
    '01-toy: The toy that was lost\nYour driver holds in every interleaving.\n',
  );
});

it('congratulates when all hold', () => {
  expect(printAllHold(3, PLAIN)).toBe('All 3 katas hold in every interleaving. Congratulations!\n');
});

it('introduces a kata', () => {
  expect(printIntroduction(manifest, PLAIN)).toMatchInlineSnapshot(`
    "01-toy: The toy that was lost
    easy, about 20 minutes, from Linux 2012 (drivers/block/toy.c)

    Two CPUs share a toy. Now and then one of them plays with a toy that is no longer there.
    "
  `);
});

it('shows a page with its tasks and the file to edit', () => {
  const readme = '<!-- for the site -->\n# The toy\n\nIt is *lost*.\n';
  expect(printPage({ ...kata, readme, file: 'katas/01-toy/toy.ts' }, PLAIN)).toMatchInlineSnapshot(`
    "The toy
    =======

    It is lost.

    Task 1  5 points  Nobody plays with a lost toy
    Task 2  1 point   Toys are shared

    Edit    katas/01-toy/toy.ts
    Stuck?  npx kata hint 01
    Judge   npx kata test 01
    "
  `);
});

it('makes headings stand out, and leaves code as it is', () => {
  const bright = styleFor({ isTTY: true, columns: 80, env: {}, argv: [] });
  const text = printHints(
    { hints: ['## One\n\n```sh\n# no heading\n```'], level: 1, number: '01' },
    bright,
  );
  expect(text).toBe(
    '\u001b[1mOne\u001b[22m\n\u001b[2m---\u001b[22m\n\n  \u001b[36m# no heading\u001b[39m\n\nThis was the last hint.\n',
  );
});

it('shows hints up to a level, and how to get the next', () => {
  const hints = ['## 1\n\nWho?', '## 2\n\nWhen?', '## 3\n\nBoth.'];
  expect(printHints({ hints, level: 2, number: '01' }, PLAIN)).toMatchInlineSnapshot(`
    "1
    -

    Who?

    2
    -

    When?

    Still stuck?  npx kata hint 01  (hint 3 of 3)
    "
  `);
});

it('names what comes after a success', () => {
  const done = { id: '01-toy', number: '01' };
  expect(nextAfterSuccess(done, { id: '02-next', number: '02' })).toMatchInlineSnapshot(`
    "Why   npx kata solution 01  (and what upstream did)
    Next  npx kata next         (02-next)
    "
  `);
  expect(nextAfterSuccess(done, null)).toMatchInlineSnapshot(`
    "Why  npx kata solution 01  (and what upstream did)
    All  npx kata progress     (this was the last one)
    "
  `);
});
