// SPDX-License-Identifier: GPL-2.0-only
/**
 * A report: the bug in one line, the kernel's layout for it, the interleaving, how far was searched, and the command
 * that replays it. Nothing in it varies between two runs.
 */
import { type Finding, Gravity, type Replay } from '../machine';
import { fold, WIDTH_DEFAULT } from './fold';
import { interleaving } from './interleaving';
import { printedUpTo } from './up-to';
import type { NotedTelling } from './telling';
import { whyReordered } from './reordered';
import { whyUnordered } from './unordered';

export interface ReportInput {
  /** The gravest finding of the replay; it makes the headline. */
  readonly finding: Finding;
  /** Made for this report alone: it notes which stacks the report mentions. */
  readonly telling: NotedTelling;
  readonly replay: Replay;
  /** How far was searched, with the seed of a random search; missing in the report of a replay. */
  readonly exploration?: { readonly executions: number; readonly seed?: number };
  /** How short the schedule is: `1 preemption; every schedule without one passes`. */
  readonly certificate?: string;
  /** The command that shows this failure again: `npx kata replay 01 'A4 B7 A3'`. */
  readonly command: string;
  /** Leave nothing out. */
  readonly full?: boolean;
  /** Characters of a line. */
  readonly width?: number;
}

const LINES_MAX = 60;
const ROWS_MAX = 25;
const ROWS_MIN = 8;
/** The least number of lines of the detector's part that are shown. */
const BODY_MIN = 16;
/** The lines other than body and rows: headline, ruler, blanks, and the last lines. */
const FRAME_LINES = 10;
const RULER = '='.repeat(66);

/** The report as text, without a newline at its end. */
export function renderReport(input: ReportInput): string {
  const { finding, telling, replay, command, full = false, width = WIDTH_DEFAULT } = input;
  const wrap = (line: string): string[] => fold(line, width);
  const headline = finding.headline(telling);
  const whole = [
    ...finding.body(telling),
    ...whyUnordered(replay, finding, telling),
    ...whyReordered(replay, finding, telling),
  ].flatMap(wrap);
  const room = Math.max(ROWS_MIN, Math.min(ROWS_MAX, LINES_MAX - FRAME_LINES - whole.length));
  const { lines, omitted } = interleaving(replay, finding, {
    rules: telling.rules,
    guilty: telling.asked,
    rowsMax: full ? Infinity : room,
    width,
  });
  const left = (what: string): string[] => leftOut(what, `${command} --full`, width);
  const body = full ? whole : shorten(whole, lines.length, left);
  if (omitted > 0) lines.push(...left(steps(omitted)));
  return [
    headline,
    ...wrap(RULER),
    ...body,
    ...(lines.length > 0 ? ['', ...lines] : []),
    '',
    ...alsoSeen(finding, replay.findings).flatMap(wrap),
    ...explored(input).flatMap(wrap),
    ...printed(input).flatMap(wrap),
    `replay it: ${command}`,
  ].join('\n');
}

function steps(count: number): string {
  return count === 1 ? '1 step' : `${count} steps`;
}

/** Says what was left out. The command is in one piece, so that it can be copied. */
function leftOut(what: string, command: string, width: number): string[] {
  const line = `(${what} omitted, see ${command})`;
  return line.length > width ? [`(${what} omitted, see the next line)`, command] : [line];
}

/** Cuts the detector's part to leave room for the rows, but never below its minimum. Of what is not a stack no half is left. */
function shorten(
  body: readonly string[],
  rows: number,
  left: (what: string) => string[],
): readonly string[] {
  const room = Math.max(BODY_MIN, LINES_MAX - FRAME_LINES - rows);
  if (body.length <= room) return body;
  let end = room - 1;
  while (end > 0 && !canEndAt(body, end)) end--;
  const kept = body.slice(0, end === 0 ? room - 1 : end);
  return [...kept, ...left(`${body.length - kept.length} lines`)];
}

/** A stack may end at any line, everything else where a paragraph does; a title needs what follows it. */
function canEndAt(body: readonly string[], end: number): boolean {
  const [last = '', next = ''] = body.slice(end - 1, end + 1);
  if (/^\s*$|:$/.test(last)) return false;
  return next === '' || / \S+:\d+$/.test(last);
}

/**
 * The other findings in one line, gravest first. Lock orders are left out: they also come from other executions, and a
 * replay of this one may not find them.
 */
function alsoSeen(finding: Finding, findings: readonly Finding[]): string[] {
  const others = findings
    .filter(({ kind, gravity }) => kind !== finding.kind && gravity !== Gravity.LockOrder)
    .sort((a, b) => a.gravity - b.gravity)
    .map(({ kind }) => kind);
  const kinds = [...new Set(others)].join(', ');
  return others.length === 0 ? [] : [`also in this interleaving: ${kinds}`];
}

function explored({ exploration, certificate, width = WIDTH_DEFAULT }: ReportInput): string[] {
  const parts: string[] = [];
  if (exploration !== undefined) {
    const { executions, seed } = exploration;
    const how = seed === undefined ? 'explored' : 'tried at random';
    parts.push(`${how} ${executions} interleaving${executions === 1 ? '' : 's'}`);
  }
  if (certificate !== undefined) parts.push(`this is the shortest failure found: ${certificate}`);
  const line = parts.join('; ');
  return line.length > width ? parts : parts.length === 0 ? [] : [line];
}

/** Names the command that shows what the driver printed. A replay has shown it already. */
function printed({ replay, finding, command, exploration }: ReportInput): string[] {
  const lines = exploration === undefined ? 0 : printedUpTo(replay, finding);
  if (lines === 0) return [];
  return [`printed ${lines} ${lines === 1 ? 'line' : 'lines'}: ${command} shows them`];
}
