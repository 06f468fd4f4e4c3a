// SPDX-License-Identifier: GPL-2.0-only
/** `kata watch [ID]`: judges at every save, and stays at a kata until it is asked to go on. */
import type { Command } from 'commander';
import { goTo, kataNamed } from '../at';
import { example, OPTIONAL_ID, type Run } from '../command';
import { Refusal } from '../errors';
import { EXIT } from '../exit-code';
import { keysLine } from '../print/watch';
import type { Shell } from '../shell';
import { type Key, listen } from '../watch/keys';
import { lineScreen, terminalScreen } from '../watch/screen';
import { WatchSession } from '../watch/session';

export interface WatchOptions {
  readonly poll?: boolean;
}

export function addWatch(program: Command, run: Run): void {
  program
    .command('watch')
    .description('judge at every save; keys for hints, the next kata, and more')
    .argument('[ID]', OPTIONAL_ID)
    .option(
      '--poll',
      'only look at the file, ten times a second; do not ask the file system to tell',
    )
    .addHelpText('after', example('watch', 'watch 01 --poll'))
    .addHelpText('after', `\n${KEYS}`)
    .action((id: string | undefined, options: WatchOptions) => run(watch)(id, options));
}

const KEYS = `Keys: r run again, h hint, n next kata, l list, b break by hand, q quit. Without a terminal they are
lines of the input, and the end of the input ends the watch with the exit code of the last verdict.`;

/** 0 after q, 130 after Ctrl-C, and the last verdict's code when the input ends. */
async function watch(
  shell: Shell,
  name: string | undefined,
  { poll = false }: WatchOptions,
): Promise<number> {
  const { style, write } = shell;
  const kata = kataNamed(shell, name);
  goTo(shell, kata);
  const screen =
    shell.terminal === undefined ? lineScreen(write) : terminalScreen(write, keysLine(style));
  const session = new WatchSession(shell, kata, { poll, screen });
  try {
    return await obey(shell, session);
  } finally {
    session.close();
    screen.close();
  }
}

/** Does what the keys say until one of them ends it. */
async function obey(shell: Shell, session: WatchSession): Promise<number> {
  const waiting: Key[] = [];
  let wake = (): void => undefined;
  const keys = listen(process.stdin, shell.terminal !== undefined, (key) => {
    waiting.push(key);
    wake();
  });
  try {
    for (;;) {
      const key = waiting.shift();
      if (key === undefined) await new Promise<void>((resolve) => (wake = resolve));
      else if (key === 'interrupt') return EXIT.interrupted;
      else if (key === 'end') {
        await session.settled();
        return session.code;
      } else if (key.letter === 'q') return EXIT.holds;
      else if (key.letter === 'b') {
        keys.pause();
        const code = await breakByHand(shell, session);
        if (code === EXIT.interrupted) return code;
        session.run();
        keys.resume();
      } else act(session, key.letter);
    }
  } finally {
    keys.close();
  }
}

function act(session: WatchSession, letter: string): void {
  switch (letter) {
    case 'r':
      session.run();
      return;
    case 'h':
      session.hint();
      return;
    case 'n':
      session.next();
      return;
    case 'l':
      session.list();
  }
}

async function breakByHand(shell: Shell, session: WatchSession): Promise<number> {
  // Loaded when it is asked for: few sessions need it.
  const { breakKata } = await import('../break/index.js');
  session.pause();
  try {
    return await breakKata(shell, session.kata.id);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return EXIT.usage; // there is no driver to break, as the watch says, too
  }
}
