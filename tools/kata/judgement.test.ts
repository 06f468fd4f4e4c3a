// SPDX-License-Identifier: GPL-2.0-only
import type { Ending } from './judge-process';
import type { JudgeMessage } from './judge-protocol';
import { type Judgement, judgementOf } from './judgement';
import { fails, frame, holds, scenarioName } from './testing/data';

const SUITE: JudgeMessage = {
  type: 'suite',
  scenarios: ['race', 'sharing', 'overlap'].map(scenarioName),
};

function judge(
  messages: readonly JudgeMessage[],
  ending: Ending = 'done',
  typeErrors: readonly string[] = [],
): Judgement {
  const begun = messages.flatMap((message) => (message.type === 'begin' ? [message.scenario] : []));
  const stuck = ending === 'done' ? null : (begun.at(-1) ?? null);
  return judgementOf(frame, { messages, ending, stuck, typeErrors });
}

const begin = (scenario: string): JudgeMessage => ({ type: 'begin', scenario });
const ran = (verdict: ReturnType<typeof holds>): JudgeMessage[] => [
  begin(verdict.id),
  { type: 'verdict', verdict },
];
const ALL_HOLD = [SUITE, ...['race', 'sharing', 'overlap'].flatMap((id) => ran(holds(id)))];

it('passes a driver that holds everywhere', () => {
  const { report } = judge(ALL_HOLD);
  expect(report).toMatchObject({ status: 'pass', score: 6, maxScore: 6, message: null });
});

it('gives no points for a task without the function it needs', () => {
  const { report } = judge([
    SUITE,
    ...ran(holds('race')),
    ...ran(fails('sharing', 'EXPECTATION FAILED: no toy')),
    ...ran(holds('overlap')),
  ]);
  expect(report).toMatchObject({ status: 'fail', score: 0, message: 'EXPECTATION FAILED: no toy' });
});

it('fails a driver with type errors whatever its scenarios gave, and keeps what they gave', () => {
  const { report, problems } = judge(ALL_HOLD, 'done', ['toy.ts:1:1: wrong (TS1)']);
  expect(report).toMatchObject({ status: 'fail', score: 0, message: 'toy.ts:1:1: wrong (TS1)' });
  expect(report.tests.map(({ status }) => status)).toEqual(['pass', 'pass', 'pass']);
  expect(problems).toEqual(['toy.ts:1:1: wrong (TS1)']);
});

it('rejects what was refused before anything ran, with every reason', () => {
  const { report, problems } = judge([{ type: 'refused', problems: ['a', 'b'] }]);
  expect(report).toMatchObject({ status: 'rejected', message: 'a', tests: [], score: 0 });
  expect(problems).toEqual(['a', 'b']);
});

it('names the scenario that did not answer, and does not call the rest judged', () => {
  const { report } = judge([SUITE, ...ran(holds('race')), begin('sharing')], 'silent');
  expect(report).toMatchObject({
    status: 'timeout',
    message: 'sharing did not answer, so nothing is proven',
  });
  expect(report.tests.map(({ status }) => status)).toEqual(['pass', 'timeout', 'skipped']);
});

it('calls running out of memory a bound', () => {
  const { report } = judge([SUITE, begin('race')], 'out of memory');
  expect(report).toMatchObject({ status: 'bound', score: 0 });
});

it('says so when the file itself never finishes', () => {
  const { report } = judge([], 'silent');
  expect(report).toMatchObject({
    status: 'timeout',
    message: 'katas/01-toy/toy.ts: loading this file never finished',
  });
});

it('gives no points for tasks of which a scenario was left out', () => {
  const { report } = judge([SUITE, ...ran(holds('sharing'))]);
  expect(report).toMatchObject({ status: 'pass', score: 0, message: null });
});

it("throws what is nobody's verdict", () => {
  expect(() =>
    judge([SUITE, { type: 'fault', scenario: 'race', message: 'dpor: x', trace: '' }]),
  ).toThrow('internal error in scenario race: dpor: x');
  expect(() => judge([{ type: 'usage', message: 'no such scenario' }])).toThrow('no such scenario');
  expect(() => judge([{ type: 'suite', scenarios: [scenarioName('race')] }])).toThrow(
    'katas/01-toy: kata.json and scenarios.ts name different scenarios',
  );
});
