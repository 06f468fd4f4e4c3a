// SPDX-License-Identifier: GPL-2.0-only
/**
 * `kata break ID`: the learner is the scheduler, and looks for the order in which the driver goes wrong. The driver runs in a
 * process of its own: one that hangs or eats the memory costs a step, never the game.
 */
import { failingScenarios } from '../../../lib/kata/failing';
import { kataNamed } from '../at';
import { EXIT } from '../exit-code';
import { requestFor } from '../judging';
import { excuse } from '../player/excuse';
import { Player } from '../player/player';
import type { Opening } from '../player/protocol';
import type { Shell } from '../shell';
import { dialogue } from './dialogue';
import { Play, type Runner } from './play';
import { TerminalGame } from './terminal';

export interface BreakOptions {
  readonly scenario?: string;
  readonly driver?: string;
}

/** 0 however it ends, 1 for a driver that cannot be run, 130 for Ctrl-C. */
export async function breakKata(
  shell: Shell,
  name: string | undefined,
  options: BreakOptions = {},
): Promise<number> {
  const { scenario = null, driver = null } = options;
  const kata = kataNamed(shell, name);
  const request = requestFor(shell, { kata, driver, scenario, full: false }, null);
  // The scenarios that go wrong as shipped are those the kata is about.
  const opening: Opening = { request, preferred: failingScenarios(kata.manifest) };
  const player = new Player(opening);
  const searcher = new Player(opening);
  try {
    return await played(shell, kata.id, player, searcher);
  } catch (error) {
    return excuse(shell, error, request.shown);
  } finally {
    player.stop();
    searcher.stop();
  }
}

async function played(
  shell: Shell,
  kata: string,
  player: Player,
  searcher: Player,
): Promise<number> {
  const { style, write } = shell;
  const { stdin: input, stdout: output } = process;
  const opened = await player.open();
  const runner: Runner = {
    look: (turns) => player.ask('look', turns),
    report: (turns) => player.ask('report', turns),
    shortest: (turns) => searcher.ask('shortest', turns),
  };
  if (shell.terminal === undefined || !input.isTTY || !output.isTTY) {
    const play = await Play.begin(opened, runner);
    await dialogue(play, input, write, { kata, style });
    write(farewell(play, opened.command));
    return EXIT.holds;
  }
  const game = new TerminalGame({ input, output }, kata, style);
  const play = await Play.begin(opened, runner, game.draw);
  const code = await game.run(play);
  write(farewell(play, opened.command));
  return code;
}

/** What remains on the terminal: what was found, and how to see it again. */
function farewell({ game: { look } }: Play, command: string): string {
  if (look.schedule === '') return '';
  const found = look.headline === null ? '' : `${look.headline}\n`;
  return `${found}replay it: ${command.replace('SCHEDULE', look.schedule)}\n`;
}
