// SPDX-License-Identifier: GPL-2.0-only
/**
 * What of an execution is seen at a position: functions of plain data, without a page. The position after the last step shows the
 * final check, if there is one.
 */
import type {
  Execution,
  ExecutionBand,
  ExecutionCount,
  ExecutionEdge,
  ExecutionPlace,
  ExecutionRow,
  ExecutionStanding,
  ExecutionStep,
} from './execution';

/** The last position. */
export function lastPosition({ steps, rows }: Execution): number {
  return steps.length + (rows.some(({ step }) => step > steps.length) ? 1 : 0);
}

/** The positions worth a stop, oldest first: those at which a row begins or ends, and both ends of the execution. */
export function stopsOf(execution: Execution): readonly number[] {
  const stops = new Set([0, lastPosition(execution)]);
  for (const { step, last } of execution.rows) stops.add(step).add(last);
  return [...stops].sort((a, b) => a - b);
}

/** The stop before a position, or after it; the position itself at either end. */
export function neighbour(stops: readonly number[], position: number, by: 1 | -1): number {
  const found =
    by > 0 ? stops.find((stop) => stop > position) : stops.findLast((stop) => stop < position);
  return found ?? position;
}

/** Where the finding is first known: at the check, if the check found it. */
export function findingPosition(execution: Execution): number | null {
  const { finding, rows, steps } = execution;
  if (finding === null) return null;
  const checked = rows.some(({ step, note }) => step > steps.length && note !== '');
  return checked ? lastPosition(execution) : finding.at;
}

/** The next guilty step after a position; the first one if there is none. Null in an execution without a finding. */
export function nextGuilty(execution: Execution, position: number): number | null {
  const found = findingPosition(execution);
  if (found === null) return null;
  const guilty = [...new Set([...(execution.finding?.guilty ?? []), found])].sort((a, b) => a - b);
  return guilty.find((step) => step > position) ?? guilty[0] ?? found;
}

/** Whether a row has happened, happens, or is yet to come at a position. */
export function tenseOf({ step, last }: ExecutionRow, position: number): 'past' | 'now' | 'future' {
  if (position < step) return 'future';
  return position > last ? 'past' : 'now';
}

/** The standing of all tasks at a position. */
export function standingsAt(
  { standings, steps }: Execution,
  position: number,
): readonly ExecutionStanding[] {
  return standings[Math.min(position, steps.length)] ?? [];
}

/** The step that led to a position; null at the beginning and in the check. */
export function stepAt({ steps }: Execution, position: number): ExecutionStep | null {
  return steps[position - 1] ?? null;
}

/** The index of a task's lane; 0 for what belongs to no task. */
export function laneOf({ tasks }: Execution, letter: string): number {
  return Math.max(
    0,
    tasks.findIndex((task) => task.letter === letter),
  );
}

/** The name of a task for people: `rbd-put (A)`. */
export function nameOf({ tasks }: Execution, letter: string): string {
  const task = tasks.find((one) => one.letter === letter);
  return task === undefined ? 'set-up' : `${task.comm} (${letter})`;
}

/** What a position shows, in one sentence: for the live region. */
export function sentenceAt(execution: Execution, position: number): string {
  const { steps, rows, finding } = execution;
  const found = findingPosition(execution) === position ? ` ${finding?.headline ?? ''}` : '';
  if (position === 0) return `Before the first step.${found}`;
  const now = rows.filter((row) => row.kind !== 'entry' && tenseOf(row, position) === 'now');
  const texts = now.map(({ text, at }) =>
    at === null ? text : `${text}, ${at.file} line ${at.line}`,
  );
  const what = texts.join('; ');
  if (position > steps.length) return `Then the final check: ${what}.${found}`;
  const step = stepAt(execution, position);
  const who = step === null ? '' : nameOf(execution, step.letter);
  return `Step ${position} of ${steps.length}: ${who}: ${what === '' ? (step?.text ?? '') : what}.${found}`;
}

/** A task at a line of a file. */
export interface LineMark {
  readonly letter: string;
  /** `ran`: the last step was here. `next`: the task's next operation is here. `calls`: that is inside a call on this line. */
  readonly how: 'ran' | 'next' | 'calls';
}

/** The marks of a file's lines at a position. */
export function marksIn(
  execution: Execution,
  file: string,
  position: number,
): ReadonlyMap<number, readonly LineMark[]> {
  const marks = new Map<number, LineMark[]>();
  const mark = (line: number, one: LineMark): void => {
    marks.set(line, [...(marks.get(line) ?? []), one]);
  };
  for (const line of ranLines(execution, file, position)) {
    mark(line, { letter: stepAt(execution, position)?.letter ?? '', how: 'ran' });
  }
  for (const { letter, state, stack } of standingsAt(execution, position)) {
    if (state !== 'ready' && state !== 'waits') continue;
    const at = stack.findIndex((place) => place.file === file);
    const line = stack[at]?.line;
    if (line !== undefined) mark(line, { letter, how: at === 0 ? 'next' : 'calls' });
  }
  return marks;
}

/** The lines of a file at which the rows of a position are written. */
function ranLines({ rows }: Execution, file: string, position: number): number[] {
  const lines = rows.flatMap((row) =>
    row.kind !== 'entry' && row.at?.file === file && tenseOf(row, position) === 'now'
      ? [row.at.line]
      : [],
  );
  return [...new Set(lines)];
}

/** Where to look at a position: the last row's place, else the step's, else the first place of the execution. */
export function focusAt(
  execution: Execution,
  position: number,
): { file: string; line: number } | null {
  const { rows } = execution;
  const known = (file: string): boolean => execution.sources.some((one) => one.file === file);
  const now = rows.filter((row) => row.kind !== 'entry' && tenseOf(row, position) === 'now');
  const places = [
    ...now.map(({ at }) => at).reverse(),
    ...(stepAt(execution, position)?.stack ?? []),
    ...rows.map(({ at }) => at),
  ];
  return places.find((place) => place !== null && known(place.file)) ?? null;
}

/** The value of a count at a position, as text; empty before its first. */
export function countAt({ changes }: ExecutionCount, position: number): string {
  return changes.findLast(({ at }) => at <= position)?.text ?? '';
}

/** Whether a band lasts at a position. */
export function lastsAt(
  { from, to }: Pick<ExecutionBand, 'from' | 'to'>,
  position: number,
): boolean {
  return position >= from && (to === null || position < to);
}

/** What a task's next operation has to wait for: the lock and who has it. Empty if it does not wait. */
export function waitText(
  execution: Execution,
  { state, next, waitsFor }: ExecutionStanding,
): string {
  if (state !== 'waits') return '';
  const whom = waitsFor.map((letter) => nameOf(execution, letter)).join(', ');
  return whom === '' ? `waits in ${next}` : `waits in ${next} for ${whom}`;
}

/** The edges that end or begin in the step of a position. */
export function edgesAt({ edges }: Execution, position: number): readonly ExecutionEdge[] {
  return edges.filter(({ from, to }) => from === position || to === position);
}

/** A place for people: `rbd_put_client, rbd.ts:171`. */
export function placeText({ file, line, within }: ExecutionPlace): string {
  return `${within}, ${file}:${line}`;
}
