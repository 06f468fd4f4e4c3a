// SPDX-License-Identifier: GPL-2.0-only
/** What a submission changed: its difference to the port as shipped, which everybody began with. */
import { createTwoFilesPatch, diffLines } from 'diff';

/** Beyond so many changed lines a file has little to do with the port, and counts as new altogether. */
const EDITS_MAX = 2000;

/** The lines a submission added to the port or changed in it. */
export function addedLines(port: string, text: string): string[] {
  const changes = diffLines(port, text, { maxEditLength: EDITS_MAX });
  const added =
    changes === undefined
      ? text
      : changes.flatMap((change) => (change.added ? [change.value] : [])).join('');
  return added.split('\n').filter((line) => line.trim() !== '');
}

/** The same as a patch, for reading. */
export function patchOf(driver: string, port: string, text: string): string {
  const options = { context: 3, maxEditLength: EDITS_MAX };
  const patch = createTwoFilesPatch(
    `shipped/${driver}`,
    `handed-in/${driver}`,
    port,
    text,
    '',
    '',
    options,
  );
  return patch ?? `${driver}: more than ${EDITS_MAX} lines differ\n`;
}
