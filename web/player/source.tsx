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
  const [whole, setWhole] = useState(false);
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => whenIdle(() => setWhole(true)), []);
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
  const focused = focus?.file === file ? focus.line : 1;
  const first = whole ? 0 : Math.max(0, focused - AROUND);
  const lines = whole ? source.lines : source.lines.slice(first, focused + AROUND);
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
      <div
        class="listing"
        ref={frame}
        tabIndex={0}
        role="group"
        aria-label={`Source of ${file}`}
        aria-busy={!whole}
      >
        <ol>
          <Gap lines={first} />
          {lines.map((text, i) => (
            <Line
              key={first + i}
              execution={execution}
              text={text}
              number={first + i + 1}
              marks={marks.get(first + i + 1) ?? []}
              focus={focus?.file === file && focus.line === first + i + 1}
            />
          ))}
          <Gap lines={source.lines.length - first - lines.length} />
        </ol>
      </div>
    </div>
  );
}

/** Lines above and below the current one that are there at once. The others follow when the page has nothing else to do. */
const AROUND = 40;

/** Runs something when the page has nothing else to do; returns what takes it back. */
function whenIdle(run: () => void): () => void {
  if (typeof requestIdleCallback === 'undefined') {
    const timer = setTimeout(run, 500);
    return () => clearTimeout(timer);
  }
  const idle = requestIdleCallback(run, { timeout: 2000 });
  return () => cancelIdleCallback(idle);
}

/** The room of lines that are not there yet. */
function Gap({ lines }: { readonly lines: number }): JSX.Element | null {
  return lines <= 0 ? null : <li class="gap" style={{ '--lines': lines }} aria-hidden="true" />;
}

interface LineProps {
  readonly execution: Execution;
  readonly text: string;
  readonly number: number;
  readonly marks: readonly LineMark[];
  readonly focus: boolean;
}

const HOW = { ran: 'has just run this', next: 'is here', calls: 'is in a call from here' };

/** The number is made by the style sheet. A file has hundreds of lines, so one without marks is one element. */
function Line({ execution, text, number, marks, focus }: LineProps): JSX.Element {
  const first = marks[0];
  const lane =
    first === undefined || first.letter === '' ? '' : `lane${laneOf(execution, first.letter) % 8}`;
  const ran = marks.some(({ how }) => how === 'ran');
  const classes = ['code-line', lane, ran ? 'ran' : '', focus ? 'focus' : ''];
  return (
    <li class={classes.join(' ')} value={number}>
      {marks.length === 0 ? null : (
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
      )}
      {text === '' ? ' ' : text}
    </li>
  );
}

/** One mark for each task: that it has run a line says more than that it is there. */
function unique(marks: readonly LineMark[]): readonly LineMark[] {
  return marks.filter(
    ({ letter }, i) => letter !== '' && marks.findIndex((one) => one.letter === letter) === i,
  );
}
