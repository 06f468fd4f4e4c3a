// SPDX-License-Identifier: GPL-2.0-only
import { kata, manifest } from '../testing/data';
import { listDocument, type ListEntry, printList } from './list';
import { PLAIN } from './style';

const warmUp = { ...kata, id: '00-warm-up', number: '00', slug: 'warm-up' };
const entries: readonly ListEntry[] = [
  {
    kata: { ...warmUp, manifest: { ...manifest, minutes: 5, upstream: null, title: 'A start' } },
    state: 'holds',
    shown: 'katas/00-warm-up/toy.ts',
  },
  { kata, state: 'fails', shown: 'katas/01-toy/toy.ts' },
];

it('lists katas in columns, and what to do next', () => {
  expect(printList(entries, PLAIN)).toMatchInlineSnapshot(`
    "    kata     state  level  time    from Linux         title
    00  warm-up  holds  easy   5 min   -                  A start
    01  toy      fails  easy   20 min  2012 d23a4b3fd6ef  The toy that was lost

    1 of 2 katas holds.

    Edit    katas/01-toy/toy.ts
    Story   npx kata show 01
    Stuck?  npx kata hint 01
    Judge   npx kata test 01
    "
  `);
});

it('has nothing more to say when all hold', () => {
  expect(printList(entries.slice(0, 1), PLAIN)).toContain(
    '1 of 1 kata holds. There is nothing left to fix.\n',
  );
});

it('lists the same for programs', () => {
  expect(listDocument(entries, 'tool 1')).toMatchObject({
    schema: 'kata-list/v1',
    tool: 'tool 1',
    katas: [
      { id: '00-warm-up', number: '00', state: 'holds', upstream: null },
      { id: '01-toy', slug: 'toy', state: 'fails', upstream: { year: 2012 }, minutes: 20 },
    ],
  });
});
