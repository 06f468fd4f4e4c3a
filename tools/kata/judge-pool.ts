// SPDX-License-Identifier: GPL-2.0-only
/**
 * Several judging processes for one driver: its scenarios are handed out one by one, so that every core has something to do
 * and the first failure is known as early as can be. Who judges which scenario changes nothing in any verdict.
 */
import os from 'node:os';
import { JudgeProcess, WATCH, type Watch } from './judge-process';
import type { JudgeMessage, JudgeRequest } from './judge-protocol';
import { type Answers, Round } from './judge-round';
import { type ProgressLine, progressLine, progressStream } from './progress';

export interface PoolOptions {
  readonly size?: number;
  readonly watch?: Watch;
  readonly progress?: ProgressLine;
}

/** More would only compete for memory. */
const SIZE_MAX = 4;

/** A judgement that takes longer than this gets the help of further processes. */
const GROW_MS = 300;

/** What is being judged may come to its own end for so long once nobody wants to know any more. */
const PATIENCE_MS = 300;

const WARM_UP_ROUNDS = 16;

/** A scenario that takes longer than this to run a little of, when it is not the first time, would be in the way of the next judgement. */
const WARM_UP_MS = 250;

/** Judges one driver at a time. */
export class JudgePool {
  readonly #processes: readonly JudgeProcess[];
  readonly #progress: ProgressLine;
  /** Milliseconds each scenario took when it was judged last, by kata and id. */
  readonly #took = new Map<string, number>();
  /** What is being judged. */
  #round: Round | null = null;
  /** Katas whose code the processes have got to know. */
  readonly #warm = new Set<string>();
  #warming: Promise<unknown> = Promise.resolve();
  #idle = false;

  constructor({ size, watch = WATCH, progress }: PoolOptions = {}) {
    const length = size ?? Math.min(SIZE_MAX, os.availableParallelism());
    this.#processes = Array.from({ length }, () => new JudgeProcess(watch));
    this.#progress = progress ?? progressLine(progressStream(process.stderr, process.env));
  }

  /** Starts every process before it is needed. */
  start(): void {
    for (const process of this.#processes) process.start();
  }

  /** Ends every process. */
  stop(): void {
    this.#idle = false;
    this.#round?.end('stopped', null);
    for (const process of this.#processes) process.stop();
    this.#progress.clear();
  }

  /**
   * Has every process run a driver's scenarios again and again, as long as there is nothing to judge: V8 takes a second or two
   * of it until it runs the code as fast as it can, and nobody need wait for that. Once for each kata.
   */
  warmUp(request: JudgeRequest, scenarios: readonly string[]): void {
    if (this.#warm.has(request.kata)) return;
    this.#warm.add(request.kata);
    this.#idle = true;
    // A mistake is reported when something is judged. A process that still works on an interrupted request finishes it first.
    this.#warming = this.#warming.then(() =>
      Promise.allSettled(
        this.#processes.map((process) => this.#warmUp(process, request, scenarios)),
      ),
    );
  }

  async #warmUp(process: JudgeProcess, request: JudgeRequest, ids: readonly string[]) {
    for (let round = 0; round < WARM_UP_ROUNDS; round++) {
      for (const scenario of ids) {
        if (!this.#idle) {
          this.#warm.delete(request.kata); // the rest of it when there is time again
          return;
        }
        const began = performance.now();
        const ending = await process.ask({ ...request, scenario, warmUp: round }, () => undefined);
        const slow = round > 0 && performance.now() - began > WARM_UP_MS;
        if (ending !== 'done' || slow) return;
      }
    }
  }

  /** Nobody wants to know any more: what is being judged ends soon, as 'stopped'. */
  cancel(): void {
    this.#idle = false;
    const round = this.#round;
    if (round === null) return;
    round.end('stopped', null);
    setTimeout(() => {
      if (this.#round === round) this.#restart();
    }, PATIENCE_MS);
  }

  /**
   * Judges a driver. The scenarios in `first`, as far as there are such, are judged before the others, which follow in the
   * order of what they took last, so that no process is left alone with a long one at the end. The messages come as they
   * happen, the answers hold them all.
   */
  async judge(
    request: JudgeRequest,
    onMessage: (message: JudgeMessage) => void = () => undefined,
    first: readonly string[] = [],
  ): Promise<Answers> {
    this.#idle = false;
    const [leader, ...others] = this.#processes;
    if (leader === undefined) throw new Error('a pool has at least one process');
    const round = new Round(request, first, this.#took, (message) => {
      this.#progress.see(message);
      onMessage(message);
    });
    this.#round = round;
    try {
      await this.#warming;
      if (await round.open(leader)) {
        await work(round, leader, others);
        if (round.explain()) await work(round, leader, others);
      }
      return round.answers();
    } catch (error) {
      this.stop(); // what the others are at is of no use any more
      throw error;
    } finally {
      this.#round = null;
      this.#progress.clear();
    }
  }

  #restart(): void {
    this.#warm.clear();
    for (const process of this.#processes) process.stop();
    this.start();
  }
}

/** Everything that is handed out is done by as many processes as it is worth. */
async function work(
  round: Round,
  leader: JudgeProcess,
  others: readonly JudgeProcess[],
): Promise<void> {
  await Promise.all([round.work(leader), ...others.map((process) => joinLater(process, round))]);
}

/** Lets a process take part: at once if it is there, otherwise when there is still something to do after a while. */
async function joinLater(process: JudgeProcess, round: Round): Promise<void> {
  if (!process.started) await round.over(GROW_MS);
  await round.work(process);
}
