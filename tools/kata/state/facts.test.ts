// SPDX-License-Identifier: GPL-2.0-only
import {
  currentIn,
  type Facts,
  formatFacts,
  hintsRead,
  parseFacts,
  verdictOf,
  wasSolved,
  withFact,
} from './facts';

const DRIVER = '17c6755443b91598';
const JUDGE = 'b3e55c1113936fa8';
const FACTS: Facts = [
  { about: 'kata', what: 'welcomed' },
  { about: '01-toy', what: 'verdict', holds: true, driver: DRIVER, judge: JUDGE },
  { about: '01-toy', what: 'hints', level: 2 },
  { about: '01-toy', what: 'solved' },
  { about: '02-next', what: 'current' },
];

function parsed(text: string): Facts {
  const result = parseFacts(text);
  if ('facts' in result) return result.facts;
  throw new Error(result.damaged);
}

it('writes one fact a line, sorted, and reads what it has written', () => {
  const text = formatFacts(FACTS);
  expect(text.split('\n').slice(1)).toEqual([
    '01-toy hints 2',
    '01-toy solved',
    `01-toy verdict holds driver ${DRIVER} judge ${JUDGE}`,
    '02-next current',
    'kata welcomed',
    '',
  ]);
  expect(formatFacts(parsed(text))).toBe(text);
});

it('takes the lines of two files for one, as a merge leaves them', () => {
  const other = DRIVER.replace('1', '2');
  const facts = parsed(
    [
      '<<<<<<< HEAD',
      '01-toy hints 1',
      `01-toy verdict fails driver ${other} judge ${JUDGE}`,
      '01-toy current',
      '=======',
      formatFacts(FACTS).replace(/\n/g, '\r\n'),
      '>>>>>>> laptop',
    ].join('\n'),
  );
  expect(hintsRead(facts, '01-toy')).toBe(2);
  expect(currentIn(facts)).toBe('02-next');
  expect(wasSolved(facts, '01-toy')).toBe(true);
  expect(verdictOf(facts, '01-toy', { driver: DRIVER, judge: JUDGE })).toBe(true);
  expect(verdictOf(facts, '01-toy', { driver: other, judge: JUDGE })).toBe(false);
});

it('believes a verdict only of the driver and the judge it is about', () => {
  expect(verdictOf(FACTS, '01-toy', { driver: DRIVER, judge: DRIVER })).toBeNull();
  expect(verdictOf(FACTS, '01-toy', { driver: JUDGE, judge: JUDGE })).toBeNull();
  expect(verdictOf(FACTS, '02-next', { driver: DRIVER, judge: JUDGE })).toBeNull();
});

it('lets a newer fact take the place of an older one', () => {
  const newer = withFact(withFact(FACTS, { about: '03-more', what: 'current' }), {
    about: '01-toy',
    what: 'verdict',
    holds: false,
    driver: JUDGE,
    judge: JUDGE,
  });
  expect(currentIn(newer)).toBe('03-more');
  expect(verdictOf(newer, '01-toy', { driver: DRIVER, judge: JUDGE })).toBeNull();
  expect(hintsRead(withFact(FACTS, { about: '01-toy', what: 'hints', level: 1 }), '01-toy')).toBe(
    2,
  );
});

it.each([
  ['cut off', `01-toy verdict holds driver ${DRIVER} judge b3e5`],
  ['no fact', '01-toy sloved'],
  ['no kata', 'toy solved'],
  ['binary', '\u0000\u0001\u0002'],
])('knows a damaged file: %s', (_, line) => {
  expect(parseFacts(`01-toy solved\n${line}\n`)).toEqual({ damaged: line });
});
