// SPDX-License-Identifier: GPL-2.0-only
/** `kata solution ID`: why it is right, what upstream did, and your driver beside ours. */
import type { Command } from 'commander';
import { kataNamed } from '../at';
import { example, OPTIONAL_ID, type Run } from '../command';
import { readDriver } from '../driver-source';
import { Refusal } from '../errors';
import { EXIT } from '../exit-code';
import type { Kata } from '../katas';
import { markdown } from '../print/markdown';
import { sideBySide } from '../print/patch';
import { ownDriver, type Shell } from '../shell';
import { explanationOf, solvedDriverOf } from '../solutions';
import { standings } from '../state/standing';

export interface SolutionOptions {
  readonly reveal?: boolean;
}

export function addSolution(program: Command, run: Run): void {
  program
    .command('solution')
    .description('once it holds: why, what upstream did, and yours beside ours')
    .argument('[ID]', OPTIONAL_ID)
    .option('--reveal', 'show it although your driver has never held')
    .addHelpText('after', example('solution 01', 'solution 01 --reveal'))
    .action((id: string | undefined, options: SolutionOptions) => run(solution)(id, options));
}

/** 2 as long as the driver has never held and nobody insists. */
async function solution(
  shell: Shell,
  name: string | undefined,
  { reveal = false }: SolutionOptions,
): Promise<number> {
  const { root, cwd, style, write } = shell;
  const kata = kataNamed(shell, name);
  if (!reveal && !(await isSolved(shell, kata))) {
    const ways = `npx kata hint ${kata.number} helps, --reveal shows it all the same`;
    throw new Refusal(`${kata.id} does not hold yet, and its solution would spoil it; ${ways}`);
  }
  const ours = solvedDriverOf(root, kata);
  const why = explanationOf(root, kata);
  if (ours === null || why === null) {
    throw new Refusal(
      `solutions/${kata.id} is not there; this checkout came without the solutions`,
    );
  }
  const { file, shown } = ownDriver(cwd, kata.driver, kata.number);
  const sides = {
    left: readDriver(file, shown),
    right: ours,
    names: [`yours: ${shown}`, `ours: solutions/${kata.id}/${kata.manifest.driver}`],
    width: shell.terminal?.columns() ?? WIDTH,
  } as const;
  write(`${markdown(why, style)}\n${sideBySide(sides, style)}`);
  return EXIT.holds;
}

/** Where nobody says how wide a line may be. */
const WIDTH = 160;

/** Whether it has ever held; only this kata is judged, and only if that is not known. */
async function isSolved(shell: Shell, kata: Kata): Promise<boolean> {
  const [standing] = await standings(shell, [kata]);
  return standing !== undefined && (standing.solved || standing.known === 'holds');
}
