// SPDX-License-Identifier: GPL-2.0-only
/** Verdicts are printed in the order of the suite, whichever is known first, and the whole text begins with them. */
import type { TestVerdict } from '../../../lib/kata/verdict';
import { judgementOf } from '../judgement';
import type { JudgeMessage } from '../judge-protocol';
import { fails, frame, holds, scenarioName } from '../testing/data';
import { AsJudged } from './as-judged';
import { printJudgement } from './judgement';
import { PLAIN } from './style';

const SUITE: JudgeMessage = {
  type: 'suite',
  scenarios: ['race', 'sharing', 'overlap'].map(scenarioName),
};
const race = fails('race');
const { failure: _, ...unexplained } = race;
const RACE: TestVerdict = { ...unexplained, message: 'slab-use-after-free' };

const said = (verdict: TestVerdict): JudgeMessage => ({ type: 'verdict', verdict });

function whole(...verdicts: TestVerdict[]): string {
  const messages = [SUITE, ...verdicts.map(said)];
  const judgement = judgementOf(frame, { messages, ending: 'done', stuck: null, typeErrors: [] });
  const title = frame.manifest.title;
  return printJudgement({ judgement, title, command: 'npx kata test 01', all: false }, PLAIN);
}

/** The pieces that are written. */
function pieces(
  scenario: string | null,
  messages: readonly JudgeMessage[],
  text: string,
): string[] {
  const written: string[] = [];
  const about = { kata: frame.manifest.id, title: frame.manifest.title, scenario };
  const telling = new AsJudged(about, PLAIN, (piece) => written.push(piece));
  for (const message of messages) telling.see(message, frame.driver);
  telling.finish(text);
  return written;
}

it('tells a verdict when those before it are known, and the report at the end', () => {
  const text = whole(race, holds('sharing'), holds('overlap'));
  const early = [SUITE, said(holds('sharing')), said(RACE), said(holds('overlap')), said(race)];
  const written = pieces(null, early, text);
  expect(written.join('')).toBe(text);
  expect(written.slice(0, 2)).toEqual([
    `01-toy: The toy that was lost\nkatas/01-toy/toy.ts\n\nFAIL  ${race.name} (fails in 3 of 17 interleavings explored)\n`,
    `ok    ${holds('sharing').name} (holds in all 26 interleavings)\n`,
  ]);
});

it('waits for nothing but the scenario that is judged', () => {
  const text = whole(holds('sharing'));
  const written = pieces('sharing', [SUITE, said(holds('sharing'))], text);
  expect(written).toHaveLength(2);
  expect(written.join('')).toBe(text);
});

it('writes the whole text of a driver that was refused', () => {
  expect(pieces(null, [], 'refused\n')).toEqual(['refused\n']);
});
