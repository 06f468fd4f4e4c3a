// SPDX-License-Identifier: GPL-2.0-only
/**
 * A report: the bug in one line, then the kernel's layout for it, how it came about, how far was searched, and what to type
 * next. Nothing in it varies between two runs.
 */
import { type Finding, Gravity } from '../machine';
import { clip, WIDTH_MAX } from './columns';
import { interleaving } from './interleaving';
import type { Recorded } from './recorded';
import type { NotedTelling } from './telling';

export interface ReportInput {
  /** What leads: the gravest finding of the replay. */
  readonly finding: Finding;
  /** Made anew for each report: it notes what the report speaks of. */
  readonly telling: NotedTelling;
  readonly replay: Recorded;
  /** How far was searched; a mere replay knows nothing of it. */
  readonly exploration?: { readonly executions: number };
  /** What is known of the schedule: `1 preemption; every schedule without one passes`. */
  readonly certificate?: string;
  /** What shows this again: `npx kata replay 01 'A4 B7 A3'`. */
  readonly command: string;
  /** Leave nothing out. */
  readonly full?: boolean;
}

const LINES_MAX = 60;
const ROWS_MAX = 25;
const ROWS_MIN = 8;
/** Lines that are neither body nor rows: headline, ruler, title, headers, blanks, and the last words. */
const FRAME_LINES = 13;
const RULER = '='.repeat(66);

/** The report as text, without a newline at its end. */
export function renderReport(input: ReportInput): string {
  const { finding, telling, replay, command, full = false } = input;
  const headline = finding.headline(telling);
  const body = shorten(finding.body(telling).flatMap(wrap), input);
  const room = Math.max(ROWS_MIN, Math.min(ROWS_MAX, LINES_MAX - FRAME_LINES - body.length));
  const { lines, omitted } = interleaving(replay, finding, {
    rules: telling.rules,
    guilty: telling.asked,
    rowsMax: full ? Infinity : room,
  });
  if (omitted > 0) lines.push(`(${steps(omitted)} omitted, see ${command} --full)`);
  return [
    headline,
    RULER,
    ...body,
    ...(lines.length > 0 ? ['', ...lines] : []),
    '',
    ...alsoSeen(finding, replay.findings),
    ...explored(input),
    `replay it: ${command}`,
  ].join('\n');
}

function steps(count: number): string {
  return count === 1 ? '1 step' : `${count} steps`;
}

function shorten(body: readonly string[], { command, full }: ReportInput): readonly string[] {
  const room = LINES_MAX - FRAME_LINES - ROWS_MIN;
  if (full === true || body.length <= room) return body;
  const left = body.length - room + 1;
  return [...body.slice(0, room - 1), `(${left} lines omitted, see ${command} --full)`];
}

/** Breaks a line at a space, as often as it takes; what follows is indented. */
function wrap(line: string): string[] {
  const lines: string[] = [];
  let rest = line.trimEnd();
  while (rest.length > WIDTH_MAX) {
    const space = rest.lastIndexOf(' ', WIDTH_MAX);
    const at = space > WIDTH_MAX / 2 ? space : WIDTH_MAX;
    lines.push(rest.slice(0, at).trimEnd());
    rest = `    ${rest.slice(at).trimStart()}`;
  }
  return [...lines, rest];
}

/**
 * What else was found, gravest first, in one line. Not lock orders: they are known from other executions too, so a replay
 * alone may not see them.
 */
function alsoSeen(finding: Finding, findings: readonly Finding[]): string[] {
  const others = findings
    .filter(({ kind, gravity }) => kind !== finding.kind && gravity !== Gravity.LockOrder)
    .sort((a, b) => a.gravity - b.gravity)
    .map(({ kind }) => kind);
  return others.length === 0
    ? []
    : [clip(`also seen: ${[...new Set(others)].join(', ')}`, WIDTH_MAX)];
}

function explored({ exploration, certificate }: ReportInput): string[] {
  const parts: string[] = [];
  if (exploration !== undefined) {
    const { executions } = exploration;
    parts.push(`explored ${executions} interleaving${executions === 1 ? '' : 's'}`);
  }
  if (certificate !== undefined) parts.push(`this is the shortest failure found: ${certificate}`);
  const line = parts.join('; ');
  return line.length > WIDTH_MAX ? parts.flatMap(wrap) : parts.length === 0 ? [] : [line];
}
