// SPDX-License-Identifier: GPL-2.0-only
/**
 * The player: one execution, step by step. One lane per CPU; beside it the source with the line of each task; below it what lasts, and
 * the report. It shows plain data and needs no engine.
 */
import type { ComponentChildren, JSX } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Controls, keyMeaning } from './controls';
import type { Execution } from './execution';
import { Lanes } from './lanes';
import { Report } from './report';
import { Source } from './source';
import { Step } from './step';
import { Tasks } from './tasks';
import { Timeline } from './timeline';
import { findingPosition, lastPosition } from './view';

export interface PlayerProps {
  readonly execution: Execution;
  /** The position shown first; without it the beginning. */
  readonly start?: number;
  /** The execution grows, and each new one is shown at its end. */
  readonly live?: boolean;
  /** The whole page listens to the keys, not only the focused player. */
  readonly wholePage?: boolean;
  /** What stands below each task: the buttons of a scheduler. */
  readonly belowTask?: (letter: string) => ComponentChildren;
  /** Told of every new position. */
  readonly moved?: (position: number) => void;
}

/** Shows an execution. */
export function Player(props: PlayerProps): JSX.Element {
  const { execution, start = 0, live = false, wholePage = false, belowTask, moved } = props;
  const first = live ? lastPosition(execution) : start;
  const [position, setPosition] = useState(first);
  const [arrows, setArrows] = useState(false);
  const shown = useRef(execution);
  // A new execution begins at its own first position, before anything of it is shown.
  const at = shown.current === execution ? Math.min(position, lastPosition(execution)) : first;
  const go = (next: number): void => {
    setPosition(next);
    moved?.(next);
  };
  // Not after the next paint: a step taken by then would be lost.
  useLayoutEffect(() => {
    shown.current = execution;
    setPosition(at);
  }, [execution]);
  const onKey = (event: KeyboardEvent): void => {
    if (isTyping(event)) return;
    const meaning = keyMeaning(execution, at, event.key);
    if (meaning === null) return;
    event.preventDefault();
    if ('go' in meaning) go(meaning.go);
    else setArrows(!arrows);
  };
  // Here, too, a key pressed by then would start from the position before.
  useLayoutEffect(() => {
    if (!wholePage) return;
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  });
  return (
    <section
      class="player"
      aria-label={`Player: ${execution.title}`}
      onKeyDown={wholePage ? undefined : onKey}
    >
      <Headline execution={execution} position={at} />
      <Controls execution={execution} position={at} arrows={arrows} go={go} setArrows={setArrows} />
      <Step execution={execution} position={at} />
      <Tasks
        execution={execution}
        position={at}
        {...(belowTask === undefined ? {} : { below: belowTask })}
      />
      <div class="side-by-side">
        <Lanes execution={execution} position={at} arrows={arrows} go={go} />
        <Source execution={execution} position={at} />
      </div>
      <Timeline execution={execution} position={at} go={go} />
      <Report execution={execution} />
      <p class="keys">
        Keys: <kbd>←</kbd> <kbd>→</kbd> step, <kbd>Home</kbd> <kbd>End</kbd> both ends, <kbd>g</kbd>{' '}
        guilty step, <kbd>o</kbd> what orders what.
      </p>
    </section>
  );
}

/** Keys that a field needs are its own; a slider has the same arrows. */
function isTyping({ target, ctrlKey, metaKey, altKey, defaultPrevented }: KeyboardEvent): boolean {
  if (ctrlKey || metaKey || altKey || defaultPrevented) return true;
  if (!(target instanceof HTMLElement)) return false;
  const field = target.closest('textarea, select, [contenteditable], input:not([type="range"])');
  return field !== null;
}

function Headline({
  execution,
  position,
}: {
  readonly execution: Execution;
  readonly position: number;
}): JSX.Element {
  const { finding, title } = execution;
  if (finding === null) {
    return (
      <header class="headline quiet">
        <p class="title">{title}</p>
      </header>
    );
  }
  const at = findingPosition(execution) ?? finding.at;
  const known = position >= at;
  return (
    <header class={`headline ${known ? 'known' : 'ahead'}`}>
      <p class="what">
        <span aria-hidden="true">✖ </span>
        {finding.headline}
      </p>
      <p class="title">
        {known ? 'It has happened.' : `It happens in ${whenText(execution, at)}.`}
      </p>
    </header>
  );
}

function whenText({ steps }: Execution, at: number): string {
  if (at === 0) return 'the set-up';
  return at > steps.length ? 'the final check' : `step ${at}`;
}
