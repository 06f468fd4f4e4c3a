// SPDX-License-Identifier: GPL-2.0-only
/** `kata list`: every kata, and whether its driver holds. */
import { EXIT } from '../exit-code';
import { walk } from '../judging';
import { allKatas } from '../katas';
import { listDocument, type ListEntry, printList, type State } from '../print/list';
import { type Shell, shownPath } from '../shell';

export interface ListOptions {
  readonly json?: boolean;
  readonly run: boolean;
}

/** Ends with 0 whatever holds: it only tells. */
export async function list(shell: Shell, options: ListOptions): Promise<number> {
  const { cwd, root, style, tool, write } = shell;
  const states = options.run ? await judgedStates(shell) : new Map<string, State>();
  const entries: ListEntry[] = allKatas(root).map((kata) => ({
    kata,
    state: states.get(kata.id) ?? 'not run',
    shown: shownPath(cwd, kata.driver),
  }));
  const document = (): string => `${JSON.stringify(listDocument(entries, tool), null, 2)}\n`;
  write(options.json === true ? document() : printList(entries, style));
  return EXIT.holds;
}

async function judgedStates(shell: Shell): Promise<Map<string, State>> {
  const states = new Map<string, State>();
  for await (const { kata, judgement } of walk(shell, true)) {
    const { status } = judgement.report;
    const fails = status === 'fail' || status === 'rejected';
    states.set(kata.id, status === 'pass' ? 'holds' : fails ? 'fails' : 'not run');
  }
  return states;
}
