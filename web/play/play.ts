// SPDX-License-Identifier: GPL-2.0-only
/** A game with an engine: a list of turns, and what they lead to. To undo is to run all but the last again. */
import type { Turn } from '../../lib/explore';
import {
  type Engine,
  Misfit,
  type Opened,
  type ShortestFailure,
  type Standing,
} from '../engine/protocol';
import type { Linked } from './link';

export interface PlayOptions {
  readonly kata: string;
  /** The text of the driver; null for the kata's own. */
  readonly driver: string | null;
  /** Runs executions. */
  readonly engine: Engine;
  /** Looks for the shortest failure meanwhile. */
  readonly searcher: Engine;
  /** Where to begin. */
  readonly from: Pick<Linked, 'scenario' | 'turns'> | null;
  /** Told of every move. */
  readonly moved: (scenario: string, turns: readonly Turn[]) => void;
}

export interface Game {
  readonly opened: Opened;
  readonly scenario: string;
  readonly turns: readonly Turn[];
  readonly standing: Standing;
  /** Null until somebody looks for it; 'none' if no interleaving fails, or if the search found nothing shorter to say. */
  readonly shortest: ShortestFailure | 'searching' | 'none' | null;
  readonly showing: 'mine' | 'shortest';
  /** What went wrong with the last move; empty if nothing did. */
  readonly message: string;
}

export class Play {
  #game: Game | null = null;
  #ended = false;
  /** Moves are made one after the other, however fast somebody clicks. */
  #moves: Promise<void> = Promise.resolve();
  /** Counts the searches, so that the answer of an old one is dropped. */
  #search = 0;

  constructor(
    readonly options: PlayOptions,
    readonly changed: (game: Game) => void,
  ) {}

  /** Opens the driver, and shows the scenario before its first step, or where a link left it. */
  async begin(): Promise<void> {
    const { kata, driver, engine, from } = this.options;
    const opened = await engine.ask('open', { kata, driver });
    const wanted =
      opened.scenarios.find(({ id }) => id === from?.scenario) ??
      opened.scenarios.find(({ shipped }) => shipped !== 'passes') ??
      opened.scenarios[0];
    if (wanted === undefined) throw new Error('this kata has no scenarios');
    await this.#show(opened, wanted.id, from?.scenario === wanted.id ? from.turns : []);
  }

  /** Stops telling of changes. */
  end(): void {
    this.#ended = true;
  }

  step(letter: string, outcome: number): void {
    this.#move(({ turns }) => [...turns, { path: letter, outcome }]);
  }

  undo(): void {
    this.#move(({ turns }) => turns.slice(0, -1));
  }

  reset(): void {
    this.#move(() => []);
  }

  /** Plays another scenario. */
  choose(scenario: string): void {
    this.#moves = this.#moves.then(async () => {
      if (this.#game !== null) await this.#show(this.#game.opened, scenario, []);
    });
  }

  show(showing: Game['showing']): void {
    if (this.#game !== null) this.#set({ ...this.#game, showing });
  }

  /** Shows the shortest failure, after a search if nobody knows it yet. */
  showShortest(): void {
    const game = this.#game;
    if (game === null || game.shortest === 'searching') return;
    if (typeof game.shortest === 'object' && game.shortest !== null) this.show('shortest');
    else this.#look(game.standing.failing === null ? [] : game.turns, 'shortest');
  }

  #move(turnsOf: (game: Game) => readonly Turn[]): void {
    this.#moves = this.#moves.then(async () => {
      const game = this.#game;
      if (game === null) return;
      await this.#show(game.opened, game.scenario, turnsOf(game));
    });
  }

  async #show(opened: Opened, scenario: string, turns: readonly Turn[]): Promise<void> {
    let standing: Standing;
    try {
      standing = await this.options.engine.ask('stand', { scenario, turns });
    } catch (error) {
      if (!(error instanceof Misfit)) throw error;
      await this.#takeBack(opened, scenario, error.message);
      return;
    }
    const before = this.#game;
    const same = before?.scenario === scenario;
    const headline = standing.execution.finding?.headline;
    const known = same && headline === before.standing.execution.finding?.headline;
    const shortest = known ? before.shortest : null;
    this.#set({ opened, scenario, turns, standing, shortest, showing: 'mine', message: '' });
    this.options.moved(scenario, turns);
    if (!known && headline !== undefined) this.#look(turns, 'mine');
  }

  /** A move that does not fit: the game stays where it was, or begins again. */
  async #takeBack(opened: Opened, scenario: string, message: string): Promise<void> {
    if (this.#game === null) await this.#show(opened, scenario, []);
    if (this.#game !== null) this.#set({ ...this.#game, message: `Taken back: ${message}.` });
  }

  /** Looks for the shortest failure: of the kind that the turns lead to, or of the scenario. */
  #look(turns: readonly Turn[], showing: Game['showing']): void {
    const game = this.#game;
    if (game === null) return;
    const { kata, driver, searcher } = this.options;
    const { scenario } = game;
    const search = ++this.#search;
    this.#set({ ...game, shortest: 'searching' });
    const told = (shortest: Game['shortest']): void => {
      const now = this.#game;
      if (search !== this.#search || now?.scenario !== scenario || now.shortest !== 'searching')
        return;
      const shows = typeof shortest === 'object' ? showing : 'mine';
      this.#set({ ...now, shortest, showing: shows });
    };
    searcher
      .ask('open', { kata, driver })
      .then(() => searcher.ask('shortest', { scenario, turns }))
      .then((found) => {
        told(found ?? 'none');
      })
      .catch(() => {
        // The comparison is missing; the game goes on.
        told(null);
      });
  }

  #set(game: Game): void {
    if (this.#ended) return;
    this.#game = game;
    this.changed(game);
  }
}
