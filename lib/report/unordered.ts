// SPDX-License-Identifier: GPL-2.0-only
/**
 * Explains why nothing orders the two accesses of a data race: which locks each side held, and which of the earlier
 * task's stores the later task read in between without synchronising.
 */
import { type Finding, locationOf, type Replay, type ReplayStep } from '../machine';
import { stepsUpTo } from './up-to';
import type { NotedTelling } from './telling';
import { callText, writtenBy } from './words';

/** One side of a race: the step it is in. */
interface Side {
  readonly index: number;
  readonly step: ReplayStep;
}

/** Sentences for the report of a data race. Empty for any other finding, or if the steps of the sides are unknown. */
export function whyUnordered(recorded: Replay, finding: Finding, telling: NotedTelling): string[] {
  if (finding.kind !== 'data-race') return [];
  const steps = recorded.steps.slice(0, stepsUpTo(recorded, finding));
  const sides = [...telling.asked].flatMap((site) => sideAt(steps, site));
  const [first, second] = sides.sort((a, b) => a.index - b.index);
  if (first === undefined || second === undefined || first.step.task === second.step.task)
    return [];
  return [locksText(first.step, second.step), ...channels(steps, first, second, telling)];
}

function sideAt(steps: readonly ReplayStep[], site: string): Side[] {
  const index = steps.findIndex(
    (step) => step.site === site || step.accesses.some((access) => access.site === site),
  );
  const step = steps[index];
  return step === undefined ? [] : [{ index, step }];
}

function locksText(first: ReplayStep, second: ReplayStep): string {
  const [a, b] = [first, second].map(({ letter, comm }) => `${comm} (${letter})`);
  if (first.held.length + second.held.length === 0) {
    return `Nothing orders these two: neither ${a ?? ''} nor ${b ?? ''} held a lock.`;
  }
  const held = ({ held: locks }: ReplayStep): string =>
    locks.length === 0 ? 'no lock' : locks.join(', ');
  return `Nothing orders these two: ${a ?? ''} held ${held(first)}, and ${b ?? ''} held ${held(second)}.`;
}

/** The stores of the first task that the second read in between. */
function channels(
  steps: readonly ReplayStep[],
  first: Side,
  second: Side,
  telling: NotedTelling,
): string[] {
  const stores = steps
    .map((step, index) => ({ step, index }))
    .filter(({ step, index }) => step.task === first.step.task && index > first.index);
  for (let index = second.index; index > first.index; index--) {
    const load = steps[index];
    if (load?.task !== second.step.task || load.operation === '' || load.footprint.length === 0)
      continue;
    const location = locationOf(load.footprint[0] ?? 0);
    const store = stores.findLast(
      (one) =>
        one.index < index && one.step.footprint.some((access) => locationOf(access) === location),
    );
    if (store === undefined || store.step.object !== load.object || load.object === '') continue;
    return [sentence(store.step, load, telling)];
  }
  return [];
}

/** Operations that release or acquire nothing: LKMM's relaxed ones. */
const RELAXED =
  /^(?:READ_ONCE|WRITE_ONCE|RCU_INIT_POINTER|rcu_access_pointer|(?:atomic_(?:long_)?|refcount_|kref_)(?:read|set|inc|dec|add|sub)|test_bit|set_bit|clear_bit)$/;

function sentence(store: ReplayStep, load: ReplayStep, telling: NotedTelling): string {
  const words = (step: ReplayStep): string => {
    const [frame] = telling.frames(step.site);
    const at = frame === undefined ? '' : ` at ${frame.file}:${frame.line}`;
    return `${callText(step.operation, step.object, writtenBy(step))}${at}`;
  };
  const [weakStore, weakLoad] = [store, load].map(({ operation }) => RELAXED.test(operation));
  const blame =
    weakStore === true && weakLoad === true
      ? 'but neither orders anything'
      : weakLoad === true
        ? `but ${load.operation}() orders nothing after it`
        : `but ${store.operation}() orders nothing before it`;
  return `${words(load)} read what ${words(store)} stored, ${blame}: a release there and an acquire here would order them.`;
}
