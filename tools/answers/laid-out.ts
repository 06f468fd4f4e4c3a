// SPDX-License-Identifier: GPL-2.0-only
/**
 * Answers laid out as driver files, for an editor: .kata/answers/NN-slug/{wrong,right}/NAME.ts. The message of the patch follows
 * as a comment at the end, so that line numbers match those in reports. git ignores the folder. Its tsconfig.json gives the editor
 * the types of this repository.
 */
import fs from 'node:fs';
import path from 'node:path';
import { type Message, parseMessage, printMessage } from '../../lib/answer';
import type { AnswerFile } from './files';
import { textOrNull } from './text';

/** A driver and the message of its patch; null if the file has none. */
export interface LaidOut {
  readonly text: string;
  readonly message: Message | null;
}

/** The path at which an answer is laid out. */
export function placeOf(root: string, id: string, { kind, name }: AnswerFile): string {
  return path.join(root, '.kata', 'answers', id, kind, `${name}.ts`);
}

const MARK = '// The message of the patch, from here to the end; --save takes it.';

/** Writes an answer out. */
export function layOut(root: string, file: string, { text, message }: LaidOut): void {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const config = path.join(root, '.kata', 'answers', 'tsconfig.json');
  if (!fs.existsSync(config)) fs.writeFileSync(config, TSCONFIG);
  const said = message === null ? [] : printMessage(message).split('\n');
  const comment = said.map((line) => (line === '' ? '//' : `// ${line}`));
  const whole = message === null ? text : `${text}\n${[MARK, ...comment].join('\n')}\n`;
  fs.writeFileSync(file, whole);
}

const TSCONFIG = `${JSON.stringify({ extends: '../../tsconfig.json', include: ['**/*.ts'] }, null, 2)}\n`;

/** Reads an answer back; null if it is not laid out. `shown` names it in messages. */
export function readLaidOut(file: string, shown: string): LaidOut | null {
  const whole = textOrNull(file);
  return whole === null ? null : apart(whole, shown);
}

/** Splits a file into the driver's text and the message after it. */
export function apart(whole: string, shown: string): LaidOut {
  const at = whole.lastIndexOf(`\n${MARK}\n`);
  if (at < 0) return { text: whole, message: null };
  const said = whole
    .slice(at + MARK.length + 2)
    .trimEnd()
    .split('\n')
    .map((line) => line.replace(/^\/\/ ?/, ''));
  return { text: whole.slice(0, at), message: parseMessage(said, shown) };
}
