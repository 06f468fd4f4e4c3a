// SPDX-License-Identifier: GPL-2.0-only
/**
 * Watching one kata after another. That a driver fails is printed at its first failing interleaving, since one is enough; the
 * shortest one follows when all scenarios are judged, and the types after that. That a driver holds is printed when everything
 * is explored and its types are known, and then the session stays where it is until it is asked to continue.
 */
import { goTo } from '../at';
import { Fault, Refusal } from '../errors';
import { EXIT, exitCodeOf } from '../exit-code';
import { hintsOf } from '../hints';
import { emptyFile } from '../judge-kata';
import { JudgePool } from '../judge-pool';
import type { JudgeMessage, JudgeRequest } from '../judge-protocol';
import { type Judgement, judgementOf, withTypeErrors } from '../judgement';
import { ownOf, requestOf } from '../judging';
import type { Kata } from '../katas';
import { faultText } from '../print/fault';
import { REPORTS_SHOWN } from '../print/judgement';
import { printGreen, printHead, printFirst, printTypes, printWatched } from '../print/watch';
import { printHints } from '../print/kata';
import { printList } from '../print/list';
import { progressLine } from '../progress';
import { explanationOf, solvedDriverOf } from '../solutions';
import { type Shell, shownPath } from '../shell';
import { hintsRead } from '../state/facts';
import { remember, stateOf } from '../state/memory';
import { nextAfter, remembered } from '../state/standing';
import { TypeChecker } from '../type-check';
import { formatTypeProblem } from '../type-problem';
import { DriverWatcher } from './driver-watcher';
import type { Screen } from './screen';

export interface SessionOptions {
  readonly poll: boolean;
  readonly screen: Screen;
}

/** Engine, compiler and watcher kept warm, and what they say put on a screen. */
export class WatchSession {
  readonly #pool: JudgePool;
  readonly #types: TypeChecker;
  #watcher: DriverWatcher;
  #text: string | null | undefined;
  #paused = false;
  #closed = false;
  #busy = false;
  #due = false;
  /** Judgements and type checks under way. */
  #open = 0;
  /** Counts judgements, so that types that come late are not told of another text. */
  #round = 0;
  /** The scenarios that failed last: judged first, they are most likely to fail again. */
  #failing: readonly string[] = [];
  /** The last request that was judged to the end. */
  #judged: { readonly request: JudgeRequest; readonly scenarios: readonly string[] } | null = null;
  #code: number = EXIT.holds;
  #settled: () => void = () => undefined;

  constructor(
    readonly shell: Shell,
    public kata: Kata,
    readonly options: SessionOptions,
  ) {
    const { terminal, write, complain } = shell;
    const progress = progressLine(
      terminal === undefined
        ? { write: complain }
        : { isTTY: true, columns: terminal.columns(), write },
    );
    this.#pool = new JudgePool({ progress });
    this.#pool.start();
    this.#types = new TypeChecker(shell.root);
    this.#watcher = this.#watch();
  }

  /** The exit code of the verdict told last. */
  get code(): number {
    return this.#code;
  }

  /** Resolves when everything is printed. */
  async settled(): Promise<void> {
    while (this.#text === undefined || this.#open > 0) {
      await new Promise<void>((resolve) => (this.#settled = resolve));
    }
  }

  close(): void {
    this.#closed = true;
    this.#round++;
    this.#pool.stop();
    this.#types.stop();
    this.#watcher.close();
  }

  /** Judges what is there now, whether or not it has changed. */
  run(): void {
    this.#paused = false;
    this.#watcher.tellAgain();
  }

  /** Leaves the screen to somebody else until run(). */
  pause(): void {
    this.#paused = true;
    this.#round++;
    this.#pool.cancel();
  }

  /** One hint more than were read. */
  hint(): void {
    const hints = hintsOf(this.kata);
    const state = stateOf(this.shell);
    const level = Math.min(hintsRead(state.read(), this.kata.id) + 1, hints.length);
    state.add({ about: this.kata.id, what: 'hints', level });
    const { number } = this.kata;
    this.options.screen.add(`\n${printHints({ hints, level, number }, this.shell.style)}`);
  }

  list(): void {
    const { screen } = this.options;
    screen.show(printList(remembered(this.shell), this.kata.id, this.shell.style));
  }

  /** Goes on to the next kata that is not done. */
  next(): void {
    const next = nextAfter(remembered(this.shell), this.kata.id);
    if (next === null) {
      this.options.screen.add('\nThere is no other kata left to do.\n');
      return;
    }
    this.kata = next.kata;
    this.#text = undefined;
    this.#failing = [];
    this.#round++;
    this.#pool.cancel();
    goTo(this.shell, next.kata);
    this.#watcher.close();
    this.#watcher = this.#watch();
  }

  #watch(): DriverWatcher {
    return new DriverWatcher({
      file: this.kata.driver,
      poll: this.options.poll,
      onText: (text) => {
        this.#changed(text);
      },
    });
  }

  #changed(text: string | null): void {
    if (this.#paused) return;
    this.#text = text;
    this.#due = true;
    this.#round++;
    this.#pool.cancel();
    if (!this.#busy) this.#until(this.#judgeAll());
  }

  async #judgeAll(): Promise<void> {
    this.#busy = true;
    while (this.#due && !this.#closed) {
      this.#due = false;
      try {
        await this.#judge(this.#round);
      } catch (error) {
        this.#tellError(error);
      }
    }
    this.#busy = false;
  }

  /** Keeps the session unsettled until something has finished. */
  #until(work: Promise<void>): void {
    this.#open++;
    work
      .catch((error: unknown) => {
        this.#tellError(error);
      })
      .finally(() => {
        this.#open--;
        this.#rest();
        this.#settled();
      });
  }

  /** Nothing is left to do until the next save: time to get faster, with a driver that gets to the end of everything. */
  #rest(): void {
    if (this.#open > 0 || this.#closed || this.#paused || this.#judged === null) return;
    const { request, scenarios } = this.#judged;
    const source = solvedDriverOf(this.shell.root, this.kata) ?? request.source;
    this.#pool.warmUp({ ...request, source }, scenarios);
  }

  async #judge(round: number): Promise<void> {
    const { screen } = this.options;
    const { style } = this.shell;
    if (typeof this.#text !== 'string') {
      this.#tellMissing();
      return;
    }
    const request = requestOf(this.shell, ownOf(this.kata, REPORTS_SHOWN), this.#text);
    screen.status(style.dim('judging ...'));
    const started = performance.now();
    const answers = await this.#pool.judge(
      request,
      this.#firstFailure(round, request),
      this.#failing,
    );
    if (round !== this.#round) return;
    const durationMs = Math.round(performance.now() - started);
    const { tool } = this.shell;
    const frame = { tool, manifest: this.kata.manifest, driver: request.shown, durationMs };
    const judgement =
      request.source.trim() === ''
        ? emptyFile(frame)
        : judgementOf(frame, { ...answers, typeErrors: [] });
    const { tests, status } = judgement.report;
    this.#failing = tests.filter((test) => test.status === 'fail').map(({ id }) => id);
    this.#code = exitCodeOf(status);
    this.#show(request, printWatched(judgement, `npx kata test ${this.kata.number}`, style));
    if (answers.ending === 'done') this.#judged = { request, scenarios: tests.map(({ id }) => id) };
    if (status === 'rejected') remember(this.shell, request, status);
    // Not waited for: the next save is judged at once.
    else this.#until(this.#checkTypes(round, request, judgement));
  }

  /** Tells the first failure of all, as soon as it is found. */
  #firstFailure(round: number, request: JudgeRequest): (message: JudgeMessage) => void {
    let told = false;
    return (message) => {
      if (told || message.type !== 'failing' || round !== this.#round) return;
      told = true;
      this.#show(request, printFirst(message.scenario, message.kind, this.shell.style));
    };
  }

  async #checkTypes(round: number, request: JudgeRequest, judgement: Judgement): Promise<void> {
    const { screen } = this.options;
    screen.status(this.shell.style.dim('checking the types ...'));
    const texts = new Map([[request.driver, request.source]]);
    const found = (await this.#types.check(texts)).get(request.driver) ?? [];
    if (round !== this.#round) return;
    const problems = found.map((problem) => formatTypeProblem(request.shown, problem));
    const { report } = withTypeErrors(judgement, problems);
    this.#code = exitCodeOf(report.status);
    screen.add(printTypes(problems, this.shell.style));
    remember(this.shell, request, report.status);
    if (report.status === 'pass') screen.add(`\n${this.#green()}`);
  }

  #green(): string {
    const { shell, kata } = this;
    const read = hintsRead(stateOf(shell).read(), kata.id);
    const next = nextAfter(remembered(shell), kata.id)?.kata ?? null;
    const green = {
      kata,
      explanation: explanationOf(shell.root, kata) ?? '',
      hintsLeft: hintsOf(kata).slice(read),
      next: next === null ? null : { id: next.id, shown: shownPath(shell.cwd, next.driver) },
    };
    return printGreen(green, shell.style);
  }

  #show({ shown }: JudgeRequest, text: string): void {
    this.options.screen.show(`${printHead(this.kata, shown, this.shell.style)}${text}`);
  }

  #tellMissing(): void {
    const { kata, shell } = this;
    const shown = shownPath(shell.cwd, kata.driver);
    const back = `npx kata reset ${kata.number} brings back the port as shipped`;
    const text = `${shown} is not there. Waiting for it to come back; ${back}.\n`;
    this.#code = EXIT.fails;
    this.options.screen.show(`${printHead(kata, shown, shell.style)}${text}`);
  }

  #tellError(error: unknown): void {
    if (this.#closed) return; // what was under way has been ended by us
    if (error instanceof Refusal) {
      this.#code = EXIT.usage;
      this.options.screen.add(`\nkata: ${error.message}\n`);
      return;
    }
    const fault = error instanceof Fault ? error : new Fault(String(error));
    this.#code = EXIT.fault;
    this.options.screen.add(`\n${faultText(fault, process.env)}`);
  }
}
