// SPDX-License-Identifier: GPL-2.0-only
/** Applies patches without fuzz: every line of a patch must match, or nothing is applied. */
import { applyPatch, parsePatch, reversePatch, structuredPatch, type StructuredPatch } from 'diff';
import { UsageError } from '../machine';
import { type Answer, type Base, FOLDER } from './answer';

/** How many lines around a change a patch repeats. */
const CONTEXT = 3;

/** Returns the base's text after the patch; `shown` names the patch in messages. */
export function applyAnswer(answer: Answer, base: string, shown: string): string {
  const patch = parsed(answer, shown);
  const lines = base.split('\n');
  // The diff begins with two lines of its own, and each hunk with one.
  let at = answer.line + 2;
  for (const hunk of patch.hunks) {
    let line = hunk.oldStart - 1;
    for (const [i, text] of hunk.lines.entries()) {
      if (!text.startsWith(' ') && !text.startsWith('-')) continue;
      if (lines[line] !== text.slice(1)) {
        const file = `${FOLDER[answer.base]}/${answer.kata}/${answer.driver}`;
        const what = answer.base === 'port' ? `${file} as shipped` : file;
        throw new UsageError(
          `${shown}:${at + 1 + i}: the patch does not apply: line ${line + 1} of ${what} is not '${text.slice(1).trim()}'`,
        );
      }
      line++;
    }
    at += 1 + hunk.lines.length;
  }
  const result = applyPatch(base, patch, { fuzzFactor: 0, autoConvertLineEndings: false });
  if (result === false) throw new UsageError(`${shown}:${answer.line}: the patch does not apply`);
  return result;
}

/** Returns the base of a patch, given its result. */
export function reverseAnswer(answer: Answer, made: string, shown: string): string {
  const patch = reversePatch(parsed(answer, shown));
  const result = applyPatch(made, patch, { fuzzFactor: 0, autoConvertLineEndings: false });
  if (result === false)
    throw new UsageError(`${shown}:${answer.line}: the patch does not lead to it`);
  return result;
}

function parsed({ diff, line, driver }: Answer, shown: string): StructuredPatch {
  let patches: readonly StructuredPatch[];
  try {
    patches = parsePatch(diff);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${shown}:${line}: the diff is damaged: ${why.split('\n', 1)[0] ?? ''}`);
  }
  const [patch] = patches;
  if (patch === undefined || patch.hunks.length === 0)
    throw new UsageError(`${shown}:${line}: the diff changes nothing`);
  if (patches.length > 1)
    throw new UsageError(`${shown}:${line}: the diff changes more files than ${driver}`);
  return patch;
}

/** The unified diff from a base to another text; empty if they are the same. */
export function diffAgainst(
  { base, kata, driver }: Pick<Answer, 'base' | 'kata' | 'driver'>,
  from: string,
  to: string,
): string {
  const file = `${FOLDER[base]}/${kata}/${driver}`;
  return unifiedDiff(file, from, to);
}

/** The unified diff of a file of the repository, as `git diff` prints it. */
function unifiedDiff(file: string, from: string, to: string): string {
  const { hunks } = structuredPatch(`a/${file}`, `b/${file}`, from, to, '', '', {
    context: CONTEXT,
  });
  if (hunks.length === 0) return '';
  const body = hunks.flatMap((hunk) => [
    `@@ -${range(hunk.oldStart, hunk.oldLines)} +${range(hunk.newStart, hunk.newLines)} @@`,
    ...hunk.lines,
  ]);
  return `--- a/${file}\n+++ b/${file}\n${body.join('\n')}\n`;
}

/** The place of a hunk; for one line, only its number. */
function range(start: number, count: number): string {
  return count === 1 ? String(start) : `${start},${count}`;
}

/** How much shorter the diff against the solution must be to be preferred: an answer is what a learner would have sent. */
const MUCH_SHORTER = 0.6;

/**
 * Chooses the base that makes the better patch, and gives the driver that base's header, which says where it comes from. The base
 * is the port, unless the diff against the solution is much shorter.
 */
export function onBetterBase(
  texts: Readonly<Record<Base, string>>,
  to: string,
): { readonly base: Base; readonly text: string } {
  const head = (base: Base): string => texts[base].slice(0, texts[base].indexOf('*/') + 2);
  const own = (['port', 'solution'] as const).find((base) => to.startsWith(head(base)));
  const under = (base: Base): string =>
    own === undefined ? to : head(base) + to.slice(head(own).length);
  const length = (base: Base): number =>
    unifiedDiff('x', texts[base], under(base)).split('\n').length;
  const short = length('solution') < MUCH_SHORTER * length('port');
  // The solution does not differ from itself, so the diff would be empty.
  const base = short && under('solution') !== texts.solution ? 'solution' : 'port';
  return { base, text: under(base) };
}
