// SPDX-License-Identifier: GPL-2.0-only
/** Plays the game: runs what a command asks for, and looks for the shortest failure meanwhile. */
import type { Turn } from '../../../lib/explore';
import type { Look, Shortest } from '../../../lib/kata/look';
import type { Opened } from '../player/protocol';
import { Stuck } from '../player/player';
import { Refusal } from '../errors';
import { type Command, type Game, moved, newGame, obey } from './game';

/** Who runs executions; a Player is one. */
export interface Runner {
  look(turns: readonly Turn[]): Promise<Look>;
  report(turns: readonly Turn[]): Promise<string | null>;
  shortest(turns: readonly Turn[]): Promise<Shortest | null>;
}

export class Play {
  game: Game;
  /** Resolves when the comparison on screen is known. */
  compared: Promise<void> = Promise.resolve();

  private constructor(
    readonly runner: Runner,
    game: Game,
    readonly changed: () => void,
  ) {
    this.game = game;
  }

  /** Begins a game. */
  static async begin(
    opened: Opened,
    runner: Runner,
    changed: () => void = () => undefined,
  ): Promise<Play> {
    return new Play(runner, newGame(opened, await runner.look([])), changed);
  }

  /** Does what is asked for; what cannot be done leaves a message. */
  async command(command: Command): Promise<void> {
    const next = obey(this.game, command);
    if ('look' in next) this.game = next;
    else await this.#run(next);
    this.changed();
  }

  /** The report of what has been found; null if nothing has. */
  report(): Promise<string | null> {
    return this.runner.report(this.game.turns);
  }

  /** Shows a sentence until the next command. */
  say(message: string): void {
    this.game = { ...this.game, message };
    this.changed();
  }

  async #run(turns: readonly Turn[]): Promise<void> {
    try {
      this.game = moved(this.game, turns, await this.runner.look(turns));
    } catch (error) {
      this.game = { ...this.game, message: excuse(error) };
      return;
    }
    if (this.game.shortest === 'searching') this.compared = this.#compare(turns);
  }

  async #compare(turns: readonly Turn[]): Promise<void> {
    let shortest: Game['shortest'] = 'unknown';
    try {
      shortest = (await this.runner.shortest(turns)) ?? 'unknown';
    } catch {
      // What went wrong there is no concern of the game: the comparison is missing, and says so.
    }
    // Somebody may have undone meanwhile.
    if (this.game.shortest === 'searching') this.game = { ...this.game, shortest };
    this.changed();
  }
}

function excuse(error: unknown): string {
  if (error instanceof Stuck) return 'That step never finishes, so it is taken back.';
  if (error instanceof Refusal) return `Taken back: ${error.message}.`;
  throw error;
}
