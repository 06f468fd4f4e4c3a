// SPDX-License-Identifier: GPL-2.0-only
/**
 * The instructor's report: one HTML file, with nothing of a submission in it that is not escaped. Its only script is the player, and
 * without that every finding is there as text.
 */
import { playerCode, playerStyle, policyFor } from '../../trace-page/parts';
import { count } from '../../kata/print/words';
import { type Absent, nameOf } from '../collect/handed-in';
import { findingDetails } from './finding-html';
import type { Players } from './players';
import { safeText as e } from './safe-text';
import { meanText } from './text';
import { type FailureTally, type Row, STATUSES, type Tally } from './tally';

/** What the page says of the batch as a whole. */
export interface PageFacts {
  readonly tool: string;
  /** Why nobody should rely on it; null in a batch to be trusted. */
  readonly untrusted: string | null;
  readonly layers: readonly string[];
  /** Remarks about what was not recognised among what was handed in. */
  readonly passedOver?: readonly string[];
  /** Who has nothing to grade. */
  readonly absent?: readonly Absent[];
}

/** The whole page. */
export function classPage(tally: Tally, facts: PageFacts, players: Players = new Map()): string {
  const { katas, rows } = tally;
  const students = new Set(rows.map(({ student }) => student.id)).size;
  const untrusted =
    facts.untrusted === null
      ? ''
      : `<p class="alarm">Do not rely on these results: ${e(facts.untrusted)}.</p>`;
  const plays = players.size > 0;
  const style = plays ? STYLE + playerStyle() : STYLE;
  const script = plays ? playerCode() : null;
  const policy = policyFor(script === null ? { style } : { style, script });
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>Grading report</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>Grading report</h1>
<p>${count(rows.length, 'submission')} of ${count(students, 'student')} for ${count(katas.length, 'kata')}.
Graded by ${e(facts.tool)} behind ${e(facts.layers.join(', '))}.</p>
${untrusted}
</header>
<main>
${section('Katas', katasTable(tally))}
${section('Tasks', tasksTable(tally))}
${section('What goes wrong', failureSections(tally, players))}
${section('Students', studentsTable(tally))}
${listSection('Nothing to grade', (facts.absent ?? []).map(absentText))}${listSection('Passed over', facts.passedOver ?? [])}</main>
${script === null ? '' : `<script>${script}</script>\n`}</body>
</html>
`;
}

/** A part of the page that a screen reader can go to. */
function section(title: string, body: string): string {
  const id = title.toLowerCase().replace(/ /g, '-');
  return `<section aria-labelledby="${id}">\n<h2 id="${id}">${title}</h2>\n${body}\n</section>`;
}

function absentText({ student, why }: Absent): string {
  return `${nameOf(student)}: ${why}`;
}

/** Work that nobody recognised would otherwise look like work that nobody did. */
function listSection(title: string, remarks: readonly string[]): string {
  if (remarks.length === 0) return '';
  const items = remarks.map((remark) => `<li>${e(remark)}</li>`).join('\n');
  return `${section(title, `<ul>\n${items}\n</ul>`)}\n`;
}

function katasTable({ katas }: Tally): string {
  const means = katas.map(meanText);
  const rows = katas.map(
    ({ kata, submissions, statuses }, i) =>
      `<tr><th scope="row"><a href="#k-${e(kata)}">${e(kata)}</a></th><td>${submissions}</td>${STATUSES.map(
        (status) =>
          `<td class="${status}${statuses[status] === 0 ? ' none' : ''}">${statuses[status]}</td>`,
      ).join('')}<td>${means[i] ?? ''}</td></tr>`,
  );
  const head = STATUSES.map((status) => `<th scope="col">${status}</th>`).join('');
  return `<div class="wide" tabindex="0"><table class="numbers">
<thead><tr><th scope="col">kata</th><th scope="col">submissions</th>${head}<th scope="col">mean points</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table></div>`;
}

function tasksTable({ katas }: Tally): string {
  const rows = katas.flatMap(({ kata, graded, tasks }) =>
    tasks.map(
      ({ id, title, solved }) =>
        `<tr><th scope="row">${e(kata)} task ${id}</th><td class="bar"><meter min="0" max="${graded}" value="${solved}">${solved} of ${graded}</meter></td><td>${solved} of ${graded}</td><td class="text">${e(title)}</td></tr>`,
    ),
  );
  return `<div class="wide" tabindex="0"><table>
<thead><tr><th scope="col">task</th><th scope="col" colspan="2">solved</th><th scope="col">what</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table></div>`;
}

function failureSections({ katas, failures }: Tally, players: Players): string {
  return katas
    .map(({ kata }) => {
      const own = failures.filter((failure) => failure.kata === kata);
      const all =
        own.length === 0
          ? '<p>Nothing.</p>'
          : bySet(own)
              .map((set) => setOf(set, players))
              .join('\n');
      return `<h3 id="k-${e(kata)}">${e(kata)}</h3>\n${all}`;
    })
    .join('\n');
}

/** Failures that hit the same students stand together: they are mostly one mistake. */
function bySet(failures: readonly FailureTally[]): (readonly FailureTally[])[] {
  const sets = new Map<string, FailureTally[]>();
  for (const failure of failures) {
    const key = JSON.stringify([...failure.students].sort());
    sets.set(key, [...(sets.get(key) ?? []), failure]);
  }
  return [...sets.values()];
}

function setOf(failures: readonly FailureTally[], players: Players): string {
  const all = failures.map((failure) => findingDetails(failure, players.get(failure.key)));
  const students = failures[0]?.students ?? [];
  const who = students.map((student) => `<li>${e(student)}</li>`).join('');
  const what = `${count(failures.length, 'finding')} in ${count(students.length, 'submission')}`;
  return `<h4>${what}</h4>\n<ul class="who">${who}</ul>\n${all.join('\n')}`;
}

function studentsTable({ katas, failures, rows }: Tally): string {
  const headlines = new Map(failures.map(({ key, headline }) => [key, headline]));
  const students = new Map<string, Map<string, Row>>();
  for (const row of rows) {
    const own = students.get(row.student.id) ?? new Map<string, Row>();
    students.set(row.student.id, own);
    own.set(row.report.kata, row);
  }
  const head = katas.map(({ kata }) => `<th scope="col">${e(kata)}</th>`).join('');
  const body = [...students].map(([student, own]) => {
    const cells = katas.map(({ kata }) => cell(own.get(kata), headlines)).join('');
    const all = [...own.values()];
    const total = all.reduce((sum, { report }) => sum + report.score, 0);
    const known = all.every(({ fault }) => fault === null);
    const name = all[0] === undefined ? student : nameOf(all[0].student);
    return `<tr><th scope="row">${e(name)}</th>${cells}<td>${known ? total : '&ndash;'}</td></tr>`;
  });
  return `<div class="wide" tabindex="0"><table class="numbers">
<thead><tr><th scope="col">student</th>${head}<th scope="col">points</th></tr></thead>
<tbody>
${body.join('\n')}
</tbody>
</table></div>`;
}

function cell(row: Row | undefined, headlines: ReadonlyMap<string, string>): string {
  if (row === undefined) return '<td class="none">&ndash;</td>';
  const { status, score, maxScore } = row.report;
  const links = row.failures.map(
    (anchor, i) => `<a href="#${anchor}" title="${e(headlines.get(anchor) ?? '')}">${i + 1}</a>`,
  );
  const why = links.length === 0 ? '' : ` <span class="why">${links.join(' ')}</span>`;
  if (row.fault !== null) return `<td class="error">error: ${e(row.fault)}${why}</td>`;
  return `<td class="${status}">${score} of ${maxScore}<br>${status}${why}</td>`;
}

const STYLE = `
:root { color-scheme: light dark; --line: #8886; --good: #2a7d3f; --bad: #b3261e; --warn: #8a6100; }
@media (prefers-color-scheme: dark) { :root { --good: #6fcf85; --bad: #ff8a80; --warn: #e0b24a; } }
html { background: Canvas; color: CanvasText; }
body { font: 16px/1.45 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; } h2 { margin-top: 2.2rem; font-size: 1.25rem; } h3, h4 { font-size: 1rem; }
table { border-collapse: collapse; font-size: .92rem; }
th, td { padding: .3rem .7rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
.numbers td, .numbers thead th + th { text-align: right; font-variant-numeric: tabular-nums; }
.text { max-width: 32rem; }
.wide { overflow-x: auto; }
.none { opacity: .7; }
.pass { color: var(--good); } .fail, .rejected { color: var(--bad); } .bound, .timeout, .error { color: var(--warn); }
.pass.none, .fail.none, .rejected.none, .bound.none, .timeout.none, .error.none { color: inherit; }
.alarm { border: 2px solid var(--bad); color: var(--bad); padding: .7rem 1rem; font-weight: 600; }
meter { width: min(10rem, 30vw); }
th[scope=row] { overflow-wrap: anywhere; min-width: 9rem; }
.finding { border: 1px solid var(--line); border-radius: .3rem; margin: .5rem 0; padding: .4rem .7rem; }
.finding:has(> :target) { outline: 2px solid var(--warn); }
.finding > summary { cursor: pointer; overflow-wrap: anywhere; }
.finding .player { border-top: 1px solid var(--line); margin-top: .4rem; padding-top: .7rem; }
.where { opacity: .75; display: block; font-size: .9rem; }
.without-player { font: 13px/1.35 ui-monospace, monospace; overflow-x: auto; padding: .5rem; border-top: 1px solid var(--line); }
.without-player[hidden] { display: none; }
.note { font-size: .9rem; overflow-wrap: anywhere; }
.who { columns: 4 12rem; font-size: .9rem; margin: 0; padding-left: 1.2rem; overflow-wrap: anywhere; }
.why a { margin-left: .25rem; }
a { color: inherit; }
`;
