// SPDX-License-Identifier: GPL-2.0-only
/**
 * An answer to a kata as a patch, in the form of a mail to a list: what it does, why it fails or holds, the trailers, the base of
 * the patch, and a unified diff. `git apply` takes the same file, as git treats everything before the diff as a message.
 */
import { UsageError } from '../machine';

/** The two whole files of a kata that can be the base of a patch: the port as shipped, and the solution. */
export type Base = 'port' | 'solution';

/** A parsed patch; a bare diff has an empty message. */
export interface Answer extends Message {
  readonly base: Base;
  /** NN-slug of the kata, from the path of the file that the diff changes. */
  readonly kata: string;
  /** Name of the driver file. */
  readonly driver: string;
  /** The unified diff, beginning with its `--- a/` line. */
  readonly diff: string;
  /** The line of the patch file on which the diff begins. */
  readonly line: number;
}

/** The message of a patch. */
export interface Message {
  /** The first line: what the patch does. */
  readonly subject: string;
  /** Why it fails, or why it holds: the paragraphs below the subject. */
  readonly why: string;
  /** The scenarios that must fail with it. */
  readonly fails: readonly string[];
  /** The tasks of those scenarios. */
  readonly tasks: readonly number[];
}

/** The line above the diff that names the base. */
const AGAINST: Readonly<Record<Base, string>> = {
  port: '--- against the port as shipped',
  solution: '--- against the solution',
};

/** The folder that contains the whole file of a base. */
export const FOLDER: Readonly<Record<Base, 'katas' | 'solutions'>> = {
  port: 'katas',
  solution: 'solutions',
};

/** `--- a/katas/01-rbd-put-client/rbd.ts`, with everything that git and diff may add. */
const FROM = /^--- (?:a\/)?(katas|solutions)\/(\d\d-[\w-]+)\/([\w-]+\.ts)(?:\t.*)?$/;

/** Reads a patch; `shown` names it in messages. */
export function parseAnswer(text: string, shown: string): Answer {
  const lines = text.split('\n');
  const at = lines.findIndex(
    (line, i) => line.startsWith('--- ') && (lines[i + 1] ?? '').startsWith('+++ '),
  );
  if (at < 0) throw new UsageError(`${shown}: not a patch: it holds no unified diff`);
  const [, folder, kata = '', driver = ''] = FROM.exec(lines[at] ?? '') ?? [];
  if (folder === undefined) {
    const wanted = 'katas/NN-slug/DRIVER.ts or solutions/NN-slug/DRIVER.ts';
    throw new UsageError(`${shown}:${at + 1}: the patch changes another file than ${wanted}`);
  }
  const base: Base = folder === 'katas' ? 'port' : 'solution';
  const head = lines.slice(0, at);
  const against = head.findLastIndex((line) => line.startsWith('--- '));
  if (against >= 0 && head[against] !== AGAINST[base]) {
    throw new UsageError(`${shown}:${against + 1}: write '${AGAINST[base]}': the diff below is`);
  }
  const message = parseMessage(head.slice(0, against < 0 ? gitHeader(head) : against), shown);
  return { ...message, base, kata, driver, diff: lines.slice(at).join('\n'), line: at + 1 };
}

/** The index at which the lines begin that git writes above a diff. */
function gitHeader(head: readonly string[]): number {
  const at = head.findIndex((line) => line.startsWith('diff --git '));
  return at < 0 ? head.length : at;
}

/** Prints a patch in the form that parseAnswer reads. */
export function printAnswer(message: Message, base: Base, diff: string): string {
  return `${printMessage(message)}\n${AGAINST[base]}\n${diff}`;
}

/** Prints the text above the diff: subject, reasons and trailers. */
export function printMessage(message: Message): string {
  const trailers = [
    ...message.fails.map((scenario) => `Fails: ${scenario}`),
    ...message.tasks.map((task) => `Task: ${task}`),
  ];
  const parts = [message.subject, message.why, trailers.join('\n')].filter((part) => part !== '');
  return parts.join('\n\n');
}

const TRAILER = /^(Fails|Task): *(.*)$/;

/** Parses that text; `shown` names the patch in messages. */
export function parseMessage(lines: readonly string[], shown: string): Message {
  const end = lines.findLastIndex((line) => line.trim() !== '') + 1;
  let first = end;
  while (first > 1 && TRAILER.test(lines[first - 1] ?? '')) first--;
  const fails: string[] = [];
  const tasks: number[] = [];
  for (let i = first; i < end; i++) {
    const [, name = '', value = ''] = TRAILER.exec(lines[i] ?? '') ?? [];
    if (name === 'Fails' && /^[\w-]+$/.test(value)) fails.push(value);
    else if (name === 'Task' && /^[1-9]$/.test(value)) tasks.push(Number(value));
    else throw new UsageError(`${shown}:${i + 1}: trailers are 'Fails: SCENARIO' and 'Task: N'`);
  }
  const [subject = '', ...why] = lines.slice(0, first);
  return { subject: subject.trim(), why: why.join('\n').trim(), fails, tasks };
}
