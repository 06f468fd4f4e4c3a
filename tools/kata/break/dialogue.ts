// SPDX-License-Identifier: GPL-2.0-only
/** The game in a pipe: a command per line in, what stands where out. */
import readline from 'node:readline';
import type { Readable } from 'node:stream';
import { parseSchedule, turnsOf } from '../../../lib/explore';
import { UsageError } from '../../../lib/machine';
import type { Style } from '../print/style';
import type { Command } from './game';
import { LINES_HELP, openingLines, stateLines } from './lines';
import type { Play } from './play';

/** What a line asks for. */
export type Line =
  | { readonly commands: readonly Command[] }
  | 'help'
  | 'report'
  | 'quit'
  | 'nothing'
  | { readonly problem: string };

/** Reads a line. */
export function readLine(typed: string): Line {
  const line = typed.trim();
  const words = line.split(/\s+/);
  const undo = /^(?:undo|u)(?:\s+(\d{1,4}))?$/.exec(line);
  if (undo !== null) {
    return { commands: Array<Command>(Number(undo[1] ?? 1)).fill({ do: 'undo' }) };
  }
  if (/^\d{1,3}$/.test(line)) return { commands: [{ do: 'step', task: line, outcome: 0 }] };
  if (/^[A-Z][a-z]*$/.test(line)) return { commands: [{ do: 'step', task: line, outcome: 0 }] };
  switch (words.length === 1 ? line : '') {
    case '':
      return line === '' ? 'nothing' : scheduled(line);
    case 'reset':
    case 'r':
      return { commands: [{ do: 'reset' }] };
    case 'report':
    case 'v':
      return 'report';
    case '?':
    case 'help':
      return 'help';
    case 'quit':
    case 'q':
      return 'quit';
    default:
      return scheduled(line);
  }
}

function scheduled(line: string): Line {
  try {
    const turns = turnsOf(parseSchedule(line));
    return {
      commands: turns.map(({ path, outcome }) => ({ do: 'step', task: path, outcome })),
    };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { problem: `There is no command '${line.slice(0, 40)}'; ? shows them.` };
  }
}

/** Plays until the input ends or says so. */
export async function dialogue(
  play: Play,
  input: Readable,
  write: (text: string) => void,
  { kata, style }: { readonly kata: string; readonly style: Style },
): Promise<void> {
  const say = (text: string): void => {
    write(`${text}\n`);
  };
  say(openingLines(play.game, kata, style));
  say(stateLines(play.game, style));
  for await (const typed of readline.createInterface({ input })) {
    const line = readLine(typed);
    if (line === 'quit') return;
    if (line === 'nothing') continue;
    if (line === 'help') say(LINES_HELP);
    else if (line === 'report') say((await play.report()) ?? 'Nothing has been found yet.');
    else if ('problem' in line) say(line.problem);
    else {
      await obeyAll(play, line.commands);
      say(stateLines(play.game, style));
    }
  }
}

/** One after the other, up to the first that cannot be obeyed. */
async function obeyAll(play: Play, commands: readonly Command[]): Promise<void> {
  for (const command of commands) {
    const { turns } = play.game;
    await play.command(command);
    if (play.game.turns === turns) break;
  }
  await play.compared;
}
