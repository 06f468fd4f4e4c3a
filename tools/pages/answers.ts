// SPDX-License-Identifier: GPL-2.0-only
/** The answers to a kata as its page shows them: why the solution holds, and every patch with what it makes. */
import fs from 'node:fs';
import path from 'node:path';
import type { Answers } from '../../web/pages/types';
import { answerFiles, applied } from '../answers/files';
import type { Kata } from '../kata/katas';
import { render, type Rules } from './markdown';

/** Reads the answers to a kata. */
export function answersOf(root: string, { id, manifest }: Kata, rules: Rules): Answers {
  const folder = path.join(root, 'solutions', id);
  const why = fs.readFileSync(path.join(folder, 'README.md'), 'utf8').replace(/^# .*\n/, '');
  return {
    why: render(why, { ...rules, prefix: 'why-' }).html,
    solution: fs.readFileSync(path.join(folder, manifest.driver), 'utf8'),
    answers: answerFiles(root, id).map((file) => {
      const { kind, name, answer, text } = applied(root, manifest, file);
      const { subject, fails } = answer;
      const html = render(answer.why, { ...rules, prefix: `${kind}-${name}-` }).html;
      return { kind, name, subject, why: html, fails, text };
    }),
  };
}
