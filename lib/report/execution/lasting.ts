// SPDX-License-Identifier: GPL-2.0-only
/** What lasts for several steps: locks, waits, read sections, grace periods, deferred work, lives of objects, counts. */
import { countText } from '../counters';
import type { SceneHeld } from '../scene';
import { countChanges, heldSpans, memorySpans, type Span, waitSpans } from '../trace/spans';
import { tasksOf, type Traced, wordsFor } from '../trace/traced';
import type { ExecutionBand, ExecutionCount, ExecutionLife } from './types';

/** All bands: locks first, then waits, read sections, grace periods and what was deferred. */
export function bandsOf(traced: Traced): ExecutionBand[] {
  const held = heldTypes(traced);
  const spans = heldSpans(traced);
  const locks = spans.filter(({ name }) => held.get(name) === 'spin' || held.get(name) === 'sleep');
  const sections = spans.filter(({ name }) => held.get(name) === 'rcu');
  return [
    ...locks.map((span) => bandOf('lock', span)),
    ...waitSpans(traced).map((span) => bandOf('wait', span)),
    ...sections.map((span) => bandOf('section', span)),
    ...gracePeriods(traced),
    ...deferred(traced),
  ];
}

function bandOf(kind: ExecutionBand['kind'], { name, letter, from, to }: Span): ExecutionBand {
  return { kind, name, letter, from, to, began: null };
}

function heldTypes({ scenes }: Traced): ReadonlyMap<string, SceneHeld['type']> {
  const types = new Map<string, SceneHeld['type']>();
  for (const { tasks } of scenes) {
    for (const { held } of tasks) for (const { object, type } of held) types.set(object, type);
  }
  return types;
}

/** Grace periods as the machine logs them, by the last scene: earlier ones know less of the same. */
function gracePeriods({ scenes, recorded: { steps } }: Traced): ExecutionBand[] {
  const periods = scenes[scenes.length - 1]?.gracePeriods ?? [];
  return periods.map(({ flavour, start, end }) => ({
    kind: 'grace',
    name: `grace period of ${flavour}`,
    letter: steps[start - 1]?.letter ?? '',
    from: start,
    to: end,
    began: null,
  }));
}

/** Works, timers and callbacks: from the step that queued one to the end of the task that ran it. */
function deferred(traced: Traced): ExecutionBand[] {
  const { scenes, recorded } = traced;
  const { steps } = recorded;
  return tasksOf(traced).flatMap((task): ExecutionBand[] => {
    const born = steps.findIndex((step) => step.born.includes(task.id));
    const by = steps[born];
    if (by === undefined || task.context === 'process') return [];
    const began = steps.findIndex((step) => step.task === task.id && step.operation !== 'start');
    const ended = scenes.findIndex(({ tasks }) =>
      tasks.some(({ id, state }) => id === task.id && (state === 'ended' || state === 'killed')),
    );
    return [
      {
        kind: 'deferred',
        name: `${task.comm}: ${wordsFor(by)}`,
        letter: task.letter,
        from: born + 1,
        to: ended < 0 ? null : ended,
        began: began < 0 ? null : began + 1,
      },
    ];
  });
}

/** The lives of all allocated objects, in the order in which they begin. */
export function livesOf(traced: Traced): ExecutionLife[] {
  const memory = traced.scenes[traced.scenes.length - 1]?.memory ?? [];
  return memorySpans(traced).map(({ name, letter, from, to }) => ({
    object: name,
    letter,
    from,
    freed: to,
    freedBy: memory.find(({ object }) => object === name)?.freedBy ?? null,
    uses: usesOf(traced, name),
  }));
}

/** The steps that touched an object or a part of it, counted from 1. */
function usesOf({ recorded: { steps } }: Traced, name: string): number[] {
  const touches = (label: string): boolean => label === name || label.startsWith(`${name}.`);
  return steps.flatMap(({ object, accesses }, i) =>
    touches(object) || accesses.some((access) => touches(access.object)) ? [i + 1] : [],
  );
}

/** All counts with their values over time. */
export function countsOf(traced: Traced): ExecutionCount[] {
  const counts = new Map<string, ExecutionCount['changes'][number][]>();
  for (const { step: at, object, value } of countChanges(traced)) {
    const changes = counts.get(object) ?? [];
    changes.push({ at, value, text: value === null ? 'unknown' : countText(value) });
    counts.set(object, changes);
  }
  return [...counts].map(([object, changes]) => ({ object, changes }));
}
