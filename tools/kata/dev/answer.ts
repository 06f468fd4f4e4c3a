// SPDX-License-Identifier: GPL-2.0-only
/** Answers as files for an editor, and back: lays a patch out as the driver it makes, and folds a driver into a patch. */
import fs from 'node:fs';
import path from 'node:path';
import {
  type Base,
  diffAgainst,
  type Message,
  onBetterBase,
  parseAnswer,
  printAnswer,
} from '../../../lib/answer';
import { answerFile, type AnswerFile, baseText, driverOf } from '../../answers/files';
import { apart, layOut, type LaidOut, placeOf, readLaidOut } from '../../answers/laid-out';
import { textOrNull } from '../../answers/text';
import type { Judge } from '../../selfcheck/checks';
import { readDriver } from '../driver-source';
import { Refusal } from '../errors';
import type { Kata } from '../katas';
import { givenDriver, type Shell, shownPath } from '../shell';
import { formatted } from './format';

/** `wrong/nested`, with or without its ending and the folders above. */
export function answerNamed(root: string, kata: Kata, typed: string): AnswerFile {
  const name = /^(?:.*\/)?(wrong|right)\/([a-z0-9][a-z0-9-]*)(?:\.(?:patch|ts))?$/.exec(typed);
  const [, kind, rest = ''] = name ?? [];
  if (kind !== 'wrong' && kind !== 'right') {
    throw new Refusal(
      `'${typed}' names no answer; write wrong/NAME or right/NAME, in small letters, digits and '-'`,
    );
  }
  return answerFile(root, kata.id, kind, rest);
}

/** What a new answer's message is until somebody writes it. */
const TO_BE_WRITTEN = 'TODO: what the patch does, in one line';

function skeleton(kind: AnswerFile['kind']): Message {
  const why = `TODO: why it ${kind === 'wrong' ? 'fails' : 'holds'}, in a sentence or two`;
  return { subject: TO_BE_WRITTEN, why, fails: [], tasks: [] };
}

/** Lays an answer out; a new one begins as the port, or as the file `from`. Where it lies, and whether it was there before. */
export function lay(
  shell: Shell,
  kata: Kata,
  file: AnswerFile,
  from: string | undefined,
): { readonly shown: string; readonly known: boolean } {
  const { root } = shell;
  const place = placeOf(root, kata.id, file);
  const shown = shownPath(shell.cwd, place);
  if (from === undefined && fs.existsSync(place)) return { shown, known: true };
  const given = from === undefined ? null : readGiven(shell, from);
  const patched = readPatch(root, kata, file);
  const text = given?.text ?? patched?.text ?? baseText(root, kata.manifest, 'port');
  layOut(root, place, { text, message: given?.message ?? patched?.message ?? skeleton(file.kind) });
  return { shown, known: false };
}

function readGiven({ cwd }: Shell, from: string): LaidOut {
  const { file, shown } = givenDriver(cwd, from);
  return apart(readDriver(file, shown), shown);
}

interface Patched extends LaidOut {
  readonly base: Base;
}

/** An answer that is there already; its text is null where the patch does not apply any more. */
function readPatch(root: string, { manifest }: Kata, { file, shown }: AnswerFile): Patched | null {
  const patch = textOrNull(file);
  if (patch === null) return null;
  const answer = parseAnswer(patch, shown);
  return { text: driverOf(root, manifest, answer, shown), message: answer, base: answer.base };
}

/** Folds the laid-out file, or the file `from`, into a patch. What was laid out is gone then. */
export async function save(
  shell: Shell,
  kata: Kata,
  file: AnswerFile,
  { from, judge }: { readonly from: string | undefined; readonly judge: Judge },
): Promise<{ readonly base: Base; readonly lines: number }> {
  const { root, cwd } = shell;
  const place = placeOf(root, kata.id, file);
  const shown = from ?? shownPath(cwd, place);
  const laid = from === undefined ? readLaidOut(place, shown) : readGiven(shell, from);
  if (laid === null) {
    throw new Refusal(
      `${shown} is not there; npx kata dev answer ${kata.number} ${file.kind}/${file.name} lays it out`,
    );
  }
  refuseConflicts(laid.text, shown);
  const text = await formatted(root, laid.text, shown);
  const said = laid.message ?? messageOf(file);
  if (said === null || said.subject === TO_BE_WRITTEN || said.why.startsWith('TODO: ')) {
    if (from !== undefined) lay(shell, kata, file, from);
    const end = shownPath(cwd, place);
    throw new Refusal(
      `${end}: its last lines are the message of the patch: write them, then --save`,
    );
  }
  const message = file.kind === 'right' ? said : await trailed(said, { text, shown, judge });
  const texts = {
    port: baseText(root, kata.manifest, 'port'),
    solution: baseText(root, kata.manifest, 'solution'),
  };
  const { base, text: made } = onBetterBase(texts, text);
  const about = { base, kata: kata.id, driver: kata.manifest.driver };
  const diff = diffAgainst(about, texts[base], made);
  if (diff === '')
    throw new Refusal(`${shown}: this is the ${base} itself: there is nothing to save`);
  fs.mkdirSync(path.dirname(file.file), { recursive: true });
  fs.writeFileSync(file.file, printAnswer(message, base, diff));
  fs.rmSync(place, { force: true });
  return { base, lines: diff.split('\n').length - 3 };
}

/** The message of a patch that is there, whether or not it applies. */
function messageOf({ file, shown }: AnswerFile): Message | null {
  const patch = textOrNull(file);
  return patch === null ? null : parseAnswer(patch, shown);
}

function refuseConflicts(text: string, shown: string): void {
  const at = text.split('\n').findIndex((line) => /^(<{7}|={7}|>{7})( |$)/.test(line));
  if (at >= 0) throw new Refusal(`${shown}:${at + 1}: here is still a conflict to be resolved`);
}

/** A wrong answer fails where it says, and names the tasks of those scenarios; if it names none, the error says where it fails. */
async function trailed(
  message: Message,
  { text, shown, judge }: { readonly text: string; readonly shown: string; readonly judge: Judge },
): Promise<Message> {
  const { fails } = message;
  const only = fails.length === 0 ? {} : { only: fails };
  const { problems, verdicts } = await judge({ text, shown, brief: true, ...only });
  const [problem] = problems;
  if (problem !== undefined) throw new Refusal(problem);
  const failing = verdicts.filter(({ status }) => status === 'fail');
  const names = failing.map(({ id }) => id);
  if (names.length === 0 || fails.some((name) => !names.includes(name))) {
    const where =
      fails.length === 0
        ? 'everywhere'
        : `in ${fails.filter((name) => !names.includes(name)).join(', ')}`;
    throw new Refusal(
      `${shown}: it holds ${where}; is it a right answer, or is a scenario missing?`,
    );
  }
  if (fails.length === 0) {
    throw new Refusal(
      `${shown}: it fails in ${names.join(', ')}; name what shows the mistake: a line 'Fails: ${names[0] ?? ''}' at the end of its message`,
    );
  }
  const tasks = [...new Set(failing.map(({ task }) => task))].sort((a, b) => a - b);
  return { ...message, tasks };
}
