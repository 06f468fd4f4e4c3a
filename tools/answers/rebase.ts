// SPDX-License-Identifier: GPL-2.0-only
/**
 * Rebases answers after a change of their port or solution. If one of the two has been edited, port.patch still leads from the
 * other one to its old text. Every answer is merged from its old base to the new one. Nothing is written before all results are
 * known.
 */
import fs from 'node:fs';
import path from 'node:path';
import {
  applyAnswer,
  type Base,
  diffAgainst,
  parseAnswer,
  printAnswer,
  reverseAnswer,
} from '../../lib/answer';
import { UsageError } from '../../lib/machine';
import { type AnswerFile, answerFiles } from './files';
import { layOut, placeOf } from './laid-out';
import { merged } from './merge';
import { isShipped, PORT_PATCH, type Shipped, writePortPatch } from './shipped';
import { sha256, textOrNull } from './text';

/** The two whole files of a kata. */
export type Bases = Readonly<Record<Base, string>>;

/** The result of rebasing the answers of a kata. */
export interface Rebased {
  /** The files that were written, relative to the repository. */
  readonly written: readonly string[];
  /** How many answers have not changed. */
  readonly unchanged: number;
  /** What a person must resolve: file, line and sentence. */
  readonly byHand: readonly string[];
}

/** Formats a driver like the others. */
export type Format = (text: string) => Promise<string>;

/** Rebases the answers of a kata to its current port and solution, and makes that port the shipped one. */
export async function rebase(root: string, kata: Shipped, format: Format): Promise<Rebased> {
  const now = basesNow(root, kata);
  const files = answerFiles(root, kata.id);
  const fits = (file: AnswerFile): boolean => whyNot(() => made(file, now)) === null;
  // If all answers fit there is nothing to merge, and the old texts may be unknown, as in a kata that is being written.
  const before = files.every(fits) ? now : basesBefore(root, kata, now);
  const moved = await Promise.all(
    files.map((file) => move(root, kata, { file, before, now, format })),
  );
  for (const { write } of moved) write();
  const written = moved.flatMap(({ written: file }) => file);
  if (writePortPatch(root, kata, now.port)) written.push(`solutions/${kata.id}/${PORT_PATCH}`);
  if (writeShipped(root, kata, now.port)) written.push(`katas/${kata.id}/kata.json`);
  return {
    written,
    unchanged: moved.filter(({ unchanged }) => unchanged).length,
    byHand: moved.flatMap(({ byHand }) => byHand),
  };
}

function basesNow(root: string, { id, driver }: Shipped): Bases {
  const read = (file: string): string => {
    const text = textOrNull(path.join(root, file));
    if (text === null) throw new UsageError(`${file}: cannot be read`);
    return text;
  };
  return { port: read(`katas/${id}/${driver}`), solution: read(`solutions/${id}/${driver}`) };
}

/**
 * The old texts, which the answers are based on. At most one of port and solution has been edited; the other one and port.patch
 * lead to its old text.
 */
function basesBefore(root: string, kata: Shipped, now: Bases): Bases {
  const shown = `solutions/${kata.id}/${PORT_PATCH}`;
  const text = textOrNull(path.join(root, shown));
  if (text === null)
    throw new UsageError(`${shown}: cannot be read, so the base of the answers is unknown`);
  const patch = parseAnswer(text, shown);
  try {
    const port = applyAnswer(patch, now.solution, shown);
    if (isShipped(kata, port)) return { port, solution: now.solution };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
  }
  if (isShipped(kata, now.port)) {
    return { port: now.port, solution: reverseAnswer(patch, now.port, shown) };
  }
  const both = `katas/${kata.id}/${kata.driver} and solutions/${kata.id}/${kata.driver}`;
  throw new UsageError(
    `${both} have both changed: put one of them back, rebase, and change it afterwards`,
  );
}

interface Moved {
  readonly written: readonly string[];
  readonly unchanged: boolean;
  readonly byHand: readonly string[];
  readonly write: () => void;
}

interface Move {
  readonly file: AnswerFile;
  readonly before: Bases;
  readonly now: Bases;
  readonly format: Format;
}

async function move(
  root: string,
  kata: Shipped,
  { file, before, now, format }: Move,
): Promise<Moved> {
  const answer = parseAnswer(fs.readFileSync(file.file, 'utf8'), file.shown);
  const { base } = answer;
  const stays: Moved = { written: [], unchanged: true, byHand: [], write: () => undefined };
  const misfit = whyNot(() => made(file, now));
  // A patch that fits both bases needs no merge: the change was elsewhere, or the patch has already been rebased.
  if (misfit === null) return stays;
  const place = placeOf(root, kata.id, file);
  const laid = path.relative(root, place).split(path.sep).join('/');
  const left = { ...stays, unchanged: false };
  if (before[base] === now[base]) {
    const waits = `${laid}: still to be folded back; its patch does not fit any more`;
    return { ...left, byHand: [fs.existsSync(place) ? waits : misfit] };
  }
  let text: string;
  try {
    text = made(file, before);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { ...left, byHand: [error.message] };
  }
  const result = merged(text, before[base], now[base]);
  if (result.conflicts.length > 0) {
    return {
      ...left,
      byHand: result.conflicts.map((line) => `${laid}:${line}: both have changed this`),
      write: () => {
        layOut(root, place, { text: result.text, message: answer });
      },
    };
  }
  const diff = diffAgainst(answer, now[base], await format(result.text));
  if (diff === '') {
    const same = `${file.shown}:1: the ${base} does now what this patch did; delete it`;
    return { ...left, byHand: [same] };
  }
  return {
    ...left,
    written: [file.shown],
    write: () => {
      fs.writeFileSync(file.file, printAnswer(answer, base, diff));
    },
  };
}

/** The driver that an answer makes from its base. */
function made(file: AnswerFile, bases: Bases): string {
  const answer = parseAnswer(fs.readFileSync(file.file, 'utf8'), file.shown);
  return applyAnswer(answer, bases[answer.base], file.shown);
}

/** The reason why a patch does not apply; null if it applies. */
function whyNot(apply: () => string): string | null {
  try {
    apply();
    return null;
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
}

/** Writes the digest of the port into kata.json; returns whether it has changed. */
function writeShipped(root: string, { id, shipped }: Shipped, port: string): boolean {
  const digest = sha256(port);
  if (digest === shipped) return false;
  const file = path.join(root, 'katas', id, 'kata.json');
  fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace(shipped, digest));
  return true;
}
