// SPDX-License-Identifier: GPL-2.0-only
import type { Standing } from '../state/standing';
import { kata, manifest } from '../testing/data';
import { listDocument, printList } from './list';
import { printProgress, progressDocument } from './progress';
import { PLAIN } from './style';

const warmUp = { ...kata, id: '00-warm-up', number: '00', slug: 'warm-up' };
const DONE: Standing = {
  kata: { ...warmUp, manifest: { ...manifest, minutes: 5, upstream: null, title: 'A start' } },
  known: 'holds',
  solved: true,
  hints: 0,
};
const PENDING: Standing = { kata, known: 'fails', solved: true, hints: 2 };
const BOTH = [DONE, PENDING];

it('lists katas in columns, and marks the one somebody is at', () => {
  expect(printList(BOTH, '01-toy', PLAIN)).toMatchInlineSnapshot(`
    "       kata     state    level  time    from Linux         title
       00  warm-up  done     easy   5 min   -                  A start
    >  01  toy      pending  easy   20 min  2012 d23a4b3fd6ef  The toy that was lost

    1 of 2 katas is done.
    "
  `);
});

it('has nothing more to say when all are done', () => {
  expect(printList([DONE], null, PLAIN)).toContain(
    '1 of 1 kata is done. There is nothing left to fix.\n',
  );
});

it('lists the same for programs', () => {
  const shown = (file: string): string => file.replace('/repo/', '');
  expect(listDocument(BOTH, { tool: 'tool 1', current: '01-toy', shown })).toMatchObject({
    schema: 'kata-list/v1',
    tool: 'tool 1',
    done: 1,
    total: 2,
    current: '01-toy',
    katas: [
      { id: '00-warm-up', number: '00', state: 'done', upstream: null },
      {
        id: '01-toy',
        slug: 'toy',
        state: 'pending',
        verdict: 'fails',
        upstream: { year: 2012 },
        driver: 'katas/01-toy/toy.ts',
        minutes: 20,
        hints: 2,
      },
    ],
  });
});

it('shows how far somebody has come', () => {
  expect(printProgress(BOTH, kata, PLAIN)).toMatchInlineSnapshot(`
    "[####################--------------------] 1 of 2 katas is done.

      easy    1 of 2
      medium  0 of 0
      hard    0 of 0

    About 20 minutes of work are left.
    2 hints read.
    Held once, but not as they are now: 01-toy.
    You are at 01-toy. It is shown by npx kata; npx kata next goes on.
    "
  `);
  expect(progressDocument(BOTH, 'tool 1', kata)).toMatchObject({
    schema: 'kata-progress/v1',
    done: 1,
    total: 2,
    current: '01-toy',
    minutesLeft: 20,
  });
});
