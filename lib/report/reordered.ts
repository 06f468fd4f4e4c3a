// SPDX-License-Identifier: GPL-2.0-only
/** Explains how an access could pass over a store: the two accesses that nothing orders, and the barrier that would. */
import type { Finding, MissingFence, PassedOver, Replay, ReplayStep } from '../machine';
import type { NotedTelling } from './telling';
import { stepsUpTo } from './up-to';
import { callText, writtenBy } from './words';

/** Accesses that are explained; more than that nobody reads. */
const EXPLAINED_MAX = 3;

/** Sentences for a failure that needs an access to pass over a store. */
export function whyReordered(recorded: Replay, finding: Finding, telling: NotedTelling): string[] {
  const { steps } = recorded;
  const passing = steps.slice(0, stepsUpTo(recorded, finding)).flatMap((step) => {
    const { passed } = step;
    return passed === null ? [] : [{ step, passed }];
  });
  const lacking = passing.filter(({ passed }) => passed.missing.length > 0);
  // Where no barrier is missing, the access may as well have come before the store: that says nothing of the bug.
  const explained = lacking.length > 0 ? lacking : passing;
  return explained
    .slice(0, EXPLAINED_MAX)
    .map(({ step, passed }) => sentence(step, passed, steps, telling));
}

function sentence(
  step: ReplayStep,
  passed: PassedOver,
  steps: readonly ReplayStep[],
  telling: NotedTelling,
): string {
  const index = steps.indexOf(step);
  const named = (other: number): string => placeOf(steps[other], telling);
  const by = (other: number): string => `${named(other)} of ${steps[other]?.letter ?? ''}`;
  const seen = (read: number): string =>
    read < 0 ? 'the initial value' : `what ${by(read)} stored`;
  const happened =
    passed.read === null
      ? `${named(index)} took effect before ${by(passed.over)}.`
      : `${named(index)} read ${seen(passed.read)}, and did not see the newer ${by(passed.over)}.`;
  const missing = passed.missing.map((fence) => missingText(fence, steps, named));
  if (missing.length === 0) return `${happened} No barrier is missing there.`;
  return [happened, ...missing, ...(missing.length > 1 ? ['It takes both barriers.'] : [])].join(
    ' ',
  );
}

function missingText(
  { task, fence, earlier, later }: MissingFence,
  steps: readonly ReplayStep[],
  named: (index: number) => string,
): string {
  const letter = steps.find((step) => step.task === task)?.letter ?? '';
  return `In ${letter} nothing orders ${named(earlier)} before ${named(later)}: ${fence}() between them would.`;
}

function placeOf(step: ReplayStep | undefined, telling: NotedTelling): string {
  return step === undefined ? 'what came before' : `${accessText(step)}${at(step, telling)}`;
}

function accessText(step: ReplayStep): string {
  return callText(step.operation, step.object, writtenBy(step));
}

/** ` at line 35 of compaction.ts`, where the driver asked for it. */
function at({ site }: ReplayStep, telling: NotedTelling): string {
  const [frame] = telling.frames(site);
  return frame === undefined ? '' : ` at ${frame.file}:${frame.line}`;
}
