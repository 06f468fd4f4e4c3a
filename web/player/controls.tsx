// SPDX-License-Identifier: GPL-2.0-only
/** Stepping: buttons, a slider over the turns of the CPUs, and the keys that do the same. */
import type { JSX } from 'preact';
import type { Execution } from './execution';
import { laneOf, lastPosition, neighbour, nextGuilty, sentenceAt, stopsOf } from './view';

export interface ControlsProps {
  readonly execution: Execution;
  readonly position: number;
  readonly arrows: boolean;
  readonly go: (position: number) => void;
  readonly setArrows: (arrows: boolean) => void;
}

export function Controls(props: ControlsProps): JSX.Element {
  const { execution, position, go } = props;
  return (
    <div class="controls">
      <Buttons {...props} />
      <div class="scrubber">
        <Turns execution={execution} position={position} />
        <input
          type="range"
          min={0}
          max={lastPosition(execution)}
          value={position}
          aria-label="Position"
          aria-valuetext={sentenceAt(execution, position)}
          onInput={(event) => go(Number(event.currentTarget.value))}
        />
      </div>
    </div>
  );
}

function Buttons({ execution, position, arrows, go, setArrows }: ControlsProps): JSX.Element {
  const end = lastPosition(execution);
  const stops = stopsOf(execution);
  const guilty = nextGuilty(execution, position);
  const ends = { start: position === 0, end: position === end };
  return (
    <div class="buttons" role="group" aria-label="Steps">
      <Button title="To the beginning (Home)" name="Beginning" off={ends.start} go={() => go(0)}>
        |◀
      </Button>
      <button
        type="button"
        title="One step back (←)"
        disabled={ends.start}
        onClick={() => go(neighbour(stops, position, -1))}
      >
        <span aria-hidden="true">◀</span> Back
      </button>
      <button
        type="button"
        class="primary"
        title="One step forward (→)"
        disabled={ends.end}
        onClick={() => go(neighbour(stops, position, 1))}
      >
        Step <span aria-hidden="true">▶</span>
      </button>
      <Button title="To the end (End)" name="End" off={ends.end} go={() => go(end)}>
        ▶|
      </Button>
      {guilty !== null && (
        <button
          type="button"
          class="guilty"
          title="To the next guilty step (g)"
          onClick={() => go(guilty)}
        >
          <span aria-hidden="true">✖</span> Guilty step
        </button>
      )}
      {execution.edges.length > 0 && (
        <button
          type="button"
          aria-pressed={arrows}
          title="Arrows (o)"
          onClick={() => setArrows(!arrows)}
        >
          <span aria-hidden="true">↷</span> What orders what
        </button>
      )}
    </div>
  );
}

interface ButtonProps {
  readonly title: string;
  readonly name: string;
  readonly off: boolean;
  readonly go: () => void;
  readonly children: string;
}

/** A button that shows a sign; its name is for those who do not see it. */
function Button({ title, name, off, go, children }: ButtonProps): JSX.Element {
  return (
    <button type="button" title={title} disabled={off} onClick={go}>
      <span aria-hidden="true">{children}</span>
      <span class="hidden">{name}</span>
    </button>
  );
}

/** Who runs when, as a strip under the slider. */
function Turns({
  execution,
  position,
}: Pick<ControlsProps, 'execution' | 'position'>): JSX.Element {
  const end = Math.max(1, lastPosition(execution));
  return (
    <span class="turns" aria-hidden="true">
      {execution.steps.map(({ letter, guilty }, i) => {
        const begins = execution.steps[i - 1]?.letter !== letter;
        const classes = `turn lane${laneOf(execution, letter) % 8} ${i < position ? 'past' : ''} ${guilty ? 'guilty' : ''}`;
        return (
          <span class={classes} key={i} style={{ width: `${100 / end}%` }}>
            {guilty ? '✖' : begins ? letter : ''}
          </span>
        );
      })}
    </span>
  );
}

/** What a key asks for. */
export function keyMeaning(
  execution: Execution,
  position: number,
  key: string,
): { readonly go: number } | { readonly arrows: true } | null {
  const stops = stopsOf(execution);
  switch (key) {
    case 'ArrowRight':
    case 'l':
      return { go: neighbour(stops, position, 1) };
    case 'ArrowLeft':
    case 'h':
      return { go: neighbour(stops, position, -1) };
    case 'Home':
      return { go: 0 };
    case 'End':
      return { go: lastPosition(execution) };
    case 'g':
      return { go: nextGuilty(execution, position) ?? position };
    case 'o':
      return { arrows: true };
    default:
      return null;
  }
}
