// SPDX-License-Identifier: GPL-2.0-only
/** A finding in the instructor's page: the player where its execution is there, and the interleaving as text. */
import { safeText as e } from './safe-text';
import type { FailureTally } from './tally';

/** The finding, folded, with the element of its execution. The anchor is inside: browsers open what a link leads into. */
export function findingDetails(failure: FailureTally, player: string | undefined): string {
  const { key, where, task, headline, text, students } = failure;
  const place = task === 0 ? '' : `task ${task}: `;
  const data = player === undefined ? '' : `${player}\n`;
  const note = player === undefined ? withoutPlayer(failure) : sourceNote(students);
  return `<details class="finding">
<summary><b>${students.length} &times;</b> ${e(headline)} <span class="where">${e(`${place}${where}`)}</span></summary>
<div id="${key}">
${data}<pre class="without-player" tabindex="0">${e(text)}</pre>
${note}</div>
</details>`;
}

/** Letters, numbers and marks of a schedule, and of a scenario's name: nothing that a shell would take for more. */
const PLAIN = /^[\w! -]+$/;

/** Why a failure is not shown step by step, and what shows it. */
function withoutPlayer({ kata, run, students }: FailureTally): string {
  if (run === null) return '';
  const why = 'Not shown step by step: it is too long, or one too many for this page.';
  if (run.hidden || ![kata, run.scenario, run.schedule].every((word) => PLAIN.test(word))) {
    return `<p class="note">${why}</p>\n`;
  }
  const command = `npx kata trace ${kata.slice(0, 2)} '${run.schedule}' --scenario ${run.scenario} --driver FILE --format html -o race.html`;
  const whose = students[0] ?? '';
  return `<p class="note">${why} <code>${e(command)}</code> writes a page of its own, where FILE is the driver of ${e(whose)}.</p>\n`;
}

function sourceNote(students: readonly string[]): string {
  return students.length < 2
    ? ''
    : '<p class="note">The driver shown is that of one of them.</p>\n';
}
