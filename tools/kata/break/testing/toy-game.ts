// SPDX-License-Identifier: GPL-2.0-only
/** A game for tests that runs in this process. */
import { look, reportAt, shortest } from '../../../../lib/kata/look';
import type { Opened } from '../../player/protocol';
import type { Runner } from '../play';
import { TOY } from './toy';

const frames = { isProgram: (path: string): boolean => path.endsWith('/testing/toy.ts') };

/** Runs executions of the toy. */
export const toyRunner: Runner = {
  look: (turns) => Promise.resolve(look(TOY, turns, frames)),
  report: (turns) =>
    Promise.resolve(reportAt(TOY, turns, frames, (schedule) => `replay '${schedule}'`)),
  shortest: (turns) => Promise.resolve(shortest(TOY, turns, frames)),
};

export const toyOpened: Opened = {
  scenario: TOY.id,
  title: TOY.title,
  command: "npx kata replay 99 'SCHEDULE'",
  sources: { 'toy.ts': Array.from({ length: 80 }, (_, i) => `    line ${i + 1} of toy.ts`) },
};
