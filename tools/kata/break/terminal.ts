// SPDX-License-Identifier: GPL-2.0-only
/** The game in a terminal: keys in, screens out, and the terminal as it was when it is over. */
import readline from 'node:readline';
import type { ReadStream, WriteStream } from 'node:tty';
import { EXIT } from '../exit-code';
import type { Style } from '../print/style';
import { type Key, KEYS_HELP, type Wish, wishFor } from './keys';
import { type Page, pageLines, turnPage } from './page';
import type { Play } from './play';
import { screen, type Size } from './screen';

export interface Terminal {
  readonly input: ReadStream;
  readonly output: WriteStream;
}

const ENTER = '\u001b[?1049h\u001b[?25l';
const LEAVE = '\u001b[?25h\u001b[?1049l';
const HOME = '\u001b[H';
const ERASE_LINE = '\u001b[K';
const ERASE_BELOW = '\u001b[J';

/** A screen and a keyboard, until they are given back. */
export class TerminalGame {
  #play: Play | null = null;
  #page: Page | null = null;
  readonly #keys: Key[] = [];
  #wake: () => void = () => undefined;
  #interrupt: (code: number) => void = () => undefined;
  readonly #interruption = new Promise<number>((resolve) => (this.#interrupt = resolve));
  readonly #wasRaw: boolean;

  constructor(
    readonly terminal: Terminal,
    readonly kata: string,
    readonly style: Style,
  ) {
    this.#wasRaw = terminal.input.isRaw;
  }

  /** Plays to the end; the exit code. */
  async run(play: Play): Promise<number> {
    this.#play = play;
    this.#take();
    try {
      this.draw();
      // Ctrl-C does not wait for the step that is being run.
      return await Promise.race([this.#playOn(play), this.#interruption]);
    } finally {
      this.#giveBack();
    }
  }

  async #playOn(play: Play): Promise<number> {
    for (;;) {
      const key = this.#keys.shift();
      if (key === undefined) await new Promise<void>((resolve) => (this.#wake = resolve));
      else if (await this.#leaves(play, key)) return EXIT.holds;
    }
  }

  /** Draws the current screen. */
  readonly draw = (): void => {
    if (this.#play === null) return;
    const { kata, style } = this;
    const size = this.#size();
    const lines =
      this.#page === null
        ? screen(this.#play.game, kata, size, style)
        : pageLines(this.#page, size, style);
    const text = lines.map((line) => `${line}${ERASE_LINE}`).join('\r\n');
    this.terminal.output.write(`${HOME}${text}${ERASE_BELOW}`);
  };

  async #leaves(play: Play, key: Key): Promise<boolean> {
    if (this.#page !== null) {
      this.#page = turnPage(this.#page, key, this.#size());
      this.draw();
      return false;
    }
    const wish = wishFor(key, play.game);
    if (wish === null) return false;
    if (wish.do === 'quit') return true;
    await this.#grant(play, wish);
    this.draw();
    return false;
  }

  async #grant(play: Play, wish: Wish): Promise<void> {
    switch (wish.do) {
      case 'help':
        this.#page = { text: KEYS_HELP, top: 0 };
        return;
      case 'report': {
        const report = await play.report();
        if (report === null) play.say('Nothing has been found yet, so there is no report.');
        else this.#page = { text: report, top: 0 };
        return;
      }
      case 'quit':
        return;
      default:
        await play.command(wish);
    }
  }

  #size(): Size {
    const { columns, rows } = this.terminal.output;
    // Some terminals do not know.
    return { width: columns > 0 ? columns : 80, height: rows > 0 ? rows : 24 };
  }

  readonly #pressed = (text: string | undefined, key: Key): void => {
    if (key.ctrl === true && key.name === 'c') this.#interrupt(EXIT.interrupted);
    else this.#keys.push({ ...key, sequence: text ?? key.sequence });
    this.#wake();
  };

  readonly #restore = (): void => {
    this.terminal.output.write(LEAVE);
    if (this.terminal.input.isTTY) this.terminal.input.setRawMode(this.#wasRaw);
  };

  #take(): void {
    const { input, output } = this.terminal;
    output.write(ENTER);
    readline.emitKeypressEvents(input);
    input.setRawMode(true);
    input.on('keypress', this.#pressed);
    input.resume();
    output.on('resize', this.draw);
    process.once('exit', this.#restore);
  }

  #giveBack(): void {
    const { input, output } = this.terminal;
    input.off('keypress', this.#pressed);
    output.off('resize', this.draw);
    process.off('exit', this.#restore);
    this.#play = null;
    this.#restore();
    if (!this.#wasRaw) input.pause();
  }
}
