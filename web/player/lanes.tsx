// SPDX-License-Identifier: GPL-2.0-only
/** One lane per CPU: the rows in order, top first, each in the lane of its task. */
import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { Arrows } from './arrows';
import type { Execution, ExecutionRow } from './execution';
import { Badge } from './badge';
import { laneOf, lastPosition, tenseOf } from './view';

export interface LanesProps {
  readonly execution: Execution;
  readonly position: number;
  readonly arrows: boolean;
  readonly go: (position: number) => void;
}

export function Lanes({ execution, position, arrows, go }: LanesProps): JSX.Element {
  const frame = useRef<HTMLDivElement>(null);
  const { tasks, rows, steps } = execution;
  useLayoutEffect(() => {
    showCurrent(frame.current);
  }, [execution, position]);
  const width = tasks.length <= 3 ? 'few' : 'many';
  const firstCheck = rows.findIndex(({ step }) => step > steps.length);
  return (
    <div class={`lanes ${width}`} style={{ '--lanes': String(tasks.length) }}>
      <ul class="lane-heads" aria-label="Lanes">
        {tasks.map((task, lane) => (
          <li key={task.letter} class={`lane lane${lane % 8}`} style={{ '--lane': String(lane) }}>
            <Badge letter={task.letter} />
            <span class="lane-name">
              CPU {task.cpu}: {task.comm}
            </span>
            {task.from !== '' && <small>from {task.from}</small>}
          </li>
        ))}
      </ul>
      <div
        class="lane-frame"
        ref={frame}
        tabIndex={0}
        role="group"
        aria-label="Interleaving, oldest first"
      >
        <ol class="rows">
          {rows.map((row, i) => (
            <Row
              key={i}
              row={row}
              file={execution.sources[0]?.file ?? ''}
              lane={laneOf(execution, row.letter)}
              tense={tenseOf(row, position)}
              first={i === firstCheck}
              go={() => go(Math.min(row.last, lastPosition(execution)))}
            />
          ))}
        </ol>
        {arrows && <Arrows execution={execution} position={position} />}
      </div>
    </div>
  );
}

interface RowProps {
  readonly row: ExecutionRow;
  /** The file whose lines need no name. */
  readonly file: string;
  readonly lane: number;
  readonly tense: 'past' | 'now' | 'future';
  /** It is the first row of the final check. */
  readonly first: boolean;
  readonly go: () => void;
}

function Row({ row, file, lane, tense, first, go }: RowProps): JSX.Element {
  const { letter, depth, text, at, guilty, note, kind, last } = row;
  const checks = letter === '';
  const lane8 = checks ? '' : `lane${lane % 8}`;
  const classes = ['row', kind, tense, lane8, guilty ? 'guilty' : '', checks ? 'check' : ''];
  return (
    <>
      {first && <li class="divider">then the final check</li>}
      <li
        class={classes.join(' ')}
        style={{ '--lane': String(lane) }}
        data-step={last}
        aria-current={tense === 'now' ? 'step' : undefined}
      >
        <button type="button" class="row-button" tabIndex={-1} onClick={go}>
          {!checks && <Badge letter={letter} />}
          <span class="line-number" title={at === null ? '' : `${at.file}:${at.line}`}>
            {at === null ? '' : at.line}
          </span>
          <span class="row-text" style={{ '--depth': String(Math.min(depth, 8)) }}>
            {text}
            {at !== null && at.file !== file && <small class="elsewhere"> {at.file}</small>}
            {guilty && (
              <strong class="note">
                <span aria-hidden="true"> ✖ </span>
                {note === '' ? 'part of the bug' : note}
              </strong>
            )}
          </span>
        </button>
      </li>
    </>
  );
}

/** Scrolls the frame, and nothing around it, to the rows that happen now. */
function showCurrent(frame: HTMLElement | null): void {
  if (frame === null) return;
  const now = [...frame.querySelectorAll<HTMLElement>('.row.now')].at(-1);
  const past = [...frame.querySelectorAll<HTMLElement>('.row.past')].at(-1);
  const row = now ?? past;
  if (row === undefined) frame.scrollTop = 0;
  else scrollInside(frame, row);
}

/** Scrolls so that an element is in the middle third of its frame. */
export function scrollInside(frame: HTMLElement, element: HTMLElement): void {
  const top =
    element.getBoundingClientRect().top - frame.getBoundingClientRect().top + frame.scrollTop;
  const room = frame.clientHeight;
  if (top > frame.scrollTop + room / 3 && top < frame.scrollTop + (room * 2) / 3) return;
  frame.scrollTop = top - room / 2;
}
