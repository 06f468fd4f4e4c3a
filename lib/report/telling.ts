// SPDX-License-Identifier: GPL-2.0-only
/** Turns the stacks of a traced replay into report lines, for findings. */
import type { Telling } from '../machine';
import { ANONYMOUS, type FrameRules, programFrames, type StackFrame } from './frames';

/** Also notes which stacks it was asked for: those are the sides of the failure. */
export interface NotedTelling extends Telling {
  readonly rules: FrameRules;
  readonly asked: ReadonlySet<string>;
}

/** Describes stacks by the frames of the program under test. */
export function tellingOf(rules: FrameRules = {}): NotedTelling {
  const asked = new Set<string>();
  const frames = (site: string): StackFrame[] => {
    if (site !== '') asked.add(site);
    return programFrames(site, rules);
  };
  return {
    rules,
    asked,
    frames,
    where(site) {
      const all = frames(site);
      return (all.find(({ name }) => name !== ANONYMOUS) ?? all[0])?.name ?? 'the program';
    },
    stack: (site) => frames(site).map(({ name, file, line }) => ` ${name} ${file}:${line}`),
  };
}
