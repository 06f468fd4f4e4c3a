// SPDX-License-Identifier: GPL-2.0-only
/** The source beside the lanes: the lines at which the tasks stand, and the line that has just run. */
import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Badge } from './badge';
import type { Execution } from './execution';
import { scrollInside } from './lanes';
import { focusAt, laneOf, type LineMark, marksIn, nameOf } from './view';

export interface SourceProps {
  readonly execution: Execution;
  readonly position: number;
}

export function Source({ execution, position }: SourceProps): JSX.Element | null {
  const focus = focusAt(execution, position);
  const [file, setFile] = useState(focus?.file ?? execution.sources[0]?.file ?? '');
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (focus !== null) setFile(focus.file);
  }, [execution, position]);
  useLayoutEffect(() => {
    const line = frame.current?.querySelector<HTMLElement>('.code-line.focus');
    if (frame.current !== null && line) scrollInside(frame.current, line);
  }, [execution, position, file]);
  const source = execution.sources.find((one) => one.file === file);
  if (source === undefined) return null;
  const marks = marksIn(execution, file, position);
  return (
    <div class="source">
      <div class="files" role="group" aria-label="Source file">
        {execution.sources.map((one) => (
          <button
            type="button"
            key={one.file}
            aria-pressed={one.file === file}
            onClick={() => setFile(one.file)}
          >
            {one.file}
          </button>
        ))}
      </div>
      <div class="listing" ref={frame} tabIndex={0} role="group" aria-label={`Source of ${file}`}>
        <ol>
          {source.lines.map((text, i) => (
            <Line
              key={i}
              execution={execution}
              text={text}
              number={i + 1}
              marks={marks.get(i + 1) ?? []}
              focus={focus?.file === file && focus.line === i + 1}
            />
          ))}
        </ol>
      </div>
    </div>
  );
}

interface LineProps {
  readonly execution: Execution;
  readonly text: string;
  readonly number: number;
  readonly marks: readonly LineMark[];
  readonly focus: boolean;
}

const HOW = { ran: 'has just run this', next: 'is here', calls: 'is in a call from here' };

function Line({ execution, text, number, marks, focus }: LineProps): JSX.Element {
  const first = marks[0];
  const lane =
    first === undefined || first.letter === '' ? '' : `lane${laneOf(execution, first.letter) % 8}`;
  const ran = marks.some(({ how }) => how === 'ran');
  const classes = ['code-line', lane, ran ? 'ran' : '', focus ? 'focus' : ''];
  return (
    <li class={classes.join(' ')} value={number}>
      <span class="gutter">
        <span class="number" aria-hidden="true">
          {number}
        </span>
        <span class="marks">
          {unique(marks).map(({ letter, how }) => (
            <span
              key={letter}
              class={`mark ${how} lane${laneOf(execution, letter) % 8}`}
              title={`${nameOf(execution, letter)} ${HOW[how]}`}
            >
              <Badge letter={letter} />
              <span class="hidden">{HOW[how]}: </span>
            </span>
          ))}
        </span>
      </span>
      <code>{text === '' ? ' ' : text}</code>
    </li>
  );
}

/** One mark for each task: that it has run a line says more than that it is there. */
function unique(marks: readonly LineMark[]): readonly LineMark[] {
  return marks.filter(
    ({ letter }, i) => letter !== '' && marks.findIndex((one) => one.letter === letter) === i,
  );
}
