// SPDX-License-Identifier: GPL-2.0-only
/** The answers to a kata on disk: solutions/NN-slug/{wrong,right}/NAME.patch, and the driver that each makes from its base. */
import fs from 'node:fs';
import path from 'node:path';
import { type Answer, applyAnswer, type Base, FOLDER, parseAnswer } from '../../lib/answer';
import { UsageError } from '../../lib/machine';
import { type Shipped, shippedPort } from './shipped';
import { textOrNull } from './text';

/** Whether an answer must fail or must hold. */
export type Kind = 'wrong' | 'right';

/** One answer: its kind, its file, its message and its diff. */
export interface AnswerFile {
  readonly kind: Kind;
  /** Without `.patch`. */
  readonly name: string;
  readonly file: string;
  /** Relative to the repository. */
  readonly shown: string;
}

/** An answer that has been read, with the resulting driver. */
export interface Applied extends AnswerFile {
  readonly answer: Answer;
  readonly text: string;
}

/** The answers of a kata, right ones first, in the order of their names. */
export function answerFiles(root: string, id: string): AnswerFile[] {
  return (['right', 'wrong'] as const).flatMap((kind) => {
    const names = namesIn(path.join(root, 'solutions', id, kind));
    return names.map((name) => answerFile(root, id, kind, name));
  });
}

/** The path of an answer, even if the file does not exist. */
export function answerFile(root: string, id: string, kind: Kind, name: string): AnswerFile {
  const shown = `solutions/${id}/${kind}/${name}.patch`;
  return { kind, name, file: path.join(root, shown), shown };
}

function namesIn(folder: string): string[] {
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder)
    .filter((name) => name.endsWith('.patch'))
    .map((name) => name.slice(0, -'.patch'.length))
    .sort();
}

/** Reads an answer and applies it to its base as shipped. */
export function applied(root: string, kata: Shipped, file: AnswerFile): Applied {
  const patch = fs.readFileSync(file.file, 'utf8');
  const answer = parseAnswer(patch, file.shown);
  return { ...file, answer, text: driverOf(root, kata, answer, file.shown) };
}

/** The drivers of a kata by their names in reports: the port as shipped, the solution, and the result of each answer. */
export function driversOf(root: string, kata: Shipped): Map<string, string> {
  const drivers = new Map<string, string>();
  for (const base of ['port', 'solution'] as const) {
    const text = textOrNull(path.join(root, FOLDER[base], kata.id, kata.driver));
    if (text !== null) drivers.set(`${FOLDER[base]}/${kata.id}/${kata.driver}`, text);
  }
  for (const file of answerFiles(root, kata.id)) {
    try {
      drivers.set(file.shown.replace(/patch$/, 'ts'), applied(root, kata, file).text);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error; // the check of that answer reports that it does not apply
    }
  }
  return drivers;
}

/** The driver that a patch makes; a UsageError if the patch belongs to another kata or does not apply. */
export function driverOf(root: string, kata: Shipped, answer: Answer, shown: string): string {
  if (answer.kata !== kata.id || answer.driver !== kata.driver) {
    const [theirs, ours] = [`${answer.kata}/${answer.driver}`, `${kata.id}/${kata.driver}`];
    throw new UsageError(`${shown}:${answer.line}: this is a patch to ${theirs}, not to ${ours}`);
  }
  return applyAnswer(answer, baseText(root, kata, answer.base), shown);
}

/** The whole file of a base. */
export function baseText(root: string, kata: Shipped, base: Base): string {
  if (base === 'port') return shippedPort(root, kata);
  const shown = `solutions/${kata.id}/${kata.driver}`;
  const text = textOrNull(path.join(root, shown));
  if (text !== null) return text;
  throw new UsageError(`${shown}: cannot be read, and the patch is against it`);
}
